"""What a revoked award has to give back, and when it came back (Art. 26)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.measures.findings import Finding, fails, passes
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.state_machines import RecoveryState
from app.measures.text import plain_number


class RecoveryItem(StrEnum):
    """What a revoked award gives back."""

    PLAQUE = "plaque"
    CERTIFICATE = "certificate"
    PRIZE = "prize"


@dataclass(frozen=True, slots=True)
class CameBack:
    """Something that came back: an amount in fen (0 for a thing), its day, and the paper that shows it."""

    amount_fen: int
    recovered_on: date
    evidence: str


@rule("art26.fraud")
def entered_once(*, new: CameBack, known: Iterable[CameBack]) -> list[Finding]:
    """Whether this is no entry that stands already: the same day, amount and paper are one payment, told twice (Art.
    26). `known`: the entries that stand. Nothing is found where none is the same."""
    for item in known:
        same_paper = plain_number(item.evidence) == plain_number(new.evidence)
        if same_paper and (item.amount_fen, item.recovered_on) == (new.amount_fen, new.recovered_on):
            facts: Facts = {"amount_fen": new.amount_fen, "recovered_on": new.recovered_on.isoformat()}
            return [fails("art26.fraud", Reason.RECOVERY_ENTERED_ALREADY, **facts)]
    return []


@rule("art26.fraud")
def recovery_recordable(*, decided_on: date, recovered_on: date) -> list[Finding]:
    """Whether something can have come back on that day: on or after the day of the decision that demands it (Art. 26).
    That it is not of tomorrow is asked of every day that people state."""
    facts: Facts = {"decided_on": decided_on.isoformat(), "recovered_on": recovered_on.isoformat()}
    if recovered_on < decided_on:
        return [fails("art26.fraud", Reason.RECOVERED_BEFORE_DECISION, **facts)]
    return [passes("art26.fraud", Reason.RECOVERY_RECORDABLE, **facts)]


@rule("art26.fraud")
def claim_ended(*, state: RecoveryState, recovered_fen: int) -> str | None:
    """The act by which a claim ends, where its decision is annulled on review or the bank has sent the prize back
    (Art. 26): what has come back, the whole or a part, is owed to the organisation, the rest is not demanded. None
    where the claim has ended already, whatever ended it. `recovered_fen`: what has come back of a prize."""
    if state not in (RecoveryState.OUTSTANDING, RecoveryState.RECOVERED):
        return None
    return "owe_back" if state is RecoveryState.RECOVERED or recovered_fen > 0 else "lift_recovery"
