"""Sessions: listed and ended by their owner, over at once when they are ended, and at the latest by themselves; a fresh
proof before what cannot be undone."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.seed import PASSWORD
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import Contender, conclude_round
from sandbox.stages.money import order_body
from sandbox.world import World, ok
from tests.support import queries
from tests.support.origins import coming_from
from tests.support.problems import refused
from tests.support.refusals import recorded


def sign_in(world: World, login: str = "office", password: str = PASSWORD) -> Any:
    form = {"grant_type": "password", "username": login, "password": password}
    return ok(world.client.post("/v1/tokens", data=form))


def refresh(world: World, token: str) -> Any:
    return world.client.post("/v1/tokens", data={"grant_type": "refresh_token", "refresh_token": token})


def bearer(given: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {given['access_token']}"}


def get(world: World, path: str, given: Any) -> Any:
    return world.client.get(path, headers=bearer(given))


def post(world: World, path: str, given: Any, body: Any = None) -> Any:
    return world.client.post(path, json=body or {}, headers=bearer(given))


def test_a_session_that_is_signed_out_ends_at_once_with_every_token(world: World) -> None:
    first = sign_in(world)
    second, other = ok(refresh(world, first["refresh_token"])), sign_in(world)
    ok(world.public.post("/v1/tokens/revocation", {"refresh_token": second["refresh_token"]}))
    for given in (first, second):
        refused(get(world, "/v1/me", given), 401, "invalid_token")
        refused(refresh(world, given["refresh_token"]), 400, "invalid_grant")
    ok(get(world, "/v1/me", other))
    ok(refresh(world, other["refresh_token"]))


def test_a_stolen_refresh_token_ends_what_it_gave_and_what_the_victim_has(world: World) -> None:
    victim = sign_in(world)
    thief = ok(refresh(world, victim["refresh_token"]))
    for given in (victim, thief):
        ok(get(world, "/v1/me", given))
    refused(refresh(world, victim["refresh_token"]), 400, "invalid_grant")
    for given in (victim, thief):
        refused(get(world, "/v1/me", given), 401, "invalid_token")
    refused(refresh(world, thief["refresh_token"]), 400, "invalid_grant")
    (entry,) = ok(world.auditor.get("/v1/audit-entries?act=refresh_token_reused"))["items"]
    assert entry["session_id"] and entry["origin"] == "127.0.0.1"


def test_a_changed_password_ends_access_at_once(world: World) -> None:
    given, other = sign_in(world), sign_in(world)
    body = {"old_password": PASSWORD, "new_password": "another long password"}
    ok(post(world, "/v1/me/password", given, body))
    # In the same instant: it is the session that has ended.
    for tokens in (given, other):
        refused(get(world, "/v1/me", tokens), 401, "invalid_token")
        refused(refresh(world, tokens["refresh_token"]), 400, "invalid_grant")


@pytest.mark.parametrize("path", ["/v1/applications/{}", "/v1/recommendations", "/v1/recommendation-changes"])
def test_plain_answers_look_at_the_session_too_in_the_same_statement(world: World, path: str) -> None:
    made = conclude_round(world, 2024, Contender()).applied[0]
    given = sign_in(world, "unit-wenwuba")
    asked = path.format(made.id)
    status = get(world, asked, given).status_code
    assert status in (200, 404)
    with queries.counted(world) as before:
        get(world, asked, given)
    assert sum("account_sessions" in statement for statement in before) <= 1
    ok(world.public.post("/v1/tokens/revocation", {"refresh_token": given["refresh_token"]}))
    refused(get(world, asked, given), 401, "invalid_token")


def test_the_platforms_feed_looks_at_the_session_too(world: World) -> None:
    form = {"grant_type": "client_credentials", "client_id": "payment_platform", "client_secret": PASSWORD}
    given = ok(world.client.post("/v1/tokens", data=form))
    ok(get(world, "/v1/disbursement-feed", given))
    (session,) = ok(get(world, "/v1/me/sessions", given))["items"]
    assert session["current"] is True
    ok(post(world, f"/v1/me/sessions/{session['id']}/ending", given))
    refused(get(world, "/v1/disbursement-feed", given), 401, "invalid_token")


def test_ones_own_sessions_are_listed_and_ended(world: World) -> None:
    here, there = sign_in(world), sign_in(coming_from(world, "203.0.113.7"))
    sign_in(world, "government")
    newest, oldest = ok(get(world, "/v1/me/sessions", here))["items"]
    assert [(item["origin"], item["current"]) for item in (newest, oldest)] == [
        ("203.0.113.7", False),
        ("127.0.0.1", True),
    ]
    ok(post(world, f"/v1/me/sessions/{newest['id']}/ending", here))
    refused(get(world, "/v1/me", there), 401, "invalid_token")
    refused(refresh(world, there["refresh_token"]), 400, "invalid_grant")
    assert [item["id"] for item in ok(get(world, "/v1/me/sessions", here))["items"]] == [oldest["id"]]
    refused(post(world, f"/v1/me/sessions/{newest['id']}/ending", here), 404, "not_found")
    (entry,) = ok(world.auditor.get("/v1/audit-entries?act=end_session"))["items"]
    assert entry["details"]["ended_session_id"] == newest["id"] and entry["session_id"] == oldest["id"]
    ok(post(world, f"/v1/me/sessions/{oldest['id']}/ending", here))
    refused(get(world, "/v1/me/sessions", here), 401, "invalid_token")


def test_anothers_session_is_neither_listed_nor_ended(world: World) -> None:
    mine, anothers = sign_in(world), sign_in(world, "government")
    (session,) = ok(get(world, "/v1/me/sessions", anothers))["items"]
    assert session["id"] not in {item["id"] for item in ok(get(world, "/v1/me/sessions", mine))["items"]}
    refused(post(world, f"/v1/me/sessions/{session['id']}/ending", mine), 404, "not_found")
    ok(get(world, "/v1/me", anothers))
    ok(refresh(world, anothers["refresh_token"]))
    assert [item["subject_id"] for item in recorded(world, "access")] == [session["id"]]


def test_a_session_ends_by_itself_however_often_it_is_renewed(settings: Settings, clock: MovableClock) -> None:
    short = settings.model_copy(update={"session_seconds": 7200, "refresh_token_seconds": 3000})
    with TestClient(create_app(short, clock=clock)) as client:
        world = World(client, clock)
        given = sign_in(world)
        for _ in range(2):
            clock.forward(seconds=2400)
            given = ok(refresh(world, given["refresh_token"]))
        clock.forward(seconds=1800)
        given = ok(refresh(world, given["refresh_token"]))
        # An access token lives for an hour, and not longer than its session.
        assert given["expires_in"] == 600
        clock.forward(seconds=599, milliseconds=999)
        ok(get(world, "/v1/me", given))
        assert len(ok(get(world, "/v1/me/sessions", given))["items"]) == 1
        clock.forward(milliseconds=1)
        refused(get(world, "/v1/me", given), 401, "invalid_token")
        refused(refresh(world, given["refresh_token"]), 400, "invalid_grant")
        assert len(ok(get(world, "/v1/me/sessions", sign_in(world)))["items"]) == 1


def order(world: World, winner: Any, given: Any) -> Any:
    return post(world, f"/v1/awards/{winner.award_id}/disbursement", given, order_body(winner))


def test_art09_money_is_released_by_whoever_has_just_shown_who_it_is(world: World, settings: Settings) -> None:
    winners = concluded(world, {}, {}).winners
    given = sign_in(world)
    world.clock.forward(seconds=settings.fresh_proof_seconds)
    ok(order(world, winners[0], given), 201)
    world.clock.forward(milliseconds=1)
    answer = order(world, winners[1], given)
    problem = refused(answer, 401, "proof_required")
    assert "/v1/me/proof" in problem["detail"]
    assert answer.headers["www-authenticate"] == ('Bearer error="insufficient_user_authentication", max_age="300"')
    # A refreshed token proves nothing, a dry run needs no proof.
    refused(order(world, winners[1], ok(refresh(world, given["refresh_token"]))), 401, "proof_required")
    dry = f"/v1/awards/{winners[1].award_id}/disbursement?dry_run=true"
    ok(post(world, dry, given, order_body(winners[1])), 201)
    proved = ok(post(world, "/v1/me/proof", given, {"password": PASSWORD}))
    assert set(proved) == {"access_token", "token_type", "expires_in"}
    refused(order(world, winners[1], given), 401, "proof_required")
    ok(order(world, winners[1], proved), 201)
    sessions = {item["session_id"] for item in ok(world.auditor.get("/v1/audit-entries?act=prove_again"))["items"]}
    assert len(sessions) == 1
    assert len(recorded(world, "access")) == 1


def test_a_proof_stays_with_its_session_when_it_is_renewed(world: World, settings: Settings) -> None:
    (winner,) = concluded(world, {}).winners
    given = sign_in(world)
    world.clock.forward(seconds=settings.fresh_proof_seconds + 1)
    ok(post(world, "/v1/me/proof", given, {"password": PASSWORD}))
    renewed = ok(refresh(world, given["refresh_token"]))
    world.clock.forward(seconds=settings.fresh_proof_seconds)
    ok(order(world, winner, renewed), 201)


def test_a_proof_is_not_to_be_guessed_with_a_stolen_token(world: World, settings: Settings) -> None:
    given = sign_in(world)
    wrong = {"password": "wrong password!"}
    for _ in range(settings.login_attempts):
        refused(post(world, "/v1/me/proof", given, wrong), 401, "wrong_password")
    refused(post(world, "/v1/me/proof", given, {"password": PASSWORD}), 429, "too_many_requests")
    # Signing in has its own door.
    sign_in(world)
    world.clock.forward(minutes=1)
    ok(post(world, "/v1/me/proof", given, {"password": PASSWORD}))
    shut, wrong = recorded(world, "prove_again")
    assert (wrong["details"]["why"], wrong["details"]["count"]) == ("wrong_secret", settings.login_attempts)
    assert shut["details"]["why"] == "not_looked_at" and shut["session_id"] == wrong["session_id"] is not None
    assert len(recorded(world, "lock_sign_in")) == 1


def test_art02_wrong_old_passwords_are_on_record_with_the_lock_that_they_make(world: World, settings: Settings) -> None:
    given = sign_in(world)
    wrong = {"old_password": "wrong password!", "new_password": "fern lantern 47 quilt"}
    for _ in range(settings.login_attempts):
        refused(post(world, "/v1/me/password", given, wrong), 401, "wrong_password")
    refused(post(world, "/v1/me/password", given, {**wrong, "old_password": PASSWORD}), 429, "too_many_requests")
    shut, entry = recorded(world, "change_password")
    assert (entry["details"]["why"], entry["details"]["count"]) == ("wrong_secret", settings.login_attempts)
    assert shut["details"]["why"] == "not_looked_at"
    for item in (shut, entry):
        assert item["session_id"] and item["origin"] and item["subject_id"] == world.id("account:office")
    (lock,) = recorded(world, "lock_sign_in")
    assert lock["details"]["seconds"] == 60
    assert wrong["old_password"] not in str([shut, entry, lock])


def test_art02_a_new_password_that_is_refused_is_no_wrong_guess(world: World, settings: Settings) -> None:
    given = sign_in(world)
    body = {"old_password": PASSWORD, "new_password": "woaini5201314!"}
    for _ in range(settings.login_attempts + 1):
        refused(post(world, "/v1/me/password", given, body), 422)
    assert recorded(world, "change_password") == []
    ok(post(world, "/v1/me/password", given, {**body, "new_password": "fern lantern 47 quilt"}))


@pytest.mark.parametrize("path", ["/v1/me/proof", "/v1/me/password"])
def test_art02_who_guesses_with_a_stolen_token_shuts_out_no_other_session(
    world: World, settings: Settings, path: str
) -> None:
    stolen = sign_in(world)
    guess = {"password": "wrong"} if path.endswith("proof") else {"old_password": "wrong", "new_password": "x" * 12}
    for _ in range(settings.login_attempts):
        refused(post(world, path, stolen, guess), 401, "wrong_password")
    refused(post(world, path, stolen, guess), 429)
    own = sign_in(world)
    ok(post(world, "/v1/me/proof", own, {"password": PASSWORD}))
    ok(post(world, "/v1/me/password", own, {"old_password": PASSWORD, "new_password": "fern lantern 47 quilt"}))


@pytest.mark.parametrize(
    ("login", "path", "body"),
    [
        ("office", "/v1/budget-years/2024/appropriations", {}),
        ("office", "/v1/objections/{}/identity-disclosure", {"reason": "样例"}),
        ("office", "/v1/mark-reports/{}/identity-disclosure", {"reason": "样例"}),
        ("office", "/v1/disbursements/{}/reissue", {}),
        ("government", "/v1/revocations/{}/decision", {}),
        # What the office does to the accounts of others.
        ("office", "/v1/accounts", {}),
        *(
            ("office", f"/v1/accounts/{{}}/{act}", {"reason": "样例"})
            for act in ("invitations", "deactivation", "activation", "second-factor/removal")
        ),
        ("office", "/v1/accounts/{}/outside-identity", {"subject": "zhang-san", "reason": "样例"}),
        ("office", "/v1/accounts/{}/outside-identity/removal", {"reason": "样例"}),
    ],
)
def test_whatever_cannot_be_taken_back_wants_a_proof(
    world: World, settings: Settings, login: str, path: str, body: Any
) -> None:
    given = sign_in(world, login)
    world.clock.forward(seconds=settings.fresh_proof_seconds + 1)
    refused(post(world, path.format(world.id("nothing")), given, body), 401, "proof_required")
    fresh = sign_in(world, login)
    assert post(world, path.format(world.id("nothing")), fresh, body).status_code in (404, 422, 428)


def test_art21_the_scan_of_a_letter_is_opened_with_a_proof(world: World, settings: Settings) -> None:
    given, nothing = sign_in(world), world.id("nothing")
    path = f"/v1/objections/{nothing}/files/{nothing}/content"
    world.clock.forward(seconds=settings.fresh_proof_seconds + 1)
    refused(get(world, path, given), 401, "proof_required")
    refused(get(world, path, sign_in(world)), 404)


def test_a_machine_shows_its_secret_for_each_token(world: World, settings: Settings) -> None:
    form = {"grant_type": "client_credentials", "client_id": "payment_platform", "client_secret": PASSWORD}
    given = ok(world.client.post("/v1/tokens", data=form))
    world.clock.forward(seconds=settings.access_token_seconds - 1)
    ok(get(world, "/v1/me", given))
    world.clock.forward(seconds=1)
    refused(get(world, "/v1/me", given), 401, "invalid_token")
    assert len(ok(get(world, "/v1/me/sessions", ok(world.client.post("/v1/tokens", data=form))))["items"]) == 1


def test_sessions_are_swept_when_their_last_token_is_long_over(world: World) -> None:
    given = sign_in(world)
    sweeper = world.client.app.state.sweeper  # type: ignore[attr-defined]
    world.clock.forward(days=7)
    assert world.client.portal.call(sweeper.sweep).refresh_tokens == 0  # type: ignore[union-attr]
    refused(refresh(world, given["refresh_token"]), 400, "invalid_grant")
    world.clock.forward(days=2)
    swept = world.client.portal.call(sweeper.sweep)  # type: ignore[union-attr]
    assert (swept.refresh_tokens, swept.known_origins) == (1, 0)
    world.clock.forward(days=180)
    assert world.client.portal.call(sweeper.sweep).known_origins == 1  # type: ignore[union-attr]


def test_no_more_sessions_go_on_at_once_than_are_set(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    state = world.client.app.state  # type: ignore[attr-defined]
    monkeypatch.setattr(state, "settings", state.settings.model_copy(update={"sessions_at_once": 2}))
    first, second, third = (sign_in(world) for _ in range(3))
    refused(world.client.get("/v1/me", headers=bearer(first)), 401)
    for given in (second, third):
        ok(world.client.get("/v1/me", headers=bearer(given)))
    # One that was ended by its owner counts no more.
    listed = ok(world.client.get("/v1/me/sessions", headers=bearer(third)))["items"]
    other = next(item["id"] for item in listed if not item["current"])
    ok(post(world, f"/v1/me/sessions/{other}/ending", third, {}))
    fourth = sign_in(world)
    for given in (third, fourth):
        ok(world.client.get("/v1/me", headers=bearer(given)))
