"""Art. 13(6): a record whose responsibility is open is neither for nor against its organisation. At each gate it is
told who decides it, and before which act; the act waits for the decision, and the other names go on."""

from typing import Any

import pytest

from sandbox.stages.applications import apply
from sandbox.stages.decision import (
    Contender,
    after_publicity,
    approval,
    approve,
    candidates,
    fix_proposed,
    in_publicity,
)
from sandbox.stages.qualification import answer_all, close_applications, confirm, consult, decide_record
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art13_records_of_an_organisation import enter as enter_on
from tests.api.test_qualification_records import enter
from tests.support.problems import refused

RULE = "art13.6.record"
ACCIDENT: dict[str, Any] = {
    "category": "fatal_accident",
    "fact": "样例：车间一人死亡，责任尚在调查。",
    "source": "应急管理局",
}


def says_who_and_until_when(violation: dict[str, Any], before: str) -> None:
    assert (violation["rule"], violation["outcome"]) == (RULE, "needs_decision")
    facts = violation["facts"]
    assert (facts["attributable"], facts["decides"], facts["before"]) == (None, "office", before)
    assert (facts["next_act"], facts["next_by"]) == ("confirm_adverse_record", ["office"])
    assert "质量强县办" in violation["remedy_zh"] + violation["message_zh"]
    assert "之前" in violation["remedy_zh"] + violation["message_zh"]


def test_art13_6_the_qualified_list_waits_for_who_was_responsible(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    record = ok(enter(world, applied, **ACCIDENT), 201)
    assert record["attributable"] is None
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    problem = refused(confirm(world, round_id), 422, "rule_refused", RULE)
    (found,) = [item for item in problem["violations"] if item["rule"] == RULE]
    says_who_and_until_when(found, "confirm_qualified_list")
    # Confirmed without saying who was responsible it decides nothing.
    told = refused(decide_record(world, record, attributable=None), 422, "rule_refused", RULE)
    assert [item["reason"] for item in told["violations"]] == ["responsibility_open"]
    ok(decide_record(world, record, attributable=False))
    left = confirm(world, round_id)
    assert RULE not in {item["rule"] for item in left.json().get("violations", [])}


@pytest.mark.parametrize("attributable", [False, True])
def test_art13_6_a_name_waits_with_the_reason_told_and_the_others_are_proposed(
    world: World, attributable: bool
) -> None:
    made = in_publicity(world, Contender(), Contender())
    record = ok(enter_on(world, made.applied[0].organisation_id, **ACCIDENT), 201)
    after_publicity(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}/proposed-list"
    told = ok(world.office.post(path), 201)
    assert len(told["names"]) == 1
    (waiting,) = told["waiting"]
    assert waiting["id"] == candidates(world, made.round_id)[made.ids[0]]["id"]
    (found,) = waiting["blocked_by"]
    says_who_and_until_when(found, "fix_proposed_list")
    assert ok(world.government.get(path))["waiting"] == [waiting]
    ok(decide_record(world, record, attributable=attributable))
    (waiting,) = ok(world.office.get(path))["waiting"]
    if attributable:
        (found,) = waiting["blocked_by"]
        assert (found["rule"], found["outcome"], found["facts"]["next_act"]) == (RULE, "fail", "remove")
    else:
        # Nothing holds it any more: the list is fixed once more for it.
        assert waiting["blocked_by"] == []
        assert ok(world.office.post(path), 201)["waiting"] == []


def test_art13_6_the_meeting_and_the_decree_wait_for_it_too(world: World) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}"
    record = ok(enter_on(world, made.applied[0].organisation_id, **ACCIDENT), 201)
    problem = refused(world.government.post(f"{path}/approval", approval(world)), 422, "rule_refused", RULE)
    says_who_and_until_when(problem["violations"][0], "approve_awards")
    world.clock.forward(days=10)
    ok(decide_record(world, record, "denied"))
    approve(world, made.round_id)
    later = ok(enter_on(world, made.applied[0].organisation_id, **ACCIDENT, basis="样例快报2号"), 201)
    body = {"number": "会府字〔2024〕12号", "dated": world.clock.today.isoformat()}
    problem = refused(world.government.post(f"{path}/decree", body), 422, "rule_refused", RULE)
    says_who_and_until_when(problem["violations"][0], "issue_decree")
    world.clock.forward(days=10)
    ok(decide_record(world, later, attributable=False))
    ok(world.government.post(f"{path}/decree", body | {"dated": world.clock.today.isoformat()}), 201)
