"""The office decides an objection (Art. 21), with a reason, on the summary of its investigator."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.objections import ObjectionOutcome, asked_when_upheld
from app.measures.organs import proposer
from app.measures.state_machines import ROUND, AwardState, CandidateState, RoundState
from app.services.lifecycle import move
from app.services.objections.closing import Closing, closed
from app.services.objections.read_objections import Told, locked
from app.services.publicity.candidates import take_out
from app.services.publicity.conclude_round import conclude_if_decreed
from app.store import publicity as store
from app.store import rounds
from app.store.qualification import award_state


async def decide_objection(
    context: WriteContext, *, objection_id: UUID, outcome: ObjectionOutcome, closing: Closing
) -> Told:
    """Close a formal objection by its outcome; one that is inadmissible also without a verification."""
    return await _OUTCOMES[outcome](context, objection_id, closing)


async def _uphold(context: WriteContext, objection_id: UUID, closing: Closing) -> Told:
    """The objection stands: its organisation leaves the list. A substitute needs its own publicity. Entered so late
    that the award is conferred, it takes nothing away by itself: a case of revocation does."""
    told = await locked(context, objection_id, whole_round=True)
    row = told.row
    round_row = await rounds.get(context.session, row.round_id)
    async with closed(context, row, closing, "uphold", recorded="uphold_objection") as doing:
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
        doing.tell(candidate_id=row.candidate_id)
    if round_row is not None:
        await conclude_if_decreed(context, round_row)
    return replace(told, due=due)


async def _dismiss(context: WriteContext, objection_id: UUID, closing: Closing) -> Told:
    """The objection does not stand; the reason is recorded, and the organisation is free to go on."""
    told = await locked(context, objection_id)
    async with closed(context, told.row, closing, "dismiss", recorded="dismiss_objection") as doing:
        doing.tell(candidate_id=told.row.candidate_id)
    return told


async def _find_inadmissible(context: WriteContext, objection_id: UUID, closing: Closing) -> Told:
    """The objection is none that can be verified: closed in one act, with the reason; the organisation is free to go
    on."""
    told = await locked(context, objection_id)
    async with closed(context, told.row, closing, "find_inadmissible", recorded="find_objection_inadmissible") as doing:
        doing.tell(candidate_id=told.row.candidate_id)
    return told


_OUTCOMES: Mapping[ObjectionOutcome, Callable[[WriteContext, UUID, Closing], Awaitable[Told]]] = {
    ObjectionOutcome.UPHELD: _uphold,
    ObjectionOutcome.DISMISSED: _dismiss,
    ObjectionOutcome.INADMISSIBLE: _find_inadmissible,
}
