"""Arts. 13, 16, 17, 26: what the acts of the qualification review must rest on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from app.measures.call import applications_closed
from app.measures.consultations import departments_known
from app.measures.deadlines import Step, step_extendable
from app.measures.facts import RecordCategory, RecordFinding, Severity
from app.measures.findings import Finding, fails, needs_decision, passes
from app.measures.judgement import DECIDED_BY_A_PERSON, condition_decidable
from app.measures.qualification import list_confirmable
from app.measures.reasons import Reason
from app.measures.record import record_decidable, record_decision_complete
from app.measures.removal import RemovalGround, removal_grounded
from tests.measures.procedure_samples import RULES, only, outcomes, shanghai

LAST = date(2024, 5, 11)
LAST_SECOND, NEXT_DAY = shanghai(2024, 5, 11, 23, 59, 59), shanghai(2024, 5, 12)


def test_every_department_of_the_rules_is_registered_under_its_name() -> None:
    names = [item.zh for item in RULES.departments]
    only(departments_known(rules=RULES, registered=names), "art17.qualification", "pass")
    finding = only(departments_known(rules=RULES, registered=names[1:]), "art17.qualification", "fail")
    assert finding.facts["departments"] == names[:1]


@pytest.mark.parametrize(("at", "outcome"), [(LAST_SECOND, "fail"), (NEXT_DAY, "pass")])
def test_applications_are_closed_at_24_00_of_the_deadline(at: datetime, outcome: str) -> None:
    only(applications_closed(at=at, deadline=LAST), "art16.call", outcome)


def test_a_list_is_confirmed_when_nothing_is_open_and_a_list_of_nobody_is_a_list() -> None:
    only(list_confirmable(applications=0, still_open=[]), "art17.qualification", "pass")
    standing = [needs_decision("art13.5.distinctive", Reason.UNDECIDED, subject="distinctive_practice")]
    assert list_confirmable(applications=1, still_open=standing) == standing


@pytest.mark.parametrize(
    ("declared", "replied", "reply_last_day", "at", "outcome"),
    [
        (True, False, None, LAST_SECOND, "pass"),
        (False, True, LAST, LAST_SECOND, "pass"),
        (False, False, LAST, LAST_SECOND, "fail"),
        (False, False, LAST, NEXT_DAY, "pass"),
        (False, False, None, NEXT_DAY, "fail"),
    ],
)
def test_the_applicant_is_heard_before_a_record_is_decided(
    declared: bool, replied: bool, reply_last_day: date | None, at: datetime, outcome: str
) -> None:
    findings = record_decidable(declared=declared, replied=replied, reply_last_day=reply_last_day, at=at)
    only(findings, "art13.6.record", outcome)


def decided(category: RecordCategory, finding: RecordFinding = RecordFinding.CONFIRMED, **how: Any) -> list[Finding]:
    given = {"attributable": None, "severity": None, **how}
    return record_decision_complete(category=category, finding=finding, **given)


@pytest.mark.parametrize("category", [RecordCategory.FATAL_ACCIDENT, RecordCategory.ATTRIBUTABLE_RETURN])
def test_responsibility_is_decided_for_accidents_and_for_disputes_claims_and_returns(category: RecordCategory) -> None:
    only(decided(category), "art13.6.record", "fail")
    for attributable in (True, False):
        only(decided(category, attributable=attributable), "art13.6.record", "pass")
    only(decided(category, RecordFinding.DENIED), "art13.6.record", "pass")


def test_severity_is_decided_for_letter_h_and_only_there() -> None:
    only(decided(RecordCategory.OTHER_VIOLATION), "art13.6.record", "fail")
    only(decided(RecordCategory.OTHER_VIOLATION, severity=Severity.DOES_NOT_BAR), "art13.6.record", "pass")
    only(decided(RecordCategory.OTHER_VIOLATION, RecordFinding.DENIED), "art13.6.record", "pass")
    only(decided(RecordCategory.FAILED_INSPECTION, severity=Severity.BARS), "art13.6.record", "fail")
    only(decided(RecordCategory.FAILED_INSPECTION), "art13.6.record", "pass")


def test_open_is_no_decision() -> None:
    only(decided(RecordCategory.FAILED_INSPECTION, RecordFinding.OPEN), "art13.6.record", "fail")


@pytest.mark.parametrize("rule_id", DECIDED_BY_A_PERSON)
def test_a_person_decides_art13_2_compliance_art13_4_leading_and_art13_5_distinctive(rule_id: str) -> None:
    only(condition_decidable(rule_id=rule_id, passing=True, tested=[]), rule_id, "pass")


@pytest.mark.parametrize("rule_id", ["art13.1.local", "art13.3.certified", "art13.6.record", "exclusions"])
def test_the_facts_decide_the_other_conditions(rule_id: str) -> None:
    finding = only(condition_decidable(rule_id=rule_id, passing=True, tested=[]), rule_id, "fail")
    assert finding.remedy is not None


def test_a_decision_does_not_override_what_the_facts_fail_but_may_replace_an_earlier_decision() -> None:
    rule_id = "art13.2.compliance"
    expired = fails(rule_id, Reason.LICENCE_EXPIRED, kind="许可证", valid_to="2024-04-30")
    earlier = fails(rule_id, Reason.DECIDED_AGAINST, subject="merit", decided_by="someone")
    assert condition_decidable(rule_id=rule_id, passing=True, tested=[expired, earlier]) == [expired]
    only(condition_decidable(rule_id=rule_id, passing=False, tested=[expired]), rule_id, "pass")
    only(condition_decidable(rule_id=rule_id, passing=True, tested=[earlier]), rule_id, "pass")


@pytest.mark.parametrize(
    ("step", "current", "new", "at", "latest", "outcome"),
    [
        (Step.CORRECTION, LAST, date(2024, 5, 12), LAST_SECOND, None, "pass"),
        (Step.CORRECTION, LAST, LAST, LAST_SECOND, None, "fail"),
        (Step.CORRECTION, LAST, date(2024, 5, 13), NEXT_DAY, None, "fail"),
        (Step.CORRECTION, None, date(2024, 5, 13), NEXT_DAY, None, "fail"),
        (Step.CONSULTATION, LAST, date(2024, 5, 13), NEXT_DAY, None, "pass"),
        (Step.CONSULTATION, LAST, date(2024, 5, 12), shanghai(2024, 5, 13), None, "fail"),
        (Step.RECOMMENDATION, LAST, date(2024, 5, 12), LAST_SECOND, date(2024, 5, 12), "pass"),
        (Step.RECOMMENDATION, LAST, date(2024, 5, 13), LAST_SECOND, date(2024, 5, 12), "fail"),
    ],
)
def test_a_running_deadline_moves_later_and_only_a_departments_is_opened_again(
    step: Step, current: date | None, new: date, at: datetime, latest: date | None, outcome: str
) -> None:
    only(step_extendable(step=step, current=current, new=new, at=at, latest=latest), step.rule_id, outcome)


def test_a_recommendation_is_under_art_3_and_the_others_under_art_17() -> None:
    assert {step: step.rule_id for step in Step} == {
        Step.RECOMMENDATION: "art03.recommendation",
        Step.CONSULTATION: "art17.qualification",
        Step.CORRECTION: "art17.qualification",
    }


@pytest.mark.parametrize(
    ("ground", "tested", "grounded"),
    [
        (RemovalGround.FRAUD, [passes("art26.fraud", Reason.RECORDED_AS_MET)], True),
        (RemovalGround.FRAUD, [needs_decision("art26.fraud", Reason.NOT_RECORDED)], False),
        (RemovalGround.RECORD, [fails("art13.6.record", Reason.RECORDED_AS_NOT_MET)], True),
        (RemovalGround.RECORD, [needs_decision("art13.6.record", Reason.NOT_RECORDED)], False),
        (RemovalGround.HIGHER_AWARD, [fails("art13.6.higher_award", Reason.RECORDED_AS_NOT_MET)], True),
        (RemovalGround.HIGHER_AWARD, [passes("art13.6.higher_award", Reason.RECORDED_AS_MET)], False),
        (RemovalGround.RECORD, [fails("art13.6.higher_award", Reason.RECORDED_AS_NOT_MET)], False),
    ],
)
def test_a_removal_rests_on_its_own_ground(ground: RemovalGround, tested: list[Finding], grounded: bool) -> None:
    findings = removal_grounded(ground=ground, tested=tested)
    if grounded:
        asked = {"art26.fraud", "art13.6.record", "art13.6.higher_award", ground.value}
        assert {rule_id for rule_id, _ in outcomes(findings)} == asked
        assert {outcome for _, outcome in outcomes(findings)} == {"pass"}
    else:
        only(findings, ground.value, "fail")
