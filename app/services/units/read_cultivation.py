"""What units did to cultivate and promote quality, as it is read (Art. 12)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.paging import Page, PageRequest
from app.measures.roles import Role
from app.measures.units import CultivationKind
from app.store.units import cultivation as store


async def list_work(
    context: ReadContext, *, request: PageRequest, unit_id: UUID | None, kind: CultivationKind | None, year: int | None
) -> Page[store.CultivationLine]:
    """Records with their names, newest first: a unit's own; all, or one unit's, for the office and the auditor."""
    own = context.actor.unit_id if context.actor.role is Role.RECOMMENDING_UNIT else None
    filters = {"unit_id": own or unit_id, "kind": kind, "year": year}
    if own is not None and unit_id not in (None, own):
        # As with any filter that finds nothing: whether there is such a unit is not told.
        return request.page([], key=lambda row: row.record.id, **filters)
    rows = await store.page(
        context.session,
        after=request.after(**filters),
        limit=request.limit,
        unit_id=own or unit_id,
        kind=kind,
        year=year,
    )
    return request.page(rows, key=lambda row: row.record.id, **filters)
