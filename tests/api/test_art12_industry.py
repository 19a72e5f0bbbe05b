"""Art. 12: what a department or association gives as its reason beyond its own industry, the office decides."""

from typing import Any

import pytest

from sandbox.stages.applications import Applied, apply, begin, endorse, register_applicant, request, submit_application
from sandbox.stages.decision import (
    Contender,
    after_publicity,
    approve,
    decree,
    deliberate,
    fix_proposed,
    in_publicity,
    publish,
)
from sandbox.stages.evaluated import put_evaluated
from sandbox.stages.qualification import (
    answer_all,
    close_applications,
    confirm,
    consult,
    decide_conditions,
    under_review,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import decree_refused, remove, withdraw
from tests.support.problems import refused

RULE = "art12.jurisdiction"
WORDS = "样例：该公司冷链运输收入过半，属本协会会员。"


def recommended_beyond(world: World) -> tuple[str, Applied]:
    """A round with a manufacturer whom the association of another industry has endorsed; all else is decided."""
    round_id = open_round(world)
    organisation_id, applicant = register_applicant(world, unit="logistics")
    draft = begin(world, round_id, applicant)
    asked = request(world, draft["id"], applicant, "logistics")
    ok(endorse(world, asked["id"], "logistics", industry_justification=WORDS))
    number = submit_application(applicant, draft["id"])["submission_receipt"]["number"]
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, draft["id"]), 201)
    return round_id, Applied(draft["id"], organisation_id, applicant, number)


def condition(world: World, application_id: str) -> dict[str, Any]:
    shown = ok(world.office.get(f"/v1/applications/{application_id}/qualification"))["conditions"]
    (found,) = [item for item in shown if item["rule"] == RULE]
    return found  # type: ignore[no-any-return]


def test_art12_the_list_waits_and_the_worklist_shows_the_units_words(world: World) -> None:
    round_id, applied = recommended_beyond(world)
    (item,) = under_review(world, round_id)
    (left_open,) = item["open"]
    assert (left_open["rule"], left_open["reason"]) == (RULE, "industry_justification_open")
    assert left_open["facts"]["industry_justification"] == WORDS and WORDS in left_open["message"]
    assert left_open["facts"]["unit_name"] == "样例物流行业协会"
    assert condition(world, applied.id)["source"] == "recommendation_and_decision"
    refused(confirm(world, round_id), 422, "rule_refused", RULE)


@pytest.mark.parametrize("outcome", ["pass", "fail"])
def test_art12_both_outcomes_of_the_decision_are_on_record(world: World, outcome: str) -> None:
    round_id, applied = recommended_beyond(world)
    ok(decide_conditions(world, applied.id, outcome, RULE), 201)
    shown = condition(world, applied.id)
    assert shown["outcome"] == outcome and [item["outcome"] for item in shown["decisions"]] == [outcome]
    assert shown["findings"][0]["facts"]["industry_justification"] == WORDS
    entries = ok(world.auditor.get("/v1/audit-entries?act=decide_condition&limit=100"))["items"]
    assert [item["details"]["outcome"] for item in entries if item["details"]["rule"] == RULE] == [outcome]
    confirmed = ok(confirm(world, round_id), 201)
    assert [item["rules"] for item in confirmed["not_qualified"]] == ([] if outcome == "pass" else [[RULE]])
    assert len(confirmed["names"]) == (1 if outcome == "pass" else 0)
    runs = ok(world.office.get(f"/v1/applications/{applied.id}/eligibility-checks"))["items"]
    told = [item for item in runs[-1]["findings"] if item["rule"] == RULE]
    assert [item["outcome"] for item in told] == [outcome]


def test_art12_a_later_decision_counts_and_an_earlier_one_stays(world: World) -> None:
    round_id, applied = recommended_beyond(world)
    ok(decide_conditions(world, applied.id, "fail", RULE), 201)
    ok(decide_conditions(world, applied.id, "pass", RULE), 201)
    assert [item["outcome"] for item in condition(world, applied.id)["decisions"]] == ["fail", "pass"]
    assert ok(confirm(world, round_id), 201)["not_qualified"] == []


def test_art12_nothing_is_open_within_the_units_own_industry_or_area(world: World) -> None:
    round_id = open_round(world)
    unit = {"name": "样例纺织行业协会", "kind": "association", "industry": "C"}
    made = ok(world.office.post("/v1/recommending-units", unit), 201)
    account = {"login": "sample.textile", "role": "recommending_unit", "display_name": "样例", "unit_id": made["id"]}
    of_unit = world.account(ok(world.office.post("/v1/accounts", account), 201)["id"], world.by("unit-health").role)
    township = apply(world, round_id)
    _, applicant = register_applicant(world)
    draft = begin(world, round_id, applicant)
    path = f"/v1/applications/{draft['id']}/recommendation-request"
    asked = ok(applicant.post(path, {"unit_id": made["id"]}))["recommendations"][-1]
    opinion = {
        "facts_verified": ["登记信息"],
        "opinion": "同意推荐。",
        "signatory": "样例负责人",
        "signed_on": world.clock.today.isoformat(),
    }
    ok(of_unit.post(f"/v1/recommendations/{asked['id']}/endorsement", opinion))
    submit_application(applicant, draft["id"])
    close_applications(world, round_id)
    for item in under_review(world, round_id):
        assert RULE not in {finding["rule"] for finding in item["open"]}
    assert condition(world, draft["id"])["findings"][0]["reason"] == "own_industry"
    for application_id in (township.id, draft["id"]):
        refused(decide_conditions(world, application_id, "pass", RULE), 422, "rule_refused", RULE)


@pytest.mark.parametrize(("field", "text"), [("reason", "-"), ("evidence", "。"), ("evidence", "无")])
def test_art12_a_decision_says_why_and_on_what_evidence(world: World, field: str, text: str) -> None:
    applied = apply(world, open_round(world))
    said = {"rule": "art13.4.leading", "outcome": "pass", "reason": "样例：经核查认定。", "evidence": "样例核查记录"}
    path = f"/v1/applications/{applied.id}/condition-decisions"
    body = refused(world.office.post(path, {"decisions": [said | {field: text}]}), 422, "rule_refused")
    (found,) = body["violations"]
    assert (found["reason"], found["facts"]["missing"]) == ("decision_says_nothing", [field])
    ok(world.office.post(path, {"decisions": [said]}), 201)


@pytest.mark.parametrize("nothing", ["-", "无", "略", "。。。", "\u3164"])
def test_art12_a_reason_that_says_nothing_is_none(world: World, nothing: str) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world, unit="logistics")
    asked = request(world, begin(world, round_id, applicant)["id"], applicant, "logistics")
    problem = refused(endorse(world, asked["id"], "logistics", industry_justification=nothing), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/industry_justification", "blank")]
    batch = {
        "items": [
            {
                "recommendation_id": asked["id"],
                "outcome": "endorsed",
                "facts_verified": ["登记信息"],
                "opinion": "经核实，同意推荐。",
                "signatory": "样例负责人",
                "signed_on": "2024-03-01",
                "industry_justification": nothing,
            }
        ]
    }
    problem = refused(world.by("unit-logistics").post("/v1/recommendation-batches", batch), 422, "invalid")
    assert [item["pointer"] for item in problem["errors"]] == ["/items/0/industry_justification"]


def listed_beyond(world: World) -> tuple[str, Applied]:
    """A round in its publicity, whose one name the association of another industry has recommended."""
    round_id, applied = recommended_beyond(world)
    ok(decide_conditions(world, applied.id, "pass", RULE), 201)
    world.clock.go("2024-05-20")
    put_evaluated(world, round_id, {applied.id: "800"})
    deliberate(world, round_id)
    publish(world, round_id, [applied.id])
    return round_id, applied


def found_false(world: World, applied: Applied) -> None:
    """The office finds, after the list, that the unit's reason does not hold."""
    body = {"rule": RULE, "outcome": "fail", "reason": "样例：不是本协会会员", "evidence": "样例：协会来函"}
    ok(world.office.post(f"/v1/applications/{applied.id}/condition-decisions", {"decisions": [body]}), 201)


def test_art12_a_reason_found_false_in_the_publicity_holds_the_name_and_removes_it(world: World) -> None:
    round_id, applied = listed_beyond(world)
    refused(remove(world, applied.id, RULE), 422, "rule_refused", RULE)
    found_false(world, applied)
    after_publicity(world, round_id)
    path = f"/v1/rounds/{round_id}/proposed-list"
    (violation,) = refused(world.office.post(path), 422, "rule_refused", RULE)["violations"]
    assert (violation["reason"], violation["facts"]["reason"]) == ("decided_against", "样例：不是本协会会员")
    assert ok(remove(world, applied.id, RULE))["closed_rule"] == RULE
    assert ok(world.office.post(path), 201)["names"] == []


def test_art12_a_reason_that_holds_after_all_holds_nothing(world: World) -> None:
    round_id, applied = listed_beyond(world)
    found_false(world, applied)
    ok(decide_conditions(world, applied.id, "pass", RULE), 201)
    after_publicity(world, round_id)
    refused(remove(world, applied.id, RULE), 422, "rule_refused", RULE)
    assert len(ok(world.office.post(f"/v1/rounds/{round_id}/proposed-list"), 201)["names"]) == 1


def test_art12_a_reason_found_false_before_the_decree_withdraws_the_name(world: World) -> None:
    round_id, applied = listed_beyond(world)
    fix_proposed(world, round_id)
    (award,) = approve(world, round_id)["awards"]
    refused(withdraw(world, award["id"], RULE), 422, "rule_refused", RULE)
    found_false(world, applied)
    decree_refused(world, round_id, RULE)
    assert ok(withdraw(world, award["id"], RULE))["withdrawn_ground"] == RULE
    assert decree(world, round_id)["awards"] == []
    refused(
        world.office.post(
            f"/v1/applications/{applied.id}/condition-decisions",
            {"decisions": [{"rule": RULE, "outcome": "pass", "reason": "样例理由", "evidence": "样例证据"}]},
        ),
        409,
        "wrong_state",
    )


def test_art12_within_its_own_industry_there_is_no_reason_to_decide_after_the_list(world: World) -> None:
    made = in_publicity(world, Contender())
    body = {"rule": RULE, "outcome": "fail", "reason": "样例理由", "evidence": "样例证据"}
    answer = world.office.post(f"/v1/applications/{made.ids[0]}/condition-decisions", {"decisions": [body]})
    refused(answer, 422, "rule_refused", RULE)
