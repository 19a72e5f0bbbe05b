"""Recommending units (Art. 3) as they are read."""

from __future__ import annotations

from app.kernel.context import ReadContext
from app.kernel.paging import Page, PageRequest
from app.store import units as store


async def list_recommending_units(context: ReadContext, *, request: PageRequest) -> Page[store.RecommendingUnit]:
    """Recommending units with the names of their areas, for everybody."""
    rows = await store.units_page(context.session, after=request.after(), limit=request.limit)
    return request.page(rows, key=lambda row: row.id)
