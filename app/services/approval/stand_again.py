"""A decree is entered after a withdrawal of its own day, or of a later one (Arts. 3, 22): the name stands as it stood
on the day of the decree, in whichever order the two are entered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.conferral import stood_when_withdrawn
from app.measures.publicity import NoticeMark
from app.measures.state_machines import APPLICATION, AWARD, CANDIDATE, AwardState
from app.services.lifecycle import one_of_many
from app.services.notices.publish_notice import mark_notice
from app.services.reviews.entrants import Entrant
from app.store import applications, awards, publicity
from app.store.rounds import Round


def withdrawn_since(made: Sequence[awards.Award], dated: date) -> list[awards.Award]:
    """The awards of a round that were given up at their own wish on that day or later, and stood on it."""
    return [
        item
        for item in made
        if item.state == AwardState.WITHDRAWN
        and item.withdrawn_ground is None
        and item.withdrawn_on is not None
        and stood_when_withdrawn(dated=dated, withdrawn_on=item.withdrawn_on)
    ]


async def stand_again(
    context: WriteContext, row: Round, award: awards.Award, entrant: Entrant, *, free_number: int | None
) -> None:
    """Award, name and application are what they were on the day of the decree, which confers the award then; the
    withdrawal renounces an award that stands, and stays on record with its entry. `free_number`: of the seat that it
    takes again, where it has lost its own since."""
    candidate = existing(await context.session.by_id(publicity.Candidate, award.candidate_id))
    (application,) = await applications.lock(context.session, [award.application_id])
    withdrawn_on = award.withdrawn_on
    with one_of_many(context, AWARD, award, "stand_again") as doing:
        doing.hear()
        award.withdrawn_on = award.withdrawn_reason = None
        if free_number is not None:
            award.seat_category, award.seat_number = entrant.seat_category, free_number
        doing.tell(withdrawn_on=withdrawn_on)
    with one_of_many(context, CANDIDATE, candidate, "stand_again") as doing:
        doing.hear()
        candidate.removed_reason = candidate.removed_rule = None
        candidate.removed_at = candidate.withdrawn_on = None
        doing.tell(withdrawn_on=withdrawn_on)
    with one_of_many(context, APPLICATION, application, "stand_again", round_id=row.id) as doing:
        doing.hear()
        application.closed_at = application.closed_reason = application.closed_rule = None
        doing.tell(withdrawn_on=withdrawn_on)
    await mark_notice(context, candidate.notice_id, NoticeMark.CORRECTED, on=context.today)
    await context.session.flush()
