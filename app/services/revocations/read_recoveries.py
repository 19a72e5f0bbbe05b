"""What is to come back, as it is read (Arts. 22, 26)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.errors import NotFound, existing
from app.kernel.paging import Page, PageRequest
from app.measures.roles import Role
from app.services.organisations.access import own_organisations
from app.services.revocations.cases import own_award
from app.store import awards
from app.store import revocations as store
from app.store.revocations import conferral_doubts


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


async def recoverable_since(context: ReadContext, row: store.Recovery) -> date:
    """The day of the decision that demands it: on a case of fraud, or on the doubt for which the award was taken
    back."""
    decided_on, _ = await _days_of(context, row)
    return decided_on


async def owed_since(context: ReadContext, row: store.Recovery) -> date:
    """The day from which what has come back is owed to the organisation: of the annulment of that decision on review,
    or of the decision, where the bank has sent the prize back."""
    decided_on, annulled_on = await _days_of(context, row)
    return annulled_on or decided_on


async def _days_of(context: ReadContext, row: store.Recovery) -> tuple[date, date | None]:
    """When it was decided, and when that was annulled. A doubt ends with the exclusion that it rests on."""
    decided_on: date | None = None
    case_id = row.revocation_id
    if row.doubt_id is not None:
        doubt = existing(await context.session.by_id(conferral_doubts.ConferralDoubt, row.doubt_id))
        decided_on, case_id = doubt.decided_on, doubt.revocation_id
    case = None if case_id is None else await context.session.by_id(store.Revocation, case_id)
    if row.doubt_id is None and case is not None:
        decided_on = case.decided_on
    if decided_on is None:
        raise RuntimeError("a recovery without a decision")
    return decided_on, None if case is None else case.annulled_on


def no_such_recovery() -> NotFound:
    """There is no such recovery."""
    return NotFound("没有此追缴记录", "No such recovery")
