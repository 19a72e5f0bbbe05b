"""Three administrators: who makes accounts, who gives them their rights and who looks at the record are three roles.
What one administrator has made or changed lets nobody in until the other has confirmed it (Art. 2)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kernel.settings import Settings
from app.measures.roles import Role
from sandbox.callers import Caller
from sandbox.seed import PASSWORD
from sandbox.stages.parties import register
from sandbox.world import World, ok
from tests.support.killed import killed_at
from tests.support.problems import refused

REASON = {"reason": "样例：人员变动"}
NEW_PASSWORD = "fern lantern harbour 47 quilt"


@pytest.fixture
def system(world: World) -> Caller:
    return world.by("system_administrator")


@pytest.fixture
def security(world: World) -> Caller:
    return world.by("security_administrator")


def account(login: str = "sample.official", role: str = "government") -> dict[str, Any]:
    return {"login": login, "role": role, "display_name": "样例工作人员"}


def because(answer: Any) -> list[str]:
    found = refused(answer, 403, "forbidden", "art02.decider")
    return [item["reason"] for item in found["violations"]]


def acts(world: World, account_id: str) -> list[tuple[str, str]]:
    """Newest first: which act, by whom."""
    query = {"subject_type": "account", "subject_id": account_id}
    items = ok(world.auditor.get("/v1/audit-entries", params=query))["items"]
    return [(item["act"], item["actor_role"]) for item in items if item["act"] != "sign_in"]


def test_an_account_that_one_has_made_the_other_confirms(world: World, system: Caller, security: Caller) -> None:
    made = ok(system.post("/v1/accounts", account()), 201)
    assert (made["awaits"], made["deactivated_at"] is None) == ("security_administrator", False)
    accepted = {"invitation": made["invitation"], "password": NEW_PASSWORD}
    refused(world.public.post("/v1/invitations/acceptance", accepted), 401, "invalid_invitation")
    path = f"/v1/accounts/{made['id']}"
    # Neither who made it, nor the office, nor whoever is none of the three.
    assert because(system.post(f"{path}/activation", REASON)) == ["account_awaits_another"]
    assert because(world.office.post(f"{path}/activation", REASON)) == ["role_kept_by_operator"]
    for caller in (world.government, world.auditor, world.platform):
        refused(caller.post(f"{path}/activation", REASON), 403, "forbidden")
    told = ok(security.post(f"{path}/activation", REASON))
    assert (told["awaits"], told["deactivated_at"]) == (None, None)
    ok(world.public.post("/v1/invitations/acceptance", accepted | {"acceptance_code": told["acceptance_code"]}))
    form = {"grant_type": "password", "username": "sample.official", "password": NEW_PASSWORD}
    ok(world.client.post("/v1/tokens", data=form))
    assert acts(world, made["id"]) == [
        ("accept_invitation", "government"),
        ("activate_account", "security_administrator"),
        ("deactivate_account", "system_administrator"),
        ("create_account", "system_administrator"),
    ]


@pytest.mark.parametrize("login", ["office", "government", "payment_platform"])
def test_whoever_proposes_decides_or_pays_is_stopped_by_one_and_let_in_by_the_other(
    world: World, system: Caller, security: Caller, login: str
) -> None:
    path = f"/v1/accounts/{world.id(f'account:{login}')}"
    for first, other in ((system, security), (security, system)):
        ok(first.post(f"{path}/deactivation", REASON))
        refused(world.by(login).get("/v1/me"), 401, "invalid_token")
        assert because(first.post(f"{path}/activation", REASON)) == ["account_awaits_another"]
        ok(other.post(f"{path}/activation", REASON))
        world.clock.forward(seconds=1)
        ok(world.by(login).get("/v1/me"))


def test_a_new_invitation_to_who_decides_opens_nothing_by_itself(
    world: World, system: Caller, security: Caller
) -> None:
    path = f"/v1/accounts/{world.id('account:government')}"
    invited = ok(system.post(f"{path}/invitations", REASON), 201)
    accepted = {"invitation": invited["invitation"], "password": NEW_PASSWORD}
    refused(world.public.post("/v1/invitations/acceptance", accepted), 401, "invalid_invitation")
    form = {"grant_type": "password", "username": "government", "password": PASSWORD}
    refused(world.client.post("/v1/tokens", data=form), 400, "invalid_grant")
    # Whatever the security administrator does to it meanwhile, both confirm it then: no act of one is a word for the
    # other.
    ok(security.post(f"{path}/deactivation", REASON))
    assert _awaits(world, "government") == "both"
    assert ok(system.post(f"{path}/activation", REASON))["acceptance_code"] is None
    assert _awaits(world, "government") == "security_administrator"
    refused(world.public.post("/v1/invitations/acceptance", accepted), 401, "invalid_invitation")
    assert because(system.post(f"{path}/activation", REASON)) == ["account_awaits_another"]
    code = ok(security.post(f"{path}/activation", REASON))["acceptance_code"]
    ok(world.public.post("/v1/invitations/acceptance", accepted | {"acceptance_code": code}))
    assert ("confirm_account", "system_administrator") in acts(world, world.id("account:government"))


def test_neither_administrator_accepts_what_the_other_has_confirmed(
    world: World, system: Caller, security: Caller
) -> None:
    """Who invites holds the invitation, who confirms the code: its person needs both, once."""
    made = ok(system.post("/v1/accounts", account()), 201)
    path = f"/v1/accounts/{made['id']}"
    key = {"Idempotency-Key": "confirm-0001"}
    code = ok(security.post(f"{path}/activation", REASON, headers=key))["acceptance_code"]
    # It is shown once, to a repetition of the request neither.
    assert ok(security.post(f"{path}/activation", REASON, headers=key))["acceptance_code"] is None
    alone = {"invitation": made["invitation"], "password": NEW_PASSWORD}
    for tried in (alone, alone | {"acceptance_code": made["invitation"]}, alone | {"acceptance_code": code[:-1] + "!"}):
        refused(world.public.post("/v1/invitations/acceptance", tried), 401, "invalid_invitation")
    # Of another account it is nobody's.
    other = ok(system.post("/v1/accounts", account("sample.second")), 201)
    others = ok(security.post(f"/v1/accounts/{other['id']}/activation", REASON))["acceptance_code"]
    refused(
        world.public.post("/v1/invitations/acceptance", alone | {"acceptance_code": others}), 401, "invalid_invitation"
    )
    # Stopped and let in again it is what it was; invited anew it is void.
    ok(system.post(f"{path}/deactivation", REASON))
    assert ok(security.post(f"{path}/activation", REASON))["acceptance_code"] is None
    again = ok(system.post(f"{path}/invitations", REASON), 201)
    anew = ok(security.post(f"{path}/activation", REASON))["acceptance_code"]
    for invitation, with_code in ((made["invitation"], code), (made["invitation"], anew), (again["invitation"], code)):
        tried = {"invitation": invitation, "acceptance_code": with_code, "password": NEW_PASSWORD}
        refused(world.public.post("/v1/invitations/acceptance", tried), 401, "invalid_invitation")
    accepted = {"invitation": again["invitation"], "acceptance_code": anew, "password": NEW_PASSWORD}
    ok(world.public.post("/v1/invitations/acceptance", accepted))
    refused(world.public.post("/v1/invitations/acceptance", accepted), 401, "invalid_invitation")


def _awaits(world: World, login: str) -> Any:
    items = ok(world.auditor.get("/v1/accounts", params={"limit": 100}))["items"]
    (found,) = (item["awaits"] for item in items if item["login"] == login)
    return found


def test_each_has_its_own_acts(world: World, system: Caller, security: Caller) -> None:
    path = f"/v1/accounts/{world.id('account:government')}"
    for caller, act in (
        (security, "invitations"),
        (system, "second-factor/removal"),
        (system, "outside-identity"),
        (system, "outside-identity/removal"),
    ):
        refused(caller.post(f"{path}/{act}", REASON), 403, "forbidden")
    refused(security.post("/v1/accounts", account()), 403, "forbidden")
    for caller in (system, security):
        ok(caller.get("/v1/accounts"))
        # The record is the auditor's, and nothing of the procedure is theirs.
        for read in ("/v1/audit-entries", "/v1/audit-chain", "/v1/objections", "/v1/applications", "/v1/disclosures"):
            refused(caller.get(read), 403, "forbidden")
    refused(world.auditor.post(f"{path}/deactivation", REASON), 403, "forbidden")


@pytest.mark.parametrize("login", ["system_administrator", "security_administrator", "auditor"])
def test_none_of_the_three_makes_or_keeps_one_of_them(
    world: World, system: Caller, security: Caller, login: str
) -> None:
    path = f"/v1/accounts/{world.id(f'account:{login}')}"
    assert because(system.post("/v1/accounts", account(role=login))) == ["role_apart"]
    assert because(world.office.post("/v1/accounts", account(role=login))) == ["role_made_by_operator"]
    for caller, reason in ((system, "role_apart"), (security, "role_apart"), (world.office, "role_kept_by_operator")):
        for act in ("deactivation", "activation"):
            assert because(caller.post(f"{path}/{act}", REASON)) == [reason]
    assert because(system.post(f"{path}/invitations", REASON)) == ["role_apart"]
    assert because(security.post(f"{path}/second-factor/removal", REASON)) == ["role_apart"]
    ok(world.by(login).get("/v1/me"))


def test_the_office_lets_nobody_in_whom_an_administrator_has_stopped(
    world: World, system: Caller, security: Caller
) -> None:
    party = register(world)
    path = f"/v1/accounts/{party.account.account_id}"
    ok(security.post(f"{path}/deactivation", REASON))
    assert because(world.office.post(f"{path}/activation", REASON)) == ["account_awaits_another"]
    ok(world.office.post(f"{path}/deactivation", REASON))
    assert because(world.office.post(f"{path}/activation", REASON)) == ["account_awaits_another"]
    # What the administrators agree on does not undo what the office has stopped.
    told = ok(system.post(f"{path}/activation", REASON))
    assert (told["awaits"], bool(told["deactivated_at"])) == (None, True)
    refused(party.account.get("/v1/me"), 401, "invalid_token")
    ok(world.office.post(f"{path}/activation", REASON))
    world.clock.forward(seconds=1)
    ok(party.account.get("/v1/me"))
    # Of its own accounts it decides as before.
    ok(world.office.post(f"{path}/deactivation", REASON))
    ok(world.office.post(f"{path}/activation", REASON))


def test_no_administrator_lets_in_whom_the_office_has_stopped(world: World, system: Caller, security: Caller) -> None:
    party = register(world)
    path = f"/v1/accounts/{party.account.account_id}"
    ok(world.office.post(f"{path}/deactivation", REASON))
    for caller in (system, security):
        assert because(caller.post(f"{path}/activation", REASON)) == ["account_stopped_apart"]
    # Nor by a stop of their own, that they confirm to each other.
    ok(security.post(f"{path}/deactivation", REASON))
    ok(system.post(f"{path}/activation", REASON))
    refused(party.account.get("/v1/me"), 401, "invalid_token")
    assert because(system.post(f"{path}/activation", REASON)) == ["account_stopped_apart"]
    ok(world.office.post(f"{path}/activation", REASON))


def test_whoever_confirms_is_told_what_was_done_by_whom_and_when(
    world: World, system: Caller, security: Caller
) -> None:
    path = f"/v1/accounts/{world.id('account:government')}"
    ok(security.post(f"{path}/deactivation", REASON))
    ok(system.post(f"{path}/invitations", REASON), 201)
    items = ok(security.get("/v1/accounts", params={"role": "government"}))["items"]
    (told,) = (item["unconfirmed"] for item in items if item["login"] == "government")
    at = world.clock.now().isoformat().replace("+00:00", "Z")
    assert told == [
        {"act": "deactivate_account", "by": "security_administrator", "at": at},
        {"act": "invite_account", "by": "system_administrator", "at": at},
    ]
    # Each confirms what the other has done, and no more.
    left = ok(system.post(f"{path}/activation", REASON))["unconfirmed"]
    assert [item["act"] for item in left] == ["invite_account"]
    assert ok(security.post(f"{path}/activation", REASON))["unconfirmed"] == []


def test_of_two_acts_at_once_neither_lets_in_what_the_other_has_changed(
    world: World, system: Caller, security: Caller
) -> None:
    made = ok(system.post("/v1/accounts", account()), 201)
    path = f"/v1/accounts/{made['id']}"
    with ThreadPoolExecutor(2) as pool:
        confirmed = pool.submit(security.post, f"{path}/activation", REASON)
        invited = pool.submit(system.post, f"{path}/invitations", REASON)
    assert (confirmed.result().status_code, invited.result().status_code) == (200, 201)
    last = acts(world, made["id"])[0][0]
    # Confirmed last, both are confirmed; changed last, it waits again.
    assert (_awaits(world, "sample.official") is None) is (last == "activate_account")


@pytest.mark.slow
def test_an_account_is_made_and_stopped_whole_or_not_at_all_when_killed(
    world: World, system: Caller, settings: Settings
) -> None:
    statement = 1
    while killed_at(
        statement,
        settings,
        world.clock.now(),
        lambda child: ok(child.by("system_administrator").post("/v1/accounts", account()), 201),
    ):
        logins = {item["login"] for item in ok(system.get("/v1/accounts", params={"limit": 100}))["items"]}
        assert "sample.official" not in logins
        statement += 1
    assert statement > 2
    assert _awaits(world, "sample.official") == "security_administrator"


def test_the_database_lets_nobody_in_who_awaits_one(world: World, system: Caller) -> None:
    ok(system.post("/v1/accounts", account()), 201)
    with world.past_the_service() as session, pytest.raises(DBAPIError, match="awaits_while_deactivated"):
        session.execute(text("UPDATE accounts SET deactivated_at = NULL WHERE login = 'sample.official'"))


def test_an_administrator_takes_no_part_in_the_procedure(world: World, system: Caller, security: Caller) -> None:
    for caller, role in ((system, Role.SYSTEM_ADMINISTRATOR), (security, Role.SECURITY_ADMINISTRATOR)):
        assert ok(caller.get("/v1/me"))["role"] == role.value
        refused(caller.post("/v1/rounds", {}), 403, "forbidden")
