"""Reading rounds: drafts are the office's and the auditor's; the rest is public."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import NotFound, existing
from app.kernel.paging import Page, PageRequest
from app.measures.roles import Role
from app.store import rounds as store

_INSIDE = frozenset({Role.OFFICE, Role.AUDITOR})


async def read_round(context: ReadContext, *, round_id: UUID) -> store.Round:
    """The round; a draft is found only by the office and the auditor."""
    row = await store.get(context.session, round_id)
    if row is None or (row.called_at is None and context.actor.role not in _INSIDE):
        raise NotFound("没有此届评审", "No such round")
    return row


async def list_rounds(context: ReadContext, *, request: PageRequest) -> Page[store.Round]:
    """Rounds, newest first."""
    drafts = context.actor.role in _INSIDE
    rows = await store.page(context.session, after=request.after(drafts=drafts), limit=request.limit, drafts=drafts)
    return request.page(rows, key=lambda row: row.id, drafts=drafts)


async def locked(context: WriteContext, round_id: UUID) -> store.Round:
    """The round, locked for an act that closes a list or counts seats."""
    return existing(await store.lock(context.session, round_id), "没有此届评审", "No such round")
