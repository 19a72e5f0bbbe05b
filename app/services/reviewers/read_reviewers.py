"""The expert pool (Art. 11(2)) as it is read: names are read here only, and each reading is audited."""

from __future__ import annotations

from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageRequest
from app.store import reviewers
from app.store import reviewers as store


async def read_reviewer(context: WriteContext, *, reviewer_id: UUID) -> store.Reviewer:
    """One entry with its name; the reading goes on record."""
    row = await reviewers.get(context.session, reviewer_id)
    if row is None:
        raise unknown_reviewer()
    audit.record(context, "read_reviewer", "reviewer", row.id)
    return row


async def list_reviewers(context: WriteContext, *, request: PageRequest, state: str | None) -> Page[store.Reviewer]:
    """The pool with its names; the reading goes on record."""
    rows = await reviewers.page(context.session, after=request.after(state=state), limit=request.limit, state=state)
    audit.record(context, "read_reviewers", "reviewer", None, read=min(len(rows), request.limit))
    return request.page(rows, key=lambda row: row.id, state=state)


async def locked_reviewer(context: WriteContext, reviewer_id: UUID) -> store.Reviewer:
    """The entry, locked until the transaction ends."""
    row = await reviewers.lock(context.session, reviewer_id)
    if row is None:
        raise unknown_reviewer()
    return row


def unknown_reviewer() -> NotFound:
    """No such entry, or not for this caller to know of."""
    return NotFound("专家库中没有此评审员", "No such reviewer in the pool")
