"""The office verifies objections and closes each with a reason (Art. 21), on the summary of its investigator."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import existing
from app.kernel.paging import Page, PageRequest
from app.measures.findings import Finding
from app.measures.objections import (
    ObjectionClass,
    asked_when_upheld,
    by_its_investigator,
    has_investigator,
    has_summary,
    names_no_objector,
    objection_closable,
    read_before_inadmissible,
)
from app.measures.organs import proposer
from app.measures.state_machines import OBJECTION, ROUND, AwardState, CandidateState, ObjectionState, RoundState
from app.services.instruments.in_force import readings
from app.services.lifecycle import Act, act, move
from app.services.publicity.change_candidates import take_out
from app.services.publicity.conclude_round import conclude_if_decreed
from app.store import objections, rounds
from app.store import publicity as store
from app.store.qualification import award_state


@dataclass(frozen=True, slots=True)
class Told:
    """An objection as it is shown, with the candidate's name, and what an upheld one asks of others. What came in is no
    part of it."""

    row: objections.Objection
    published_name: str
    due: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """How it was verified and what was found; the reason; what the objector is told, without anybody's identity."""

    verification: str
    reason: str
    public_statement: str


async def start_verification(context: WriteContext, *, objection_id: UUID, plan: str) -> Told:
    """Begin to verify a formal objection; somebody has been assigned to investigate it."""
    told = await locked(context, objection_id)
    async with act(context, OBJECTION, told.row, "start_verification") as doing:
        neutral = await neutrally(context, told.row, plan)
        doing.hear([*has_investigator(assigned=told.row.investigator_id is not None), *neutral])
        told.row.verification = plan
    return told


async def uphold(context: WriteContext, *, objection_id: UUID, closing: Closing) -> Told:
    """The objection stands: its organisation leaves the list. A substitute needs its own publicity. Entered so late
    that the award is conferred, it takes nothing away by itself: a case of revocation does."""
    told = await locked(context, objection_id, whole_round=True)
    row = told.row
    round_row = await rounds.get(context.session, row.round_id)
    async with _closing(context, row, closing, "uphold", recorded="uphold_objection") as doing:
        candidate = await context.session.get(store.Candidate, row.candidate_id, populate_existing=True)
        standing = None if candidate is None else await award_state(context.session, candidate.application_id)
        # A conferred award stands, and the list that it came from: what follows is a case of revocation.
        conferred = standing in (AwardState.CONFERRED, AwardState.REVOKED)
        if (
            candidate is not None
            and round_row is not None
            and candidate.state == CandidateState.LISTED
            and not conferred
        ):
            if round_row.state == RoundState.PUBLICITY:
                proposing = proposer(role=context.actor.role, act="remove_candidate")
                move(context, ROUND, round_row, "remove_candidate", proposing)
            # After the proposed list is fixed the name stays on it, marked: the approval must leave it out. More read
            # the list than read objections: they are told what the objector is told.
            await take_out(context, candidate, reason=closing.public_statement, rule="art21.objections")
        due = asked_when_upheld(award_state=None if standing is None else AwardState(standing), case_opened=False)
        doing.note(due)
        doing.rest_on(await readings(context.session, context.today), "objection_upheld_after_the_decree")
        doing.tell(candidate_id=row.candidate_id)
    if round_row is not None:
        await conclude_if_decreed(context, round_row)
    return replace(told, due=due)


async def dismiss(context: WriteContext, *, objection_id: UUID, closing: Closing) -> Told:
    """The objection does not stand; the reason is recorded, and the organisation is free to go on."""
    told = await locked(context, objection_id)
    async with _closing(context, told.row, closing, "dismiss", recorded="dismiss_objection") as doing:
        doing.tell(candidate_id=told.row.candidate_id)
    return told


async def find_inadmissible(context: WriteContext, *, objection_id: UUID, closing: Closing) -> Told:
    """The objection is none that can be verified: closed in one act, with the reason; the organisation is free to go
    on."""
    told = await locked(context, objection_id)
    async with _closing(
        context, told.row, closing, "find_inadmissible", recorded="find_objection_inadmissible"
    ) as doing:
        doing.rest_on(await readings(context.session, context.today), "inadmissible_objections")
        doing.tell(candidate_id=told.row.candidate_id)
    return told


async def close_informal_objection(context: WriteContext, *, objection_id: UUID, closing: Closing) -> Told:
    """Close an informal objection: it blocks nothing, and is not left lying."""
    told = await locked(context, objection_id)
    async with _closing(context, told.row, closing, "close_informal_objection"):
        return told


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


async def neutrally(context: ReadContext, row: objections.Objection, *said: str | None) -> list[Finding]:
    """Whether what the caller says of an objection for others to read names nobody who objected. Asked of its
    investigator alone: nobody else knows, and an answer would tell him."""
    if not is_investigator(context, row):
        return []
    original = await objections.original_of(context.session, row.id)
    if original is None:
        raise RuntimeError("an objection without its original")
    return names_no_objector(
        said="\n".join(text for text in said if text),
        name=original.name,
        contact=original.contact,
        original=f"{original.facts or ''}\n{original.evidence or ''}",
    )


def is_investigator(context: ReadContext, row: objections.Objection) -> bool:
    """Whether the caller is the investigator of this objection."""
    return row.investigator_id is not None and row.investigator_id == context.actor.account_id


async def next_steps(context: ReadContext, rows: Sequence[objections.Objection]) -> dict[UUID, list[Finding]]:
    """By objection that was upheld, what is still due: one query, however many, and none where nothing was."""
    upheld = [row.id for row in rows if row.state == ObjectionState.UPHELD]
    if not upheld:
        return {}
    found = await objections.awards_objected_to(context.session, upheld)
    return {key: asked_when_upheld(award_state=state, case_opened=case) for key, (state, case) in found.items()}


async def _known(context: ReadContext, row: objections.Objection) -> list[Finding]:
    """Whether whoever finds it inadmissible knows it."""
    return read_before_inadmissible(
        assigned=row.investigator_id is not None,
        read=await objections.has_read(context.session, objection_id=row.id, account_id=row.investigator_id),
        investigator=is_investigator(context, row),
        summarised=row.summary is not None,
    )


def standing(context: ReadContext, row: objections.Objection) -> dict[str, list[Finding]]:
    """By act: what the measures say of it on the present facts."""
    summarised = has_summary(summarised=row.summary is not None)
    own = by_its_investigator(investigator=is_investigator(context, row))
    return {
        "start_verification": has_investigator(assigned=row.investigator_id is not None),
        "find_inadmissible": has_investigator(assigned=row.investigator_id is not None),
        "find_formal": own,
        "find_informal": own,
        "uphold": summarised,
        "dismiss": summarised,
        "summarise_objection": own,
        "recuse_investigator": own,
    }


@asynccontextmanager
async def _closing(
    context: WriteContext, row: objections.Objection, closing: Closing, name: str, *, recorded: str | None = None
) -> AsyncIterator[Act]:
    """Close an objection by this act; inside is what follows from it."""
    async with act(context, OBJECTION, row, name, recorded=recorded) as doing:
        verified_by = str(context.actor.known_id)
        closable = objection_closable(upheld=name == "uphold", reason=closing.reason, verified_by=verified_by)
        summarised = has_summary(summarised=row.summary is not None) if name in ("uphold", "dismiss") else []
        neutral = await neutrally(context, row, closing.verification, closing.reason, closing.public_statement)
        known = await _known(context, row) if name == "find_inadmissible" else []
        doing.hear([*closable, *summarised, *known, *neutral])
        row.verification = closing.verification
        row.outcome_reason, row.outcome_public = closing.reason, closing.public_statement
        row.closed_at, row.closed_by = context.now, context.actor.known_id
        yield doing
