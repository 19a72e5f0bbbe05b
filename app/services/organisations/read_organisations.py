"""Organisations as they are read, with their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from app.kernel.context import ReadContext
from app.kernel.paging import Page, PageRequest, text_value
from app.services.organisations.access import SEES_ALL
from app.store import organisations as store
from app.store.sorting import Sort, leading


@dataclass(frozen=True, slots=True)
class History:
    """Former names, oldest first, and the links to predecessors with their names beside them."""

    names: Sequence[store.OrganisationName]
    predecessors: Sequence[store.PredecessorLine]


async def read_history(context: ReadContext, row: store.Organisation) -> History:
    """The organisation's history; the caller may see the organisation."""
    return History(await store.former_names(context.session, row.id), await store.predecessors(context.session, row.id))


async def list_organisations(
    context: ReadContext, *, request: PageRequest, wanted: store.Wanted, sort: Sort
) -> Page[store.Organisation]:
    """Organisations in the order of `sort`: all for the office and the auditor, its own for an applicant."""
    own_id = None if context.actor.role in SEES_ALL else context.actor.organisation_id
    wanted = replace(wanted, own=own_id)
    filters = asdict(wanted) | {"sort": sort}
    by_name = sort is Sort.NAME
    after = request.after_value(text_value, **filters) if by_name else request.after(**filters)
    rows = await store.organisations_page(context.session, wanted, sort=sort, after=after, limit=request.limit)
    return request.page(rows, key=lambda row: (leading(row.name_key), row.id) if by_name else row.id, **filters)
