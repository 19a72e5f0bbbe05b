"""What is to come back, as it is read (Art. 26)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageRequest
from app.measures.roles import Role
from app.services.organisations.access import own_organisations
from app.services.revocations.cases import own_award
from app.store import awards
from app.store import revocations as store


async def list_recoveries(context: ReadContext, *, request: PageRequest, state: str | None) -> Page[store.Recovery]:
    """What is or was to be recovered; of an applicant what it owes itself."""
    own = context.actor.organisation_id if context.actor.role is Role.APPLICANT else None
    after, limit = request.after(state=state, own=own), request.limit
    whose = await own_organisations(context)
    rows = await store.recoveries_page(context.session, after=after, limit=limit, state=state, organisations=whose)
    return request.page(rows, key=lambda row: row.id, state=state, own=own)


async def read_recovery(
    context: ReadContext, *, recovery_id: UUID
) -> tuple[store.Recovery, Sequence[store.RecoveryEntry]]:
    """One recovery with what has come back; another organisation's is not found."""
    row = await context.session.by_id(store.Recovery, recovery_id)
    if row is None:
        raise no_such_recovery()
    award = await awards.get(context.session, row.award_id)
    if award is None or not await own_award(context, award):
        raise no_such_recovery()
    return row, await store.entries_of(context.session, recovery_id)


def no_such_recovery() -> NotFound:
    """There is no such recovery."""
    return NotFound("没有此追缴记录", "No such recovery")
