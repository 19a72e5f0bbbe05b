"""Art. 28 before the decree: an event that comes to light between approval and decree, by the tests of its item."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.measures.facts import RecordCategory, RecordFinding
from app.measures.findings import Finding, Outcome
from app.measures.removal import WithdrawalGround, withdrawal_grounded
from app.measures.revocations import Accident, Ground, GroundFacts, event_verified
from tests.measures.eligibility_samples import record
from tests.measures.procedure_samples import DAY, PARAMETERS, READINGS, decided, only, reading

RULE = "art28.grounds"
LARGER = Accident(responsible=True, dead=3)
ACCIDENT = GroundFacts(Ground.ACCIDENT, event_on=DAY, found_on=DAY, accident=LARGER)
QUALITY = GroundFacts(Ground.QUALITY, event_on=DAY, found_on=DAY, penalised_or_proven=True)
VIOLATION = GroundFacts(Ground.TAX_OR_VIOLATION, event_on=DAY, found_on=DAY)
OTHER = GroundFacts(Ground.OTHER, event_on=DAY, found_on=DAY)


def found(facts: GroundFacts, **changes: Any) -> list[Finding]:
    told: dict[str, Any] = {
        "organisation": "甲",
        "facts": facts,
        "records": [],
        "decision": decided(RULE),
        "test_date": DAY,
        "parameters": PARAMETERS,
        "readings": READINGS,
    }
    return event_verified(**told | changes)


def against(findings: list[Finding]) -> list[str]:
    return [item.reason.value for item in findings if item.outcome is not Outcome.PASS]


def of(category: RecordCategory, finding: RecordFinding = RecordFinding.OPEN) -> Any:
    return replace(record(category.value), finding=finding)


@pytest.mark.parametrize("facts", [ACCIDENT, QUALITY, VIOLATION, OTHER])
def test_an_event_whose_item_is_met_is_verified_before_the_award(facts: GroundFacts) -> None:
    finding = only(found(facts), RULE, "pass")
    told = {name: finding.facts[name] for name in ("organisation", "ground", "found_on", "before_award")}
    assert told == {"organisation": "甲", "ground": facts.ground.value, "found_on": "2024-06-01", "before_award": True}
    assert against(found(facts, decision=None)) == ["verification_not_recorded"]


def test_losses_in_validity_cannot_be_before_there_is_one() -> None:
    losses = GroundFacts(Ground.LOSSES, event_on=None, found_on=DAY, net_profit_fen={2022: -1, 2023: -1})
    finding = only(found(losses), RULE, "fail")
    assert (finding.reason.value, finding.facts["before_award"]) == ("no_validity_yet", True)


@pytest.mark.parametrize(
    ("facts", "changes", "reasons"),
    [
        (ACCIDENT, {"accident": None}, ["accident_facts_missing"]),
        (ACCIDENT, {"accident": Accident(responsible=True, dead=2)}, ["below_larger_class"]),
        (ACCIDENT, {"accident": Accident(responsible=False, dead=3)}, ["not_responsible"]),
        (ACCIDENT, {"accident": Accident(responsible=None, dead=3)}, ["responsibility_open"]),
        (QUALITY, {"penalised_or_proven": False}, ["neither_penalised_nor_proven"]),
        (OTHER, {"event_on": None}, ["event_outside_record_years"]),
        (OTHER, {"event_on": date(2024, 6, 2), "found_on": date(2024, 6, 2)}, ["event_outside_record_years"]),
        (OTHER, {"event_on": date(2021, 5, 31)}, ["event_outside_record_years"]),
        (OTHER, {"event_on": date(2021, 6, 1)}, []),
        (OTHER, {"found_on": date(2024, 5, 31)}, ["found_before_event"]),
        (OTHER, {"event_on": date(2024, 5, 31), "found_on": date(2024, 5, 31)}, []),
    ],
)
def test_what_an_item_asks_in_a_case_it_asks_here(
    facts: GroundFacts, changes: dict[str, Any], reasons: list[str]
) -> None:
    findings = found(replace(facts, **changes))
    assert against(findings) == reasons
    # The finding of a person stands beside them, and alone grounds nothing.
    grounded = withdrawal_grounded(ground=WithdrawalGround.GROUNDS, tested=findings)
    assert against(grounded) == reasons
    assert all(item.facts["before_award"] is True for item in findings)


def test_the_window_of_the_record_is_told() -> None:
    (outside, _) = found(replace(OTHER, event_on=date(2021, 5, 31)))
    told = {name: outside.facts[name] for name in ("event_on", "window_from", "window_to", "organisation", "ground")}
    assert told == {
        "event_on": "2021-05-31",
        "window_from": "2021-06-01",
        "window_to": "2024-06-01",
        "organisation": "甲",
        "ground": "5",
    }
    (undated, _) = found(replace(OTHER, event_on=None))
    assert undated.facts["event_on"] is None
    (early, _) = found(replace(OTHER, found_on=date(2024, 5, 31)))
    assert (early.facts["event_on"], early.facts["found_on"]) == ("2024-06-01", "2024-05-31")


def test_the_larger_class_is_read_as_the_register_says() -> None:
    small = replace(ACCIDENT, accident=Accident(responsible=True, dead=1))
    (finding, _) = found(small, readings=reading("larger_incidents", "grade_or_thresholds"))
    document = finding.facts["reading"]
    assert isinstance(document, dict) and document["document"] == "质量强县办解释〔2024〕1号"


SAME = {
    Ground.ACCIDENT: {"fatal_accident"},
    Ground.QUALITY: {"quality_complaint", "attributable_return", "failed_inspection"},
    Ground.TAX_OR_VIOLATION: {"tax_dishonesty", "labour_dishonesty", "false_statistics", "other_violation"},
    Ground.OTHER: {category.value for category in RecordCategory},
}


@pytest.mark.parametrize("category", list(RecordCategory))
@pytest.mark.parametrize("facts", [ACCIDENT, QUALITY, VIOLATION, OTHER])
def test_a_record_of_the_same_matter_that_is_being_heard_is_decided_first(
    facts: GroundFacts, category: RecordCategory
) -> None:
    findings = found(facts, records=[of(category), of(category)])
    if category.value not in SAME[facts.ground]:
        assert against(findings) == []
        return
    first = findings[0]
    assert (first.outcome.value, first.facts["category"]) == ("needs_decision", category.value)
    assert against(findings) == ["record_undecided"]
    assert (first.facts["organisation"], first.facts["before_award"]) == ("甲", True)
    for decision in (RecordFinding.CONFIRMED, RecordFinding.DENIED):
        assert against(found(facts, records=[of(category, decision)])) == []
