"""Art. 26: what a fraud had brought comes back after the decision that demands it, not before."""

from datetime import date

import pytest

from app.measures.recovery import CameBack, RecoveredUnder, claim_ended, entered_once, recovery_recordable
from app.measures.state_machines import RECOVERY, RecoveryState
from tests.measures.procedure_samples import only

DECIDED = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("day", "outcome"), [(date(2025, 5, 31), "fail"), (DECIDED, "pass"), (date(2025, 6, 2), "pass")]
)
def test_nothing_comes_back_before_the_decision(day: date, outcome: str) -> None:
    finding = only(recovery_recordable(decided_on=DECIDED, recovered_on=day), "art26.fraud", outcome)
    assert finding.facts == {"decided_on": "2025-06-01", "recovered_on": day.isoformat()}
    assert (finding.remedy is None) is (outcome == "pass")
    # Of an award that was taken back as well, under its own article.
    taken_back = recovery_recordable(decided_on=DECIDED, recovered_on=day, under=RecoveredUnder.TAKING_BACK)
    assert only(taken_back, "art22.approval", outcome).facts == finding.facts


@pytest.mark.parametrize(
    ("state", "recovered_fen", "act"),
    [
        ("outstanding", 0, "lift_recovery"),
        ("outstanding", 1, "owe_back"),
        ("recovered", 0, "owe_back"),
        ("recovered", 10_000_000, "owe_back"),
        ("lifted", 0, None),
        ("owed_back", 1, None),
        ("given_back", 1, None),
    ],
)
def test_a_claim_ends_once_whatever_ended_it(state: str, recovered_fen: int, act: str | None) -> None:
    assert claim_ended(state=RecoveryState(state), recovered_fen=recovered_fen) == act


@pytest.mark.parametrize("state", list(RecoveryState))
@pytest.mark.parametrize("recovered_fen", [0, 1])
def test_the_act_that_ends_a_claim_is_possible_in_its_state(state: RecoveryState, recovered_fen: int) -> None:
    act = claim_ended(state=state, recovered_fen=recovered_fen)
    assert act is None or state in RECOVERY.transition(act).sources


ENTRY = CameBack(3_000_000, date(2025, 6, 2), "样例进账单〔2025〕7号")


@pytest.mark.parametrize(
    ("known", "same"),
    [
        ([ENTRY], True),
        ([CameBack(3_000_000, date(2025, 6, 2), "样例进账单 [2025]7号")], True),
        ([CameBack(3_000_001, date(2025, 6, 2), ENTRY.evidence), ENTRY], True),
        ([], False),
        ([CameBack(3_000_001, date(2025, 6, 2), ENTRY.evidence)], False),
        ([CameBack(3_000_000, date(2025, 6, 3), ENTRY.evidence)], False),
        ([CameBack(3_000_000, date(2025, 6, 2), "样例进账单〔2025〕8号")], False),
    ],
)
def test_the_same_day_amount_and_paper_are_one_recovery(known: list[CameBack], same: bool) -> None:
    found = entered_once(new=ENTRY, known=known)
    assert [item.reason.value for item in found] == (["recovery_entered_already"] if same else [])
    again = entered_once(new=ENTRY, known=known, under=RecoveredUnder.TAKING_BACK)
    assert [item.rule for item in [*found, *again]] == (["art26.fraud", "art22.approval"] if same else [])
    if same:
        assert found[0].facts == {"amount_fen": 3_000_000, "recovered_on": "2025-06-02"}
