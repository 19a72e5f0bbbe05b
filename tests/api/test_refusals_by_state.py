"""A refusal by state cites the step that is missing and names the act that comes next (Arts. 16 to 22)."""

from typing import Any

from sandbox.stages.applications import begin, register_applicant
from sandbox.stages.decision import Contender, approval, evaluated_round, in_publicity
from sandbox.stages.rounds import open_round
from sandbox.world import World
from tests.support.problems import refused


def cited(response: Any) -> tuple[str, str, str | None]:
    """Rule, reason and next act of a refusal by state."""
    (violation,) = refused(response, 409, "wrong_state")["violations"]
    return violation["rule"], violation["reason"], violation["facts"]["next_act"]


def test_a_list_before_the_meeting_is_told_to_deliberate_first(world: World) -> None:
    made = evaluated_round(world, Contender())
    answer = world.office.post(f"/v1/rounds/{made.round_id}/candidate-list", {"application_ids": []})
    assert cited(answer) == ("art11.deliberation", "act_missing", "record_deliberation")
    assert "评委会" in answer.json()["violations"][0]["remedy_zh"]


def test_an_approval_during_the_publicity_is_told_that_the_list_is_not_fixed(world: World) -> None:
    made = in_publicity(world, Contender())
    answer = world.government.post(f"/v1/rounds/{made.round_id}/approval", approval(world))
    assert cited(answer) == ("art21.proposed", "act_missing", "fix_proposed_list")


def test_a_submission_without_an_endorsement_is_told_to_ask_for_one(world: World) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    application_id = begin(world, round_id, applicant)["id"]
    answer = applicant.post(f"/v1/applications/{application_id}/submission")
    assert cited(answer) == ("art03.recommendation", "act_missing", "request_recommendation")


def test_what_is_over_is_cited_by_its_own_rule(world: World) -> None:
    round_id = open_round(world)
    call = {"title": "评审通知", "channels": ["县政府网站"], "deadline": "2024-06-30"}
    answer = world.office.post(f"/v1/rounds/{round_id}/call", call)
    assert cited(answer) == ("art16.call", "state_passed", None)


def test_what_is_final_says_so(world: World) -> None:
    round_id = open_round(world)
    cancel = {"reason": "演练结束"}
    assert world.office.post(f"/v1/rounds/{round_id}/cancellation", cancel).status_code == 200
    again = world.office.post(f"/v1/rounds/{round_id}/cancellation", cancel)
    assert cited(again) == ("art10.proposes", "state_final", None)
