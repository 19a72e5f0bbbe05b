"""The disbursement of the prize (Art. 9): when it is payable, and what the payment platform reports on an order that it
has taken over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.measures.findings import Finding, fails, passes
from app.measures.instruments import Parameters
from app.measures.order import name_ahead
from app.measures.plain import Fact
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.state_machines import DISBURSEMENT, AwardState, DisbursementState, RevocationState
from app.measures.text import plain_number, same_name


class FeedChange(StrEnum):
    """What the platform is told of an order. payable: pay this attempt. suspended, cancelled: do not pay. resumed: go
    on with the attempt that you have taken over; where its money has left already, report that, and pay nothing again.
    returned: the payment came back; failed: it did not go through; unordered: it was never ordered; wait for the next
    attempt."""

    PAYABLE = "payable"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    FAILED = "failed"
    UNORDERED = "unordered"


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
    if plain_number(facts.confirmation_number) != plain_number(facts.confirmed_as):
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
def something_corrected(*, payable: bool, before: tuple[object, ...], after: tuple[object, ...]) -> list[Finding]:
    """An order that nobody has taken over (`payable`) is issued anew for what is corrected: account, payee or budget
    year (Art. 9). After a payment that failed or came back the same account may be right. Nothing is found where
    something is other than before."""
    if payable and before == after:
        return [_refused(Reason.NOTHING_CORRECTED)]
    return []


@rule("art09.disbursement")
def failure_told(*, attempt: int) -> list[Finding]:
    """A payment that did not go through is always taken: no money has left, and the prize is still due (Art. 9)."""
    return [passes("art09.disbursement", Reason.PAYMENT_FAILED, attempt=attempt)]


@rule("art09.disbursement")
def following(*, state: DisbursementState, case: RevocationState | None, doubted: bool = False) -> str | None:
    """The act that comes next for a prize in this state (Art. 9); None where nothing is left to do. `case`: the state
    of the case that is open on its award, None where none is: a prize that is held then is that of an award in doubt
    (`doubted`), or of one revoked under Art. 28, on which the government decides."""
    if state is not DisbursementState.SUSPENDED:
        return name_ahead(DISBURSEMENT, state)
    if case is None:
        return "void_conferral" if doubted else "cancel"
    return "submit_revocation" if case is RevocationState.HEARING else "decide"


@rule("art09.disbursement")
def prize_held(*, act: str, state: DisbursementState, case: RevocationState | None, doubted: bool = False) -> Finding:
    """Why `act` is not possible on a prize that is held (Art. 9), and what it waits for; `case` and `doubted` as for
    `following`."""
    ahead = following(state=state, case=case, doubted=doubted)
    return _refused(Reason.PRIZE_HELD, next_act=ahead, object="disbursement", act=act, state=state)


def _unfit(field: str, reason: Reason, /, **facts: Fact) -> Finding:
    return fails("art09.disbursement", reason, field=field, **facts)


_CONFERRED = AwardState.CONFERRED
# What keeps the prize of an award that does not stand as conferred.
_NOT_CONFERRED = {
    "approved": Reason.DECREE_OUTSTANDING,
    "withdrawn": Reason.AWARD_WITHDRAWN,
    "suspended": Reason.AWARD_SUSPENDED,
    "revoked": Reason.AWARD_REVOKED,
}


@dataclass(frozen=True, slots=True)
class DisbursementFacts:
    """One payment. The decree's number and date are None before it is recorded. `award_state`: a state of the award,
    or "suspended" while a case of revocation is open. `earlier_disbursement`: this legal person or a predecessor
    has had one. `former_names`: names that count as the winner's own too, for an order that was made under one."""

    decree_number: str | None
    decree_date: date | None
    award_state: AwardState | DisbursementState
    payee_name: str
    organisation_name: str
    amount_fen: int
    budget_year: int | None
    earlier_disbursement: bool
    first: bool
    former_names: tuple[str, ...] = ()


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
