"""The second factor (Art. 2): a code beside the password, each once; who needs one and has none may only enrol."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import create_engine, make_url, text
from starlette.testclient import TestClient

from app.kernel.security.sealing import rotate_data_keys
from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.seed import PASSWORD
from sandbox.stages.parties import PASSWORD as CHOSEN
from sandbox.world import World, ok
from tests.support.problems import refused
from tests.support.refusals import recorded

STEP = timedelta(seconds=30)


def sign_in(world: World, login: str = "office", password: str = PASSWORD) -> Any:
    form = {"grant_type": "password", "username": login, "password": password}
    return world.client.post("/v1/tokens", data=form)


def challenged(world: World, login: str = "office", password: str = PASSWORD) -> str:
    problem = refused(sign_in(world, login, password), 401, "second_factor_required")
    return str(problem["challenge"])


def answer(world: World, challenge: str, code: str) -> Any:
    form = {"grant_type": "second_factor", "challenge": challenge, "code": code}
    return world.client.post("/v1/tokens", data=form)


def begin(world: World, login: str = "office", password: str = PASSWORD) -> Any:
    return world.public.post("/v1/second-factor-enrolments", {"login": login, "password": password})


def confirm(world: World, begun: dict[str, Any], code: str) -> Any:
    return world.public.post("/v1/second-factors", {"challenge": begun["challenge"], "code": code})


class Device:
    """An authenticator that was enrolled, and its recovery codes."""

    def __init__(self, world: World, login: str = "office", password: str = PASSWORD) -> None:
        self._world = world
        begun = ok(begin(world, login, password), 201)
        self.secret = begun["totp_secret"]
        self.recovery_codes = ok(confirm(world, begun, self.code()), 201)["recovery_codes"]
        # The code of the enrolment is used up.
        world.clock.forward(seconds=30)

    def code(self, *, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(self._world.clock.now() + steps * STEP)

    def wrong(self) -> str:
        near = {self.code(steps=steps) for steps in range(-2, 3)}
        return next(f"{number:06d}" for number in range(1_000_000) if f"{number:06d}" not in near)


def acts(world: World) -> list[str]:
    return [item["act"] for item in ok(world.auditor.get("/v1/audit-entries?limit=100"))["items"]]


@pytest.fixture
def strict(settings: Settings, clock: MovableClock) -> Iterator[World]:
    """A service in earnest: who decides, proposes or audits needs a second factor."""
    in_earnest = settings.model_copy(update={"second_factor_required": True})
    with TestClient(create_app(in_earnest, clock=clock)) as client:
        yield World(client, clock)


@pytest.mark.parametrize("login", ["office", "government", "auditor"])
def test_who_needs_one_and_has_none_may_only_enrol(strict: World, login: str) -> None:
    problem = refused(sign_in(strict, login), 401, "second_factor_missing")
    assert "challenge" not in problem and "access_token" not in problem
    refused(sign_in(strict, login, "wrong password!"), 400, "invalid_grant")
    device = Device(strict, login)
    tokens = ok(answer(strict, challenged(strict, login), device.code()))
    me = strict.client.get("/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert ok(me)["login"] == login
    # The sign-in goes on as any other does.
    ok(strict.client.post("/v1/tokens", data={"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}))


@pytest.mark.parametrize("login", ["unit-wenwuba", "department-tax", "reviewer1"])
def test_the_others_may_have_one(strict: World, login: str) -> None:
    ok(sign_in(strict, login))
    device = Device(strict, login)
    ok(answer(strict, challenged(strict, login), device.code()))


def test_a_machine_needs_none(strict: World) -> None:
    form = {"grant_type": "client_credentials", "client_id": "payment_platform", "client_secret": PASSWORD}
    ok(strict.client.post("/v1/tokens", data=form))
    refused(begin(strict, "payment_platform"), 400, "invalid_grant")


def test_it_is_required_unless_it_is_set_otherwise() -> None:
    assert Settings(_env_file=None).second_factor_required


def test_a_code_is_taken_once_also_by_two_at_once(world: World) -> None:
    device = Device(world)
    code = device.code()
    challenges = [challenged(world) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda challenge: answer(world, challenge, code).status_code, challenges))
    assert sorted(answers) == [200, 400, 400]
    refused(answer(world, challenges[0], code), 400, "invalid_grant")
    # Nor is one of before taken after it.
    refused(answer(world, challenged(world), device.code(steps=-1)), 400, "invalid_grant")
    world.clock.forward(seconds=30)
    ok(answer(world, challenged(world), device.code()))


def test_the_code_of_the_enrolment_does_not_sign_in(world: World) -> None:
    begun = ok(begin(world), 201)
    code = pyotp.TOTP(begun["totp_secret"]).at(world.clock.now())
    ok(confirm(world, begun, code), 201)
    refused(answer(world, challenged(world), code), 400, "invalid_grant")


@pytest.mark.parametrize(("steps", "status"), [(-2, 400), (-1, 200), (0, 200), (1, 200), (2, 400)])
def test_a_devices_clock_may_be_half_a_minute_off(world: World, steps: int, status: int) -> None:
    device = Device(world)
    world.clock.forward(minutes=1)
    assert answer(world, challenged(world), device.code(steps=steps)).status_code == status


def test_a_code_is_not_to_be_guessed_by_who_has_the_password(world: World) -> None:
    device = Device(world)
    for number in range(10):
        if number % 5 == 0:
            world.clock.forward(minutes=1)
            challenge = challenged(world)
        refused(answer(world, challenge, device.wrong()), 400, "invalid_grant")
    world.clock.forward(minutes=1)
    # The right one neither: a guesser does not find out that it was.
    refused(answer(world, challenged(world), device.code()), 429, "too_many_requests")
    ok(sign_in(world, "unit-wenwuba"))
    world.clock.forward(minutes=15)
    ok(answer(world, challenged(world), device.code()))


def test_guessing_passwords_is_counted_the_same_with_a_second_factor_and_without(
    settings: Settings, clock: MovableClock
) -> None:
    slow = settings.model_copy(update={"login_attempts": 3})
    with TestClient(create_app(slow, clock=clock)) as client:
        world = World(client, clock)
        device = Device(world)
        clock.forward(minutes=1)
        # A right password without its code is an attempt like every other.
        challenges = [challenged(world) for _ in range(3)]
        refused(sign_in(world), 429, "too_many_requests")
        # The sign-in that was begun is brought to its end, and takes its attempt back.
        ok(answer(world, challenges[-1], device.code()))
        for _ in range(3):
            challenged(world)
        refused(sign_in(world), 429, "too_many_requests")


@pytest.mark.parametrize("password", ["wrong password!", "x"])
def test_a_wrong_password_tells_nothing_of_a_second_factor(world: World, password: str) -> None:
    without = refused(sign_in(world, "government", password), 400, "invalid_grant")
    Device(world, "government")
    problem = refused(sign_in(world, "government", password), 400, "invalid_grant")
    assert {**problem, "request_id": ""} == {**without, "request_id": ""}
    refused(begin(world, "government", password), 400, "invalid_grant")
    refused(begin(world, "nobody", password), 400, "invalid_grant")


def test_a_challenge_ends_after_five_minutes_and_with_the_password(world: World) -> None:
    device = Device(world)
    first = challenged(world)
    world.clock.forward(minutes=5)
    refused(answer(world, first, device.code()), 400, "invalid_grant")
    second = challenged(world)
    world.clock.forward(seconds=1)
    ok(world.office.post("/v1/me/password", {"old_password": PASSWORD, "new_password": CHOSEN}))
    refused(answer(world, second, device.code()), 400, "invalid_grant")
    ok(answer(world, challenged(world, password=CHOSEN), device.code()))


def test_a_challenge_that_was_made_up_or_is_for_something_else_is_none(world: World) -> None:
    device = Device(world)
    good = challenged(world)
    begun = ok(begin(world, "government"), 201)
    for challenge in ("x" * 40, good[:-6] + "AAAAAA", "样" * 20, begun["challenge"], good + "!"):
        refused(answer(world, challenge, device.code()), 400, "invalid_grant")
    refused(confirm(world, {"challenge": good}, device.code()), 400, "invalid_grant")
    refused(
        world.client.post("/v1/tokens", data={"grant_type": "second_factor", "challenge": good}), 400, "bad_request"
    )


def test_of_a_deactivated_account_no_challenge_is_taken(world: World) -> None:
    device = Device(world, "unit-wenwuba")
    challenge = challenged(world, "unit-wenwuba")
    path = f"/v1/accounts/{world.id('account:unit-wenwuba')}"
    ok(world.office.post(f"{path}/deactivation", {"reason": "样例"}))
    refused(answer(world, challenge, device.code()), 400, "invalid_grant")
    refused(sign_in(world, "unit-wenwuba"), 400, "invalid_grant")
    refused(begin(world, "unit-wenwuba"), 400, "invalid_grant")


def test_an_enrolment_that_is_not_confirmed_changes_nothing(world: World) -> None:
    begun = ok(begin(world), 201)
    assert begun["otpauth_uri"].startswith("otpauth://totp/") and begun["totp_secret"] in begun["otpauth_uri"]
    wrong = "000000" if pyotp.TOTP(begun["totp_secret"]).at(world.clock.now()) != "000000" else "111111"
    refused(confirm(world, begun, wrong), 400, "invalid_grant")
    ok(sign_in(world))
    world.clock.forward(minutes=5)
    refused(confirm(world, begun, pyotp.TOTP(begun["totp_secret"]).at(world.clock.now())), 400, "invalid_grant")
    ok(sign_in(world))


def test_there_is_one_second_factor(world: World) -> None:
    begun = [ok(begin(world), 201) for _ in range(2)]
    for item, status in zip(begun, (201, 400), strict=True):
        code = pyotp.TOTP(item["totp_secret"]).at(world.clock.now())
        assert confirm(world, item, code).status_code in (status, 409)
    refused(begin(world), 409, "second_factor_exists")
    assert acts(world).count("confirm_second_factor") == 1


def test_what_was_given_without_a_code_stops(world: World) -> None:
    tokens = ok(sign_in(world))
    world.clock.forward(seconds=1)
    Device(world)
    me = world.client.get("/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    refused(me, 401, "invalid_token")
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    refused(world.client.post("/v1/tokens", data=refresh), 400, "invalid_grant")


def test_a_recovery_code_is_taken_once(world: World) -> None:
    device = Device(world)
    assert len(set(device.recovery_codes)) == 10
    first, second = device.recovery_codes[:2]
    ok(answer(world, challenged(world), first))
    refused(answer(world, challenged(world), first), 400, "invalid_grant")
    # As people type it.
    ok(answer(world, challenged(world), f" {second.upper().replace('-', ' ')} "))
    other = Device(world, "government")
    refused(answer(world, challenged(world, "government"), device.recovery_codes[2]), 400, "invalid_grant")
    ok(answer(world, challenged(world, "government"), other.recovery_codes[2]))
    assert acts(world).count("use_recovery_code") == 3


def test_the_office_removes_that_of_a_unit_and_of_nobody_who_decides(world: World) -> None:
    device = Device(world, "unit-wenwuba")
    tokens = ok(answer(world, challenged(world, "unit-wenwuba"), device.code()))
    world.clock.forward(seconds=1)
    path = f"/v1/accounts/{world.id('account:unit-wenwuba')}/second-factor/removal"
    reason = {"reason": "样例：手机遗失"}
    refused(world.by("unit-wenwuba").post(path, reason), 403)
    refused(world.public.post(path, reason), 401)
    ok(world.office.post(path, reason))
    me = world.client.get("/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    refused(me, 401, "invalid_token")
    ok(sign_in(world, "unit-wenwuba"))
    refused(world.office.post(path, reason), 404)
    # A new one has nothing of the old one.
    again = Device(world, "unit-wenwuba")
    refused(answer(world, challenged(world, "unit-wenwuba"), device.recovery_codes[0]), 400)
    ok(answer(world, challenged(world, "unit-wenwuba"), again.recovery_codes[0]))
    Device(world, "government")
    of_government = f"/v1/accounts/{world.id('account:government')}/second-factor/removal"
    refused(world.office.post(of_government, reason), 403, "forbidden", rule="art02.decider")
    challenged(world, "government")
    entry = ok(world.auditor.get("/v1/audit-entries?act=remove_second_factor"))["items"]
    assert [item["details"]["reason"] for item in entry] == ["样例：手机遗失"]


def test_neither_secret_nor_codes_are_anywhere_to_be_read(world: World, settings: Settings) -> None:
    device = Device(world)
    challenge = challenged(world)
    engine = create_engine(make_url(settings.database_url))
    with engine.connect() as connection:
        kept = [
            str(connection.execute(text(f"SELECT * FROM {table}")).fetchall())
            for table in ("second_factors", "recovery_codes", "audit_entries", "accounts")
        ]
    engine.dispose()
    for said in (*kept, world.auditor.get("/v1/audit-entries?limit=100").text, challenge):
        assert device.secret not in said
        assert not any(code in said or code.replace("-", "") in said for code in device.recovery_codes)


def test_a_secret_moved_to_another_account_opens_nothing(world: World, settings: Settings) -> None:
    mine, other = Device(world), Device(world, "government")
    engine = create_engine(make_url(settings.database_url))
    moved = (
        "UPDATE second_factors SET sealed_secret = (SELECT sealed_secret FROM second_factors WHERE account_id = "
        "(SELECT id FROM accounts WHERE login = 'office')), last_step = 0"
    )
    with engine.begin() as connection:
        connection.execute(text(moved))
    engine.dispose()
    for code in (mine.code(), other.code()):
        refused(answer(world, challenged(world, "government"), code), 400, "invalid_grant")


def test_a_second_factor_goes_on_when_the_data_keys_are_rotated(settings: Settings, clock: MovableClock) -> None:
    with TestClient(create_app(settings, clock=clock)) as client:
        world = World(client, clock)
        device = Device(world)
        begun = challenged(world)
    rotate_data_keys(settings.data_keys)
    with TestClient(create_app(settings, clock=clock)) as client:
        world = World(client, clock)
        ok(answer(world, begun, device.code()))
        ok(answer(world, challenged(world), device.recovery_codes[0]))


def test_a_wrong_code_after_a_right_password_is_on_record(world: World) -> None:
    device = Device(world)
    refused(answer(world, challenged(world), device.wrong()), 400, "invalid_grant")
    (entry,) = recorded(world, "sign_in")
    assert entry["details"] == {"why": "wrong_code", "count": 1}
    assert (entry["subject_id"], entry["actor_id"]) == (world.id("account:office"), None)
    assert entry["origin"] and device.wrong() not in str(entry)
    challenge = challenged(world)
    for _ in range(9):
        refused(answer(world, challenge, device.wrong()), 400, "invalid_grant")
    refused(answer(world, challenge, device.code()), 429)
    told = {item["details"]["why"] for item in recorded(world, "sign_in")}
    assert told == {"wrong_code", "code_not_looked_at"}


def test_art02_a_proof_asks_for_the_code_as_a_sign_in_does(world: World) -> None:
    device = Device(world)
    token = ok(answer(world, challenged(world), device.code()))["access_token"]
    world.clock.forward(seconds=30)

    def prove(**sent: str) -> Any:
        bearer = {"Authorization": f"Bearer {token}"}
        return world.client.post("/v1/me/proof", json={"password": PASSWORD, **sent}, headers=bearer)

    assert "access_token" not in refused(prove(), 401, "second_factor_required")
    refused(prove(password="wrong password!", code=device.code()), 401, "wrong_password")
    refused(prove(code=device.wrong()), 400, "invalid_grant")
    ok(prove(code=device.code()))
    # Each code is taken once.
    refused(prove(code=device.code()), 400, "invalid_grant")
    ok(prove(code=device.recovery_codes[0]))
    told = {(item["details"]["why"], item["actor_id"]) for item in recorded(world, "prove_again")}
    assert told == {(why, world.id("account:office")) for why in ("wrong_secret", "wrong_code")}


def test_art02_a_code_is_not_to_be_guessed_by_who_has_the_password_and_a_token(world: World) -> None:
    device = Device(world)
    token = ok(answer(world, challenged(world), device.code()))["access_token"]
    world.clock.forward(seconds=30)
    bearer = {"Authorization": f"Bearer {token}"}
    for _ in range(10):
        sent = {"password": PASSWORD, "code": device.wrong()}
        refused(world.client.post("/v1/me/proof", json=sent, headers=bearer), 400, "invalid_grant")
    sent = {"password": PASSWORD, "code": device.code()}
    refused(world.client.post("/v1/me/proof", json=sent, headers=bearer), 429)
