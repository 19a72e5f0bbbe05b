"""A prize is held back while a case is open, and goes on after it (Art. 9)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.measures.disbursements import FeedChange
from app.measures.organs import decider
from app.measures.state_machines import DISBURSEMENT
from app.services.disbursements.orders import next_attempt, standing_findings
from app.services.disbursements.read_feed import announce
from app.services.instruments.in_force import cited
from app.services.lifecycle import act
from app.store import disbursements as store


async def suspend(context: WriteContext, *, award_id: UUID, reason: str) -> store.Disbursement | None:
    """Hold an unpaid prize back while a case is open; None where there is nothing to hold."""
    row = await store.lock_of_award(context.session, award_id)
    if row is None or row.state not in DISBURSEMENT.transition("suspend").sources:
        return None
    async with act(context, DISBURSEMENT, row, "suspend", named=False) as doing:
        doing.hear()
        row.hold_reason = reason
        announce(context, row, FeedChange.SUSPENDED)
        doing.tell(reason=reason, readings=await cited(context.session, context.today, "unpaid_prize_in_a_case"))
    return row


async def resume(
    context: WriteContext, row: store.Disbursement, *, decision: str | None, reason: str
) -> store.Disbursement:
    """The prize goes on as the case that held it is rejected, withdrawn or annulled (Art. 9). The row is locked.
    `decision`: the number of the decision, None where the office has withdrawn its case."""
    name = await resumed_as(context, row)
    async with act(context, DISBURSEMENT, row, name, named=False) as doing:
        doing.hear(await standing_findings(context, row))
        row.hold_reason = None
        if name == "resume":
            next_attempt(row)
        announce(context, row, _RESUMED_KINDS[name])
        doing.tell(attempt=row.attempt, decision=decision, reason=reason)
    return row


# What the platform is told of a prize that goes on.
_RESUMED_KINDS = {
    "resume": FeedChange.PAYABLE,
    "resume_taken": FeedChange.RESUMED,
    "resume_failed": FeedChange.FAILED,
    "resume_returned": FeedChange.RETURNED,
    "resume_unordered": FeedChange.UNORDERED,
}


async def resumed_as(context: ReadContext, row: store.Disbursement) -> str:
    """How a suspended prize goes on: as the attempt that the platform has taken over and not reported on, since its
    money may be on its way and a second attempt would pay it twice; as failed or come back where it was reported so,
    for the office to correct the account; otherwise as a new attempt."""
    if row.bank_account is None:
        return "resume_unordered"
    outcomes = {item.outcome for item in await store.reports(context.session, row.id) if item.attempt == row.attempt}
    for outcome in ("returned", "failed"):
        if outcome in outcomes:
            return f"resume_{outcome}"
    return "resume_taken" if row.acknowledged_at is not None else "resume"


async def restore(context: WriteContext, row: store.Disbursement, *, decision: str, reason: str) -> store.Disbursement:
    """The decision that cancelled the prize was annulled on review: it is held as before. The row is locked already."""
    async with act(context, DISBURSEMENT, row, "restore", named=False) as doing:
        doing.hear(decider(role=context.actor.role, act="restore"))
        row.cancelled_under = None
        row.hold_reason = f"{decision}：复议撤销 / annulled on review"
        announce(context, row, FeedChange.SUSPENDED)
        doing.tell(decision=decision, reason=reason)
    return row
