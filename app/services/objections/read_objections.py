"""Objections as they are read and locked (Art. 21): neither their text nor who objected is among it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import existing
from app.kernel.paging import Page, PageRequest
from app.kernel.security.passwords import fingerprint
from app.measures.findings import Finding
from app.measures.objections import (
    ObjectionClass,
    asked_when_upheld,
    by_its_investigator,
    has_investigator,
    has_summary,
)
from app.measures.state_machines import ObjectionState
from app.services.objections.investigator import is_investigator
from app.store import objections, rounds


@dataclass(frozen=True, slots=True)
class Told:
    """An objection as it is shown, with the candidate's name, and what an upheld one asks of others. What came in is no
    part of it."""

    row: objections.Objection
    published_name: str
    due: Sequence[Finding] = ()


async def list_objections(
    context: ReadContext,
    *,
    request: PageRequest,
    round_id: UUID | None,
    state: str | None,
    classification: ObjectionClass | None,
) -> Page[Told]:
    """Objections with the candidate's name; neither their text nor who objected is among it."""
    filters = {"round_id": round_id, "state": state, "classification": classification}
    rows = await objections.objections_page(
        context.session,
        after=request.after(**filters),
        limit=request.limit,
        round_id=round_id,
        state=state,
        classification=classification,
    )
    due = await next_steps(context, [row for row, _ in rows])
    return request.page(
        [Told(row, name, due.get(row.id, ())) for row, name in rows], key=lambda told: told.row.id, **filters
    )


async def read_objection(context: ReadContext, *, objection_id: UUID) -> Told:
    """One objection with the candidate's name; neither its text nor who objected is among it."""
    found = existing(await objections.objection(context.session, objection_id), "没有此异议", "No such objection")
    row, name = found
    return Told(row, name, (await next_steps(context, [row])).get(row.id, ()))


async def locked(context: WriteContext, objection_id: UUID, *, whole_round: bool = False) -> Told:
    """The objection under its own lock; under the round's before it, where the list changes with it."""
    found = await read_objection(context, objection_id=objection_id)
    lock = rounds.lock if whole_round else rounds.share
    await lock(context.session, found.row.round_id)
    row = existing(await objections.lock_objection(context.session, objection_id), "没有此异议", "No such objection")
    return replace(found, row=row)


async def next_steps(context: ReadContext, rows: Sequence[objections.Objection]) -> dict[UUID, list[Finding]]:
    """By objection that was upheld, what is still due: one query, however many, and none where nothing was."""
    upheld = [row.id for row in rows if row.state == ObjectionState.UPHELD]
    if not upheld:
        return {}
    found = await objections.awards_objected_to(context.session, upheld)
    return {key: asked_when_upheld(award_state=state, case_opened=case) for key, (state, case) in found.items()}


def standing(context: ReadContext, row: objections.Objection) -> dict[str, list[Finding]]:
    """By act: what the measures say of it on the present facts."""
    summarised = has_summary(summarised=row.summary is not None)
    own = by_its_investigator(investigator=is_investigator(context, row))
    return {
        "start_verification": has_investigator(assigned=row.investigator_id is not None),
        "find_inadmissible": has_investigator(assigned=row.investigator_id is not None),
        "close_informal_objection": has_investigator(assigned=row.investigator_id is not None),
        "find_formal": own,
        "find_informal": own,
        "uphold": summarised,
        "dismiss": summarised,
        "summarise_objection": own,
        "recuse_investigator": own,
    }


async def status_of(context: ReadContext, *, code: str) -> tuple[objections.Objection, str]:
    """The objection of a tracking code, with the candidate's name; `NotFound` for any other code."""
    return existing(
        await objections.objection_by_tracking_code(context.session, fingerprint(code)),
        "没有此回执",
        "No such tracking code",
    )
