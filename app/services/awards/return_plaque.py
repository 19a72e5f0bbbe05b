"""A plaque that had come back goes to its winner again, whose award stands by a review (Arts. 22, 28)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.plaques import plaque_returnable
from app.measures.state_machines import PLAQUE, AwardState
from app.measures.text import Text
from app.services.awards.plaques import facts_of, locked_plaque
from app.services.days import not_before, not_in_future
from app.services.lifecycle import act
from app.store.awards import Award
from app.store.awards.plaques import Plaque


async def return_plaque(
    context: WriteContext, *, plaque_id: UUID, returned_on: date, evidence: str
) -> tuple[Plaque, Award]:
    """When, and the paper that shows it."""
    row, award = await locked_plaque(context, plaque_id)
    async with act(context, PLAQUE, row, "return_plaque", round_id=award.round_id) as doing:
        not_in_future(returned_on, context.today, "/returned_on")
        not_before(returned_on, existing(row.recovered_on), "/returned_on", Text("早于收回之日", "Before it came back"))
        facts, state = await facts_of(context, row), AwardState(award.state)
        doing.hear(plaque_returnable(plaque=facts, first_award=award.first_award, award_state=state))
        row.returned_on, row.return_evidence = returned_on, evidence
        doing.tell(award_id=award.id, number=row.number, returned_on=returned_on)
    return row, award
