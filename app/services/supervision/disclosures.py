"""Disclosures of who objected (Art. 21) or reported (Art. 31), as they are listed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import existing
from app.kernel.paging import Page, PageRequest
from app.measures.disclosure import DisclosureMatter
from app.store import objections, supervision
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


@dataclass(frozen=True, slots=True)
class Matter:
    """What is read as it came, for whoever decides on it."""

    kind: DisclosureMatter
    id: UUID
    round_id: UUID | None
    investigator_id: UUID | None
    published_name: str | None
    recused: bool


async def matter_of(context: WriteContext, row: disclosures.Disclosure) -> Matter:
    """What the request is about, and whether the caller has recused from it."""
    session, decider = context.session, context.actor.known_id
    if row.objection_id is not None:
        told, name = existing(await objections.objection(session, row.objection_id))
        organisation_id = await objections.organisation_objected_to(session, told.candidate_id)
        recused = await objections.has_recused(session, account_id=decider, organisation_id=organisation_id)
        return Matter(row.matter, told.id, told.round_id, told.investigator_id, name, recused)
    report = existing(await session.by_id(supervision.MarkReport, row.matter_id))
    recused = await supervision.has_recused(session, report_id=report.id, account_id=decider)
    return Matter(row.matter, report.id, None, report.investigator_id, None, recused)
