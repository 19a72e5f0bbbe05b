"""What was refused is on record as well, bounded, and never at the cost of an answer."""

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.kernel import refusals
from app.store import audit as chain
from sandbox.seed import PASSWORD
from sandbox.stages.decision import OBJECTION, Contender, candidates, in_publicity
from sandbox.world import World, ok
from tests.support.origins import coming_from
from tests.support.problems import refused
from tests.support.refusals import flush, recorded


def wrong(world: World, login: str = "office") -> Any:
    form = {"grant_type": "password", "username": login, "password": "wrong password!"}
    return world.client.post("/v1/tokens", data=form)


def entries(world: World) -> int:
    return ok(world.auditor.get("/v1/audit-chain"))["entries"]  # type: ignore[no-any-return]


def test_access_that_is_not_the_callers_is_on_record(world: World) -> None:
    account = world.id("account:auditor")
    refused(world.auditor.post(f"/v1/accounts/{account}/deactivation", {"reason": "样例"}), 403, "forbidden")
    (entry,) = recorded(world, "access")
    assert entry["actor_id"] == account and entry["actor_role"] == "auditor"
    assert (entry["subject_type"], entry["subject_id"]) == ("account", account)
    assert (entry["origin"], entry["outcome"]) == ("127.0.0.1", "refused")
    assert entry["session_id"]
    assert entry["details"] == {"operation": "deactivate_account", "code": "forbidden", "count": 1}


def test_anothers_object_and_none_are_on_record_alike(world: World) -> None:
    made = in_publicity(world, Contender())
    stranger = world.by("unit-junmenling")
    known, unknown = made.ids[0], world.id("nothing")
    for key in (known, unknown):
        refused(stranger.get(f"/v1/applications/{key}"), 404, "not_found")
    found = recorded(world, "access")
    assert {(item["subject_type"], item["subject_id"]) for item in found} == {
        ("application", known),
        ("application", unknown),
    }
    assert {item["details"]["code"] for item in found} == {"not_found"}


def test_the_public_is_not_on_record_for_what_it_does_not_find(world: World) -> None:
    made = in_publicity(world, Contender())
    before = entries(world)
    refused(world.public.get(f"/v1/awards/{world.id('nothing')}"), 404)
    refused(world.public.get(f"/v1/objection-status/{'x' * 43}"), 404)
    refused(world.public.get("/v1/accounts"), 401)
    flush(world)
    assert entries(world) == before
    # Nor from where an objection comes.
    candidate = candidates(world, made.round_id)[made.ids[0]]["id"]
    elsewhere = coming_from(world, "203.0.113.7")
    ok(elsewhere.public.post(f"/v1/candidates/{candidate}/objections", OBJECTION), 201)
    told = ok(world.auditor.get("/v1/audit-entries"))["items"][0]
    assert (told["origin"], told["session_id"]) == (None, None)


def test_what_is_refused_again_and_again_is_told_once_in_ten_minutes_and_counted(world: World) -> None:
    before = entries(world)
    form = {"grant_type": "password", "username": "auditor", "password": PASSWORD}
    headers = {"Authorization": f"Bearer {ok(world.client.post('/v1/tokens', data=form))['access_token']}"}

    def told() -> list[int]:
        return [item["details"]["count"] for item in recorded(world, "access")]

    def again(times: int) -> None:
        for _ in range(times):
            answer = world.client.post("/v1/rounds", json={"year": 2026, "title": "样例"}, headers=headers)
            refused(answer, 403)

    again(3)
    assert told() == [3]
    again(5)
    assert told() == [3]
    world.clock.forward(minutes=10)
    assert told() == [5, 3]
    # Nothing more came: nothing more is told.
    world.clock.forward(minutes=10)
    assert told() == [5, 3]
    again(1)
    assert told() == [1, 5, 3]
    assert entries(world) == before + 4


def test_a_flood_from_one_origin_and_from_many_is_bounded(world: World) -> None:
    before = entries(world)
    attacker = coming_from(world, "203.0.113.66")
    for _ in range(3):
        for number in range(refusals.OF_AN_ORIGIN + 30):
            refused(attacker.office.get(f"/v1/rounds/{world.id(f'none-{number}')}"), 404)
    flush(world)
    assert entries(world) == before + refusals.OF_AN_ORIGIN + 1
    many = ok(world.auditor.get("/v1/audit-entries?subject_type=many"))["items"]
    assert [(item["act"], item["origin"]) for item in many] == [("access", "203.0.113.66")]
    everybody = sum(item["details"]["count"] for item in recorded(world, "access"))
    assert everybody == 3 * (refusals.OF_AN_ORIGIN + 30)


def test_of_all_origins_together_it_is_bounded_too(world: World) -> None:
    before = entries(world)
    for number in range(refusals.OF_ALL + 20):
        refused(coming_from(world, f"198.51.{number // 200}.{number % 200}").auditor.post("/v1/rounds", {}), 403)
    flush(world)
    assert entries(world) == before + refusals.OF_ALL + 1
    many = ok(world.auditor.get("/v1/audit-entries?subject_type=many"))["items"]
    assert [(item["origin"], item["details"]["count"]) for item in many] == [(None, 20)]


def test_a_log_that_cannot_be_written_changes_no_answer_and_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_args: Any, **_more: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr(chain, "append", full)
        refused(wrong(world), 400, "invalid_grant")
        refused(world.auditor.post("/v1/rounds", {}), 403, "forbidden")
        with pytest.raises(OperationalError):
            flush(world)
    assert [item["details"]["count"] for item in recorded(world, "sign_in")] == [1]
    assert [item["details"]["count"] for item in recorded(world, "access")] == [1]
