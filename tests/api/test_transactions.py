"""One request, one transaction: committed before the answer, all or nothing, repeated safely."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from sandbox.stages.parties import register, registration
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

ROUND = {"year": 2024, "title": "样例第一届"}
CALL = {"title": "样例通知", "channels": ["县政府网站"], "deadline": "2024-04-30"}


@pytest.fixture
def failing_commit() -> Iterator[None]:
    def fail(_session: Session) -> None:
        raise OSError("the disk is full")

    event.listen(Session, "before_commit", fail)
    yield
    event.remove(Session, "before_commit", fail)


def rounds(world: World) -> int:
    return len(ok(world.office.get("/v1/rounds"))["items"])


def test_a_commit_that_fails_is_never_answered_as_success(world: World, failing_commit: None) -> None:
    refused(world.office.post("/v1/rounds", ROUND), 500, "internal_error")
    assert rounds(world) == 0


def test_a_dry_run_answers_what_would_happen_and_writes_nothing(world: World) -> None:
    answer = world.office.post("/v1/rounds?dry_run=true", ROUND)
    assert ok(answer, 201)["year"] == 2024
    assert answer.headers["dry-run"] == "true"
    assert rounds(world) == 0
    assert ok(world.auditor.get("/v1/audit-entries"))["items"] == []


def test_a_dry_run_refuses_as_the_act_would(world: World) -> None:
    made = ok(world.office.post("/v1/rounds", ROUND), 201)
    late = {**CALL, "deadline": "2024-03-01"}
    refused(world.office.post(f"/v1/rounds/{made['id']}/call?dry_run=true", late), 422, rule="art16.call")


def test_a_repeated_key_is_answered_as_the_first_time_and_acts_once(world: World) -> None:
    key = {"Idempotency-Key": "round-of-2024"}
    first = world.office.post("/v1/rounds", ROUND, headers=key)
    again = world.office.post("/v1/rounds", ROUND, headers=key)
    assert ok(first, 201) == ok(again, 201)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    assert rounds(world) == 1


def test_a_key_is_bound_to_its_request_and_to_its_caller(world: World) -> None:
    key = {"Idempotency-Key": "round-of-2024"}
    ok(world.office.post("/v1/rounds", ROUND, headers=key), 201)
    other = world.office.post("/v1/rounds", {**ROUND, "title": "样例另一届"}, headers=key)
    refused(other, 409, "idempotency_key_reused")
    refused(world.government.post("/v1/rounds", ROUND, headers=key), 403, rule="art02.decider")


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON", "application/json; charset=utf-8"])
def test_a_key_is_bound_to_the_body_however_its_type_is_written(world: World, media_type: str) -> None:
    headers = {"Idempotency-Key": "round-of-2024", "Content-Type": media_type}
    bodies = [json.dumps({**ROUND, "title": title}).encode() for title in ("first", "other")]
    assert len(bodies[0]) == len(bodies[1])
    ok(world.office.request("POST", "/v1/rounds", content=bodies[0], headers=headers), 201)
    other = world.office.request("POST", "/v1/rounds", content=bodies[1], headers=headers)
    refused(other, 409, "idempotency_key_reused")


def test_a_dry_run_takes_no_key(world: World) -> None:
    key = {"Idempotency-Key": "round-of-2024"}
    dry = world.office.post("/v1/rounds?dry_run=true", ROUND, headers=key)
    assert ok(dry, 201) and "idempotency-replayed" not in dry.headers
    made = world.office.post("/v1/rounds", ROUND, headers=key)
    assert ok(made, 201) and "idempotency-replayed" not in made.headers
    # Asked dry once more, it tells what a second round would be, not what the first was.
    again = world.office.post("/v1/rounds?dry_run=true", ROUND, headers=key)
    assert ok(again, 201)["id"] != made.json()["id"]
    assert rounds(world) == 1


def test_a_key_is_its_accounts_own(world: World) -> None:
    key = {"Idempotency-Key": "application-1"}
    body = {"round_id": open_round(world)}
    made = [register(world).account.post("/v1/applications", body, headers=key) for _ in range(2)]
    assert all("idempotency-replayed" not in answer.headers for answer in made)
    assert len({ok(answer, 201)["id"] for answer in made}) == 2


def test_what_the_public_posts_with_a_key_is_posted_once(world: World) -> None:
    key = {"Idempotency-Key": "registration-1"}
    body = registration()
    first = world.public.post("/v1/registrations", body, headers=key)
    again = world.public.post("/v1/registrations", body, headers=key)
    assert ok(first, 201) == ok(again, 201)
    assert again.headers["idempotency-replayed"] == "true"
    refused(world.public.post("/v1/registrations", registration(), headers=key), 409, "idempotency_key_reused")


def test_a_failed_commit_frees_its_key(world: World) -> None:
    key = {"Idempotency-Key": "round-of-2024"}

    def fail(_session: Session) -> None:
        raise OSError("the disk is full")

    event.listen(Session, "before_commit", fail)
    try:
        refused(world.office.post("/v1/rounds", ROUND, headers=key), 500, "internal_error")
    finally:
        event.remove(Session, "before_commit", fail)
    made = world.office.post("/v1/rounds", ROUND, headers=key)
    assert ok(made, 201) and "idempotency-replayed" not in made.headers


def test_a_refused_request_frees_its_key(world: World) -> None:
    made = ok(world.office.post("/v1/rounds", ROUND), 201)
    key = {"Idempotency-Key": "call-of-2024"}
    path = f"/v1/rounds/{made['id']}/call"
    refused(world.office.post(path, {**CALL, "deadline": "2024-03-01"}, headers=key), 422)
    ok(world.office.post(path, CALL, headers=key))


def test_the_same_key_at_the_same_time_acts_once(world: World) -> None:
    key = {"Idempotency-Key": "round-of-2024"}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: world.office.post("/v1/rounds", ROUND, headers=key), range(6)))
    assert {ok(answer, 201)["id"] for answer in answers} == {ok(answers[0], 201)["id"]}
    assert rounds(world) == 1


@pytest.mark.parametrize("key", ["short", "with space in it", "x" * 129, "日本語のキーです"])
def test_a_malformed_key_is_refused(world: World, key: str) -> None:
    answer = world.office.request("POST", "/v1/rounds", json=ROUND, headers={"Idempotency-Key": key.encode()})
    refused(answer, 422, "invalid")
    assert rounds(world) == 0


def test_an_edit_needs_the_version_that_was_seen(world: World) -> None:
    made = ok(world.office.post("/v1/rounds", ROUND), 201)
    path = f"/v1/rounds/{made['id']}"
    refused(world.office.patch(path, {"title": "样例改名"}), 428, "precondition_required")
    refused(world.office.patch(path, {"title": "样例改名"}, version=made["version"] + 1), 412, "stale_version")
    refused(world.office.patch(path, {"title": "样例改名"}, headers={"If-Match": "abc"}), 422, "invalid_if_match")
    changed = world.office.patch(path, {"title": "样例改名"}, version=made["version"])
    assert ok(changed)["title"] == "样例改名"
    assert changed.headers["etag"] == f'"{made["version"] + 1}"'
    refused(world.office.patch(path, {"title": "样例再改"}, version=made["version"]), 412, "stale_version")


def test_two_edits_of_one_version_let_one_through(world: World) -> None:
    made = ok(world.office.post("/v1/rounds", ROUND), 201)
    path = f"/v1/rounds/{made['id']}"
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda n: world.office.patch(path, {"title": f"样例{n}"}, version=made["version"]), range(4))
        )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


def test_only_one_round_is_called_of_two_at_once(world: World) -> None:
    paths = []
    for title in ("样例甲", "样例乙"):
        made = ok(world.office.post("/v1/rounds", {**ROUND, "title": title}), 201)
        paths.append(f"/v1/rounds/{made['id']}/call")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda path: world.office.post(path, CALL), paths))
    codes = sorted(answer.status_code for answer in answers)
    # The slower one is refused by the rule (422) or by the key of the database (409), as the race falls.
    assert codes in ([200, 409], [200, 422])
