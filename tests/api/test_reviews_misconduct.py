"""Misconduct in the review (Art. 30): rule "art30.misconduct". Scores are set aside, short panels open again."""

from typing import Any

import pytest

from sandbox.stages.decision import deliberate, publication, publish
from sandbox.stages.reviews import (
    assign,
    close_material,
    evaluate,
    panel,
    qualified,
    report,
    review,
    reviewer_id,
    score,
    score_material,
)
from sandbox.world import World, ok
from tests.support.problems import refused


def disqualify(world: World, login: str = "reviewer1", **options: Any) -> Any:
    body = {"reason": "样例：接受宴请，经查属实。", "evidence": "样例调查报告1号", "referred_to": "样例所在单位"}
    return world.office.post(f"/v1/reviewers/{reviewer_id(world, login)}/disqualification", body, **options)


def states(world: World, round_id: str, *application_ids: str) -> list[str]:
    found = [ok(world.public.get(f"/v1/rounds/{round_id}"))["state"]]
    return found + [ok(world.office.get(f"/v1/applications/{key}"))["state"] for key in application_ids]


def replace(world: World, round_id: str, application_id: str, stage: str, percent: int) -> None:
    """Another member for the one who is gone, his sheet, and a new report."""
    ((reviewer, charge),) = panel(world, round_id, application_id, stage, ["reviewer4"])
    score(world, reviewer, charge, percent)
    ok(report(world, application_id, stage), 201)


def test_a_disqualified_reviewer_leaves_the_pool_for_good(world: World) -> None:
    _, (applied,) = qualified(world)
    for caller in (world.government, world.auditor, world.by("reviewer2")):
        path = f"/v1/reviewers/{reviewer_id(world, 'reviewer1')}/disqualification"
        refused(caller.post(path, {"reason": "样例", "evidence": "样例"}), 403, rule="art02.decider")
    ok(disqualify(world, params={"dry_run": "true"}))
    done = ok(disqualify(world))
    assert done["reviewer"]["state"] == "disqualified" and done["panels"] == []
    refused(disqualify(world), 409, "wrong_state")
    refused(assign(world, applied.id, "material", [reviewer_id(world, "reviewer1")]), 422, rule="art11.pool")
    entry = ok(world.office.get(f"/v1/reviewers/{reviewer_id(world, 'reviewer1')}"))
    for act in ("suspension", "reinstatement"):
        refused(world.office.post(f"/v1/reviewers/{entry['id']}/{act}", {"reason": "样例"}), 409, "wrong_state")
    revised = world.office.patch(f"/v1/reviewers/{entry['id']}", {"expertise": "样例"}, version=entry["version"])
    refused(revised, 409, "wrong_state")
    body = {"reason": "样例", "evidence": "样例"}
    refused(world.office.post(f"/v1/reviewers/{applied.id}/disqualification", body), 404)


@pytest.mark.slow
def test_his_scores_are_set_aside_and_the_panel_opens_again(world: World) -> None:
    round_id, applied = qualified(world, {}, {})
    reported, open_one = (item.id for item in applied)
    score_material(world, round_id, {reported: 80})
    assigned = panel(world, round_id, open_one)
    score(world, *assigned[0], 100)
    done = ok(disqualify(world))
    changed = {item["application_id"]: item for item in done["panels"]}
    assert {key: (item["remaining"], item["reopens"], item["report_void"]) for key, item in changed.items()} == {
        reported: (2, True, True),
        open_one: (2, True, False),
    }
    assert all(item["finding"]["rule"] == "art30.misconduct" for item in done["panels"])
    reviewer, charge = assigned[0]
    for path in ("dossier", "panel-sheets"):
        refused(reviewer.get(f"/v1/review-assignments/{charge}/{path}"), 422)
    refused(reviewer.get(f"/v1/review-assignments/{charge}/dossier"), 422, rule="art29.secrecy")
    assert ok(reviewer.get(f"/v1/review-assignments/{charge}/score-sheet"))["state"] == "set_aside"
    for each in assigned[1:]:
        score(world, *each, 60)
    refused(report(world, open_one), 422, rule="art18.material")
    refused(world.office.post(f"/v1/rounds/{round_id}/material-report"), 422, rule="art18.material")
    replace(world, round_id, open_one, "material", 60)
    replace(world, round_id, reported, "material", 75)
    # The void report stays on record beside the one that stands, and the score is the new panel's.
    history = ok(world.office.get(f"/v1/applications/{reported}/material-report"))["items"]
    assert [(item["score"], item["voided_at"] is None) for item in history] == [("800.00", False), ("783.33", True)]


@pytest.mark.slow
def test_an_on_site_list_that_rested_on_his_scores_opens_again_and_visits_keep_their_reports(world: World) -> None:
    round_id, applied = qualified(world, {}, {})
    first, second = (item.id for item in applied)
    score_material(world, round_id, {first: (100, 80, 80)})
    for each in panel(world, round_id, second, logins=["reviewer4", "reviewer5", "reviewer6"]):
        score(world, *each, 45)
    ok(report(world, second), 201)
    close_material(world, round_id)
    for each in panel(world, round_id, first, "onsite", ["reviewer4", "reviewer5", "reviewer6"]):
        score(world, *each, 70)
    ok(report(world, first, "onsite"), 201)
    done = ok(disqualify(world))
    assert [(item["stage"], item["report_void"]) for item in done["panels"]] == [("material", True)]
    assert states(world, round_id, first, second) == ["qualified", "qualified", "qualified"]
    assert ok(world.office.get(f"/v1/applications/{second}"))["closed_reason"] is None
    refused(world.office.get(f"/v1/rounds/{round_id}/onsite-list"), 404)
    refused(world.office.post(f"/v1/rounds/{round_id}/evaluation", {"summary": "样例"}), 409, "wrong_state")
    replace(world, round_id, first, "material", 80)
    listed = close_material(world, round_id)["items"]
    assert [(item["application_id"], item["score"], item["included"]) for item in listed] == [
        (first, "800.00", True),
        (second, "450.00", False),
    ]
    (line,) = evaluate(world, round_id)["ranking"]
    assert (line["material"], line["onsite"]) == ("800.00", "700.00")


@pytest.mark.slow
def test_an_evaluation_that_rested_on_his_scores_is_superseded(world: World) -> None:
    round_id, (applied,) = qualified(world)
    score_material(world, round_id, {applied.id: 80})
    close_material(world, round_id)
    for each in panel(world, round_id, applied.id, "onsite", ["reviewer4", "reviewer5", "reviewer6"]):
        score(world, *each, 70)
    ok(report(world, applied.id, "onsite"), 201)
    assert evaluate(world, round_id)["inputs"]["applications"][0]["set_aside"] == []
    # Only the on-site panel is hit: the material review stays closed.
    done = ok(disqualify(world, "reviewer6"))
    assert [(item["stage"], item["reopens"]) for item in done["panels"]] == [("onsite", True)]
    assert states(world, round_id, applied.id) == ["onsite", "shortlisted"]
    refused(world.office.get(f"/v1/rounds/{round_id}/evaluation"), 404)
    refused(world.office.post(f"/v1/rounds/{round_id}/evaluation", {"summary": "样例"}), 422, rule="art20.evaluation")
    ((reviewer, charge),) = panel(world, round_id, applied.id, "onsite", ["reviewer3"])
    score(world, reviewer, charge, 75)
    ok(report(world, applied.id, "onsite"), 201)
    made = evaluate(world, round_id)
    assert made["ranking"][0]["onsite"] == "716.67"
    # What does not count is told beside what does.
    (dropped,) = made["inputs"]["applications"][0]["set_aside"]
    assert (dropped["stage"], dropped["state"], dropped["total"]) == ("onsite", "set_aside", "700.00")
    counted = {sheet["assignment_id"] for sheet in made["inputs"]["applications"][0]["reports"]["onsite"]["sheets"]}
    assert charge in counted and dropped["assignment_id"] not in counted
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True


def test_a_member_who_is_not_concerned_changes_nothing(world: World) -> None:
    round_id, (applied,) = qualified(world)
    made = review(world, round_id, {applied.id: 80})
    done = ok(disqualify(world, "reviewer6"))
    assert (done["panels"], done["deliberated"]) == ([], [])
    assert states(world, round_id, applied.id) == ["evaluated", "evaluated"]
    assert ok(world.office.get(f"/v1/rounds/{round_id}/evaluation"))["id"] == made["id"]
    # Reopening follows from a disqualification and has no operation: nobody is offered it.
    actions = {item["act"] for item in ok(world.office.get(f"/v1/rounds/{round_id}"))["available_actions"]}
    assert actions
    assert not actions & {"reopen_material_review", "reopen_onsite_review"}


def test_a_committee_that_had_met_on_his_scores_meets_again(world: World) -> None:
    round_id, (applied,) = qualified(world, rules={"panel_size_material": 1, "panel_size_onsite": 1})
    made = review(world, round_id, {applied.id: [80]})
    first = deliberate(world, round_id)
    done = ok(disqualify(world))
    assert {(item["stage"], item["report_void"]) for item in done["panels"]} == {("material", True), ("onsite", True)}
    assert done["deliberated"] == []
    assert states(world, round_id, applied.id) == ["qualified", "qualified"]
    refused(world.office.get(f"/v1/rounds/{round_id}/evaluation"), 404)
    refused(world.office.get(f"/v1/rounds/{round_id}/deliberation"), 404)
    listing = {"application_ids": [applied.id], "publication": publication(world.clock.today)}
    refused(world.office.post(f"/v1/rounds/{round_id}/candidate-list", listing), 409, "wrong_state")
    replace(world, round_id, applied.id, "material", 70)
    close_material(world, round_id)
    ((reviewer, charge),) = panel(world, round_id, applied.id, "onsite", ["reviewer5"])
    score(world, reviewer, charge, 70)
    ok(report(world, applied.id, "onsite"), 201)
    again = evaluate(world, round_id)
    assert (again["ranking"][0]["overall"], made["ranking"][0]["overall"]) == ("700.00", "800.00")
    world.clock.forward(days=1)
    second = deliberate(world, round_id, minutes="样例：重新审议")
    assert (second["minutes"], second["meeting_on"]) == ("样例：重新审议", world.clock.today.isoformat())
    assert ok(world.government.get(f"/v1/rounds/{round_id}/deliberation")) == second
    # What the first meeting said is in the log.
    entries = ok(world.auditor.get("/v1/audit-entries", params={"act": "record_deliberation"}))["items"]
    assert [entry["details"]["minutes"] for entry in entries] == [second["minutes"], first["minutes"]]
    publish(world, round_id, [applied.id])
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True


def test_what_a_published_list_rests_on_stands_and_is_named(world: World) -> None:
    round_id, (applied,) = qualified(world, rules={"panel_size_material": 1, "panel_size_onsite": 1})
    made = review(world, round_id, {applied.id: [80]})
    deliberate(world, round_id)
    publish(world, round_id, [applied.id])
    done = ok(disqualify(world))
    assert (done["panels"], done["deliberated"]) == ([], [applied.id])
    assert states(world, round_id, applied.id) == ["publicity", "evaluated"]
    assert ok(world.office.get(f"/v1/rounds/{round_id}/evaluation"))["id"] == made["id"]


def test_a_larger_loss_than_one_is_made_good_before_the_stage_closes(world: World) -> None:
    round_id, (applied,) = qualified(world)
    score_material(world, round_id, {applied.id: 80})
    ok(disqualify(world))
    ok(disqualify(world, "reviewer2"))
    assigned = panel(world, round_id, applied.id, logins=["reviewer4", "reviewer5"])
    score(world, *assigned[0], 80)
    refused(report(world, applied.id), 422, rule="art18.material")
    score(world, *assigned[1], 80)
    ok(report(world, applied.id), 201)
    close_material(world, round_id)
    for each in panel(world, round_id, applied.id, "onsite", ["reviewer3", "reviewer4", "reviewer5"]):
        score(world, *each, 80)
    ok(report(world, applied.id, "onsite"), 201)
    assert evaluate(world, round_id)["ranking"][0]["overall"] == "800.00"
