"""The government does not revoke an award (Art. 2)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.organs import decider
from app.measures.state_machines import REVOCATION
from app.services.lifecycle import act
from app.services.revocations.cases import Decision, decision_in_form, let_prize_go_on, locked_case, put_decision
from app.services.revocations.revive_case import revive_case
from app.store import revocations


async def reject_revocation(
    context: WriteContext, *, revocation_id: UUID, decision: Decision
) -> revocations.Revocation:
    """The government does not revoke: a case that this one took over goes on, or else a prize that was held."""
    row, award = await locked_case(context, revocation_id)
    async with act(context, REVOCATION, row, "reject", recorded="reject_revocation", round_id=award.round_id) as doing:
        formal = await decision_in_form(context, row, decision)
        doing.hear([*decider(role=context.actor.role, act="reject"), *formal])
        put_decision(context, row, decision)
        doing.tell(number=decision.number, reason=decision.reason)
    await revive_case(context, row, award)
    await let_prize_go_on(context, award, decision=decision.number, reason=decision.reason)
    return row
