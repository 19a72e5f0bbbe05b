"""The office verifies objections and closes each with a reason (Art. 21). Who objected is read in one place only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import existing
from app.kernel.paging import Page, PageRequest
from app.measures.objections import ObjectionClass, objection_closable
from app.measures.organs import proposer
from app.measures.state_machines import OBJECTION, ROUND, CandidateState, RoundState
from app.services.lifecycle import Act, act, move
from app.services.objections.redact import redacted
from app.services.publicity.change_candidates import take_out
from app.store import objections, rounds
from app.store import publicity as store


@dataclass(frozen=True, slots=True)
class Told:
    """An objection as it is shown: with the candidate's name, its text without whatever in it says who objected."""

    row: objections.Objection
    published_name: str
    facts: str
    evidence: str | None


@dataclass(frozen=True, slots=True)
class Closing:
    """How it was verified and what was found; the reason; what the objector is told, without anybody's identity."""

    verification: str
    reason: str
    public_statement: str


async def start_verification(context: WriteContext, *, objection_id: UUID, plan: str) -> Told:
    """Begin to verify a formal objection."""
    told = await _locked(context, objection_id, whole_round=False)
    async with act(context, OBJECTION, told.row, "start_verification") as doing:
        doing.hear()
        told.row.verification = plan
    return told


async def uphold(context: WriteContext, *, objection_id: UUID, closing: Closing) -> Told:
    """The objection stands: its organisation leaves the list. A substitute needs its own publicity."""
    told = await _locked(context, objection_id, whole_round=True)
    row = told.row
    async with _closing(context, row, closing, "uphold", recorded="uphold_objection") as doing:
        candidate = await context.session.get(store.Candidate, row.candidate_id, populate_existing=True)
        round_row = await rounds.get(context.session, row.round_id)
        if candidate is not None and round_row is not None and candidate.state == CandidateState.LISTED:
            if round_row.state == RoundState.PUBLICITY:
                proposing = proposer(role=context.actor.role, act="remove_candidate")
                move(context, ROUND, round_row, "remove_candidate", proposing)
            # After the proposed list is fixed the name stays on it, marked: the approval must leave it out. More read
            # the list than read objections: they are told what the objector is told.
            await take_out(context, candidate, reason=closing.public_statement, rule="art21.objections")
        doing.tell(candidate_id=row.candidate_id)
    return told


async def dismiss(context: WriteContext, *, objection_id: UUID, closing: Closing) -> Told:
    """The objection does not stand; the reason is recorded, and the organisation is free to go on."""
    told = await _locked(context, objection_id, whole_round=False)
    async with _closing(context, told.row, closing, "dismiss", recorded="dismiss_objection") as doing:
        doing.tell(candidate_id=told.row.candidate_id)
    return told


async def find_inadmissible(context: WriteContext, *, objection_id: UUID, closing: Closing) -> Told:
    """The objection is none that can be verified: closed in one act, with the reason; the organisation is free to go
    on."""
    told = await _locked(context, objection_id, whole_round=False)
    async with _closing(
        context, told.row, closing, "find_inadmissible", recorded="find_objection_inadmissible"
    ) as doing:
        doing.tell(candidate_id=told.row.candidate_id)
    return told


async def close_informal_objection(context: WriteContext, *, objection_id: UUID, closing: Closing) -> Told:
    """Close an informal objection: it blocks nothing, and is not left lying."""
    told = await _locked(context, objection_id, whole_round=False)
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
    """Objections with the candidate's name; who objected is not among it."""
    filters = {"round_id": round_id, "state": state, "classification": classification}
    rows = await objections.objections_page(
        context.session,
        after=request.after(**filters),
        limit=request.limit,
        round_id=round_id,
        state=state,
        classification=classification,
    )
    return request.page(await _told(context, rows), key=lambda told: told.row.id, **filters)


async def read_objection(context: ReadContext, *, objection_id: UUID) -> Told:
    """One objection with the candidate's name; who objected is not among it."""
    found = existing(await objections.objection(context.session, objection_id), "没有此异议", "No such objection")
    return (await _told(context, [found]))[0]


async def disclose_identity(
    context: WriteContext, *, objection_id: UUID, reason: str
) -> tuple[objections.Objection, str | None, str | None]:
    """Name and contact of the objector, each null where he gave none. Every reading is audited with its reason; the
    route has no dry run, so that there is none without a record."""
    row = (await read_objection(context, objection_id=objection_id)).row
    identity = await objections.identity_of(context.session, objection_id)
    audit.record(context, "disclose_identity", "objection", row.id, round_id=row.round_id, reason=reason)
    return row, identity.name if identity else None, identity.contact if identity else None


async def _locked(context: WriteContext, objection_id: UUID, *, whole_round: bool) -> Told:
    """The objection under its own lock; under the round's before it, where the list changes with it."""
    found = await read_objection(context, objection_id=objection_id)
    lock = rounds.lock if whole_round else rounds.share
    await lock(context.session, found.row.round_id)
    row = existing(await objections.lock_objection(context.session, objection_id), "没有此异议", "No such objection")
    return replace(found, row=row)


async def _told(context: ReadContext, rows: Sequence[tuple[objections.Objection, str]]) -> list[Told]:
    known = await objections.identities_of(context.session, [row.id for row, _ in rows])
    return [
        Told(row, name, redacted(row.facts, known.get(row.id)), redacted(row.evidence, known.get(row.id)))
        for row, name in rows
    ]


@asynccontextmanager
async def _closing(
    context: WriteContext, row: objections.Objection, closing: Closing, name: str, *, recorded: str | None = None
) -> AsyncIterator[Act]:
    """Close an objection by this act; inside is what follows from it."""
    async with act(context, OBJECTION, row, name, recorded=recorded) as doing:
        verified_by = str(context.actor.known_id)
        doing.hear(objection_closable(upheld=name == "uphold", reason=closing.reason, verified_by=verified_by))
        row.verification = closing.verification
        row.outcome_reason, row.outcome_public = closing.reason, closing.public_statement
        row.closed_at, row.closed_by = context.now, context.actor.known_id
        yield doing
