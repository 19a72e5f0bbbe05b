"""Fraud (Art. 26): found at any time, before an award and after its validity, and verified by a person."""

from __future__ import annotations

from datetime import date

from app.measures.facts import RecordedDecision
from app.measures.findings import Finding
from app.measures.judgement import verified
from app.measures.plain import Facts
from app.measures.registry import rule
from app.measures.validity import AwardFacts


@rule("art26.fraud")
def fraud_verified(
    *, organisation: str, found_on: date, award: AwardFacts | None, decision: RecordedDecision | None
) -> list[Finding]:
    """Fraud is a recorded, verified finding (H), at any time, also after the expiry of the award (Art. 26).

    `award` None: found before an award; the organisation leaves the round (fact `before_award`).
    """
    facts: Facts = {
        "organisation": organisation,
        "found_on": found_on.isoformat(),
        "before_award": award is None,
    }
    return [verified("art26.fraud", decision, facts)]
