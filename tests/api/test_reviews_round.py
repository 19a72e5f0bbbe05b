"""The review from the qualified list to the evaluation (Arts. 10, 18 to 20): rules "art18.material", "art19.onsite",
"art20.evaluation"."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.applications import apply
from sandbox.stages.reviews import (
    Percent,
    assign,
    close_material,
    evaluate,
    onsite_list,
    panel,
    qualified,
    report,
    review,
    reviewer_id,
    score,
    score_material,
    score_onsite,
    sign,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

HOSPITAL: dict[str, Any] = {"sector": "8411", "operating": False}


def state(world: World, application_id: str) -> str:
    found: str = ok(world.office.get(f"/v1/applications/{application_id}"))["state"]
    return found


@pytest.mark.slow
def test_from_the_qualified_list_to_the_ranking(world: World) -> None:
    round_id, applied = qualified(world, {}, {}, {}, HOSPITAL)
    best, second, below, hospital = (item.id for item in applied)
    score_material(world, round_id, {best: 80, second: (70, 75, 80), below: 45, hospital: 60})
    listed = {item["application_id"]: item for item in close_material(world, round_id)["items"]}
    assert {key: (item["included"], item["rank"]) for key, item in listed.items()} == {
        best: (True, 1),
        second: (True, 2),
        below: (False, 3),
        hospital: (True, 1),
    }
    assert "低于合格线" in listed[below]["reason_zh"] and "below the pass line" in listed[below]["reason_en"]
    assert [state(world, key) for key in (best, below)] == ["shortlisted", "not_shortlisted"]
    left = ok(world.office.get(f"/v1/applications/{below}"))
    assert (left["closed_rule"], left["closed_reason"]) == ("art18.material", listed[below]["reason_zh"])
    assert ok(world.public.get(f"/v1/rounds/{round_id}"))["state"] == "onsite"
    score_onsite(world, round_id, {best: 70, second: 85, hospital: 65})
    made = evaluate(world, round_id)
    # 0.4 of the material and 0.6 of the on-site score.
    assert [(line["application_id"], line["overall"], line["rank"], line["passed"]) for line in made["ranking"]] == [
        (second, "810.00", 1, True),
        (best, "740.00", 2, True),
        (hospital, "630.00", 1, True),
    ]
    assert [state(world, key) for key in (best, second, hospital)] == ["evaluated"] * 3
    assert ok(world.public.get(f"/v1/rounds/{round_id}"))["state"] == "evaluated"
    canonical = json.dumps(made["inputs"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == made["inputs_hash"]
    assert made["inputs"]["weights"] == {"material": "0.4", "onsite": "0.6"}
    first = made["inputs"]["applications"][0]
    assert [sheet["total"] for sheet in first["reports"]["onsite"]["sheets"]] == ["700.00"] * 3
    assert first["set_aside"] == []
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True


def weighed_again(inputs: dict[str, Any]) -> dict[str, tuple[str, int, bool]]:
    """Overall score, rank and whether every line is passed, by application: out of the stored inputs and nothing
    else."""
    cent = Decimal("0.01")
    overall, passed, seat_categories = {}, {}, {}
    for entry in inputs["applications"]:
        scores, weighted = {}, Decimal(0)
        for stage, report_ in entry["reports"].items():
            totals = [Decimal(sheet["total"]) for sheet in report_["sheets"]]
            assert len(totals) == inputs["panel_sizes"][stage]
            apart = max(totals) - min(totals) > Decimal(inputs["spread_for_consensus"])
            assert report_["consensus"] == apart == bool(report_["consensus_reason"])
            mean = (sum(totals, Decimal(0)) / len(totals)).quantize(cent, ROUND_HALF_UP)
            scores[stage] = Decimal(report_["score"]) if apart else mean
            assert Decimal(report_["score"]) == scores[stage]
            weighted += scores[stage] * Decimal(inputs["weights"][stage])
        weighted = weighted.quantize(cent, ROUND_HALF_UP)
        lines = inputs["pass_lines"]
        key = entry["application_id"]
        passed[key] = all(scores[stage] >= Decimal(lines[stage]) for stage in scores)
        passed[key] = passed[key] and weighted >= Decimal(lines["overall"])
        granted = [Decimal(inputs["preference_points"][item["tag"]]) for item in entry["preferences"]]
        overall[key], seat_categories[key] = weighted + sum(granted), entry["seat_category"]
    return {
        key: (
            str(value),
            1 + sum(overall[other] > value for other in overall if seat_categories[other] == seat_categories[key]),
            passed[key],
        )
        for key, value in overall.items()
    }


@pytest.mark.slow
def test_the_ranking_can_be_weighed_again_from_its_stored_inputs(world: World) -> None:
    round_id, applied = qualified(world, {}, {}, {}, HOSPITAL)
    given: list[Percent] = [(65, 80, 95), 80, (55, 55, 60), 60]
    scores = {item.id: percent for item, percent in zip(applied, given, strict=True)}
    made = review(
        world, round_id, scores, {item.id: given for item, given in zip(applied, (80, 80, 70, 65), strict=True)}
    )
    assert made["inputs"]["rules_hash"] == ok(world.public.get(f"/v1/rounds/{round_id}"))["review_rules_hash"]
    assert weighed_again(made["inputs"]) == {
        line["application_id"]: (line["overall"], line["rank"], line["passed"]) for line in made["ranking"]
    }
    assert any(line["tied"] for line in made["ranking"])


@pytest.mark.slow
def test_who_sees_the_list_and_the_evaluation(world: World) -> None:
    round_id, applied = qualified(world, {}, {})
    best, below = (item.id for item in applied)
    score_material(world, round_id, {best: 80, below: 45})
    path = f"/v1/rounds/{round_id}/onsite-list"
    refused(world.office.get(path), 404)
    close_material(world, round_id)
    for caller in (world.office, world.government, world.auditor):
        assert [item["included"] for item in ok(caller.get(path))["items"]] == [True, False]
    (line,) = ok(world.by("reviewer1").get(path))["items"]
    assert line["application_id"] == best and line["score"] is None and line["rank"] is None
    for caller in (applied[0].applicant, world.by("unit-wenwuba"), world.by("department-tax"), world.platform):
        refused(caller.get(path), 403)
    refused(world.public.get(path), 401)
    score_onsite(world, round_id, {best: 80})
    report_path = f"/v1/rounds/{round_id}/evaluation"
    refused(world.office.get(report_path), 404)
    evaluate(world, round_id)
    for caller in (world.office, world.government, world.auditor):
        text = caller.get(report_path).text
        assert "样例评审员" not in text and reviewer_id(world, "reviewer1") not in text
        assert ok(caller.get(report_path))["ranking"][0]["application_id"] == best
    for caller in (world.by("reviewer1"), applied[0].applicant, world.by("unit-wenwuba")):
        refused(caller.get(report_path), 403)
    for caller in (world.government, world.by("reviewer1"), applied[0].applicant):
        refused(caller.get(f"/v1/applications/{best}/material-report"), 403)


def test_a_report_waits_for_the_whole_panel(world: World) -> None:
    round_id, (applied,) = qualified(world)
    refused(report(world, applied.id), 422, rule="art18.material")
    assigned = panel(world, round_id, applied.id)
    for number, each in enumerate(assigned):
        finding = refused(report(world, applied.id), 422, rule="art18.material")["violations"][0]
        assert (finding["facts"]["required"], finding["facts"]["counted"]) == (3, number)
        score(world, *each, 80)
    refused(world.office.post(f"/v1/rounds/{round_id}/material-report"), 422, rule="art18.material")
    for caller in (world.government, world.by("reviewer1"), applied.applicant, world.auditor):
        path = f"/v1/applications/{applied.id}/material-report"
        refused(caller.post(path, {"summary": "样例"}), 403, rule="art02.decider")
        refused(caller.post(f"/v1/rounds/{round_id}/material-report"), 403, rule="art02.decider")
        refused(caller.post(f"/v1/rounds/{round_id}/evaluation", {"summary": "样例"}), 403, rule="art02.decider")
    made = ok(report(world, applied.id), 201)
    assert (made["score"], made["spread"], made["consensus"]) == ("800.00", "0.00", False)
    refused(report(world, round_id), 404)


@pytest.mark.parametrize(("widest", "consensus"), [(80, False), (85, True)])
def test_a_spread_above_the_rules_limit_needs_a_consensus_with_its_reason(
    world: World, widest: int, consensus: bool
) -> None:
    # 100 points apart are the limit of the default rules.
    round_id, (applied,) = qualified(world)
    for each, percent in zip(panel(world, round_id, applied.id), (70, 75, widest), strict=True):
        score(world, *each, percent)
    agreed = {"consensus_score": "760.5", "consensus_reason": "样例：统一尺度。"}
    refused(report(world, applied.id, consensus_score="760.5"), 422, "invalid")
    refused(report(world, applied.id, **{**agreed, "consensus_score": "7e2"}), 422, "invalid")
    if consensus:
        refused(report(world, applied.id), 422, rule="art18.material")
        refused(report(world, applied.id, **{**agreed, "consensus_score": "850.01"}), 422, rule="art18.material")
        made = ok(report(world, applied.id, **agreed), 201)
        assert (made["score"], made["mean"], made["spread"]) == ("760.50", "766.67", "150.00")
        assert made["consensus_reason"] == "样例：统一尺度。"
    else:
        made = ok(report(world, applied.id, **agreed), 201)
        assert (made["score"], made["spread"], made["consensus_reason"]) == ("750.00", "100.00", None)


def test_each_stage_is_worked_on_in_its_own_time(world: World) -> None:
    ids = [reviewer_id(world, f"reviewer{number}") for number in (1, 2, 3)]
    round_id, applied = qualified(world, {}, {})
    best, below = (item.id for item in applied)
    refused(assign(world, best, "onsite", ids), 409, "wrong_state")
    refused(report(world, best, "onsite"), 409, "wrong_state")
    refused(world.office.post(f"/v1/rounds/{round_id}/evaluation", {"summary": "样例"}), 409, "wrong_state")
    assigned = panel(world, round_id, best)
    for each in assigned:
        score(world, *each, 80)
    ok(report(world, best), 201)
    # One application has no report yet: the stage does not close.
    refused(world.office.post(f"/v1/rounds/{round_id}/material-report"), 422, rule="art18.material")
    score_material(world, round_id, {below: 45})
    path = f"/v1/rounds/{round_id}/material-report"
    assert ok(world.office.post(f"{path}?dry_run=true"), 201)["items"]
    assert ok(world.public.get(f"/v1/rounds/{round_id}"))["state"] == "qualified"
    close_material(world, round_id)
    refused(world.office.post(path), 409, "wrong_state")
    refused(assign(world, best, "material", ids), 409, "wrong_state")
    refused(report(world, best), 409, "wrong_state")
    reviewer, charge = assigned[0]
    refused(reviewer.get(f"/v1/review-assignments/{charge}/dossier"), 409, "wrong_state")
    assert ok(reviewer.get(f"/v1/review-assignments/{charge}/score-sheet"))["total"] == "800.00"


@pytest.mark.slow
def test_only_listed_organisations_are_reviewed_on_site_and_reported_on_once(world: World) -> None:
    round_id, applied = qualified(world, {}, {})
    best, below = (item.id for item in applied)
    score_material(world, round_id, {best: 80, below: 45})
    close_material(world, round_id)
    ids = [reviewer_id(world, f"reviewer{number}") for number in (1, 2, 3)]
    refused(assign(world, below, "onsite", ids), 422, rule="art19.onsite")
    refused(report(world, below, "onsite"), 422, rule="art19.onsite")
    early = world.office.post(f"/v1/rounds/{round_id}/evaluation", {"summary": "样例"})
    refused(early, 422, rule="art19.onsite")
    findings = refused(early, 422, rule="art20.evaluation")["violations"]
    assert [item["facts"]["missing"] for item in findings if "missing" in item["facts"]] == [["onsite"]]
    assigned = panel(world, round_id, best, "onsite")
    sheet = assigned[0][0].get(f"/v1/review-assignments/{assigned[0][1]}/panel-sheets")
    refused(sheet, 422, rule="art19.onsite")
    listed_on = world.clock.today
    world.clock.forward(days=3)
    for each in assigned:
        score(world, *each, 70)
    for day in (listed_on - timedelta(days=1), world.clock.today + timedelta(days=1)):
        refused(report(world, best, "onsite", visited_on=day.isoformat()), 422, rule="art19.onsite")
    world.clock.forward(days=1)
    # The sheets were submitted a day before this visit.
    refused(report(world, best, "onsite"), 422, rule="art19.onsite")
    made = ok(report(world, best, "onsite", visited_on=listed_on.isoformat()), 201)
    assert (made["score"], made["visited_on"]) == ("700.00", listed_on.isoformat())
    refused(report(world, best, "onsite", visited_on=listed_on.isoformat()), 422, rule="art19.onsite")
    ok(world.office.post(f"/v1/rounds/{round_id}/evaluation?dry_run=true", {"summary": "样例"}), 201)
    evaluate(world, round_id)
    refused(world.office.post(f"/v1/rounds/{round_id}/evaluation", {"summary": "样例"}), 409, "wrong_state")


@pytest.mark.slow
def test_ties_are_flagged_and_nothing_breaks_them(world: World) -> None:
    # One place for manufacturers: two tie for it, and both go on.
    round_id, applied = qualified(world, {}, {}, {}, rules={"shortlist_manufacturing": 1})
    one, two, three = (item.id for item in applied)
    score_material(world, round_id, {one: 80, two: (75, 80, 85), three: 75})
    listed = {item["application_id"]: item for item in close_material(world, round_id)["items"]}
    assert {key: (item["included"], item["rank"], item["tied"]) for key, item in listed.items()} == {
        one: (True, 1, True),
        two: (True, 1, True),
        three: (False, 3, False),
    }
    score_onsite(world, round_id, {one: 80, two: 80})
    ranking = evaluate(world, round_id)["ranking"]
    assert {line["application_id"]: (line["rank"], line["tied"]) for line in ranking} == {
        one: (1, True),
        two: (1, True),
    }


@pytest.mark.slow
def test_preference_points_are_those_of_the_rules_for_claims_that_the_office_grants(world: World) -> None:
    rules = {"preference_points": [{"tag": "encouraged", "points": "10"}]}
    round_id, applied = qualified(world, {"content_overrides": {"tags": ["encouraged"]}}, {}, rules=rules)
    claims, silent = (item.id for item in applied)
    score_material(world, round_id, {claims: 80, silent: 80})
    close_material(world, round_id)
    score_onsite(world, round_id, {claims: 80, silent: 80})
    path = f"/v1/rounds/{round_id}/evaluation"
    for wrong in (
        {"application_id": silent, "tag": "encouraged"},
        {"application_id": claims, "tag": "preferred"},
        {"application_id": round_id, "tag": "encouraged"},
    ):
        body = {"summary": "样例", "preferences": [{**wrong, "reason": "样例"}]}
        refused(world.office.post(path, body), 422, "invalid")
    granted = [{"application_id": claims, "tag": "encouraged", "reason": "样例：经核实。"}]
    made = evaluate(world, round_id, preferences=granted)
    assert [(line["application_id"], line["preference"], line["overall"]) for line in made["ranking"]] == [
        (claims, "10.00", "810.00"),
        (silent, "0.00", "800.00"),
    ]
    assert made["inputs"]["applications"][0]["preferences"] == [{"tag": "encouraged", "reason": "样例：经核实。"}]


@pytest.mark.slow
def test_a_pass_line_is_reached_without_preference_points(world: World) -> None:
    rules = {"preference_points": [{"tag": "encouraged", "points": "100"}], "pass_line_overall": "600"}
    round_id, (applied,) = qualified(world, {"content_overrides": {"tags": ["encouraged"]}}, rules=rules)
    review_body = [{"application_id": applied.id, "tag": "encouraged", "reason": "样例"}]
    score_material(world, round_id, {applied.id: 55})
    close_material(world, round_id)
    score_onsite(world, round_id, {applied.id: 55})
    (line,) = evaluate(world, round_id, preferences=review_body)["ranking"]
    assert (line["overall"], line["passed"]) == ("650.00", False)


def test_a_round_with_nobody_on_the_list_is_evaluated_all_the_same(world: World) -> None:
    round_id, (applied,) = qualified(world)
    score_material(world, round_id, {applied.id: 45})
    close_material(world, round_id)
    assert [item["included"] for item in onsite_list(world, round_id)] == [False]
    assert ok(world.by("reviewer1").get(f"/v1/rounds/{round_id}/onsite-list"))["items"] == []
    assert evaluate(world, round_id)["ranking"] == []
    assert ok(world.public.get(f"/v1/rounds/{round_id}"))["state"] == "evaluated"


def test_work_is_appraised_once_a_round(world: World) -> None:
    round_id, (applied,) = qualified(world)
    review(world, round_id, {applied.id: 80})
    path = f"/v1/rounds/{round_id}/appraisals"
    for number in (1, 2):
        body = {"reviewer_id": reviewer_id(world, f"reviewer{number}"), "grade": "competent", "remarks": "样例"}
        ok(world.office.post(path, body), 201)
        refused(world.office.post(path, body), 409, "already_appraised", "art11.pool")
    found = ok(world.auditor.get(path))
    assert len(found["items"]) == 2
    assert found["findings"][0]["facts"]["reviewers"] == [reviewer_id(world, "reviewer3")]
    ok(world.office.post(path, {**body, "reviewer_id": reviewer_id(world, "reviewer3")}), 201)
    assert ok(world.office.get(path))["findings"][0]["outcome"] == "pass"
    refused(
        world.office.post(path, {**body, "reviewer_id": reviewer_id(world, "reviewer4")}),
        409,
        "no_work_in_round",
        "art11.pool",
    )
    refused(world.office.post(path, {**body, "grade": "best"}), 422, "invalid")
    refused(world.government.post(path, body), 403, rule="art02.decider")
    refused(world.by("reviewer1").get(path), 403)


def test_the_office_is_told_what_the_next_act_of_the_review_still_lacks(world: World) -> None:
    round_id, (applied,) = qualified(world, rules={"panel_size_material": 1, "panel_size_onsite": 1})
    path = f"/v1/rounds/{round_id}"

    def told(act: str) -> tuple[bool, list[str]]:
        """As the round tells it; a dry run must say the same."""
        (action,) = [item for item in ok(world.office.get(path))["available_actions"] if item["act"] == act]
        target = {"issue_material_report": "material-report", "issue_evaluation": "evaluation"}[act]
        answer = world.office.post(f"{path}/{target}?dry_run=true", {"summary": "样例"} if "eval" in act else None)
        assert (answer.status_code == 201) is action["allowed"]
        rules = [finding["rule"] for finding in action["blocked_by"]]
        assert rules == [item["rule"] for item in answer.json().get("violations", ())]
        return action["allowed"], rules

    assert told("issue_material_report") == (False, ["art18.material"])
    score_material(world, round_id, {applied.id: [80]})
    assert told("issue_material_report") == (True, [])
    close_material(world, round_id)
    assert told("issue_evaluation") == (False, ["art19.onsite", "art20.evaluation"])
    score_onsite(world, round_id, {applied.id: [80]})
    assert told("issue_evaluation") == (True, [])
    assert ok(world.public.get(path))["available_actions"] == []


def test_two_at_once_make_one_report_one_list_and_one_evaluation(world: World) -> None:
    round_id, (applied,) = qualified(world)
    for each in panel(world, round_id, applied.id):
        score(world, *each, 80)
    assert both(lambda: report(world, applied.id)) == [201, 422]
    assert both(lambda: world.office.post(f"/v1/rounds/{round_id}/material-report")) == [201, 409]
    ids = [reviewer_id(world, f"reviewer{number}") for number in (4, 5, 6)]
    assert both(lambda: assign(world, applied.id, "onsite", ids)) == [201, 409]
    for caller, charge in charges(world, applied.id, ids):
        score(world, caller, charge, 80)
    ok(report(world, applied.id, "onsite"), 201)
    path, body = f"/v1/rounds/{round_id}/evaluation", {"summary": "样例"}
    assert both(lambda: world.office.post(path, body)) == [201, 409]


def both(act: Callable[[], Any]) -> list[int]:
    """The same act twice at the same time; the statuses in order."""
    with ThreadPoolExecutor(2) as pool:
        return sorted(answer.status_code for answer in pool.map(lambda _: act(), range(2)))


def charges(world: World, application_id: str, ids: list[str]) -> list[tuple[Caller, str]]:
    """The on-site charges of reviewers 4 to 6, who sign first."""
    lines = ok(world.office.get(f"/v1/review-assignments?application_id={application_id}&stage=onsite"))["items"]
    assert sorted(line["reviewer_id"] for line in lines) == sorted(ids)
    found = []
    for line in lines:
        caller = world.by(f"reviewer{ids.index(line['reviewer_id']) + 4}")
        sign(caller, line["round_id"])
        found.append((caller, line["id"]))
    return found


def test_nothing_is_scored_before_the_qualified_list(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    refused(assign(world, applied.id, "material", [reviewer_id(world, "reviewer1")]), 409, "wrong_state")
    refused(report(world, applied.id), 409, "wrong_state")
    refused(world.office.post(f"/v1/rounds/{round_id}/material-report"), 409, "wrong_state")
    refused(world.office.get(f"/v1/rounds/{round_id}/onsite-list"), 404)
