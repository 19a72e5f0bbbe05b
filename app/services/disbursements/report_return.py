"""The payment platform reports that a payment came back (Art. 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.disbursements import FeedChange, PaymentOutcome, ReturnFacts, return_fits
from app.measures.findings import Finding
from app.measures.state_machines import DISBURSEMENT
from app.measures.text import Text, plain_number
from app.services.disbursements.enter_recovery import claim_back_no_more
from app.services.disbursements.orders import refuse_held
from app.services.disbursements.read_feed import announce
from app.services.disbursements.reports import claimed_order, fitting, keep_report, same_attempt
from app.services.lifecycle import act
from app.store import disbursements as store


@dataclass(frozen=True, slots=True)
class PaymentReturn:
    """A payment that came back: the number under which it was confirmed, the amount in fen, the day, the reason."""

    number: str
    amount_fen: int
    returned_on: date
    reason: str


async def report_return(
    context: WriteContext, *, disbursement_id: UUID, attempt: int, returned: PaymentReturn
) -> store.Disbursement:
    """A confirmed payment came back: the prize is unpaid again, and the office corrects the account and reissues it.
    That payment's return again, in whatever words, is answered alike, and what was said first stands."""
    row, _ = await claimed_order(context, disbursement_id, attempt, "report_returned")
    known = await store.report_of(context.session, row.id, attempt, PaymentOutcome.RETURNED)
    paid = await store.report_of(context.session, row.id, attempt, PaymentOutcome.PAID)
    if known is not None and paid is not None:
        told = (paid.confirmation_key, known.amount_fen, known.returned_on)
        if told == (plain_number(returned.number), returned.amount_fen, returned.returned_on):
            return row
    await same_attempt(context, row, attempt, "report_returned")
    await refuse_held(context, row, "report_returned")
    async with act(context, DISBURSEMENT, row, "report_returned") as doing:
        doing.tell(attempt=attempt, confirmation=returned.number, returned_on=returned.returned_on)
        doing.tell(amount_fen=returned.amount_fen, reason=returned.reason)
        doing.hear(_return_findings(context, row, returned))
        row.paid_on, row.confirmation_number = None, None
        announce(context, row, FeedChange.RETURNED)
        report = store.PaymentReport(outcome=PaymentOutcome.RETURNED, returned_on=returned.returned_on)
        report.amount_fen, report.failure_reason = returned.amount_fen, returned.reason
        keep_report(context, row, attempt, report)
    await claim_back_no_more(context, row)
    return row


def _return_findings(context: WriteContext, row: store.Disbursement, returned: PaymentReturn) -> list[Finding]:
    facts = ReturnFacts(
        amount_fen=returned.amount_fen,
        paid_fen=row.amount_fen,
        confirmation_number=returned.number,
        confirmed_as=row.confirmation_number or "",
        returned_on=returned.returned_on,
        paid_on=row.paid_on or context.today,
        today=context.today,
    )
    return fitting(return_fits(facts=facts), Text("退汇与拨付不符", "What came back is not this payment"))
