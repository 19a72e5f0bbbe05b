"""The payment platform reports that a payment did not go through (Art. 9)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.disbursements import PaymentOutcome, failure_told
from app.measures.state_machines import DISBURSEMENT
from app.services.disbursements.reports import claimed_order, keep_report, same_attempt, taken_over
from app.services.lifecycle import act
from app.store import disbursements as store


async def report_failure(
    context: WriteContext, *, disbursement_id: UUID, attempt: int, reason: str
) -> store.Disbursement:
    """The payment did not go through; the office corrects the account and reissues it. A prize that is held or
    cancelled meanwhile stays so, and the report is kept. An attempt fails once: told again, in whatever words, it is
    answered alike, and what was said first stands."""
    row, _ = await claimed_order(context, disbursement_id, attempt, "report_failed")
    if await store.report_of(context.session, row.id, attempt, PaymentOutcome.FAILED) is not None:
        return row
    await same_attempt(context, row, attempt, "report_failed")
    name = "note_failure" if row.state in DISBURSEMENT.transition("note_failure").sources else "report_failed"
    async with act(context, DISBURSEMENT, row, name) as doing:
        await taken_over(context, row)
        doing.hear(failure_told(attempt=attempt))
        keep_report(context, row, attempt, store.PaymentReport(outcome=PaymentOutcome.FAILED, failure_reason=reason))
        doing.tell(attempt=attempt, reason=reason)
    return row
