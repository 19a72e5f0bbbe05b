"""A plaque has come from its maker and was found as ordered (Arts. 11, 22)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import PLAQUE
from app.measures.text import Text
from app.services.awards.plaques import locked_plaque
from app.services.days import not_before, not_in_future
from app.services.lifecycle import act
from app.store.awards import Award
from app.store.awards.plaques import Plaque


async def accept_plaque(context: WriteContext, *, plaque_id: UUID, delivered_on: date) -> tuple[Plaque, Award]:
    """The office has it now, to be handed over."""
    row, award = await locked_plaque(context, plaque_id)
    async with act(context, PLAQUE, row, "accept_plaque", round_id=award.round_id) as doing:
        not_in_future(delivered_on, context.today, "/delivered_on")
        not_before(delivered_on, row.ordered_on, "/delivered_on", Text("早于订制之日", "Before it was ordered"))
        doing.hear()
        row.delivered_on = delivered_on
        doing.tell(award_id=award.id, number=row.number, delivered_on=delivered_on)
    return row, award
