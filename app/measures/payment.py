"""What the payment platform reports on an order that it has taken over (Art. 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.measures.findings import Finding, fails, passes
from app.measures.plain import Fact
from app.measures.reasons import Reason
from app.measures.registry import rule


class PaymentOutcome(StrEnum):
    """What became of an order: paid, not paid, or paid and sent back by the bank."""

    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"


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


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """A payment that came back, beside the payment as it was confirmed: amounts in fen, days of Shanghai."""

    amount_fen: int
    paid_fen: int
    confirmation_number: str
    confirmed_as: str
    returned_on: date
    paid_on: date
    today: date


@rule("art09.disbursement")
def return_fits(*, facts: ReturnFacts) -> list[Finding]:
    """Whether what came back is that payment: its number, the whole amount, between the day of payment and today. The
    prize is unpaid again, and still due while the award stands (Art. 9). Fact `field` names the field at fault."""
    findings: list[Finding] = []
    if facts.confirmation_number != facts.confirmed_as:
        findings.append(_unfit("confirmation_number", Reason.NOT_THE_CONFIRMATION))
    if facts.amount_fen != facts.paid_fen:
        findings.append(_unfit("amount_fen", Reason.AMOUNT_NOT_AS_ORDERED, ordered_fen=facts.paid_fen))
    if not facts.paid_on <= facts.returned_on <= facts.today:
        findings.append(
            _unfit(
                "returned_on",
                Reason.RETURN_DAY_IMPOSSIBLE,
                paid_on=facts.paid_on.isoformat(),
                today=facts.today.isoformat(),
            )
        )
    return findings or [
        passes(
            "art09.disbursement",
            Reason.PAYMENT_RETURNED,
            amount_fen=facts.amount_fen,
            returned_on=facts.returned_on.isoformat(),
        )
    ]


@rule("art09.disbursement")
def failure_told(*, attempt: int) -> list[Finding]:
    """A payment that did not go through is always taken: no money has left, and the prize is still due (Art. 9)."""
    return [passes("art09.disbursement", Reason.PAYMENT_FAILED, attempt=attempt)]


def _unfit(field: str, reason: Reason, /, **facts: Fact) -> Finding:
    return fails("art09.disbursement", reason, field=field, **facts)
