"""Art. 28: the day of finding, and the two findings that make losses a ground."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.measures.revocations import Ground, ground_met
from tests.measures.procedure_samples import PARAMETERS, READINGS, decided
from tests.measures.test_art26_art28_revocations import AWARD, DECIDED, ground, refusals


@pytest.mark.parametrize("which", ["losses_serious", "losses_by_mismanagement"])
@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (None, "undecided"),
        (decided("art28.grounds", evidence=" "), "decision_incomplete"),
        (decided("art28.grounds", "fail"), "decided_against"),
        (decided("art26.fraud"), "undecided"),
    ],
)
def test_art28_3_serious_and_by_mismanagement_are_two_findings_with_evidence(
    which: str, decision: Any, reason: str
) -> None:
    losses = ground(Ground.LOSSES, event_on=None, found_on=date(2028, 3, 1), net_profit_fen={2026: -1, 2027: -1})
    changed = replace(losses, **{which: decision})
    findings = ground_met(facts=changed, award=AWARD, decision=DECIDED, parameters=PARAMETERS, readings=READINGS)
    assert [item.reason for item in findings if item.outcome != "pass"] == [reason]


@pytest.mark.parametrize(
    ("found_on", "messages"), [(date(2026, 5, 31), ["found_before_event"]), (date(2026, 6, 1), [])]
)
def test_art28_nothing_is_found_before_it_happened(found_on: date, messages: list[str]) -> None:
    assert refusals(ground(Ground.OTHER, found_on=found_on)) == messages
