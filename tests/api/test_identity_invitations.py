"""Invitations: who makes an account, or stops a lost password, never knows the password that comes after (Art. 2)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.seed import PASSWORD as SEEDED
from sandbox.stages.parties import PASSWORD, accept, member, register, registration
from sandbox.world import World, ok
from tests.support.problems import refused

OTHER = "quilt ember trellis 92 moss"


def invited(world: World, login: str = "sample.unit") -> dict[str, Any]:
    body = {
        "login": login,
        "role": "recommending_unit",
        "display_name": "样例经办人",
        "unit_id": world.id("unit:wenwuba"),
    }
    return ok(world.office.post("/v1/accounts", body), 201)  # type: ignore[no-any-return]


def acceptance(world: World, invitation: str, password: str = PASSWORD) -> Any:
    body = {"invitation": invitation, "password": password}
    return world.public.post("/v1/invitations/acceptance", body)


def sign_in(world: World, login: str, password: str = PASSWORD) -> Any:
    form = {"grant_type": "password", "username": login, "password": password}
    return world.client.post("/v1/tokens", data=form)


def me(world: World, tokens: dict[str, Any]) -> Any:
    return world.client.get("/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})


def rows(settings: Settings, query: str) -> str:
    """What somebody reads who has the database and nothing else."""
    engine = create_engine(make_url(settings.database_url))
    try:
        with engine.connect() as connection:
            return str(list(connection.execute(text(query))))
    finally:
        engine.dispose()


def acts(world: World) -> list[str]:
    return [item["act"] for item in ok(world.auditor.get("/v1/audit-entries?limit=100"))["items"]]


def test_who_is_invited_chooses_a_password_and_signs_in(world: World, settings: Settings) -> None:
    made = invited(world)
    refused(sign_in(world, "sample.unit"), 400, "invalid_grant")
    refused(sign_in(world, "sample.unit", ""), 400)
    shown = ok(acceptance(world, made["invitation"]))
    assert (shown["id"], shown["login"]) == (made["id"], "sample.unit")
    assert ok(me(world, ok(sign_in(world, "sample.unit"))))["role"] == "recommending_unit"
    assert acts(world)[:3] == ["sign_in", "accept_invitation", "create_account"]
    # Neither the invitation nor the password is anywhere that somebody could read it.
    for said in (
        world.auditor.get("/v1/audit-entries?limit=100").text,
        world.office.get("/v1/accounts?limit=100").text,
        rows(settings, "SELECT * FROM invitations"),
        rows(settings, "SELECT * FROM accounts"),
    ):
        assert made["invitation"] not in said and made["invitation"][32:] not in said and PASSWORD not in said
    assert PASSWORD not in str(shown)


def test_an_invitation_is_taken_once(world: World) -> None:
    made = invited(world)
    accept(world, made)
    refused(acceptance(world, made["invitation"], OTHER), 401, "invalid_invitation")
    ok(sign_in(world, "sample.unit"))
    refused(sign_in(world, "sample.unit", OTHER), 400)


def test_of_two_who_accept_at_once_one_does(world: World) -> None:
    made = invited(world)
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda word: acceptance(world, made["invitation"], word), (PASSWORD, OTHER, PASSWORD)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401]


def test_an_invitation_ends_with_its_last_second(world: World, settings: Settings) -> None:
    late, in_time = invited(world), invited(world, "sample.unit2")
    assert late["invitation_expires_at"] == "2024-03-08T02:00:00Z"
    world.clock.forward(hours=settings.invitation_hours, seconds=-1)
    accept(world, in_time)
    world.clock.forward(seconds=1)
    refused(acceptance(world, late["invitation"]), 401, "invalid_invitation")
    refused(sign_in(world, "sample.unit"), 400)


def test_an_invitation_is_for_its_account_alone(world: World) -> None:
    mine, other = invited(world), invited(world, "sample.unit2")
    for forged in (
        other["invitation"][:32] + mine["invitation"][32:],
        mine["invitation"][:-1] + ("A" if mine["invitation"][-1] != "A" else "B"),
        other["id"].replace("-", "") + mine["invitation"][32:],
        "x" * 75,
        "0" * 75,
    ):
        refused(acceptance(world, forged), 401, "invalid_invitation")
    refused(acceptance(world, "x"), 422)
    accept(world, mine)
    refused(sign_in(world, "sample.unit2"), 400)


def test_an_invitation_moved_to_another_account_by_a_hand_at_the_database_is_none(
    world: World, settings: Settings
) -> None:
    mine, other = invited(world), invited(world, "sample.unit2")
    engine = create_engine(make_url(settings.database_url))
    swapped = "UPDATE invitations SET account_id = (SELECT id FROM accounts WHERE login = 'government')"
    with engine.begin() as connection:
        connection.execute(text(swapped))
    engine.dispose()
    for made in (mine, other):
        refused(acceptance(world, made["invitation"]), 401, "invalid_invitation")
    ok(sign_in(world, "government", SEEDED))


def test_a_new_invitation_voids_the_one_before_the_password_and_every_session(world: World) -> None:
    made = invited(world)
    path = f"/v1/accounts/{made['id']}/invitations"
    again = ok(world.office.post(path, {"reason": "样例：邀请遗失"}), 201)
    refused(acceptance(world, made["invitation"]), 401, "invalid_invitation")
    accept(world, again)
    tokens = ok(sign_in(world, "sample.unit"))
    world.clock.forward(milliseconds=5)
    third = ok(world.office.post(path, {"reason": "样例：密码遗忘"}), 201)
    refused(me(world, tokens), 401, "invalid_token")
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    refused(world.client.post("/v1/tokens", data=refresh), 400, "invalid_grant")
    refused(sign_in(world, "sample.unit"), 400, "invalid_grant")
    # The one that was lost is not to be had again.
    assert refused(acceptance(world, third["invitation"]), 422)["errors"][0]["code"] == "used_before"
    ok(acceptance(world, third["invitation"], OTHER))
    ok(sign_in(world, "sample.unit", OTHER))
    assert acts(world).count("invite_account") == 2


def test_a_deactivated_account_accepts_nothing(world: World) -> None:
    made = invited(world)
    path = f"/v1/accounts/{made['id']}"
    ok(world.office.post(f"{path}/deactivation", {"reason": "样例"}))
    refused(acceptance(world, made["invitation"]), 401, "invalid_invitation")
    ok(world.office.post(f"{path}/activation", {"reason": "样例"}))
    accept(world, made)


@pytest.mark.parametrize("login", ["government", "auditor", "payment_platform", "office"])
def test_the_office_invites_nobody_whom_it_does_not_keep(world: World, login: str) -> None:
    path = f"/v1/accounts/{world.id(f'account:{login}')}/invitations"
    refused(world.office.post(path, {"reason": "样例"}), 403, "forbidden", rule="art02.decider")
    ok(world.by(login).get("/v1/me"))
    refused(world.government.post(path, {"reason": "样例"}), 403)
    refused(world.public.post(path, {"reason": "样例"}), 401)


def test_a_machine_is_not_invited(world: World) -> None:
    body = {"login": "machine", "role": "recommending_unit", "display_name": "样例", "kind": "machine"}
    made = ok(world.office.post("/v1/accounts", {**body, "unit_id": world.id("unit:wenwuba")}), 201)
    refused(world.office.post(f"/v1/accounts/{made['id']}/invitations", {"reason": "样例"}), 422, "invalid")
    form = {"grant_type": "client_credentials", "client_id": "machine", "client_secret": made["client_secret"]}
    ok(world.client.post("/v1/tokens", data=form))


def test_members_and_reviewers_choose_their_own_passwords(world: World) -> None:
    party = register(world)
    caller = member(world, party)
    shown = ok(caller.get("/v1/me"))
    assert shown["membership"] == "edit"
    ok(sign_in(world, shown["login"]))
    path = f"/v1/organisations/{party.organisation_id}/members"
    body = {"login": "sample.more", "display_name": "样例"}
    key = {"Idempotency-Key": "member-of-today"}
    made = ok(party.account.post(path, body, headers=key), 201)
    # Shown once: a repetition does not tell it, nor does any list.
    assert ok(party.account.post(path, body, headers=key), 201) == made | {"invitation": None}
    assert made["invitation"] not in party.account.get(path).text


def test_a_dry_run_invites_nobody(world: World) -> None:
    body = {"login": "sample.dry", "role": "recommending_unit", "display_name": "样例"}
    dry = world.office.post("/v1/accounts?dry_run=true", {**body, "unit_id": world.id("unit:wenwuba")})
    refused(acceptance(world, ok(dry, 201)["invitation"]), 401, "invalid_invitation")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("sample.unit2024", "easily_guessed"),
        ("SampleUnit2024!", "easily_guessed"),
        ("样例经办人样例经办人", "too_short"),
        ("文武坝镇文武坝镇2024", "easily_guessed"),
        ("woaini5201314!", "easily_guessed"),
        ("Huichang@2024!!", "easily_guessed"),
        ("huichangduhao2024", "easily_guessed"),
        ("zhiliangjiang2024", "easily_guessed"),
        ("P@ssw0rd1234!", "easily_guessed"),
        ("qwertyuiop[]", "easily_guessed"),
        ("20240301 20240302", "easily_guessed"),
        ("富强民主文明和谐自由平等公正法治", "easily_guessed"),
        ("床前明月光疑是地上霜举头望明月", "easily_guessed"),
        ("床前明月光，疑是地上霜，举头望明月，低头思故乡", "easily_guessed"),
        ("chuangqianmingyueguang", "easily_guessed"),
        ("我爱北京天安门天安门上太阳升", "easily_guessed"),
        ("gongchandangwansui1949", "easily_guessed"),
        ("QiangGuoYouWo2024", "easily_guessed"),
        ("Jiangxi-Ganzhou-Huichang-1", "easily_guessed"),
        ("江西省赣州市会昌县文武坝20240301", "easily_guessed"),
        ("admin@huichang.gov.cn", "easily_guessed"),
        ("bu_wang_chu_xin 2024!", "easily_guessed"),
        ("　" * 12, "easily_guessed"),
        ("x" * 200, "easily_guessed"),
        # It is strong by its beginning, or not at all.
        ("x" * 64 + "quilt ember trellis 92 moss", "easily_guessed"),
        ("x" * 201, "too_long"),
        ("correct horse battery", "published"),
        (" A Long Sample Password", "published"),
    ],
)
def test_a_password_that_others_would_try_first_is_refused_and_uses_nothing_up(
    world: World, password: str, code: str
) -> None:
    made = invited(world)
    answer = acceptance(world, made["invitation"], password)
    fault = refused(answer, 422)["errors"][0]
    assert (fault["pointer"], fault["code"]) == ("/password", code)
    assert password not in answer.text
    accept(world, made)


@pytest.mark.parametrize("password", ["sample.applicant9 2024", "样例机械有限公司2024年", "a long sample password"])
def test_who_registers_is_held_to_the_same(world: World, password: str) -> None:
    body = registration(login="sample.applicant9", name="样例机械有限公司", password=password)
    fault = refused(world.public.post("/v1/registrations", body), 422)["errors"][0]
    assert fault["pointer"] == "/account/password"
    assert ok(world.office.get("/v1/organisations"))["items"] == []


def test_a_password_that_was_had_before_is_not_taken_again(world: World, settings: Settings) -> None:
    remembered = settings.passwords_remembered
    # One more than is remembered: the first one is forgotten by then.
    chosen = [
        f"harbour quilt {word} 47" for word in ("ember", "fern", "moss", "lantern", "trellis", "walnut", "copper")
    ]
    now = SEEDED
    for password in chosen[: remembered + 2]:
        ok(world.office.post("/v1/me/password", {"old_password": now, "new_password": password}))
        world.clock.forward(minutes=1)
        now = password
    for former in (now, *chosen[1 : remembered + 1]):
        body = refused(world.office.post("/v1/me/password", {"old_password": now, "new_password": former}), 422)
        assert (body["errors"][0]["pointer"], body["errors"][0]["code"]) == ("/new_password", "used_before")
        world.clock.forward(minutes=1)
    ok(world.office.post("/v1/me/password", {"old_password": now, "new_password": chosen[0]}))
    ok(sign_in(world, "office", chosen[0]))


def test_no_password_is_hashed_while_a_transaction_is_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.kernel.security import passwords
    from app.store.database import Database

    open_now: list[int] = [0]
    hashed: list[int] = []
    begin, hash_it = Database.writing, passwords._hash

    def writing(self: Database) -> Any:
        import contextlib

        @contextlib.asynccontextmanager
        async def counted() -> Any:
            async with begin(self) as session:
                open_now[0] += 1
                try:
                    yield session
                finally:
                    open_now[0] -= 1

        return counted()

    def noted(secret: str) -> str:
        hashed.append(open_now[0])
        return hash_it(secret)

    monkeypatch.setattr(Database, "writing", writing)
    monkeypatch.setattr(passwords, "_hash", noted)
    accept(world, invited(world))
    register(world)
    ok(world.office.post("/v1/me/password", {"old_password": SEEDED, "new_password": OTHER}))
    body = {"login": "machine", "role": "recommending_unit", "display_name": "样例", "kind": "machine"}
    ok(world.office.post("/v1/accounts", {**body, "unit_id": world.id("unit:wenwuba")}), 201)
    assert hashed == [0, 0, 0, 0]


def test_a_password_of_the_guides_is_the_samples_alone(world: World, settings: Settings) -> None:
    published = registration(password="a long sample password")
    refused(world.public.post("/v1/registrations", published), 422)
    sample = settings.model_copy(update={"marks_samples": True})
    with TestClient(create_app(sample, clock=world.clock)) as client:
        ok(client.post("/v1/registrations", json=published), 201)


def test_invitations_that_are_over_are_swept_away(world: World, settings: Settings) -> None:
    invited(world)
    sweeper = world.client.app.state.sweeper  # type: ignore[attr-defined]
    world.clock.forward(hours=settings.invitation_hours, days=7)
    assert swept(world, sweeper) == 0
    world.clock.forward(hours=2)
    assert swept(world, sweeper) == 1


def swept(world: World, sweeper: Any) -> int:
    done = world.client.portal.call(sweeper.sweep)  # type: ignore[union-attr]
    assert done is not None
    return int(done.invitations)


def test_no_secret_is_in_the_log(settings: Settings, clock: MovableClock, capsys: pytest.CaptureFixture[str]) -> None:
    talkative = settings.model_copy(update={"log_level": "DEBUG"})
    with TestClient(create_app(talkative, clock=clock)) as client:
        world = World(client, clock)
        made = invited(world)
        refused(acceptance(world, made["invitation"], "sample.unit2024"), 422)
        accept(world, made)
        refused(acceptance(world, made["invitation"]), 401)
        refused(sign_in(world, "sample.unit", OTHER), 400)
        tokens = ok(sign_in(world, "sample.unit"))
        body = registration()
        ok(world.public.post("/v1/registrations", body), 201)
    said = capsys.readouterr().out
    assert "/v1/invitations/acceptance" in said and "/v1/registrations" in said
    given = (tokens["access_token"], tokens["refresh_token"], made["invitation"], made["invitation"][32:])
    assert not [secret for secret in (*given, PASSWORD, OTHER, "sample.unit2024") if secret in said]
