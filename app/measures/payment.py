"""What the payment platform reports on an order that it has taken over (Art. 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.measures.findings import Finding, fails, passes
from app.measures.plain import Fact
from app.measures.reasons import Reason
from app.measures.registry import rule


@dataclass(frozen=True, slots=True)
class ConfirmationFacts:
    """A payment beside its order: amounts in fen, days of Shanghai. `taken_over_on`: the day on which the platform
    acknowledged the order. `number_known`: a payment with this confirmation number is on record already."""

    amount_fen: int
    ordered_fen: int
    paid_on: date
    taken_over_on: date
    today: date
    number_known: bool


@rule("art09.disbursement")
def confirmation_fits(*, facts: ConfirmationFacts) -> list[Finding]:
    """Whether the confirmation is that of the order: the exact amount, paid between the taking over and today, under a
    number of its own (Art. 9). Fact `field` names the field of the confirmation that a refusal is about."""
    findings: list[Finding] = []
    if facts.amount_fen != facts.ordered_fen:
        findings.append(_unfit("amount_fen", Reason.AMOUNT_NOT_AS_ORDERED, ordered_fen=facts.ordered_fen))
    if not facts.taken_over_on <= facts.paid_on <= facts.today:
        findings.append(
            _unfit(
                "paid_on",
                Reason.PAYMENT_DAY_IMPOSSIBLE,
                taken_over_on=facts.taken_over_on.isoformat(),
                today=facts.today.isoformat(),
            )
        )
    if facts.number_known:
        findings.append(_unfit("confirmation_number", Reason.CONFIRMATION_KNOWN_ALREADY))
    return findings or [
        passes(
            "art09.disbursement",
            Reason.CONFIRMATION_FITS,
            amount_fen=facts.amount_fen,
            paid_on=facts.paid_on.isoformat(),
        )
    ]


@rule("art09.disbursement")
def failure_told(*, attempt: int) -> list[Finding]:
    """A payment that did not go through is always taken: no money has left, and the prize is still due (Art. 9)."""
    return [passes("art09.disbursement", Reason.PAYMENT_FAILED, attempt=attempt)]


def _unfit(field: str, reason: Reason, /, **facts: Fact) -> Finding:
    return fails("art09.disbursement", reason, field=field, **facts)
