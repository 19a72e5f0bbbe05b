"""What a caller may do is told before he does it, by the same rules, in his language, and not after it is too late."""

from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.applications import apply, begin, recommend, register_applicant, request
from sandbox.stages.parties import Registered, member
from sandbox.stages.qualification import answer_all, close_applications, confirm, consult, decide_conditions
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def told(caller: Caller, path: str, **options: Any) -> dict[str, dict[str, Any]]:
    """The available acts by name."""
    return {item["act"]: item for item in ok(caller.get(path, **options))["available_actions"]}


def rules(action: dict[str, Any]) -> set[str]:
    return {item["rule"] for item in action["blocked_by"]}


@pytest.mark.slow
def test_when_the_time_is_over_no_act_is_offered_that_would_be_refused(world: World) -> None:
    round_id = open_round(world, deadline="2024-04-30")
    _, drafting = register_applicant(world)
    draft = begin(world, round_id, drafting)["id"]
    _, waiting = register_applicant(world)
    asked = request(world, begin(world, round_id, waiting)["id"], waiting)["id"]
    unit, body = world.by("unit-wenwuba"), {"unit_id": world.id("unit:wenwuba")}
    world.clock.go("2024-04-30", "23:59:59.999999")
    assert told(drafting, f"/v1/applications/{draft}")["request_recommendation"]["allowed"]
    assert told(unit, f"/v1/recommendations/{asked}")["endorse"]["allowed"]
    of_round = told(world.office, f"/v1/rounds/{round_id}")
    assert (of_round["extend_deadline"]["allowed"], rules(of_round["confirm_qualified_list"])) == (True, {"art16.call"})
    assert ok(drafting.get(f"/v1/applications/{draft}/timeline"))["next_due_at"] == "2024-04-30T16:00:00Z"
    world.clock.go("2024-05-01", "00:00:00")
    assert rules(told(drafting, f"/v1/applications/{draft}")["request_recommendation"]) == {"art16.call"}
    refused(drafting.post(f"/v1/applications/{draft}/recommendation-request", body), 422, None, "art16.call")
    assert rules(told(unit, f"/v1/recommendations/{asked}")["endorse"]) == {"art16.call"}
    assert told(unit, f"/v1/recommendations/{asked}")["decline"]["allowed"]
    (listed,) = ok(unit.get("/v1/recommendations"))["items"]
    assert [item["act"] for item in listed["available_actions"] if not item["allowed"]] == ["endorse"]
    of_round = told(world.office, f"/v1/rounds/{round_id}")
    assert (of_round["confirm_qualified_list"]["allowed"], rules(of_round["extend_deadline"])) == (True, {"art16.call"})
    ended = ok(drafting.get(f"/v1/applications/{draft}/timeline"))
    assert (ended["stages"][0]["state"], ended["next_due_at"]) == ("ended", None)


@pytest.mark.slow
def test_the_office_is_told_what_keeps_an_application_from_the_list(world: World) -> None:
    round_id = open_round(world)
    path = f"/v1/applications/{apply(world, round_id).id}"
    acts = told(world.office, path)
    assert {"art16.call", "art13.4.leading", "art17.qualification"} <= rules(acts["confirm_qualification"])
    assert {"art16.call", "art17.qualification"} == rules(acts["refuse_qualification"])
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, path.rpartition("/")[2]), 201)
    acts = told(world.office, path)
    assert (acts["confirm_qualification"]["allowed"], acts["refuse_qualification"]["allowed"]) == (True, False)
    ok(confirm(world, round_id), 201)
    assert "confirm_qualification" not in told(world.office, path)


def test_a_correction_that_would_be_refused_is_not_offered(world: World) -> None:
    applied = apply(world, open_round(world))
    path = f"/v1/applications/{applied.id}"
    items = [{"pointer": "/content/certificates", "request": "样例"}]
    ok(world.office.post(f"{path}/correction-requests", {"items": items, "due_on": "2024-03-04"}), 201)
    assert told(applied.applicant, path)["resubmit"]["allowed"]
    world.clock.go("2024-03-05", "00:00:00")
    assert rules(told(applied.applicant, path)["resubmit"]) == {"art17.qualification"}


def test_a_colleague_who_may_only_edit_is_offered_what_he_may(world: World) -> None:
    organisation_id, applicant = register_applicant(world)
    draft = begin(world, open_round(world), applicant)["id"]
    editor = member(world, Registered(organisation_id, applicant))
    assert set(told(editor, f"/v1/applications/{draft}")) == {"edit"}
    recommend(world, draft, applicant)
    assert set(told(editor, f"/v1/applications/{draft}")) == set()
    refused(editor.post(f"/v1/applications/{draft}/submission"), 403, "submit_membership_required")
    assert told(applicant, f"/v1/applications/{draft}")["submit"]["allowed"]


def test_findings_are_told_in_the_language_of_the_request(world: World) -> None:
    applied = apply(world, open_round(world), submit=False, content_overrides={"safety": None})
    path = f"/v1/applications/{applied.id}"
    for language, key in (("en", "message_en"), ("zh-CN", "message_zh")):
        (found,) = told(applied.applicant, path, headers={"Accept-Language": language})["submit"]["blocked_by"]
        assert found["message"] == found[key]
        answer = applied.applicant.post(f"{path}/submission", headers={"Accept-Language": language})
        assert refused(answer, 422, None, "art13.4.safety")["violations"][0]["message"] == found[key]


def test_a_cancelled_round_is_reviewed_no_more(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    path = f"/v1/applications/{applied.id}"
    ok(world.office.post(f"/v1/rounds/{round_id}/cancellation", {"reason": "样例"}))
    for caller in (world.office, world.auditor):
        refused(caller.get(f"/v1/rounds/{round_id}/qualification-worklist"), 409, "wrong_state")
        refused(caller.get(f"{path}/qualification"), 409, "wrong_state")
    assert told(world.office, path) == {}
    assert told(applied.applicant, path)["withdraw"]["allowed"]
