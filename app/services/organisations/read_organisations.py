"""Organisations as they are read, with their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from app.kernel.context import ReadContext
from app.kernel.paging import Page, PageRequest
from app.services.organisations.access import SEES_ALL
from app.store import organisations as store


@dataclass(frozen=True, slots=True)
class History:
    """Former names, oldest first, and the links to predecessors with their names beside them."""

    names: Sequence[store.OrganisationName]
    predecessors: Sequence[store.PredecessorLine]


async def read_history(context: ReadContext, row: store.Organisation) -> History:
    """The organisation's history; the caller may see the organisation."""
    return History(await store.former_names(context.session, row.id), await store.predecessors(context.session, row.id))


async def list_organisations(
    context: ReadContext, *, request: PageRequest, wanted: store.Wanted
) -> Page[store.Organisation]:
    """Organisations, newest first: all for the office and the auditor, its own for an applicant."""
    own_id = None if context.actor.role in SEES_ALL else context.actor.organisation_id
    wanted = replace(wanted, own=own_id)
    filters = asdict(wanted)
    rows = await store.organisations_page(context.session, wanted, after=request.after(**filters), limit=request.limit)
    return request.page(rows, key=lambda row: row.id, **filters)
