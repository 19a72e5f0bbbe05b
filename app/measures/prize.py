"""What a winner receives (Arts. 6, 8). When the prize is paid is in `disbursements`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.measures.facts import PastAward
from app.measures.findings import Finding, fails, passes
from app.measures.instruments import Parameters
from app.measures.interpretations import Readings
from app.measures.interval import is_first, is_repeat_award, repeat_award
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.state_machines import AwardState, DisbursementState
from app.measures.text import same_name


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
def cancellable(*, award_state: AwardState | DisbursementState, nobody_since: date | None = None) -> list[Finding]:
    """Whether an unpaid prize may be cancelled: where its award is revoked. While the award stands the prize is due
    (Art. 8), and nothing but a revocation takes it back; unless nobody is left to whom it is due. `nobody_since`: the
    day (Shanghai) on which its winner was dissolved that no organisation continues, None where there is somebody."""
    if award_state == AwardState.REVOKED:
        return [passes("art08.prize", Reason.AWARD_REVOKED)]
    if nobody_since is not None:
        return [passes("art08.prize", Reason.NOBODY_RECEIVES, dissolved_on=nobody_since.isoformat())]
    return [fails("art08.prize", Reason.AWARD_STANDS, award_state=award_state)]


class PrizeMatter(StrEnum):
    """What the government decides of a prize: who receives that of a dissolved winner; that it is paid although
    whoever receives it owes another one back."""

    RECIPIENT = "recipient"
    RECOVERY = "recovery"


@rule("art09.disbursement")
def holder_exists(*, dissolved_on: date | None, recipient: str | None, ends_by: str | None = None) -> list[Finding]:
    """Whether there is somebody to receive a prize (Art. 9): the winner, or of one that was dissolved on that day the
    organisation on which the government has decided. `recipient`: its name, None before the decision. That the winner
    is no more takes nothing from the prize, and gives it to nobody by itself. `ends_by`: the act of the government that
    comes next where no organisation continues the winner. Nothing is found where the winner exists (`dissolved_on`
    None)."""
    if dissolved_on is None:
        return []
    facts: Facts = {"dissolved_on": dissolved_on.isoformat()}
    if recipient is None:
        if ends_by is not None:
            facts = {**facts, "next_act": ends_by}
        return [fails("art09.disbursement", Reason.HOLDER_DISSOLVED, **facts)]
    return [passes("art09.disbursement", Reason.RECIPIENT_DECIDED, payee_name=recipient, **facts)]


@rule("art09.disbursement")
def payee_receives(*, payee_name: str, names: Sequence[str]) -> list[Finding]:
    """Whether an order names the one on whom the government has decided (Art. 9), by one of its `names`, the present
    one first: one that was made before is issued again. Nothing is found where it does."""
    if any(same_name(payee_name, name) for name in names):
        return []
    told: Facts = {"payee_name": payee_name, "organisation_name": names[0]}
    return [fails("art09.disbursement", Reason.PAYEE_NOT_WINNER, **told)]


@rule("art09.disbursement")
def recipient_decidable(
    *,
    dissolved_on: date | None,
    prize_fen: int,
    recipient: str,
    continues: bool,
    recipient_dissolved_on: date | None,
    ends_by: str | None = None,
) -> list[Finding]:
    """Whether the government can decide that this organisation receives the prize (Art. 9): that of a winner that was
    dissolved, and one that exists and `continues` it by the links on record. `ends_by`: the act that is left where
    nobody does; None where somebody continues the winner."""
    facts: Facts = {"payee_name": recipient}
    if dissolved_on is None:
        return [fails("art09.disbursement", Reason.WINNER_EXISTS, **facts)]
    if prize_fen == 0:
        return [fails("art09.disbursement", Reason.NO_PRIZE_DUE, prize_fen=prize_fen)]
    if not continues or recipient_dissolved_on is not None:
        return [fails("art09.disbursement", Reason.RECIPIENT_NO_SUCCESSOR, next_act=ends_by, **facts)]
    return [passes("art09.disbursement", Reason.RECIPIENT_DECIDED, dissolved_on=dissolved_on.isoformat(), **facts)]


@rule("art09.disbursement")
def nothing_to_recover(*, outstanding_fen: int, decided_fen: int | None) -> list[Finding]:
    """Whether a prize can go to a legal person that owes another one back (Arts. 9, 26): neither paid nor set off by
    itself, it waits until that has come back, or for the government's decision. `outstanding_fen`: what is owed;
    `decided_fen`: what was owed as the government decided that it is paid all the same, None where it has not. Nothing
    is found where nothing is owed."""
    if outstanding_fen == 0:
        return []
    facts: Facts = {"amount_fen": outstanding_fen}
    if decided_fen is not None and outstanding_fen <= decided_fen:
        return [passes("art09.disbursement", Reason.PAID_BESIDE_RECOVERY, **facts)]
    return [fails("art09.disbursement", Reason.RECOVERY_OUTSTANDING, **facts)]


@rule("art09.disbursement")
def payment_decidable(*, prize_fen: int, outstanding_fen: int) -> list[Finding]:
    """Whether there is something to decide on: a prize, and something that is owed back beside it (Arts. 9, 26)."""
    if prize_fen == 0:
        return [fails("art09.disbursement", Reason.NO_PRIZE_DUE, prize_fen=prize_fen)]
    if outstanding_fen == 0:
        return [fails("art09.disbursement", Reason.NOTHING_TO_RECOVER)]
    return [passes("art09.disbursement", Reason.PAID_BESIDE_RECOVERY, amount_fen=outstanding_fen)]
