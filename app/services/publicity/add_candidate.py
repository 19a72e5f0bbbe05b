"""A name is added to the published list for a free seat, with a period of its own (Art. 21)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.kernel.context import WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Conflict
from app.measures.findings import fails
from app.measures.organs import proposer
from app.measures.publicity import NoticeKind
from app.measures.reasons import Reason
from app.measures.seats import seat_free_since
from app.measures.state_machines import ROUND, CandidateState
from app.services.deliberation.record_deliberation import read_deliberation
from app.services.instruments.in_force import round_parameters
from app.services.lifecycle import act
from app.services.notices.publish_notice import Publication
from app.services.publicity.chosen import Choice, _applicants, chosen_names, listed_period, put_on_the_list
from app.services.reviews.entrants import Entrant, entrants
from app.services.rounds.read_rounds import locked
from app.store import publicity as store
from app.store.rounds import Round


async def add_candidate(
    context: WriteContext, *, round_id: UUID, application_id: UUID, publication: Publication, choice: Choice | None
) -> Round:
    """Add a name during the publicity: it has its own full period; the others' go on (Art. 21)."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "add_candidate") as doing:
        listed = await store.candidates_of(context.session, row.id)
        if any(item.application_id == application_id for item in listed):
            there = fails("art21.publicity", Reason.ALREADY_CANDIDATE, next_act=None)
            raise Conflict(there, code=ProblemCode.ALREADY_CANDIDATE)
        meeting = await read_deliberation(context, round_id=round_id)
        known = await entrants(context, row)
        names = [*(item.application_id for item in listed if item.state == CandidateState.LISTED), application_id]
        # One that was taken off under no rule has not failed: whoever is put in its place was preferred to it.
        removed = {
            item.application_id
            for item in listed
            if item.state == CandidateState.REMOVED and item.removed_rule is not None
        }
        since = await store.list_published_on(context.session, row.id)
        not_before = max(since or meeting.meeting_on, _seat_free_on(row, listed, known.get(application_id)))
        chosen = await chosen_names(context, row, meeting, known, names, removed=removed, choice=choice)
        period, told = await listed_period(context, row, publication, not_before, _applicants([application_id], known))
        doing.hear([*proposer(role=context.actor.role, act="add_candidate"), *chosen, *told])
        notice = await put_on_the_list(context, row, [known[application_id]], NoticeKind.ADDITION, publication, period)
        doing.tell(application_id=application_id, choice=choice.reason if choice else None)
        doing.tell(notice_id=notice.id if notice else None)
    return row


def _seat_free_on(row: Round, listed: Sequence[store.Candidate], added: Entrant | None) -> date:
    """The day (Shanghai) on which a seat became free for a name, the earliest of days where it needs none: nobody can
    have been published for a seat that another name still held."""
    if added is None or not added.prize.takes_seat:
        return date.min
    free = seat_free_since(
        held=[
            (item.created_at, item.removed_at)
            for item in listed
            if item.seat_category == added.seat_category.value and not item.repeat_award
        ],
        seat_category=added.seat_category,
        parameters=round_parameters(row),
    )
    return date.min if free is None else shanghai_day(free)
