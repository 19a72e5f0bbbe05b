"""A round's material review, evaluation and page cost as many statements with a few applications as with many."""

from typing import Any

import pytest

from app.services.qualification import confirm_qualified_list
from sandbox.stages.applications import Applied, apply
from sandbox.stages.crowd import crowd
from sandbox.stages.qualification import answer_all, close_applications, confirm, consult, decide_conditions
from sandbox.stages.reviews import (
    close_material,
    evaluate,
    light_rules,
    onsite_list,
    panel,
    qualified,
    report,
    review,
    reviewer_id,
    score,
    score_material,
    score_onsite,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused
from tests.support.queries import counted

pytestmark = pytest.mark.slow

ONE = {"panel_size_material": 1, "panel_size_onsite": 1, "shortlist_manufacturing": 50}


def acts(world: World, round_id: str) -> dict[str, Any]:
    """What the office may do, as the round's page tells it."""
    shown = ok(world.office.get(f"/v1/rounds/{round_id}"))
    return {item["act"]: item for item in shown["available_actions"]}


def conflict(world: World, applied: Applied, kind: str) -> None:
    """The office records that the first reviewer has to do with the applicant."""
    uscc = ok(world.office.get(f"/v1/organisations/{applied.organisation_id}"))["uscc"]
    body = {"reviewer_id": reviewer_id(world, "reviewer1"), "kind": kind, "uscc": uscc, "description": "样例：已查实。"}
    ok(world.office.post("/v1/conflict-declarations", body), 201)


def statements_of_page(world: World, round_id: str) -> int:
    acts(world, round_id)
    with counted(world) as seen:
        acts(world, round_id)
    return len(seen)


@pytest.mark.parametrize("stage", ["material", "onsite"])
def test_a_stage_is_closed_at_the_same_cost_with_3_and_with_12(world: World, stage: str) -> None:
    costs = []
    for month, more in ((3, 2), (6, 11)):
        world.clock.go(f"2024-0{month}-01")
        round_id = open_round(world, deadline=f"2024-0{month}-20", review_rules=light_rules(**ONE))
        applied = apply(world, round_id)
        close_applications(world, round_id)
        consult(world, round_id)
        answer_all(world, round_id)
        ok(decide_conditions(world, applied.id), 201)
        ok(confirm(world, round_id), 201)
        score_material(world, round_id, {applied.id: [80]})
        if stage == "onsite":
            close_material(world, round_id)
            score_onsite(world, round_id, {applied.id: [80]})
        crowd(world, applied.id, more, first=month * 100)
        page = statements_of_page(world, round_id)
        with counted(world) as closing:
            if stage == "material":
                close_material(world, round_id)
            else:
                assert len(evaluate(world, round_id)["ranking"]) == more + 1
        costs.append((page, len(closing)))
        ok(world.office.post(f"/v1/rounds/{round_id}/cancellation", {"reason": "样例"}))
    assert costs[0] == costs[1]
    assert costs[0][1] <= 40


def test_many_are_listed_left_out_and_evaluated_as_one_would_be(world: World) -> None:
    round_id, (applied,) = qualified(world, rules=ONE | {"shortlist_manufacturing": 1})
    (better,) = crowd(world, applied.id, 1, first=7)
    score_material(world, round_id, {applied.id: [70], better: [90]})
    version = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["version"]
    close_material(world, round_id)
    lines = {item["application_id"]: item for item in onsite_list(world, round_id)}
    assert [(lines[key]["rank"], lines[key]["included"]) for key in (better, applied.id)] == [(1, True), (2, False)]
    left_out = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))
    assert (left_out["state"], left_out["version"]) == ("not_shortlisted", version + 1)
    assert left_out["closed_reason"] == lines[applied.id]["reason_zh"]
    score_onsite(world, round_id, {better: [90]})
    made = evaluate(world, round_id)
    assert [line["application_id"] for line in made["ranking"]] == [better]
    assert ok(world.office.get(f"/v1/applications/{better}"))["state"] == "evaluated"
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True


def test_the_page_names_the_first_of_many_obstacles_and_counts_the_others(world: World) -> None:
    round_id, (applied,) = qualified(world, rules=ONE)
    crowd(world, applied.id, 11)
    few = statements_of_page(world, round_id)
    told = acts(world, round_id)["issue_material_report"]
    assert (told["allowed"], len(told["blocked_by"]), told["further"], told["in_full"]) == (False, 5, 7, True)
    answer = world.office.post(f"/v1/rounds/{round_id}/material-report?dry_run=true")
    assert len(refused(answer, 422, "rule_refused", "art18.material")["violations"]) == 12
    crowd(world, applied.id, 20, first=100)
    assert statements_of_page(world, round_id) == few
    assert acts(world, round_id)["issue_material_report"]["further"] == 27
    assert len(world.office.get(f"/v1/rounds/{round_id}").content) < 20_000


def test_the_page_of_the_evaluation_counts_what_its_dry_run_names(world: World) -> None:
    round_id, (applied,) = qualified(world, rules=ONE)
    crowd(world, applied.id, 6)
    ids = [item["id"] for item in ok(world.office.get("/v1/applications", params={"round_id": round_id}))["items"]]
    score_material(world, round_id, {key: [80] for key in ids})
    close_material(world, round_id)
    score_onsite(world, round_id, {ids[0]: [80]})
    told = acts(world, round_id)["issue_evaluation"]
    answer = world.office.post(f"/v1/rounds/{round_id}/evaluation?dry_run=true", {"summary": "样例"})
    named = len(answer.json()["violations"])
    assert (told["allowed"], len(told["blocked_by"]) + told["further"]) == (False, named)
    score_onsite(world, round_id, {key: [80] for key in ids[1:]})
    assert acts(world, round_id)["issue_evaluation"]["allowed"] is True


def test_art29_the_page_tells_of_a_conflict_that_came_to_light(world: World) -> None:
    round_id, (applied,) = qualified(world, rules=ONE)
    ((reviewer, charge),) = panel(world, round_id, applied.id, logins=["reviewer1"])
    score(world, reviewer, charge, 80)
    ok(report(world, applied.id), 201)
    assert acts(world, round_id)["issue_material_report"]["allowed"] is True
    conflict(world, applied, "consulting")
    told = acts(world, round_id)["issue_material_report"]
    assert ([item["rule"] for item in told["blocked_by"]], told["further"]) == (["art29.recusal"], 0)
    answer = world.office.post(f"/v1/rounds/{round_id}/material-report?dry_run=true")
    assert [item["rule"] for item in answer.json()["violations"]] == ["art29.recusal"]


def test_art29_every_later_page_and_act_tells_of_it_too(world: World) -> None:
    round_id, (applied,) = qualified(world, rules=ONE)
    review(world, round_id, {applied.id: [80]})
    assert acts(world, round_id)["record_deliberation"]["blocked_by"] == []
    conflict(world, applied, "shares")
    told = acts(world, round_id)["record_deliberation"]
    assert {item["rule"] for item in told["blocked_by"]} == {"art29.recusal"}
    # One sheet of each stage.
    assert len(told["blocked_by"]) + told["further"] == 2


def test_a_list_is_decided_slice_by_slice_or_not_at_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirm_qualified_list, "SLICE", 2)
    round_id = open_round(world)
    applied = apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    open_still = crowd(world, applied.id, 1, first=900)
    ok(decide_conditions(world, applied.id), 201)
    decided = crowd(world, applied.id, 4)
    answer = refused(confirm(world, round_id), 422, "rule_refused")
    assert {item["facts"]["application_id"] for item in answer["violations"]} == set(open_still)
    for key in (applied.id, *decided, *open_still):
        assert ok(world.office.get(f"/v1/applications/{key}"))["state"] == "submitted"
        runs = ok(world.office.get(f"/v1/applications/{key}/eligibility-checks"))["items"]
        assert "confirmation" not in {item["gate"] for item in runs}
    ok(decide_conditions(world, open_still[0]), 201)
    assert len(ok(confirm(world, round_id), 201)["names"]) == 6
    for key in (applied.id, *decided, *open_still):
        assert ok(world.office.get(f"/v1/applications/{key}"))["state"] == "qualified"


def test_the_page_tells_who_is_waited_for_before_the_list_is_tried(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    before = acts(world, round_id)["confirm_qualified_list"]
    assert ([item["rule"] for item in before["blocked_by"]], before["in_full"]) == (["art16.call"], False)
    close_applications(world, round_id)
    consult(world, round_id)
    told = acts(world, round_id)["confirm_qualified_list"]
    assert (told["allowed"], told["in_full"]) == (False, False)
    assert told["blocked_by"][0]["facts"]["application_id"] == applied.id
    assert {item["rule"] for item in told["blocked_by"]} <= {
        item["rule"] for item in refused(confirm(world, round_id), 422, "rule_refused")["violations"]
    }
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    assert acts(world, round_id)["confirm_qualified_list"]["allowed"] is True
    ok(confirm(world, round_id), 201)
