"""What a winner receives (Arts. 6, 8). When the prize is paid is in `disbursements`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.measures.facts import PastAward
from app.measures.findings import Finding, fails, passes
from app.measures.instruments import Parameters
from app.measures.interpretations import Readings
from app.measures.interval import is_first, is_repeat_award, repeat_award
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.state_machines import AwardState, DisbursementState


@dataclass(frozen=True, slots=True)
class PrizeDecision:
    """What the award brings: a seat or none, the prize in fen (0: none), a plaque or none; always the certificate."""

    first: bool
    takes_seat: bool
    prize_fen: int
    plaque: bool
    findings: list[Finding]

    @property
    def repeat_award(self) -> bool:
        """Whether it is a repeat award: it takes no seat (Art. 6)."""
        return not self.takes_seat


@rule("art08.prize", "art06.repeat_award")
def prize_due(*, past_awards: Sequence[PastAward], parameters: Parameters, readings: Readings) -> PrizeDecision:
    """What a new award brings, by the earlier awards of the legal person and its predecessors (Art. 6, 8).

    The first: plaque, certificate, the instrument's prize. After a revoked one: a seat, no prize, no plaque. A repeated
    one: certificate and title only.
    """
    first = is_first(past_awards)
    prize_fen = parameters.prize_fen if first else 0
    facts: Facts = {
        "first": first,
        "prize_fen": prize_fen,
        "plaque": first,
        "earlier_rounds": [item.round_ordinal for item in past_awards],
        "reading": readings.cite("first_award"),
    }
    if first:
        told = passes("art08.prize", Reason.FIRST_AWARD, **facts)
    else:
        told = passes("art08.prize", Reason.NOT_FIRST_AWARD, **facts)
    return PrizeDecision(
        first=first,
        takes_seat=not is_repeat_award(past_awards),
        prize_fen=prize_fen,
        plaque=first,
        findings=[told, *repeat_award(past_awards=past_awards, readings=readings)],
    )


@rule("art08.prize", "art06.repeat_award")
def prize_refused(*, first: bool, repeat_award: bool) -> list[Finding]:
    """What keeps the prize of an award that brings none: it is not the first (Art. 8), and a repeat award brings
    certificate and title only (Art. 6). Empty for a first award."""
    if first:
        return []
    told = [fails("art08.prize", Reason.NOT_FIRST_AWARD, first=False)]
    if repeat_award:
        told.append(fails("art06.repeat_award", Reason.IS_A_REPEAT_AWARD, repeat_award=True))
    return told


@rule("art08.prize")
def cancellable(*, award_state: AwardState | DisbursementState) -> list[Finding]:
    """Whether an unpaid prize may be cancelled: only where its award is revoked. While the award stands the prize is
    due (Art. 8), and nothing but a revocation takes it back."""
    if award_state == AwardState.REVOKED:
        return [passes("art08.prize", Reason.AWARD_REVOKED)]
    return [fails("art08.prize", Reason.AWARD_STANDS, award_state=award_state)]


@rule("art09.disbursement")
def holder_exists(*, dissolved_on: date | None) -> list[Finding]:
    """What whoever orders or pays a prize is told of a winner that was dissolved on that day (Art. 9): it stops
    nothing, since no condition stops a prize after the approval, and who takes it is to be clarified. Nothing is found
    where the winner exists (None)."""
    if dissolved_on is None:
        return []
    return [passes("art09.disbursement", Reason.HOLDER_DISSOLVED, dissolved_on=dissolved_on.isoformat())]
