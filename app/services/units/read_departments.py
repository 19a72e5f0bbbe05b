"""Departments that are consulted (Art. 17) as they are read."""

from __future__ import annotations

from app.kernel.context import ReadContext
from app.kernel.paging import Page, PageRequest
from app.store import units as store


async def list_departments(context: ReadContext, *, request: PageRequest) -> Page[store.Department]:
    """Consulted departments, for everybody who signs in."""
    rows = await store.departments_page(context.session, after=request.after(), limit=request.limit)
    return request.page(rows, key=lambda row: row.id)
