"""What a revoked award has to give back, and when it came back (Art. 26)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from app.measures.findings import Finding, fails, passes
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule


class RecoveryItem(StrEnum):
    """What a revoked award gives back."""

    PLAQUE = "plaque"
    CERTIFICATE = "certificate"
    PRIZE = "prize"


@rule("art26.fraud")
def recovery_recordable(*, decided_on: date, recovered_on: date) -> list[Finding]:
    """Whether something can have come back on that day: on or after the day of the decision that demands it (Art. 26).
    That it is not of tomorrow is asked of every day that people state."""
    facts: Facts = {"decided_on": decided_on.isoformat(), "recovered_on": recovered_on.isoformat()}
    if recovered_on < decided_on:
        return [fails("art26.fraud", Reason.RECOVERED_BEFORE_DECISION, **facts)]
    return [passes("art26.fraud", Reason.RECOVERY_RECORDABLE, **facts)]
