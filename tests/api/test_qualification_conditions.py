"""Art. 13 and 17: a person's decisions on conditions, and the worklist that shows what is open and who is late."""

from uuid import uuid4

import pytest

from sandbox.seed import DEPARTMENTS
from sandbox.stages.applications import apply
from sandbox.stages.qualification import (
    DECIDED_BY_A_PERSON,
    answer_all,
    close_applications,
    consult,
    decide_conditions,
    under_review,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def test_decisions_are_appended_and_the_newest_counts(world: World) -> None:
    applied = apply(world, open_round(world))
    ok(decide_conditions(world, applied.id, "fail", "art13.4.leading"), 201)
    world.clock.forward(hours=1)
    ok(decide_conditions(world, applied.id, "pass", "art13.4.leading"), 201)
    shown = ok(world.office.get(f"/v1/applications/{applied.id}/qualification"))
    (leading,) = [item for item in shown["conditions"] if item["rule"] == "art13.4.leading"]
    assert [item["outcome"] for item in leading["decisions"]] == ["fail", "pass"]
    assert leading["outcome"] == "pass"
    assert leading["decisions"][0]["decided_by_name"] == "样例 office"


def test_every_condition_is_shown_with_rule_facts_source_evidence_decision_and_decider(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    consult(world, round_id, application_ids=[applied.id])
    ok(decide_conditions(world, applied.id), 201)
    shown = ok(world.auditor.get(f"/v1/applications/{applied.id}/qualification"))
    conditions = {item["rule"]: item for item in shown["conditions"]}
    assert {"art13.1.local", "art13.3.certified", "art13.6.record", "exclusions", *DECIDED_BY_A_PERSON} <= set(
        conditions
    )
    assert conditions["art13.3.certified"]["source"] == "form"
    assert conditions["art13.3.certified"]["findings"][0]["facts"]
    assert conditions["art13.5.distinctive"]["decisions"][0]["evidence"] == "样例核查记录"
    assert {item["outcome"] for item in shown["conditions"]} == {"pass"}
    assert len(shown["consultations"]) == len(DEPARTMENTS)
    assert (shown["sector"], shown["seat_category"]) == ("1392", "manufacturing")


@pytest.mark.parametrize(
    "rule", ["art13.1.local", "art13.3.certified", "art13.6.record", "art13.6.higher_award", "art06.interval"]
)
def test_what_the_facts_decide_is_not_a_persons_to_decide(world: World, rule: str) -> None:
    applied = apply(world, open_round(world))
    refused(decide_conditions(world, applied.id, "pass", rule), 422, "rule_refused", rule)


def test_a_decision_cannot_override_what_the_service_has_found(world: World) -> None:
    """The licence is valid on the day of submission and has expired when the condition is decided (Art. 13(2))."""
    licence = {"kind": "排污许可证", "number": "SAMPLE-L-2", "valid_to": "2024-04-30", "required": True}
    applied = apply(world, open_round(world), content_overrides={"licences": [licence]})
    world.clock.go("2024-05-01")
    problem = refused(
        decide_conditions(world, applied.id, "pass", "art13.2.compliance"), 422, None, "art13.2.compliance"
    )
    assert problem["violations"][0]["facts"]["valid_to"] == "2024-04-30"
    ok(decide_conditions(world, applied.id, "fail", "art13.2.compliance"), 201)


def test_on_the_licences_last_day_a_person_may_still_decide(world: World) -> None:
    licence = {"kind": "排污许可证", "number": "SAMPLE-L-2", "valid_to": "2024-04-30", "required": True}
    applied = apply(world, open_round(world), content_overrides={"licences": [licence]})
    world.clock.go("2024-04-30", "23:59:59.999999")
    ok(decide_conditions(world, applied.id, "pass", "art13.2.compliance"), 201)


def test_decisions_come_together_or_not_at_all(world: World) -> None:
    applied = apply(world, open_round(world))
    refused(
        decide_conditions(world, applied.id, "pass", "art13.4.leading", "art13.1.local"), 422, None, "art13.1.local"
    )
    problem = refused(decide_conditions(world, applied.id, "pass", "art13.4.leading", "art99.none"), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/decisions/1/rule"
    twice = decide_conditions(world, applied.id, "pass", "art13.4.leading", "art13.4.leading")
    assert refused(twice, 422, "invalid")["errors"][0]["code"] == "duplicate"
    shown = ok(world.office.get(f"/v1/applications/{applied.id}/qualification"))
    assert all(item["decisions"] == [] for item in shown["conditions"])


def test_a_dry_run_decides_nothing(world: World) -> None:
    applied = apply(world, open_round(world))
    body = {"decisions": [{"rule": "art13.4.leading", "outcome": "pass", "reason": "样例", "evidence": "样例"}]}
    path = f"/v1/applications/{applied.id}/condition-decisions"
    ok(world.office.post(path, body, params={"dry_run": "true"}), 201)
    shown = ok(world.office.get(f"/v1/applications/{applied.id}/qualification"))
    assert all(item["decisions"] == [] for item in shown["conditions"])


def test_a_draft_is_not_under_review(world: World) -> None:
    applied = apply(world, open_round(world), submit=False)
    refused(decide_conditions(world, applied.id), 409, "wrong_state")
    refused(world.office.get(f"/v1/applications/{applied.id}/qualification"), 404)


@pytest.mark.parametrize("who", ["government", "auditor", "department-tax", "unit-wenwuba", "reviewer1"])
def test_only_the_office_decides_conditions(world: World, who: str) -> None:
    body = {"decisions": [{"rule": "art13.4.leading", "outcome": "pass", "reason": "样例", "evidence": "样例"}]}
    path = f"/v1/applications/{uuid4()}/condition-decisions"
    refused(world.by(who).post(path, body), 403, "forbidden", "art02.decider")
    refused(world.office.post(path, body), 404, "not_found")


def test_the_desk_shows_what_is_open_and_who_is_late(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    (item,) = under_review(world, round_id)
    assert {finding["rule"] for finding in item["open"]} == {*DECIDED_BY_A_PERSON, "art17.qualification"}
    assert (item["late"], item["refusing"]) == ([], [])
    close_applications(world, round_id)
    consult(world, round_id)
    world.clock.go("2024-05-12", "00:00:00")
    (item,) = under_review(world, round_id)
    assert {late["who"] for late in item["late"]} == {name for name, _, _ in DEPARTMENTS.values()}
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    (item,) = under_review(world, round_id)
    assert (item["open"], item["refusing"], item["late"]) == ([], [], [])


def test_a_certificate_that_expires_between_two_gates_refuses_on_the_desk(world: World) -> None:
    certificate = {
        "kind": "management_system",
        "standard": "GB/T 19001-2016",
        "number": "SAMPLE-Q-X",
        "issuer": "样例认证中心",
        "valid_from": "2021-05-01",
        "valid_to": "2024-05-10",
    }
    round_id = open_round(world)
    apply(world, round_id, content_overrides={"certificates": [certificate]})
    world.clock.go("2024-05-10", "23:59:59.999999")
    assert under_review(world, round_id)[0]["refusing"] == []
    world.clock.go("2024-05-11", "00:00:00")
    (finding,) = under_review(world, round_id)[0]["refusing"]
    assert (finding["rule"], finding["article"]) == ("art13.3.certified", "13(3)")


def test_the_desk_is_the_offices_and_the_auditors(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    for caller in (world.government, world.by("department-tax"), world.by("reviewer1"), applied.applicant):
        refused(caller.get(f"/v1/rounds/{round_id}/qualification-worklist"), 403, "forbidden")
        refused(caller.get(f"/v1/applications/{applied.id}/qualification"), 403, "forbidden")
    assert ok(world.auditor.get(f"/v1/rounds/{round_id}/qualification-worklist"))["items"]
    refused(world.office.get(f"/v1/rounds/{uuid4()}/qualification-worklist"), 404)
