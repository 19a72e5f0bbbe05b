"""The changes of a unit's recommendations: in order, its own only, and none is ever skipped (Art. 3)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import anyio.to_thread
import pytest

from app.store import feeds
from app.store.database import Database
from sandbox.stages.integration import Asked, asked, batch, changes, declined, endorsed
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


@pytest.fixture
def round_id(world: World) -> str:
    return open_round(world)


def told(feed: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["type"].removeprefix("recommendation."), item["recommendation_id"]) for item in feed["items"]]


def test_every_change_is_told_in_its_order(world: World, round_id: str) -> None:
    first, second = asked(world, round_id), asked(world, round_id)
    ok(batch(world, endorsed(world, first)))
    ok(batch(world, declined(second)))
    ok(first.applicant.post(f"/v1/applications/{first.application_id}/return-to-draft"))
    feed = changes(world)
    assert told(feed) == [
        ("requested", first.id),
        ("requested", second.id),
        ("endorsed", first.id),
        ("declined", second.id),
        ("lapsed", first.id),
    ]
    positions = [item["position"] for item in feed["items"]]
    assert positions == sorted(set(positions)) and feed["next_after"] == positions[-1]
    assert {item["application_id"] for item in feed["items"]} == {first.application_id, second.application_id}
    assert set(feed["items"][0]) == {"position", "type", "changed_at", "recommendation_id", "application_id"}


def test_a_reader_goes_on_where_it_left_off(world: World, round_id: str) -> None:
    assert changes(world) == {"items": [], "next_after": 0}
    for _ in range(3):
        asked(world, round_id)
    first = changes(world, limit=2)
    rest = changes(world, first["next_after"], limit=2)
    assert (len(first["items"]), len(rest["items"])) == (2, 1)
    assert changes(world, rest["next_after"]) == {"items": [], "next_after": rest["next_after"]}


def test_a_unit_is_told_its_own_changes_only(world: World, round_id: str) -> None:
    own = asked(world, round_id)
    others = asked(world, round_id, unit="junmenling", area="筠门岭镇")
    assert told(changes(world)) == [("requested", own.id)]
    assert told(changes(world, unit="junmenling")) == [("requested", others.id)]


@pytest.mark.parametrize(
    "login", ["office", "auditor", "government", "payment_platform", "department-tax", "reviewer1"]
)
def test_only_units_read_it(world: World, login: str) -> None:
    refused(world.by(login).get("/v1/recommendation-changes"), 403, "forbidden")


@pytest.mark.parametrize("query", ["after=-1", "after=x", f"after={2**53 + 1}", "limit=0", "limit=101"])
def test_a_position_is_a_number_and_a_page_is_bounded(world: World, query: str) -> None:
    refused(world.by("unit-wenwuba").get(f"/v1/recommendation-changes?{query}"), 422, "invalid")


def test_there_is_no_trial_reading_which_would_take_its_positions_back(world: World, round_id: str) -> None:
    one = asked(world, round_id)
    path = "/v1/recommendation-changes?dry_run=true"
    refused(world.by("unit-wenwuba").get(path), 422, "dry_run_not_supported")
    assert told(changes(world)) == [("requested", one.id)]


@pytest.mark.slow
def test_a_reader_that_polls_while_others_commit_misses_nothing(world: World, round_id: str) -> None:
    queues = [[asked(world, round_id) for _ in range(4)] for _ in range(3)]
    waiting = {item.id for queue in queues for item in queue}
    done = threading.Event()
    read: list[tuple[int, str, str]] = []

    def poll() -> None:
        after = 0
        last_round = False
        while True:
            # Seen to be over before the last reading, so that this one sees everything.
            last_round = done.is_set()
            page = changes(world, after, limit=3)
            read.extend((item["position"], item["type"], item["recommendation_id"]) for item in page["items"])
            after = page["next_after"]
            if last_round and not page["items"]:
                return

    def answer(queue: list[Asked]) -> None:
        for number, item in enumerate(queue):
            ok(batch(world, endorsed(world, item) if number % 2 else declined(item)))

    readers = [threading.Thread(target=poll), threading.Thread(target=changes, args=(world,))]
    for reader in readers:
        reader.start()
    with ThreadPoolExecutor(3) as writers:
        list(writers.map(answer, queues))
    done.set()
    for reader in readers:
        reader.join()
    positions = [position for position, _, _ in read]
    assert positions == sorted(set(positions))
    assert {item for _, kind, item in read if kind == "recommendation.requested"} == waiting
    answered = [item for _, kind, item in read if kind in ("recommendation.endorsed", "recommendation.declined")]
    assert sorted(answered) == sorted(waiting)
    assert [(item["position"], item["type"], item["recommendation_id"]) for item in changes(world)["items"]] == read


def test_a_change_that_commits_late_is_told_after_what_was_told_already(world: World, round_id: str) -> None:
    """The row of a slow transaction is older than one that was read meanwhile: its position is not."""
    slow, fast = asked(world, round_id), asked(world, round_id)
    head = changes(world)["next_after"]
    database: Database = world.client.app.state.database  # type: ignore[attr-defined]
    if database.is_sqlite:
        pytest.skip("SQLite has one writer at a time: nothing commits while another transaction writes")
    written, may_commit = threading.Event(), threading.Event()

    async def write_slowly() -> None:
        async with database.writing() as session:
            feeds.emit(
                session,
                feed="recommendations",
                audience=world.id("unit:wenwuba"),
                kind="declined",
                subject_id=UUID(slow.id),
                data={"application_id": slow.application_id},
                now=world.clock.now(),
            )
            await session.flush()
            written.set()
            await anyio.to_thread.run_sync(may_commit.wait, 30)
            await session.commit()

    portal = world.client.portal
    assert portal is not None
    writing = portal.start_task_soon(write_slowly)
    assert written.wait(10)
    ok(batch(world, declined(fast)))
    meanwhile = changes(world, head)
    assert told(meanwhile) == [("declined", fast.id)]
    may_commit.set()
    writing.result(10)
    assert told(changes(world, meanwhile["next_after"])) == [("declined", slow.id)]
