"""A reviewer is suspended (Art. 11(2))."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import REVIEWER
from app.services.lifecycle import act
from app.services.reviewers.read_reviewers import locked_reviewer
from app.store import reviewers as store


async def suspend_reviewer(context: WriteContext, *, reviewer_id: UUID, reason: str) -> store.Reviewer:
    """Nothing is assigned to and nothing opened by a suspended reviewer; what he has submitted stands."""
    return await change_standing(context, reviewer_id, "suspend_reviewer", reason)


async def change_standing(context: WriteContext, reviewer_id: UUID, name: str, reason: str) -> store.Reviewer:
    """Carry the act `name` out on the reviewer's state, with its reason."""
    row = await locked_reviewer(context, reviewer_id)
    async with act(context, REVIEWER, row, name) as doing:
        doing.hear()
        row.state_reason, row.state_changed_at = reason, context.now
        doing.tell(reason=reason)
    return row
