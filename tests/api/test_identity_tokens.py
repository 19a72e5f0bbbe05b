"""Signing in: passwords, rotating refresh tokens, client credentials; what stops them at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.seed import PASSWORD
from sandbox.world import World, ok
from tests.support.problems import refused


def grant(world: World, **form: str) -> Any:
    return world.client.post("/v1/tokens", data=form)


def sign_in(world: World, login: str = "office", password: str = PASSWORD) -> Any:
    return grant(world, grant_type="password", username=login, password=password)


def refresh(world: World, token: str) -> Any:
    return grant(world, grant_type="refresh_token", refresh_token=token)


def me(world: World, access_token: str) -> Any:
    return world.client.get("/v1/me", headers={"Authorization": f"Bearer {access_token}"})


def test_a_person_signs_in_with_a_password(world: World) -> None:
    given = ok(sign_in(world))
    assert set(given) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 3600)
    shown = ok(me(world, given["access_token"]))
    assert (shown["login"], shown["role"]) == ("office", "office")
    assert "secret_hash" not in shown


def test_an_access_token_ends_with_its_last_second(world: World) -> None:
    token = ok(sign_in(world))["access_token"]
    world.clock.forward(seconds=3599, milliseconds=999)
    ok(me(world, token))
    world.clock.forward(milliseconds=1)
    refused(me(world, token), 401, "invalid_token")


@pytest.mark.parametrize(
    ("login", "password"),
    [("office", "wrong password!"), ("nobody", PASSWORD), ("payment_platform", PASSWORD), ("office", " ")],
)
def test_whatever_is_wrong_with_a_sign_in_the_answer_is_the_same(world: World, login: str, password: str) -> None:
    problem = refused(sign_in(world, login, password), 400, "invalid_grant")
    assert problem["detail"] == "账号或密码不正确"


def test_a_machine_signs_in_with_its_secret_and_gets_no_refresh_token(world: World) -> None:
    machine = {"grant_type": "client_credentials", "client_id": "payment_platform"}
    given = ok(grant(world, **machine, client_secret=PASSWORD))
    assert set(given) == {"access_token", "token_type", "expires_in"}
    assert ok(me(world, given["access_token"]))["kind"] == "machine"
    refused(grant(world, **machine, client_secret="wrong"), 401, "invalid_client")
    refused(
        grant(world, grant_type="client_credentials", client_id="office", client_secret=PASSWORD), 401, "invalid_client"
    )


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "implicit"},
        {"grant_type": "password"},
        {"grant_type": "password", "username": "office"},
        {"grant_type": "client_credentials", "client_id": "x"},
        {"grant_type": "refresh_token"},
        {"grant_type": "password", "username": "office\x00", "password": PASSWORD},
        {"grant_type": "password", "username": "office", "password": "x" * 201},
    ],
)
def test_a_sign_in_that_says_too_little_is_refused(world: World, form: dict[str, str]) -> None:
    code = "unsupported_grant_type" if form.get("grant_type") == "implicit" else "bad_request"
    assert refused(world.client.post("/v1/tokens", data=form), 400, code)["errors"]


def test_a_refresh_token_is_used_once_and_gives_the_next(world: World) -> None:
    first = ok(sign_in(world))
    second = ok(refresh(world, first["refresh_token"]))
    third = ok(refresh(world, second["refresh_token"]))
    assert len({item["refresh_token"] for item in (first, second, third)}) == 3
    ok(me(world, third["access_token"]))


def test_a_refresh_token_used_twice_ends_the_whole_sign_in_for_good(world: World) -> None:
    first, other = ok(sign_in(world)), ok(sign_in(world))
    second = ok(refresh(world, first["refresh_token"]))
    stolen = refused(refresh(world, first["refresh_token"]), 400, "invalid_grant")
    assert "已全部注销" in stolen["detail"]
    # The refusal was committed: neither the thief nor the victim goes on.
    refused(refresh(world, second["refresh_token"]), 400, "invalid_grant")
    refused(refresh(world, first["refresh_token"]), 400, "invalid_grant")
    ok(refresh(world, other["refresh_token"]))
    entry = ok(world.auditor.get("/v1/audit-entries?act=refresh_token_reused"))["items"]
    assert [item["subject_id"] for item in entry] == [world.id("account:office")]


def test_of_two_uses_at_once_one_is_the_second(world: World) -> None:
    token = ok(sign_in(world))["refresh_token"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: refresh(world, token), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    given = next(answer.json() for answer in answers if answer.status_code == 200)
    refused(refresh(world, given["refresh_token"]), 400, "invalid_grant")


def test_a_refresh_token_expires(world: World, settings: Settings) -> None:
    first, second = ok(sign_in(world)), ok(sign_in(world))
    world.clock.forward(seconds=settings.refresh_token_seconds - 1)
    ok(refresh(world, first["refresh_token"]))
    world.clock.forward(seconds=1)
    refused(refresh(world, second["refresh_token"]), 400, "invalid_grant")


def test_signing_out_ends_the_sign_in_and_an_unknown_token_is_no_error(world: World) -> None:
    given = ok(sign_in(world))
    ok(world.public.post("/v1/tokens/revocation", {"refresh_token": given["refresh_token"]}))
    refused(refresh(world, given["refresh_token"]), 400, "invalid_grant")
    ok(world.public.post("/v1/tokens/revocation", {"refresh_token": "x" * 43}))
    refused(world.public.post("/v1/tokens/revocation", {"refresh_token": "x"}), 422)


def test_a_password_change_stops_every_token_given_before(world: World) -> None:
    before, other = ok(sign_in(world)), ok(sign_in(world))
    world.clock.forward(milliseconds=5)
    mine = {"Authorization": f"Bearer {before['access_token']}"}
    wrong = {"old_password": "wrong password!", "new_password": "another long password"}
    refused(world.client.post("/v1/me/password", json=wrong, headers=mine), 401, "wrong_password")
    body = {"old_password": PASSWORD, "new_password": "another long password"}
    refused(world.client.post("/v1/me/password", json={**body, "new_password": "short"}, headers=mine), 422)
    ok(world.client.post("/v1/me/password", json=body, headers=mine))
    for given in (before, other):
        refused(me(world, given["access_token"]), 401, "invalid_token")
        refused(refresh(world, given["refresh_token"]), 400, "invalid_grant")
    refused(sign_in(world), 400, "invalid_grant")
    ok(me(world, ok(sign_in(world, password="another long password"))["access_token"]))


def test_a_deactivated_account_stops_at_once_and_comes_back_without_its_old_tokens(world: World) -> None:
    given = ok(sign_in(world, "unit-wenwuba"))
    path = f"/v1/accounts/{world.id('account:unit-wenwuba')}"
    ok(me(world, given["access_token"]))
    assert ok(world.office.post(f"{path}/deactivation", {"reason": "样例"}))["deactivated_at"] is not None
    refused(me(world, given["access_token"]), 401, "invalid_token")
    refused(refresh(world, given["refresh_token"]), 400, "invalid_grant")
    refused(sign_in(world, "unit-wenwuba"), 400, "invalid_grant")
    world.clock.forward(seconds=1)
    assert ok(world.office.post(f"{path}/activation", {"reason": "样例"}))["deactivated_at"] is None
    refused(me(world, given["access_token"]), 401, "invalid_token")
    refused(refresh(world, given["refresh_token"]), 400, "invalid_grant")
    ok(me(world, ok(sign_in(world, "unit-wenwuba"))["access_token"]))


def test_no_token_is_kept_for_a_repetition_and_none_is_given_dry(world: World) -> None:
    form = {"grant_type": "password", "username": "office", "password": PASSWORD}
    key = {"Idempotency-Key": "sign-in-of-today"}
    first = ok(world.client.post("/v1/tokens", data=form, headers=key))
    second = ok(world.client.post("/v1/tokens", data=form, headers=key))
    assert first["refresh_token"] != second["refresh_token"]
    # Somebody else with the same key and a body of the same length is somebody else.
    guess = {**form, "password": "x" * len(PASSWORD)}
    refused(world.client.post("/v1/tokens", data=guess, headers=key), 400, "invalid_grant")
    dry = refused(world.client.post("/v1/tokens?dry_run=true", data=form), 400, "bad_request")
    assert [item["code"] for item in dry["errors"]] == ["dry_run_not_supported"]
    assert len(ok(world.auditor.get("/v1/audit-entries?act=sign_in"))["items"]) == 2


def test_guessing_is_slowed_down_for_the_login_that_is_guessed(settings: Settings, clock: MovableClock) -> None:
    slow = settings.model_copy(update={"login_attempts": 3})
    with TestClient(create_app(slow, clock=clock)) as client:
        world = World(client, clock)
        for _ in range(3):
            refused(sign_in(world, password="wrong password!"), 400, "invalid_grant")
        answer = sign_in(world)
        refused(answer, 429, "too_many_requests")
        assert answer.headers["retry-after"] == "60"
        ok(sign_in(world, "government"))


def test_many_guesses_at_once_are_as_many(settings: Settings, clock: MovableClock) -> None:
    slow = settings.model_copy(update={"login_attempts": 3})
    with TestClient(create_app(slow, clock=clock)) as client, ThreadPoolExecutor(12) as pool:
        world = World(client, clock)
        answers = list(pool.map(lambda _: sign_in(world, password="wrong password!").status_code, range(12)))
        assert sorted(answers) == [400] * 3 + [429] * 9


def test_processes_count_guesses_together_and_a_minute_later_anew(settings: Settings, clock: MovableClock) -> None:
    slow = settings.model_copy(update={"login_attempts": 2})
    with TestClient(create_app(slow, clock=clock)) as one, TestClient(create_app(slow, clock=clock)) as other:
        first, second = World(one, clock), World(other, clock)
        refused(sign_in(first, password="wrong password!"), 400)
        refused(sign_in(second, password="wrong password!"), 400)
        for world in (first, second):
            refused(sign_in(world), 429, "too_many_requests")
        clock.forward(seconds=59, milliseconds=999)
        refused(sign_in(first), 429)
        clock.forward(milliseconds=1)
        ok(sign_in(second))


def test_a_guessed_login_is_not_written_down_as_it_came(world: World, database_url: str) -> None:
    # Passwords are typed into the field of the login every day.
    refused(sign_in(world, "my secret password", "x"), 400)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT * FROM attempt_counters")).fetchall()
        assert len(rows) == 3 and "secret" not in str(rows)
    # What is over goes with the next attempt.
    world.clock.forward(hours=1)
    refused(sign_in(world, "another", "x"), 400)
    with engine.begin() as connection:
        assert len(connection.execute(text("SELECT * FROM attempt_counters")).fetchall()) == 3
    engine.dispose()


def test_the_old_password_is_not_to_be_guessed_with_a_stolen_token(settings: Settings, clock: MovableClock) -> None:
    slow = settings.model_copy(update={"login_attempts": 2})
    with TestClient(create_app(slow, clock=clock)) as client:
        world = World(client, clock)
        stolen = {"Authorization": f"Bearer {ok(sign_in(world))['access_token']}"}
        wrong = {"old_password": "wrong password!", "new_password": "another long password"}
        right = {**wrong, "old_password": PASSWORD}
        for _ in range(2):
            refused(world.public.post("/v1/me/password", wrong, headers=stolen), 401, "wrong_password")
        refused(world.public.post("/v1/me/password", right, headers=stolen), 429, "too_many_requests")
        ok(sign_in(world))
        clock.forward(minutes=1)
        ok(world.public.post("/v1/me/password", right, headers=stolen))


@pytest.mark.parametrize(
    "password",
    ["　竹影　摇窗　夜读　孤灯　", "a\tb\tc\td\te\tf\tg", "竹影摇窗夜读孤灯晚来风急", "fern\u200blantern\u200b47"],
)
def test_whatever_may_be_set_as_a_password_can_be_signed_in_with(world: World, password: str) -> None:
    ok(world.office.post("/v1/me/password", {"old_password": PASSWORD, "new_password": password}))
    ok(sign_in(world, password=password))


def test_no_sign_in_outlives_a_deactivation_that_it_ran_beside(world: World) -> None:
    path = f"/v1/accounts/{world.id('account:unit-wenwuba')}"
    with ThreadPoolExecutor(5) as pool:
        for _ in range(3):
            signing = [pool.submit(sign_in, world, "unit-wenwuba") for _ in range(4)]
            deactivation = pool.submit(world.office.post, f"{path}/deactivation", {"reason": "样例"})
            given = [answer.json() for item in signing if (answer := item.result()).status_code == 200]
            ok(deactivation.result())
            ok(world.office.post(f"{path}/activation", {"reason": "样例"}))
            for tokens in given:
                refused(refresh(world, tokens["refresh_token"]), 400, "invalid_grant")
            world.clock.forward(seconds=61)


def test_signing_in_well_is_not_counted(settings: Settings, clock: MovableClock) -> None:
    slow = settings.model_copy(update={"login_attempts": 2})
    with TestClient(create_app(slow, clock=clock)) as client:
        world = World(client, clock)
        for _ in range(5):
            ok(sign_in(world))
