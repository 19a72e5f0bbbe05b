"""Disclosures of who objected (Art. 21) or reported (Art. 31), as they are listed."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.context import ReadContext
from app.kernel.paging import Page, PageRequest
from app.store.objections import disclosures


@dataclass(frozen=True, slots=True)
class ToldDisclosure:
    """What was asked and decided, and the candidate that an objection is about; of a report nobody knows whom."""

    row: disclosures.Disclosure
    published_name: str | None


async def list_disclosures(context: ReadContext, *, request: PageRequest) -> Page[ToldDisclosure]:
    """What was asked and decided, for those who may decide and for the auditor, the newest first."""
    rows = await disclosures.page(context.session, after=request.after(), limit=request.limit)
    return request.page([ToldDisclosure(row, name) for row, name in rows], key=lambda told: told.row.id)
