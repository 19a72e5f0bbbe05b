"""An unpaid prize is not paid, by the government's decision (Art. 9, 26)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.measures.disbursements import FeedChange
from app.measures.document_numbers import Document
from app.measures.organs import decider
from app.measures.state_machines import DISBURSEMENT
from app.services.days import cited_in_time
from app.services.disbursements.orders import cancellation_findings, locked
from app.services.disbursements.read_feed import announce
from app.services.instruments.numbered import of_one_document
from app.services.lifecycle import act
from app.store import disbursements as store


async def cancel_disbursement(
    context: WriteContext, *, disbursement_id: UUID, decision: str, reason: str
) -> store.Disbursement:
    """The government's recorded decision that the unpaid prize of a revoked award, or of a dissolved winner that
    no organisation continues, is not paid."""
    row = await locked(context, disbursement_id)
    cited_in_time("/decision", decision, latest=context.today, earliest=shanghai_day(row.created_at))
    await of_one_document(context.session, Document.DECISION, decision, None)
    return await cancel_locked(context, row, decision=decision, reason=reason, named=True)


async def cancel_locked(
    context: WriteContext,
    row: store.Disbursement,
    *,
    decision: str,
    reason: str,
    under: UUID | None = None,
    named: bool = False,
) -> store.Disbursement:
    """As `cancel`, on a row that is locked already: for a revocation under Art. 26. `under`: the case whose decision it
    follows from; None for one of the government's own. `named`: by the request, with a decision on the prize itself."""
    async with act(context, DISBURSEMENT, row, "cancel", named=named) as doing:
        doing.hear([*decider(role=context.actor.role, act="cancel"), *await cancellation_findings(context, row)])
        row.hold_reason, row.cancelled_under = reason, under
        row.cancelled_by = decision if named else row.cancelled_by
        announce(context, row, FeedChange.CANCELLED)
        doing.tell(decision=decision, reason=reason)
    return row
