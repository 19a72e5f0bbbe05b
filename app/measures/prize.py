"""What a winner receives (Arts. 6, 8) and when the prize is paid (Art. 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.measures.facts import PastAward
from app.measures.findings import Finding, fails, passes
from app.measures.interpretations import Readings
from app.measures.interval import is_first, is_repeat_award, repeat_award
from app.measures.parameters import Parameters
from app.measures.plain import Fact, Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.text import same_name

_CONFERRED = "conferred"
# What keeps the prize of an award that does not stand as conferred.
_NOT_CONFERRED = {
    "approved": Reason.DECREE_OUTSTANDING,
    "withdrawn": Reason.AWARD_WITHDRAWN,
    "suspended": Reason.AWARD_SUSPENDED,
    "revoked": Reason.AWARD_REVOKED,
}


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


@dataclass(frozen=True, slots=True)
class DisbursementFacts:
    """One payment. The decree's number and date are None before it is recorded. `award_state`: a state of the award's
    life, or "suspended" while a case of revocation is open. `earlier_disbursement`: this legal person or a predecessor
    has had one. `former_names`: names that count as the winner's own too, for an order that was made under one."""

    decree_number: str | None
    decree_date: date | None
    award_state: str
    payee_name: str
    organisation_name: str
    amount_fen: int
    budget_year: int | None
    earlier_disbursement: bool
    first: bool
    former_names: tuple[str, ...] = ()


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
def cancellable(*, award_state: str) -> list[Finding]:
    """Whether an unpaid prize may be cancelled: only where its award is revoked. While the award stands the prize is
    due (Art. 8), and nothing but a revocation takes it back."""
    if award_state == "revoked":
        return [passes("art08.prize", Reason.AWARD_REVOKED)]
    return [fails("art08.prize", Reason.AWARD_STANDS, award_state=award_state)]


@rule("art09.disbursement")
def disbursement_payable(*, facts: DisbursementFacts, parameters: Parameters) -> list[Finding]:
    """Payable on the recorded decree, while the award stands, to the winner itself, the exact amount, once ever, for a
    first award, from the budget of the decree's year or of the next (Art. 9). `parameters`: those of the round."""
    findings = [*_entitled(facts), *_payable_as_ordered(facts, parameters)]
    return findings or [
        passes(
            "art09.disbursement",
            Reason.PRIZE_PAYABLE,
            decree_number=facts.decree_number,
            amount_fen=facts.amount_fen,
            budget_year=facts.budget_year,
            payee_name=facts.payee_name,
        )
    ]


def _entitled(facts: DisbursementFacts) -> list[Finding]:
    """Whether a prize is due at all: a decree, an award that stands, the first, never paid before."""
    findings: list[Finding] = []
    if facts.decree_date is None or not (facts.decree_number or "").strip():
        findings.append(
            _refused(
                Reason.DECREE_NOT_RECORDED,
                decree_number=facts.decree_number,
                decree_date=None if facts.decree_date is None else facts.decree_date.isoformat(),
            )
        )
    if facts.award_state != _CONFERRED:
        reason = _NOT_CONFERRED.get(facts.award_state, Reason.AWARD_NOT_CONFERRED)
        findings.append(fails("art09.disbursement", reason, award_state=facts.award_state))
    if not facts.first:
        findings.append(fails("art09.disbursement", Reason.NOT_FIRST_AWARD, first=False))
    if facts.earlier_disbursement:
        findings.append(fails("art09.disbursement", Reason.DISBURSED_ALREADY, earlier_disbursement=True))
    return findings


def _payable_as_ordered(facts: DisbursementFacts, parameters: Parameters) -> list[Finding]:
    """Whether the order is right: the winner's own account, the exact amount, a budget year."""
    findings: list[Finding] = []
    if not any(same_name(facts.payee_name, name) for name in (facts.organisation_name, *facts.former_names)):
        findings.append(
            _refused(Reason.PAYEE_NOT_WINNER, payee_name=facts.payee_name, organisation_name=facts.organisation_name)
        )
    # Where no prize is due at all, there is no amount that would be right.
    if facts.first and facts.amount_fen != parameters.prize_fen:
        findings.append(
            fails(
                "art09.disbursement",
                Reason.AMOUNT_NOT_THE_PRIZE,
                amount_fen=facts.amount_fen,
                prize_fen=parameters.prize_fen,
            )
        )
    if facts.budget_year is None:
        findings.append(_refused(Reason.BUDGET_YEAR_MISSING, budget_year=None))
    elif facts.decree_date is not None and facts.budget_year - facts.decree_date.year not in (0, 1):
        findings.append(
            _refused(
                Reason.BUDGET_YEAR_IMPOSSIBLE,
                budget_year=facts.budget_year,
                decree_date=facts.decree_date.isoformat(),
            )
        )
    return findings


def _refused(reason: Reason, /, **facts: Fact) -> Finding:
    return fails("art09.disbursement", reason, **facts)
