"""A refusal by state cites the step that is missing and names the act that comes next (Arts. 16 to 22)."""

from typing import Any

import pytest

from sandbox.stages.applications import apply, begin, register_applicant, upload
from sandbox.stages.decision import Contender, approval, deliberate, evaluated_round, in_publicity
from sandbox.stages.parties import uscc
from sandbox.stages.reviews import qualified, review
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def cited(response: Any, code: str = "wrong_state") -> tuple[str, str, str | None]:
    """Rule, reason and next act of a refusal by state."""
    (violation,) = refused(response, 409, code)["violations"]
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


def test_a_withdrawn_record_of_cultivation_is_final(world: World) -> None:
    unit = world.by("unit-wenwuba")
    work = {"kind": "promotion", "held_on": "2024-02-01", "subject": "样例：宣讲", "description": "样例说明"}
    made = ok(unit.post("/v1/cultivation-records", work), 201)
    path, reason = f"/v1/cultivation-records/{made['id']}/withdrawal", {"reason": "样例：重复登记"}
    ok(unit.post(path, reason))
    assert cited(unit.post(path, reason)) == ("art12.cultivation", "state_final", None)


def test_a_withdrawn_declaration_is_final(world: World) -> None:
    body = {"kind": "shares", "uscc": uscc(), "description": "样例说明"}
    made = ok(world.by("reviewer1").post("/v1/conflict-declarations", body), 201)
    path, reason = f"/v1/conflict-declarations/{made['id']}/withdrawal", {"reason": "样例：误记"}
    ok(world.office.post(path, reason))
    assert cited(world.office.post(path, reason)) == ("art29.recusal", "state_final", None)


def test_a_webhook_that_is_in_the_state_already_is_told_to_do_nothing(world: World) -> None:
    unit = world.by("unit-wenwuba")
    path = f"/v1/webhooks/{ok(unit.post('/v1/webhooks', {'url': 'https://hooks.example.org/award'}), 201)['id']}"
    assert cited(unit.post(f"{path}/activation")) == ("art03.recommendation", "state_passed", None)
    ok(unit.post(f"{path}/deactivation"))
    assert cited(unit.post(f"{path}/deactivation")) == ("art03.recommendation", "state_passed", None)


def test_a_removed_file_is_final(world: World) -> None:
    _, applicant = register_applicant(world)
    application_id = begin(world, open_round(world), applicant)["id"]
    path = f"/v1/applications/{application_id}/attachments"
    made = upload(applicant, application_id, "extra")
    ok(applicant.post(f"{path}/{made['id']}/removal"))
    assert cited(applicant.post(f"{path}/{made['id']}/removal")) == ("art16.call", "state_final", None)


def test_a_record_that_was_replied_to_waits_for_its_decision(world: World) -> None:
    applied = apply(world, open_round(world))
    body = {
        "category": "failed_inspection",
        "fact": "样例：抽查不合格。",
        "source": "市场监督管理局",
        "basis": "样例文书1号",
        "occurred_on": "2023-06-01",
    }
    record = ok(world.office.post(f"/v1/applications/{applied.id}/adverse-records", body), 201)
    path, reply = f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例：该批次非我单位产品。"}
    ok(applied.applicant.post(path, reply))
    (told,) = refused(applied.applicant.post(path, reply), 409, "statement_made", "art13.6.record")["violations"]
    assert (told["reason"], told["facts"]["next_act"]) == ("organisation_heard", None)


def test_a_verification_after_the_meeting_is_over(world: World) -> None:
    made = evaluated_round(world, Contender())
    deliberate(world, made.round_id)
    path, body = f"/v1/applications/{made.ids[0]}/social-verification", {"outcome": "fail"}
    answer = world.office.post(path, {**body, "evidence": "样例", "reason": "样例"})
    assert cited(answer) == ("art11.verification", "state_passed", None)
    assert answer.json()["violations"][0]["facts"]["state"] == "deliberated"


@pytest.mark.slow
def test_a_recusal_that_comes_too_late_cites_the_state_of_its_own_round(world: World) -> None:
    round_id, (applied,) = qualified(world, rules={"panel_size_material": 1, "panel_size_onsite": 1})
    review(world, round_id, {applied.id: [80]})
    assert ok(world.public.get(f"/v1/rounds/{round_id}"))["state"] == "evaluated"
    page = ok(world.office.get(f"/v1/review-assignments?round_id={round_id}&limit=1"))
    ok(world.office.post(f"/v1/rounds/{round_id}/cancellation", {"reason": "样例"}))
    # Another round runs meanwhile, whose state would permit it.
    open_round(world, deadline="2024-06-30")
    late = world.office.post(f"/v1/review-assignments/{page['items'][0]['id']}/recusal", {"reason": "样例"})
    assert cited(late) == ("art29.recusal", "state_final", None)
    assert late.json()["violations"][0]["facts"]["state"] == "cancelled"
