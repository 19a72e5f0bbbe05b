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
    read_before_judgement,
)
from app.measures.state_machines import ObjectionState
from app.services.objections.investigator import is_investigator
from app.store import objections, rounds


@dataclass(frozen=True, slots=True)
class Told:
    """An objection as it is shown, with the candidate's name, what an upheld one asks of others, and the accounts that
    have read it as it came. What came in is no part of it."""

    row: objections.Objection
    published_name: str
    due: Sequence[Finding] = ()
    readers: frozenset[UUID] = frozenset()


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
    readers = await _readers(context, [row for row, _ in rows])
    return request.page(
        [Told(row, name, due.get(row.id, ()), readers.get(row.id, frozenset())) for row, name in rows],
        key=lambda told: told.row.id,
        **filters,
    )


async def read_objection(context: ReadContext, *, objection_id: UUID) -> Told:
    """One objection with the candidate's name; neither its text nor who objected is among it."""
    found = existing(await objections.objection(context.session, objection_id), "没有此异议", "No such objection")
    row, name = found
    due, readers = await next_steps(context, [row]), await _readers(context, [row])
    return Told(row, name, due.get(row.id, ()), readers.get(row.id, frozenset()))


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


async def _readers(context: ReadContext, rows: Sequence[objections.Objection]) -> dict[UUID, frozenset[UUID]]:
    """One query, however many, and none where nobody is assigned to read."""
    assigned = [row.id for row in rows if row.investigator_id is not None and row.closed_at is None]
    return await objections.readers_of(context.session, assigned) if assigned else {}


def standing(context: ReadContext, told: Told) -> dict[str, list[Finding]]:
    """By act: what the measures say of it on the present facts."""
    row, own = told.row, is_investigator(context, told.row)
    summarised = has_summary(summarised=row.summary is not None)
    known = read_before_judgement(
        assigned=row.investigator_id is not None,
        read=row.investigator_id in told.readers,
        investigator=own,
        summarised=row.summary is not None,
    )
    judged = known if own else by_its_investigator(investigator=False)
    return {
        "start_verification": has_investigator(assigned=row.investigator_id is not None),
        "find_inadmissible": known,
        "close_informal_objection": known,
        "find_formal": judged,
        "find_informal": judged,
        "uphold": summarised,
        "dismiss": summarised,
        "summarise_objection": judged,
        "recuse_investigator": by_its_investigator(investigator=own),
    }


async def status_of(context: ReadContext, *, code: str) -> tuple[objections.Objection, str]:
    """The objection of a tracking code, with the candidate's name; `NotFound` for any other code."""
    return existing(
        await objections.objection_by_tracking_code(context.session, fingerprint(code)),
        "没有此回执",
        "No such tracking code",
    )
