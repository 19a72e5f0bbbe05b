"""The payment platform takes an order over (Art. 9)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.state_machines import DISBURSEMENT
from app.services.disbursements.orders import receivable_findings, refuse_held, standing_findings, winner_of
from app.services.disbursements.reports import claimed_order, same_attempt
from app.services.lifecycle import act
from app.store import awards
from app.store import disbursements as store


async def acknowledge_disbursement(context: WriteContext, *, disbursement_id: UUID, attempt: int) -> store.Disbursement:
    """An account of the platform claims the order. Repeating it changes nothing, also when the attempt has its outcome,
    is held meanwhile or is followed by another: the answer tells the order as it stands. Another account's claim is
    refused, and so is the order of an award that is revoked or in doubt."""
    row, claimed = await claimed_order(context, disbursement_id, attempt, "acknowledge")
    if claimed:
        return row
    await same_attempt(context, row, attempt, "acknowledge")
    await refuse_held(context, row, "acknowledge")
    async with act(context, DISBURSEMENT, row, "acknowledge") as doing:
        award = existing(await awards.get(context.session, row.award_id))
        winner = await winner_of(context, row)
        receivable = await receivable_findings(context, award, winner, payee_name=row.payee_name)
        doing.hear([*await standing_findings(context, row), *receivable])
        row.acknowledged_at, row.acknowledged_by = context.now, context.actor.known_id
        doing.tell(attempt=attempt)
    return row
