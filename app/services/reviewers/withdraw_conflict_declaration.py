"""The office takes back a conflict of interest that was recorded in error (Art. 29)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.state_machines import CONFLICT_DECLARATION
from app.measures.text import Text
from app.services.lifecycle import act
from app.store import reviewers
from app.store import reviewers as store


async def withdraw_conflict_declaration(
    context: WriteContext, *, declaration_id: UUID, reason: str
) -> store.ConflictOfInterest:
    """The office takes back what was recorded in error. Recusals that it led to stand."""
    row = existing(
        await reviewers.lock_declaration(context.session, declaration_id), "没有此利害关系记录", "No such interest"
    )
    text = Text("该记录已撤回", "It has been withdrawn already")
    async with act(context, CONFLICT_DECLARATION, row, "withdraw_conflict_declaration", message=text) as doing:
        doing.hear()
        row.withdrawn_at, row.withdrawn_reason = context.now, reason
        doing.tell(reviewer_id=row.reviewer_id, reason=reason)
    return row
