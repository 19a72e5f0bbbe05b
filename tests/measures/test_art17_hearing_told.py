"""Arts. 13, 16, 17, 26: what the acts of the qualification review tell, as the file of Arts. 10 to 20 has it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from app.measures.facts import RecordFinding, RecordLetter, Severity
from app.measures.findings import fails
from app.measures.hearing import (
    DECIDED_BY_A_PERSON,
    RemovalGround,
    Step,
    applications_closed,
    condition_decidable,
    departments_known,
    list_confirmable,
    record_decidable,
    record_decision_complete,
    removal_grounded,
    step_extendable,
)
from tests.measures.procedure_samples import RULES, shanghai, told

LAST = date(2024, 5, 11)
LAST_SECOND, NEXT_DAY = shanghai(2024, 5, 11, 23, 59, 59), shanghai(2024, 5, 12)


def test_departments_that_are_not_registered_are_all_named_and_can_be_registered() -> None:
    names = [item.zh for item in RULES.departments]
    (finding,) = departments_known(rules=RULES, registered=names[2:])
    assert told([finding]) == [("Departments of the review rules are not registered", {"departments": names[:2]}, True)]
    assert finding.message.zh.endswith(f"{names[0]}、{names[1]}")
    known = departments_known(rules=RULES, registered=names)
    assert told(known) == [("Every department to consult is registered", {"departments": names}, False)]


def test_whether_applications_are_closed_is_told_with_the_instant_and_the_deadline() -> None:
    for at, message in ((LAST_SECOND, "Applications are open until the end of 2024-05-11"), (NEXT_DAY, None)):
        facts = {"at": at.isoformat(), "deadline": "2024-05-11"}
        findings = applications_closed(at=at, deadline=LAST)
        assert told(findings) == [(message or "Applications have closed", facts, False)]


def test_a_list_that_can_be_confirmed_tells_how_many_it_decides() -> None:
    findings = list_confirmable(applications=3, still_open=[])
    assert told(findings) == [("Every application can be decided", {"applications": 3}, False)]


@pytest.mark.parametrize(
    ("declared", "replied", "last_day", "at", "message", "cure"),
    [
        (True, False, None, LAST_SECOND, "The applicant has been heard", False),
        (False, True, LAST, LAST_SECOND, "The applicant has been heard", False),
        (False, False, LAST, LAST_SECOND, "The applicant may still reply; nothing is decided before", True),
        (False, False, LAST, NEXT_DAY, "The time for the reply is over", False),
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
    ("letter", "finding", "severity", "message"),
    [
        (RecordLetter.FATAL_ACCIDENT, RecordFinding.OPEN, None, "It is either confirmed or denied"),
        (
            RecordLetter.FATAL_ACCIDENT,
            RecordFinding.CONFIRMED,
            None,
            "Whether the organisation is responsible is not decided",
        ),
        (RecordLetter.OTHER, RecordFinding.CONFIRMED, None, "Whether it bars the application is not decided"),
        (
            RecordLetter.FATAL_ACCIDENT,
            RecordFinding.DENIED,
            Severity.DOES_NOT_BAR,
            "Only a record of letter h is weighed",
        ),
        (RecordLetter.OTHER, RecordFinding.DENIED, Severity.DOES_NOT_BAR, "The decision is complete"),
    ],
)
def test_a_decision_on_a_record_is_told_whole(
    letter: RecordLetter, finding: RecordFinding, severity: Severity | None, message: str
) -> None:
    findings = record_decision_complete(letter=letter, finding=finding, attributable=None, severity=severity)
    facts = {
        "letter": letter.value,
        "finding": finding.value,
        "attributable": None,
        "severity": severity and severity.value,
    }
    assert told(findings) == [(message, facts, False)]


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
    assert told([finding]) == [("The facts decide this condition, not a person", facts, True)]
    assert finding.remedy is not None
    assert finding.remedy.en == cure


@pytest.mark.parametrize("passing", [True, False])
def test_a_decision_of_a_person_is_told_with_its_side(passing: bool) -> None:
    findings = condition_decidable(rule_id="art13.4.leading", passing=passing, tested=[])
    assert told(findings) == [("A person may decide it", {"passing": passing}, False)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "It can be extended"),
        ({"current": None}, "There is no running deadline to extend"),
        ({"new": LAST}, "A deadline can only move later"),
        ({"at": NEXT_DAY, "new": date(2024, 5, 12)}, "It is over and is not opened again"),
        ({"latest": LAST}, "Not after the deadline for applications, 2024-05-11"),
        (
            {"step": Step.CONSULTATION, "at": shanghai(2024, 5, 13), "new": date(2024, 5, 12)},
            "The new day is over already",
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
    assert told(step_extendable(**given)) == [(message, facts, False)]


def test_a_removal_tells_its_ground_and_what_grounded_it() -> None:
    nothing = removal_grounded(ground=RemovalGround.RECORD, tested=[])
    facts = {"ground": "art13.6.record"}
    assert told(nothing) == [("Nothing on record grounds a removal", facts, True)]
    record = fails("art13.6.record", "有不良记录", "Adverse record", letter="a")
    assert told(removal_grounded(ground=RemovalGround.RECORD, tested=[record])) == [
        ("Ground of the removal: Adverse record", {"letter": "a"}, False),
        ("Not the ground of this removal", facts, False),
        ("Not the ground of this removal", facts, False),
    ]
