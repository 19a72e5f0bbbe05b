"""Many opinions at once: all or none, tried before, each fault named by item (Art. 3, 12, 16)."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.stages.integration import Asked, asked, batch, changes, declined, endorsed, returned, state
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


@pytest.fixture
def round_id(world: World) -> str:
    return open_round(world)


@pytest.fixture
def queue(world: World, round_id: str) -> list[Asked]:
    return [asked(world, round_id) for _ in range(3)]


def faults(body: dict[str, Any]) -> set[tuple[str, str]]:
    return {(item["pointer"], item["code"]) for item in body["errors"]}


def test_a_batch_endorses_declines_and_returns(world: World, queue: list[Asked]) -> None:
    first, second, third = queue
    done = ok(batch(world, endorsed(world, first), declined(second), returned(third)))["items"]
    assert [(item["recommendation_id"], item["state"]) for item in done] == [
        (first.id, "endorsed"),
        (second.id, "declined"),
        (third.id, "returned"),
    ]
    assert [state(world, item) for item in queue] == ["endorsed", "declined", "returned"]
    shown = ok(first.applicant.get(f"/v1/applications/{first.application_id}"))
    assert (shown["state"], done[0]["application_id"]) == ("endorsed", first.application_id)
    assert [item["type"] for item in changes(world)["items"]][3:] == [
        "recommendation.endorsed",
        "recommendation.declined",
        "recommendation.returned",
    ]


def test_one_item_that_is_refused_leaves_nothing_of_the_others(world: World, queue: list[Asked]) -> None:
    first, second, third = queue
    before = changes(world)
    items = (endorsed(world, first), declined(second), endorsed(world, third, opinion=None))
    body = refused(batch(world, *items), 422, "batch_refused")
    assert faults(body) == {("/items/2/opinion", "required")}
    assert [state(world, item) for item in queue] == ["requested"] * 3
    assert changes(world) == before
    ok(batch(world, *items[:2], endorsed(world, third)))


def test_the_faults_of_all_items_are_told_at_once(world: World, round_id: str, queue: list[Asked]) -> None:
    first, second, third = queue
    of_another = asked(world, round_id, unit="junmenling", area="筠门岭镇")
    ok(world.by("unit-wenwuba").post(f"/v1/recommendations/{third.id}/decline", {"reason": "样例"}))
    nobody = {**declined(first), "recommendation_id": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"}
    body = refused(
        batch(
            world,
            endorsed(world, first, signed_on="2024-03-02", stamped_opinion_id=nobody["recommendation_id"]),
            declined(second, reason=None, opinion="样例", stamped_opinion_id=nobody["recommendation_id"]),
            declined(second),
            endorsed(world, third),
            declined(of_another),
            nobody,
            endorsed(world, first, facts_verified=[], reason="样例"),
        ),
        422,
        "batch_refused",
    )
    assert faults(body) == {
        ("/items/0/signed_on", "date_in_future"),
        ("/items/0/stamped_opinion_id", "not_found"),
        ("/items/1/reason", "required"),
        ("/items/1/opinion", "not_applicable"),
        ("/items/1/stamped_opinion_id", "not_applicable"),
        ("/items/2/recommendation_id", "duplicate"),
        ("/items/3", "wrong_state"),
        ("/items/4/recommendation_id", "not_found"),
        ("/items/5/recommendation_id", "not_found"),
        ("/items/6/recommendation_id", "duplicate"),
        ("/items/6/facts_verified", "required"),
        ("/items/6/reason", "not_applicable"),
    }
    assert "7" in body["detail"]


def test_malformed_items_are_named_by_their_pointer(world: World, queue: list[Asked]) -> None:
    body = refused(
        batch(
            world,
            endorsed(world, queue[0], signed_on="2024-02-30"),
            declined(queue[1], outcome="approved"),
            declined(queue[2], state="declined"),
        ),
        422,
        "invalid",
    )
    assert {item["pointer"] for item in body["errors"]} == {"/items/0/signed_on", "/items/1/outcome", "/items/2/state"}


def test_a_rule_that_refuses_an_item_is_cited_with_it(world: World, round_id: str) -> None:
    # Whose trade it is, is arguable for a department named without codes: it takes a recorded reason (Art. 12).
    hospital = asked(world, round_id, unit="health", sector="8411", operating=False)
    maker = asked(world, round_id, unit="health")
    reasoned = endorsed(world, hospital, industry_justification="样例：属卫生系统。")
    body = refused(
        batch(world, reasoned, endorsed(world, maker), unit="health"), 422, "batch_refused", rule="art12.jurisdiction"
    )
    assert faults(body) == {("/items/1", "rule_refused")}
    assert [item["rule"] for item in body["errors"]] == ["art12.jurisdiction"]
    assert [item["facts"]["recommendation_id"] for item in body["violations"]] == [maker.id]
    ok(
        batch(
            world, reasoned, endorsed(world, maker, industry_justification="样例：医疗器械，属本系统。"), unit="health"
        )
    )


def test_a_batch_counts_to_the_last_second_of_the_deadline_in_shanghai(world: World, queue: list[Asked]) -> None:
    world.clock.go("2024-05-01", "00:00:00")
    late = refused(batch(world, endorsed(world, queue[0]), declined(queue[1])), 422, "batch_refused", rule="art16.call")
    assert faults(late) == {("/items/0", "rule_refused")}
    assert [item["rule"] for item in late["errors"]] == ["art16.call"]
    world.clock.go("2024-04-30", "23:59:59.999999")
    ok(batch(world, endorsed(world, queue[0]), declined(queue[1])))


def test_a_dry_run_judges_the_whole_batch_and_writes_nothing(world: World, queue: list[Asked]) -> None:
    before = changes(world)
    items = [endorsed(world, queue[0]), declined(queue[1])]
    answer = batch(world, *items, query="?dry_run=true")
    assert [item["state"] for item in ok(answer)["items"]] == ["endorsed", "declined"]
    assert answer.headers["dry-run"] == "true"
    refused(batch(world, *items, declined(queue[2], reason=None), query="?dry_run=true"), 422, "batch_refused")
    assert [state(world, item) for item in queue] == ["requested"] * 3
    assert changes(world) == before
    ok(batch(world, *items))


def test_an_item_may_name_the_version_that_was_read(world: World, queue: list[Asked]) -> None:
    version = ok(world.by("unit-wenwuba").get(f"/v1/recommendations/{queue[0].id}"))["version"]
    stale = refused(batch(world, declined(queue[0], version=version + 1)), 422, "batch_refused")
    assert faults(stale) == {("/items/0/version", "stale_version")}
    ok(batch(world, declined(queue[0], version=version)))


def test_a_batch_is_repeated_safely(world: World, queue: list[Asked]) -> None:
    key = {"Idempotency-Key": "batch-2024-03-01"}
    items = [endorsed(world, queue[0]), declined(queue[1])]
    first = batch(world, *items, headers=key)
    again = batch(world, *items, headers=key)
    assert ok(first) == ok(again) and again.headers["idempotency-replayed"] == "true"
    refused(batch(world, *items), 422, "batch_refused")


@pytest.mark.parametrize(
    "login", ["office", "government", "auditor", "payment_platform", "department-tax", "reviewer1"]
)
def test_only_a_unit_answers(world: World, login: str) -> None:
    item = {"recommendation_id": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "outcome": "declined", "reason": "样例"}
    refused(world.by(login).post("/v1/recommendation-batches", {"items": [item]}), 403, "forbidden")


def test_an_empty_batch_is_refused(world: World) -> None:
    refused(batch(world), 422, "invalid")


def test_a_batch_is_limited_by_the_settings(settings: Settings, clock: MovableClock) -> None:
    small = settings.model_copy(update={"bulk_max_items": 2})
    with TestClient(create_app(small, clock=clock), raise_server_exceptions=False) as client:
        world = World(client, clock)
        round_id = open_round(world)
        queue = [asked(world, round_id) for _ in range(3)]
        refused(batch(world, *(declined(item) for item in queue)), 422, "too_many_items")
        ok(batch(world, *(declined(item) for item in queue[:2])))


@pytest.mark.slow
def test_many_cost_as_many_queries_as_one(world: World, round_id: str, queue: list[Asked]) -> None:
    more = [asked(world, round_id) for _ in range(6)]

    def statements(*items: dict[str, Any]) -> int:
        seen: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(Engine, "before_cursor_execute", count)
        try:
            ok(batch(world, *items, query="?dry_run=true"))
        finally:
            event.remove(Engine, "before_cursor_execute", count)
        return sum(statement.lstrip().upper().startswith("SELECT") for statement in seen)

    assert statements(declined(queue[0])) == statements(*(declined(item) for item in more))
