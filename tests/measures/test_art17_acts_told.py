"""Arts. 13, 16, 17, 26: what the acts of the qualification review tell, as the file of Arts. 10 to 20 has it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from app.measures.call import applications_closed
from app.measures.consultations import departments_known
from app.measures.deadlines import Step, step_extendable
from app.measures.facts import RecordCategory, RecordFinding, Severity
from app.measures.findings import fails
from app.measures.judgement import DECIDED_BY_A_PERSON, condition_decidable
from app.measures.qualification import list_confirmable
from app.measures.reasons import Reason
from app.measures.record import record_decidable, record_decision_complete
from app.measures.removal import RemovalGround, removal_grounded
from tests.measures.procedure_samples import RULES, shanghai, told

LAST = date(2024, 5, 11)
LAST_SECOND, NEXT_DAY = shanghai(2024, 5, 11, 23, 59, 59), shanghai(2024, 5, 12)


def test_departments_that_are_not_registered_are_all_named_and_can_be_registered() -> None:
    names = [item.zh for item in RULES.departments]
    (finding,) = departments_known(rules=RULES, registered=names[2:])
    assert told([finding]) == [("department_not_registered", {"departments": names[:2]}, True)]
    assert finding.message.zh.endswith(f"{names[0]}、{names[1]}")
    known = departments_known(rules=RULES, registered=names)
    assert told(known) == [("departments_registered", {"departments": names}, False)]


def test_whether_applications_are_closed_is_told_with_the_instant_and_the_deadline() -> None:
    for at, message in ((LAST_SECOND, "period_not_over"), (NEXT_DAY, None)):
        facts = {"at": at.isoformat(), "deadline": "2024-05-11"}
        findings = applications_closed(at=at, deadline=LAST)
        assert told(findings) == [(message or "period_over", facts, message is not None)]


def test_a_list_that_can_be_confirmed_tells_how_many_it_decides() -> None:
    findings = list_confirmable(applications=3, still_open=[])
    assert told(findings) == [("list_confirmable", {"applications": 3}, False)]


@pytest.mark.parametrize(
    ("declared", "replied", "last_day", "at", "message", "cure"),
    [
        (True, False, None, LAST_SECOND, "applicant_heard", False),
        (False, True, LAST, LAST_SECOND, "applicant_heard", False),
        (False, False, LAST, LAST_SECOND, "reply_awaited", True),
        (False, False, LAST, NEXT_DAY, "reply_period_over", False),
    ],
)
def test_how_the_applicant_was_heard_is_told(
    declared: bool, replied: bool, last_day: date | None, at: datetime, message: str, cure: bool
) -> None:
    findings = record_decidable(declared=declared, replied=replied, reply_last_day=last_day, at=at)
    facts = {
        "declared": declared,
        "replied": replied,
        "at": at.isoformat(),
        "reply_last_day": last_day and last_day.isoformat(),
    }
    assert told(findings) == [(message, facts, cure)]


@pytest.mark.parametrize(
    ("category", "finding", "severity", "message"),
    [
        (RecordCategory.FATAL_ACCIDENT, RecordFinding.OPEN, None, "neither_confirmed_nor_denied"),
        (
            RecordCategory.FATAL_ACCIDENT,
            RecordFinding.CONFIRMED,
            None,
            "responsibility_open",
        ),
        (RecordCategory.OTHER_VIOLATION, RecordFinding.CONFIRMED, None, "severity_open"),
        (
            RecordCategory.FATAL_ACCIDENT,
            RecordFinding.DENIED,
            Severity.DOES_NOT_BAR,
            "only_other_violation_weighed",
        ),
        (RecordCategory.OTHER_VIOLATION, RecordFinding.DENIED, Severity.DOES_NOT_BAR, "decision_complete"),
    ],
)
def test_a_decision_on_a_record_is_told_whole(
    category: RecordCategory, finding: RecordFinding, severity: Severity | None, message: str
) -> None:
    findings = record_decision_complete(category=category, finding=finding, attributable=None, severity=severity)
    facts = {
        "category": category.value,
        "finding": finding.value,
        "attributable": None,
        "severity": severity and severity.value,
    }
    assert told(findings) == [(message, facts, message != "decision_complete")]


@pytest.mark.parametrize(
    ("rule_id", "cure"),
    [
        ("art13.6.record", "Decide each adverse record by itself"),
        ("art13.1.local", "Have the facts corrected"),
    ],
)
def test_a_condition_that_the_facts_decide_has_its_own_cure(rule_id: str, cure: str) -> None:
    (finding,) = condition_decidable(rule_id=rule_id, passing=True, tested=[])
    facts = {"decidable": list(DECIDED_BY_A_PERSON)}
    assert told([finding]) == [("decided_by_facts", facts, True)]
    assert finding.remedy is not None
    assert finding.remedy.en == cure


@pytest.mark.parametrize("passing", [True, False])
def test_a_decision_of_a_person_is_told_with_its_side(passing: bool) -> None:
    findings = condition_decidable(rule_id="art13.4.leading", passing=passing, tested=[])
    assert told(findings) == [("decidable_by_a_person", {"passing": passing}, False)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "extendable"),
        ({"current": None}, "no_deadline_running"),
        ({"new": LAST}, "not_later"),
        ({"at": NEXT_DAY, "new": date(2024, 5, 12)}, "not_reopened"),
        ({"latest": LAST}, "after_application_deadline"),
        (
            {"step": Step.CONSULTATION, "at": shanghai(2024, 5, 13), "new": date(2024, 5, 12)},
            "date_in_past",
        ),
    ],
)
def test_a_step_that_is_extended_or_not_is_told_with_every_date(changes: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {
        "step": Step.CORRECTION,
        "current": LAST,
        "new": date(2024, 5, 12),
        "at": LAST_SECOND,
        "latest": None,
    } | changes
    facts = {
        "step": given["step"].value,
        "current": given["current"] and given["current"].isoformat(),
        "new": given["new"].isoformat(),
        "latest": given["latest"] and given["latest"].isoformat(),
        "at": given["at"].isoformat(),
    }
    assert told(step_extendable(**given)) == [(message, facts, message != "extendable")]


def test_a_removal_tells_its_ground_and_what_grounded_it() -> None:
    nothing = removal_grounded(ground=RemovalGround.RECORD, tested=[])
    facts = {"ground": "art13.6.record"}
    assert told(nothing) == [("removal_ungrounded", facts, True)]
    record = fails("art13.6.record", Reason.RECORDED_AS_NOT_MET, category="fatal_accident")
    assert told(removal_grounded(ground=RemovalGround.RECORD, tested=[record])) == [
        ("removal_grounded", {"category": "fatal_accident", "proof": "recorded_as_not_met"}, False),
        ("not_the_ground", facts, False),
        ("not_the_ground", facts, False),
    ]
