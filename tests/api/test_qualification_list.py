"""Art. 17: the confirmed list, as a whole, after the deadline, when nothing is open."""

from typing import Any
from uuid import uuid4

import pytest

from sandbox.seed import DEPARTMENTS
from sandbox.stages.applications import apply
from sandbox.stages.qualification import (
    answer_all,
    asked_about,
    close_applications,
    confirm,
    consult,
    decide_conditions,
    qualify,
    reply,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def ready(world: World, *, deciding: bool = True, answering: bool = True, **overrides: Any) -> tuple[str, Any]:
    """A round on 2024-05-01 with one application that is asked about, answered for and decided."""
    round_id = open_round(world)
    applied = apply(world, round_id, **overrides)
    close_applications(world, round_id)
    consult(world, round_id)
    if answering:
        answer_all(world, round_id)
    if deciding:
        ok(decide_conditions(world, applied.id), 201)
    return round_id, applied


def test_who_meets_every_condition_is_confirmed_and_published_by_name_alone(world: World) -> None:
    round_id = open_round(world)
    one, two = apply(world, round_id), apply(world, round_id)
    done = qualify(world, round_id)
    assert (len(done["names"]), done["not_qualified"]) == (2, [])
    published = ok(world.public.get(f"/v1/rounds/{round_id}/qualified-list"))
    assert set(published) == {"round_id", "title", "published_on", "names", "body_hash"}
    for applied in (one, two):
        shown = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))
        assert (shown["state"], shown["sector"], shown["seat_category"]) == ("qualified", "1392", "manufacturing")
    assert ok(world.public.get(f"/v1/rounds/{round_id}"))["state"] == "qualified"


def test_an_adverse_finding_is_not_qualified_citing_13_6(world: World) -> None:
    round_id = open_round(world)
    good, bad = apply(world, round_id), apply(world, round_id)
    done = qualify(world, round_id, refuse={bad.id: "failed_inspection"})
    assert [(item["application_id"], item["rules"]) for item in done["not_qualified"]] == [(bad.id, ["art13.6.record"])]
    shown = ok(bad.applicant.get(f"/v1/applications/{bad.id}"))
    assert (shown["state"], shown["closed_rule"], shown["seat_category"]) == ("not_qualified", "art13.6.record", None)
    assert "第13(6)条" in shown["closed_reason"]
    names = ok(world.public.get(f"/v1/rounds/{round_id}/qualified-list"))["names"]
    assert names == [ok(good.applicant.get(f"/v1/applications/{good.id}"))["organisation"]["name"]]


def test_the_run_of_the_gate_is_on_record_for_each(world: World) -> None:
    round_id = open_round(world)
    good, bad = apply(world, round_id), apply(world, round_id)
    qualify(world, round_id, refuse={bad.id: "tax_dishonesty"})
    for applied, passed in ((good, True), (bad, False)):
        runs = ok(world.office.get(f"/v1/applications/{applied.id}/eligibility-checks"))["items"]
        assert [run["gate"] for run in runs] == ["submission", "confirmation"]
        assert runs[-1]["passed"] is passed


def test_not_before_the_deadlines_last_second_is_over(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    consult(world, round_id, application_ids=[applied.id])
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    world.clock.go("2024-04-30", "23:59:59.999999")
    refused(confirm(world, round_id), 422, "rule_refused", "art16.call")
    world.clock.go("2024-05-01", "00:00:00")
    ok(confirm(world, round_id), 201)


def test_an_undecided_condition_keeps_the_list_back(world: World) -> None:
    round_id, applied = ready(world, deciding=False)
    problem = refused(confirm(world, round_id), 422, "rule_refused", "art13.4.leading")
    assert {item["rule"] for item in problem["violations"]} == {
        "art13.2.compliance",
        "art13.4.leading",
        "art13.5.distinctive",
    }
    assert {item["facts"]["application_id"] for item in problem["violations"]} == {applied.id}
    ok(decide_conditions(world, applied.id), 201)
    ok(confirm(world, round_id), 201)


def test_silence_keeps_the_list_back_until_a_person_records_it(world: World) -> None:
    round_id, applied = ready(world, answering=False)
    about = asked_about(world, applied.id)
    for department in set(DEPARTMENTS) - {"court"}:
        ok(reply(world, department, about[department]["id"]))
    world.clock.go("2024-05-12", "00:00:00")
    problem = refused(confirm(world, round_id), 422, "rule_refused", "art17.qualification")
    (silent,) = problem["violations"]
    assert (silent["outcome"], silent["facts"]["departments"]) == ("needs_decision", ["court"])
    path = f"/v1/consultations/{about['court']['id']}/non-response"
    ok(world.office.post(path, {"reason": "经催办仍未答复。"}))
    ok(confirm(world, round_id), 201)


def test_whom_nobody_was_asked_about_keeps_the_list_back(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    close_applications(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    problem = refused(confirm(world, round_id), 422, "rule_refused", "art17.qualification")
    assert len(problem["violations"][0]["facts"]["departments"]) == len(DEPARTMENTS)


def test_everything_open_is_told_at_once_across_applications(world: World) -> None:
    round_id = open_round(world)
    applications = {apply(world, round_id).id for _ in range(2)}
    close_applications(world, round_id)
    violations = refused(confirm(world, round_id), 422, "rule_refused")["violations"]
    assert {item["facts"]["application_id"] for item in violations} == applications
    assert len(violations) == 8


def test_a_condition_that_fails_on_the_day_refuses_with_its_article(world: World) -> None:
    """The certificate was valid at the submission and has expired at the confirmation (Art. 13(3))."""
    certificate = {
        "kind": "management_system",
        "standard": "GB/T 19001-2016",
        "number": "SAMPLE-Q-Y",
        "issuer": "样例认证中心",
        "valid_from": "2021-05-01",
        "valid_to": "2024-05-01",
    }
    round_id, _ = ready(world, content_overrides={"certificates": [certificate]})
    world.clock.go("2024-05-02", "00:00:00")
    done = ok(confirm(world, round_id), 201)
    assert (done["names"], done["not_qualified"][0]["rules"]) == ([], ["art13.3.certified"])
    assert ok(world.public.get(f"/v1/rounds/{round_id}/qualified-list"))["names"] == []


def test_on_its_last_day_the_certificate_carries(world: World) -> None:
    certificate = {
        "kind": "management_system",
        "standard": "GB/T 19001-2016",
        "number": "SAMPLE-Q-Z",
        "issuer": "样例认证中心",
        "valid_from": "2021-05-01",
        "valid_to": "2024-05-01",
    }
    round_id, _ = ready(world, content_overrides={"certificates": [certificate]})
    world.clock.go("2024-05-01", "23:59:59.999999")
    assert len(ok(confirm(world, round_id), 201)["names"]) == 1


def test_a_decision_against_a_condition_refuses_with_its_article(world: World) -> None:
    round_id, applied = ready(world)
    ok(decide_conditions(world, applied.id, "fail", "art13.5.distinctive"), 201)
    assert ok(confirm(world, round_id), 201)["not_qualified"][0]["rules"] == ["art13.5.distinctive"]


def test_the_list_is_confirmed_once_and_ends_the_review(world: World) -> None:
    round_id, applied = ready(world)
    ok(confirm(world, round_id), 201)
    refused(confirm(world, round_id), 409, "wrong_state")
    # New facts may turn a condition until the decree (Art. 13), and a unit's reason (Art. 12): this one gave none.
    ok(decide_conditions(world, applied.id), 201)
    none_given = decide_conditions(world, applied.id, "pass", "art12.jurisdiction")
    refused(none_given, 422, "rule_refused", "art12.jurisdiction")
    refused(world.office.post(f"/v1/rounds/{round_id}/consultations"), 409, "wrong_state")
    # It is the applicant's own wish that is not bound to the review (Art. 3).
    ok(applied.applicant.post(f"/v1/applications/{applied.id}/withdrawal", {}))
    refused(applied.applicant.post(f"/v1/applications/{applied.id}/withdrawal", {}), 409, "wrong_state")


def test_drafts_and_withdrawn_applications_are_on_no_list(world: World) -> None:
    round_id = open_round(world)
    draft, gone = apply(world, round_id, submit=False), apply(world, round_id)
    ok(gone.applicant.post(f"/v1/applications/{gone.id}/withdrawal", {"reason": "样例"}))
    close_applications(world, round_id)
    done = ok(confirm(world, round_id), 201)
    assert (done["names"], done["not_qualified"]) == ([], [])
    assert ok(draft.applicant.get(f"/v1/applications/{draft.id}"))["state"] == "endorsed"


def test_a_dry_run_tells_the_list_and_publishes_nothing(world: World) -> None:
    round_id, applied = ready(world)
    body = {"title": "样例", "channels": ["县政府网站"]}
    path = f"/v1/rounds/{round_id}/qualified-list"
    assert len(ok(world.office.post(path, body, params={"dry_run": "true"}), 201)["names"]) == 1
    refused(world.public.get(path), 404, "not_found")
    assert ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["state"] == "submitted"
    assert len(ok(world.office.get(f"/v1/applications/{applied.id}/eligibility-checks"))["items"]) == 1


@pytest.mark.parametrize("who", ["government", "auditor", "department-tax", "unit-wenwuba", "reviewer1"])
def test_only_the_office_confirms_and_anybody_reads(world: World, who: str) -> None:
    path = f"/v1/rounds/{uuid4()}/qualified-list"
    body = {"title": "样例", "channels": ["县政府网站"]}
    refused(world.by(who).post(path, body), 403, "forbidden", "art02.decider")
    refused(world.office.post(path, body), 404, "not_found")
    refused(world.public.get(path), 404, "not_found")
