"""Exclusions as everybody reads them (Art. 26, 28)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.paging import Page, PageRequest
from app.store import revocations
from app.store.organisations import Organisation


async def list_exclusions(
    context: ReadContext, *, request: PageRequest, on: date | None
) -> Page[tuple[revocations.Exclusion, Organisation, UUID | None]]:
    """Who may not take part, until when, and the notice that told of it: public, so that upper-level awards can read it
    too (Art. 26, 28)."""
    rows = await revocations.exclusions_page(context.session, after=request.after(on=on), limit=request.limit, on=on)
    return request.page(rows, key=lambda row: row[0].id, on=on)
