"""Art. 17: the list is confirmed once, and an application is on it or was refused: never half."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.stages.applications import apply, register_applicant, request
from sandbox.stages.applications import begin as begin_application
from sandbox.stages.qualification import answer_all, close_applications, confirm, consult, decide_conditions
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def reviewed(world: World, count: int = 2) -> tuple[str, list[Any]]:
    """A round whose applications wait for nothing but the list."""
    round_id = open_round(world)
    applied = [apply(world, round_id) for _ in range(count)]
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    for item in applied:
        ok(decide_conditions(world, item.id), 201)
    return round_id, applied


@pytest.mark.slow
def test_two_confirmations_at_once_are_one(world: World) -> None:
    round_id, applied = reviewed(world)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: confirm(world, round_id), range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    for item in applied:
        runs = ok(world.office.get(f"/v1/applications/{item.id}/eligibility-checks"))["items"]
        assert [run["gate"] for run in runs] == ["submission", "confirmation"]


def test_a_withdrawal_and_the_list_at_once_come_one_after_the_other(world: World) -> None:
    round_id, (leaving, staying) = reviewed(world)
    with ThreadPoolExecutor(2) as pool:
        gone = pool.submit(leaving.applicant.post, f"/v1/applications/{leaving.id}/withdrawal", {})
        listed = pool.submit(confirm, world, round_id)
    published = ok(listed.result(), 201)["names"]
    ok(gone.result())
    states = [ok(world.office.get(f"/v1/applications/{item.id}"))["state"] for item in (leaving, staying)]
    assert states == ["withdrawn", "qualified"]
    # It was tested for the list where the list came first, and only there.
    runs = ok(world.office.get(f"/v1/applications/{leaving.id}/eligibility-checks"))["items"]
    assert len(published) == (2 if runs[-1]["gate"] == "confirmation" else 1)


def test_a_submission_in_the_last_second_and_an_extension_at_once_both_hold(world: World) -> None:
    round_id = open_round(world, deadline="2024-04-30")
    applied = apply(world, round_id, submit=False)
    world.clock.go("2024-04-30", "23:59:59.999999")
    body = {"new_deadline": "2024-05-31", "reason": "样例", "channel": "县政府网站"}
    with ThreadPoolExecutor(2) as pool:
        sent = pool.submit(applied.applicant.post, f"/v1/applications/{applied.id}/submission")
        moved = pool.submit(world.office.post, f"/v1/rounds/{round_id}/deadline-extensions", body)
    assert ok(sent.result())["state"] == "submitted"
    assert ok(moved.result())["deadline"] == "2024-05-31"


def test_a_unit_whose_account_is_deactivated_endorses_nothing_and_another_can_be_asked(world: World) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    draft = begin_application(world, round_id, applicant)["id"]
    asked = request(world, draft, applicant)["id"]
    unit = world.by("unit-wenwuba")
    ok(world.office.post(f"/v1/accounts/{unit.account_id}/deactivation", {"reason": "样例"}))
    refused(unit.post(f"/v1/recommendations/{asked}/decline", {"reason": "样例"}), 401, "invalid_token")
    ok(applicant.post(f"/v1/applications/{draft}/return-to-draft"))
    body = {"unit_id": world.id("unit:industry")}
    shown = ok(applicant.post(f"/v1/applications/{draft}/recommendation-request", body))
    assert [item["state"] for item in shown["recommendations"]] == ["lapsed", "requested"]
