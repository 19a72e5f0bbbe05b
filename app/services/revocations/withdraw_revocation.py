"""The office withdraws a case of revocation (Art. 26, 28)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import REVOCATION
from app.services.instruments.in_force import cited
from app.services.lifecycle import act
from app.services.revocations.cases import let_prize_go_on, locked_case
from app.services.revocations.revive_case import revive_case
from app.store import revocations


async def withdraw_revocation(context: WriteContext, *, revocation_id: UUID, reason: str) -> revocations.Revocation:
    """The office does not go on with its case, submitted or not: a case that it took over goes on, or else
    a prize that was held."""
    row, award = await locked_case(context, revocation_id)
    async with act(context, REVOCATION, row, "withdraw_revocation", round_id=award.round_id) as doing:
        doing.hear()
        row.withdrawn_on, row.withdrawn_reason = context.today, reason
        doing.tell(award_id=award.id, reason=reason)
        doing.tell(readings=await cited(context.session, context.today, "withdrawal_of_a_case"))
    await revive_case(context, row, award)
    await let_prize_go_on(context, award, decision=None, reason=reason)
    return row
