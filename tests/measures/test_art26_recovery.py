"""Art. 26: what a fraud had brought comes back after the decision that demands it, not before."""

from datetime import date

import pytest

from app.measures.recovery import recovery_recordable
from tests.measures.procedure_samples import only

DECIDED = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("day", "outcome"), [(date(2025, 5, 31), "fail"), (DECIDED, "pass"), (date(2025, 6, 2), "pass")]
)
def test_nothing_comes_back_before_the_decision(day: date, outcome: str) -> None:
    finding = only(recovery_recordable(decided_on=DECIDED, recovered_on=day), "art26.fraud", outcome)
    assert finding.facts == {"decided_on": "2025-06-01", "recovered_on": day.isoformat()}
    assert (finding.remedy is None) is (outcome == "pass")
