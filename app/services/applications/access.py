"""Which application a caller may see or act on. What is not his is not found."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import NotFound
from app.measures.roles import Role
from app.services.organisations.access import may_bind
from app.store import applications as store
from app.store import recommendations, rounds

_ALL = frozenset({Role.OFFICE, Role.AUDITOR})


async def visible(context: ReadContext, *, application_id: UUID) -> store.Application:
    """The application, for its organisation, the office, the auditor, and the unit while it is asked or has
    endorsed."""
    row = await store.get(context.session, application_id)
    if row is None or not await _may_see(context, row):
        raise _unknown()
    return row


async def own(context: ReadContext, *, application_id: UUID) -> store.Application:
    """The applicant's own application."""
    row = await store.get(context.session, application_id)
    if row is None or context.actor.organisation_id is None or row.organisation_id != context.actor.organisation_id:
        raise _unknown()
    return row


async def own_locked(
    context: WriteContext, *, application_id: UUID, binding: bool = False
) -> tuple[store.Application, rounds.Round]:
    """The applicant's own application and its round, both kept as they are until the transaction ends. `binding`: the
    act binds the organisation, so a member who may only edit is refused."""
    found = await store.place(context.session, application_id)
    if found is None or found.organisation_id != context.actor.organisation_id:
        raise _unknown()
    if binding:
        may_bind(context)
    return await locked(context, found)


async def locked(
    context: WriteContext, found: store.Application | store.Place
) -> tuple[store.Application, rounds.Round]:
    """The round shared first and the application locked after it: lists are closed in the same order."""
    round_row = await rounds.share(context.session, found.round_id)
    rows = await store.lock(context.session, [found.id])
    if round_row is None or not rows:
        raise _unknown()
    return rows[0], round_row


async def _may_see(context: ReadContext, row: store.Application) -> bool:
    actor = context.actor
    if actor.role in _ALL:
        return True
    if actor.role is Role.APPLICANT:
        return row.organisation_id == actor.organisation_id
    if actor.role is Role.RECOMMENDING_UNIT:
        asked = await recommendations.open_of(context.session, row.id)
        return asked is not None and actor.unit_id in (asked.unit_id, asked.county_unit_id)
    return False


def _unknown() -> NotFound:
    return NotFound("没有此申报", "No such application")
