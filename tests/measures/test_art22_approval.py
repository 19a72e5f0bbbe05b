"""Art. 22: the executive meeting decides after the publicity, approving or striking; then the decree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.measures.approval import ApprovalFacts, approval_valid, decree_valid, deferrable
from tests.measures.procedure_samples import READINGS, only, outcomes, refused

RULE = "art22.approval"
FACTS = ApprovalFacts("第50次", date(2024, 10, 9), ("甲", "乙"), ("甲",), date(2024, 10, 8), date(2024, 10, 9))


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({}, []),
        ({"approved": ("甲", "乙")}, []),
        ({"approved": ()}, []),
        ({"proposed": (), "approved": (), "publicity_last_day": None, "proposed_on": None}, []),
        ({"meeting_number": " "}, ["meeting_number_missing"]),
        (
            {"meeting_date": date(2024, 10, 9), "proposed_on": date(2024, 10, 10)},
            ["before_list"],
        ),
        ({"meeting_date": date(2024, 10, 10), "proposed_on": date(2024, 10, 10)}, []),
        ({"meeting_date": date(2024, 10, 9), "proposed_on": None}, []),
        (
            {"proposed_on": None, "meeting_date": date(2024, 10, 8)},
            ["period_not_over"],
        ),
        (
            {"meeting_date": date(2024, 10, 7), "proposed_on": None},
            ["period_not_over"],
        ),
        ({"publicity_last_day": None}, ["not_publicised"]),
        ({"approved": ("甲", "丙")}, ["names_added"]),
        ({"approved": ("甲", "甲")}, ["listed_twice"]),
        ({"proposed": (), "publicity_last_day": None}, ["names_added"]),
    ],
)
def test_the_meeting_approves_or_strikes_after_the_publicity_and_never_adds(
    changes: dict[str, Any], messages: list[str]
) -> None:
    findings = approval_valid(facts=replace(FACTS, **changes))
    assert refused(findings, RULE) == messages
    if not messages:
        only(findings, RULE, "pass")


def test_a_valid_approval_tells_what_was_approved_and_what_struck() -> None:
    finding = only(approval_valid(facts=FACTS), RULE, "pass")
    assert dict(finding.facts) == {
        "meeting_number": "第50次",
        "meeting_date": "2024-10-09",
        "approved": ["甲"],
        "not_approved": ["乙"],
    }


def test_what_is_added_or_repeated_is_named() -> None:
    findings = approval_valid(facts=replace(FACTS, approved=("丙", "丁", "丁")))
    assert findings[0].facts["added"] == ["丁", "丙"]
    assert findings[1].facts["names"] == ["丁"]


@pytest.mark.parametrize(
    ("number", "decree_date", "expected"),
    [
        ("会府字〔2024〕12号", date(2024, 10, 9), ["pass"]),
        ("会府字〔2024〕12号", date(2024, 10, 8), ["pass", "fail"]),
        ("会府字〔2023〕12号", date(2024, 10, 9), ["fail"]),
        ("会府字〔2023〕12号", date(2024, 10, 8), ["fail", "fail"]),
        ("", date(2024, 10, 9), ["fail"]),
    ],
)
def test_the_decree_has_a_number_of_its_year_and_is_not_before_the_meeting(
    number: str, decree_date: date, expected: list[str]
) -> None:
    findings = decree_valid(
        number=number,
        decree_date=decree_date,
        meeting_date=date(2024, 10, 9),
        readings=READINGS,
    )
    assert outcomes(findings) == [(RULE, outcome) for outcome in expected]


@pytest.mark.parametrize(
    ("deferred", "waiting", "conferred", "reasons"),
    [
        ([], ["甲"], ["乙"], []),
        (["甲"], ["甲", "丙"], ["乙"], ["names_deferred"]),
        (["甲"], [], ["乙"], ["deferred_without_case"]),
        (["甲", "丙"], ["甲"], ["乙"], ["deferred_without_case"]),
        (["甲"], ["甲"], [], ["all_deferred"]),
        (["甲"], [], [], ["deferred_without_case", "all_deferred"]),
    ],
)
def test_only_names_that_wait_are_left_to_a_later_decree(
    deferred: list[str], waiting: list[str], conferred: list[str], reasons: list[str]
) -> None:
    found = deferrable(deferred=deferred, waiting=waiting, conferred=conferred)
    assert [item.reason.value for item in found] == reasons
    assert {item.rule for item in found} <= {RULE}
    outcome = "pass" if reasons == ["names_deferred"] else "fail"
    assert {item.outcome.value for item in found} <= {outcome}
    for item in found:
        names = [name for name in deferred if name not in waiting] if "without" in item.reason.value else deferred
        assert item.facts["names"] == names
