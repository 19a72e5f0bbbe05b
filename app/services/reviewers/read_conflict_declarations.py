"""Conflict declarations as they are read (Art. 29)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.paging import Page, PageRequest
from app.measures.roles import Role
from app.services.reviewers.sign_undertaking import own_entry
from app.store import reviewers
from app.store import reviewers as store


async def list_conflict_declarations(
    context: ReadContext, *, request: PageRequest, reviewer_id: UUID | None
) -> Page[store.ConflictOfInterest]:
    """A reviewer's own; all, or one reviewer's, for the office and the auditor."""
    if context.actor.role is Role.REVIEWER:
        own = await own_entry(context)
        if reviewer_id not in (None, own.id):
            return Page([], None)
        reviewer_id = own.id
    rows = await reviewers.declarations_page(
        context.session, after=request.after(reviewer_id=reviewer_id), limit=request.limit, reviewer_id=reviewer_id
    )
    return request.page(rows, key=lambda row: row.id, reviewer_id=reviewer_id)
