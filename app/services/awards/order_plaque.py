"""The plaque of a first award is ordered, with the name that its winner has confirmed (Arts. 8, 22)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import NotFound
from app.measures.plaques import plaque_orderable
from app.measures.state_machines import PLAQUE, AwardState, PlaqueState
from app.measures.text import Text
from app.services.awards.plaques import facts_of, in_circulation, next_number
from app.services.days import not_before, not_in_future
from app.services.lifecycle import create, enter
from app.store import awards as store
from app.store import papers
from app.store.awards import plaques
from app.store.awards.plaques import Plaque


async def order_plaque(context: WriteContext, *, award_id: UUID, ordered_on: date, maker: str | None) -> Plaque:
    """Order the plaque; one that takes the place of a lost one names it, and has a number of its own."""
    award = await store.lock(context.session, award_id)
    if award is None or award.conferred_on is None:
        raise NotFound("没有此获奖记录", "No such award")
    not_in_future(ordered_on, context.today, "/ordered_on")
    not_before(ordered_on, award.conferred_on, "/ordered_on", Text("早于通报表彰之日", "Before the decree"))
    known, made = await in_circulation(context, award.id), await plaques.of_award(context.session, award.id)
    said = await papers.last_confirmation(context.session, award.id)
    findings = plaque_orderable(
        name=award.awarded_name,
        name_confirmed=said is not None and said.confirmed and said.printed_name == award.awarded_name,
        first_award=award.first_award,
        award_state=AwardState(award.state),
        known=None if known is None else await facts_of(context, known),
    )
    lost = [item for item in made if item.state == PlaqueState.LOST]
    row = Plaque(
        created_at=context.now,
        award_id=award.id,
        replaces_id=lost[-1].id if lost else None,
        number=next_number(award, made),
        inscription=award.decreed_name or award.awarded_name,
        state=create(PLAQUE),
        maker=maker,
        ordered_on=ordered_on,
        ordered_by=context.actor.known_id,
    )
    await enter(
        context,
        row,
        "order_plaque",
        "plaque",
        round_id=award.round_id,
        findings=findings,
        award_id=award.id,
        number=row.number,
        ordered_on=ordered_on,
        inscription=row.inscription,
    )
    return row
