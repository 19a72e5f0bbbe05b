"""Losses as a ground of revocation (Art. 28(3)): two years in a row, serious, and by mismanagement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.measures.facts import RecordedDecision
from app.measures.findings import Finding, fails
from app.measures.interpretations import Readings
from app.measures.judgement import judged
from app.measures.plain import Fact
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.validity import begun, not_past


@dataclass(frozen=True, slots=True)
class LossFacts:
    """Net profit by calendar year in fen, the day on which it was found, both ends of the validity. `operating`: of an
    organisation in production or business. `serious`, `mismanaged`: what a person has found (None: nothing yet)."""

    net_profit_fen: Mapping[int, int]
    found_on: date
    valid_from: date
    last_day: date
    operating: bool
    serious: RecordedDecision | None
    mismanaged: RecordedDecision | None


@rule("art28.grounds")
def losses_met(*, facts: LossFacts, readings: Readings, told: Mapping[str, Fact]) -> list[Finding]:
    """Whether losses are a ground of Art. 28(3): two consecutive calendar years that both lie wholly in validity and
    were over when they were found; then two findings of a person, each with its evidence: that they are serious, and
    that they come of mismanagement. `told`: what every finding of the case says beside its own facts."""
    if not facts.operating:
        return [fails("art28.grounds", Reason.OPERATING_ORGANISATIONS_ONLY, **told)]
    lost = sorted(year for year, profit in facts.net_profit_fen.items() if profit < 0)
    within = [
        year
        for year in lost
        if begun(facts.valid_from, date(year, 1, 1))
        and not_past(facts.last_day, date(year, 12, 31))
        and year < facts.found_on.year
    ]
    if _consecutive(lost) and not _consecutive(within):
        return [
            fails(
                "art28.grounds",
                Reason.LOSS_YEARS_OUTSIDE_VALIDITY,
                loss_years=lost,
                outside=[year for year in lost if year not in within],
                found_on=facts.found_on.isoformat(),
                reading=readings.cite("loss_years"),
                **told,
            )
        ]
    if not _consecutive(within):
        return [
            fails(
                "art28.grounds",
                Reason.LOSSES_NOT_CONSECUTIVE,
                loss_years=within,
                reading=readings.cite("loss_years"),
                **told,
            )
        ]
    return [
        judged("art28.grounds", "serious_losses", facts.serious, told),
        judged("art28.grounds", "losses_by_mismanagement", facts.mismanaged, told),
    ]


def _consecutive(years: Sequence[int]) -> bool:
    return any(later - earlier == 1 for earlier, later in pairwise(years))
