"""The payment platform reports that a prize is paid (Art. 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.measures.disbursements import ConfirmationFacts, PaymentOutcome, confirmation_fits
from app.measures.findings import Finding
from app.measures.interpretations import resting_on
from app.measures.reasons import Reason
from app.measures.state_machines import DISBURSEMENT, DisbursementState
from app.measures.text import Text, plain_number
from app.services.days import cited_in_time
from app.services.disbursements.enter_recovery import enter_prize
from app.services.disbursements.reports import claimed_order, fitting, keep_report, same_attempt, stopped, taken_over
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.store import disbursements as store


@dataclass(frozen=True, slots=True)
class PaymentConfirmation:
    """A payment made: the platform's number, the amount in fen, the day of payment."""

    number: str
    amount_fen: int
    paid_on: date


async def report_payment(
    context: WriteContext, *, disbursement_id: UUID, attempt: int, confirmation: PaymentConfirmation
) -> store.Disbursement:
    """The money has gone out. The same confirmation again is answered alike; another one for the same prize is refused.

    Money that left before a suspension or cancellation reached the platform is recorded as it is; after a revocation
    for fraud the prize is then to be recovered (Art. 26).
    """
    row, _ = await claimed_order(context, disbursement_id, attempt, "report_paid")
    if await _repeated(context, row, attempt, confirmation):
        return row
    await same_attempt(context, row, attempt, "report_paid")
    ordered_on = shanghai_day(row.created_at)
    cited_in_time("/confirmation_number", confirmation.number, latest=context.today, earliest=ordered_on)
    async with act(context, DISBURSEMENT, row, "report_paid") as doing:
        await taken_over(context, row)
        doing.tell(attempt=attempt, confirmation=confirmation.number, paid_on=confirmation.paid_on)
        doing.tell(state_before=row.state)
        doing.hear(await _confirmation_findings(context, row, confirmation))
        row.paid_on, row.confirmation_number = confirmation.paid_on, confirmation.number
        report = store.PaymentReport(outcome=PaymentOutcome.PAID, confirmation_number=confirmation.number)
        report.confirmation_key = plain_number(confirmation.number)
        report.amount_fen, report.paid_on = confirmation.amount_fen, confirmation.paid_on
        keep_report(context, row, attempt, report)
    await enter_prize(context, row)
    return row


async def _repeated(
    context: WriteContext, row: store.Disbursement, attempt: int, confirmation: PaymentConfirmation
) -> bool:
    """Whether this very confirmation is on record; `Conflict` for another one of a prize that is paid."""
    paid = await store.report_of(context.session, row.id, attempt, PaymentOutcome.PAID)
    if paid is not None:
        told = (paid.confirmation_key, paid.amount_fen, paid.paid_on)
        if told == (plain_number(confirmation.number), confirmation.amount_fen, confirmation.paid_on):
            return True
    if row.state == DisbursementState.PAID:
        raise await stopped(context, row, Reason.ALREADY_PAID, "report_paid", ProblemCode.ALREADY_PAID)
    return False


async def _confirmation_findings(
    context: WriteContext, row: store.Disbursement, confirmation: PaymentConfirmation
) -> list[Finding]:
    facts = ConfirmationFacts(
        amount_fen=confirmation.amount_fen,
        ordered_fen=row.amount_fen,
        paid_on=confirmation.paid_on,
        taken_over_on=shanghai_day(row.acknowledged_at) if row.acknowledged_at else context.today,
        today=context.today,
        number_known=await store.by_confirmation(context.session, confirmation.number) is not None,
    )
    found = resting_on(
        confirmation_fits(facts=facts), await readings(context.session, context.today), "numbers_as_read"
    )
    return fitting(found, Text("回单与拨付单不符", "The confirmation does not fit the order"))
