"""The feeds' plain answers: a poll that brings nothing writes nothing, a page with accounts is on record first."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.services.recommendations.read_changes import name_of
from app.store.identity import Account
from sandbox.stages.awarded import concluded
from sandbox.stages.integration import asked, endorsed
from sandbox.stages.integration import batch as answered
from sandbox.stages.money import order
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.plain import plain_answers, written
from tests.support.problems import refused
from tests.support.queries import counted

FEED, CHANGES = "/v1/disbursement-feed", "/v1/recommendation-changes"


def entries(world: World) -> list[dict[str, Any]]:
    """The deliveries on record, the newest first."""
    found = ok(world.auditor.get("/v1/audit-entries?act=read_disbursement_feed"))["items"]
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"]
    return found  # type: ignore[no-any-return]


def ordered(world: World, number: int) -> list[dict[str, Any]]:
    """Orders that have their positions: the first reader gives them."""
    made = [order(world, winner) for winner in concluded(world, *({} for _ in range(number))).winners]
    ok(world.platform.get(f"{FEED}?limit=1"))
    return made


def test_a_poll_that_brings_nothing_writes_nothing(world: World) -> None:
    ordered(world, 2)
    before = entries(world)
    with plain_answers() as given, counted(world) as statements:
        assert ok(world.platform.get(f"{FEED}?after=2")) == {"items": [], "next_after": 2}
    assert len(given) == len(statements) == 1
    assert all(one.startswith("SELECT") for one in statements)
    assert entries(world) == before


def test_a_page_is_on_record_with_its_positions_and_the_same_by_both_ways(world: World) -> None:
    ordered(world, 2)
    with plain_answers() as given:
        plain = world.platform.get(f"{FEED}?after=0&limit=2")
        assert len(given) == 1
        # A key stands for a write: the framework's route looks at it.
        whole = world.platform.get(f"{FEED}?after=0&limit=2", headers={"Idempotency-Key": "a-key-of-ours"})
        assert len(given) == 1
    assert ok(plain) == ok(whole) and len(ok(plain)["items"]) == 2
    second, first = entries(world)[:2]
    assert first["request_id"] == plain.headers["x-request-id"]
    assert first["details"] == second["details"] == {"after": 0, "through": 2, "items": 2}
    for name in ("act", "actor_id", "actor_role", "subject_type", "subject_id", "round_id", "at"):
        assert first[name] == second[name]


def test_readers_at_once_are_each_on_record(world: World) -> None:
    ordered(world, 2)
    before = len(entries(world))
    with ThreadPoolExecutor(8) as readers:
        answers = list(readers.map(lambda _: ok(world.platform.get(f"{FEED}?after=0")), range(16)))
    assert all(answer == answers[0] for answer in answers)
    assert len(entries(world)) == before + 16


def test_what_cannot_be_put_on_record_is_not_delivered(world: World) -> None:
    ordered(world, 1)
    group: Any = world.client.app.state.deliveries._group  # type: ignore[attr-defined]
    whole = group._database

    class Away:
        def writing(self) -> None:
            raise OperationalError(None, None, Exception("away"))

    group._database = Away
    try:
        answer = world.platform.get(f"{FEED}?after=0")
        refused(answer, 503, "unavailable")
        assert "bank_account" not in answer.text
    finally:
        group._database = whole
    assert ok(world.platform.get(f"{FEED}?after=0"))["items"]


def test_a_change_without_a_position_is_given_one(world: World) -> None:
    first, second = concluded(world, {}, {}).winners
    order(world, first)
    with plain_answers() as given:
        assert [item["position"] for item in ok(world.platform.get(FEED))["items"]] == [1]
        assert given == []
        order(world, second)
        assert [item["position"] for item in ok(world.platform.get(f"{FEED}?after=1"))["items"]] == [2]
        assert given == []
        assert len(ok(world.platform.get(FEED))["items"]) == 2
        assert len(given) == 1


def test_who_may_not_read_the_feeds_is_refused_as_before(world: World) -> None:
    refused(world.public.get(FEED), 401)
    for caller in (world.office, world.auditor, world.by("unit-wenwuba")):
        refused(caller.get(FEED), 403, "forbidden")
    refused(world.platform.get(CHANGES), 403, "forbidden")
    refused(world.platform.get(f"{FEED}?after=1"), 422, "unknown_position")
    refused(world.platform.get(f"{FEED}?after=-1"), 422, "invalid")
    refused(world.platform.get(f"{FEED}?limit=0"), 422, "invalid")
    refused(world.platform.get(f"{FEED}?limit=101"), 422, "invalid")


def test_changes_of_a_unit_are_read_and_nothing_is_written(world: World) -> None:
    round_id = open_round(world, 2024)
    made = [asked(world, round_id), asked(world, round_id)]
    ok(answered(world, *(endorsed(world, one) for one in made)))
    unit = world.by("unit-wenwuba")
    whole = ok(unit.get(f"{CHANGES}?limit=3", headers={"Idempotency-Key": "a-key-of-theirs"}))
    assert len(whole["items"]) == 3 and whole["items"][0]["type"] == name_of("requested")
    with plain_answers() as given, counted(world) as statements:
        assert ok(unit.get(f"{CHANGES}?limit=3")) == whole
        rest = ok(unit.get(f"{CHANGES}?after={whole['next_after']}"))
        assert ok(unit.get(f"{CHANGES}?after={rest['next_after']}"))["items"] == []
        assert ok(world.by("unit-health").get(CHANGES))["items"] == []
    assert len(given) == 4
    assert all(one.startswith("SELECT") for one in statements) and len(statements) == 8


@pytest.mark.parametrize("path", [FEED, CHANGES])
def test_a_deactivated_reader_is_refused_at_once(world: World, path: str) -> None:
    login = {FEED: "payment_platform", CHANGES: "unit-wenwuba"}[path]
    caller = world.by(login)
    headers = caller.headers()
    ok(world.client.get(path, headers=headers))
    written(world, Account, caller.account_id or "", deactivated_at=world.clock.now())
    refused(world.client.get(path, headers=headers), 401, "invalid_token")
