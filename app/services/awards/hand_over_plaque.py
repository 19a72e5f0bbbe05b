"""A plaque is handed over to its winner, whose award stands (Arts. 8, 22)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.plaques import plaque_due
from app.measures.state_machines import PLAQUE, AwardState
from app.measures.text import Text
from app.services.awards.plaques import locked_plaque
from app.services.days import not_before, not_in_future
from app.services.lifecycle import act
from app.store.awards import Award
from app.store.awards.plaques import Plaque


async def hand_over_plaque(
    context: WriteContext, *, plaque_id: UUID, handed_over_on: date, received_by: str, evidence: str
) -> tuple[Plaque, Award]:
    """When, to whom, and the paper that shows it."""
    row, award = await locked_plaque(context, plaque_id)
    async with act(context, PLAQUE, row, "hand_over_plaque", round_id=award.round_id) as doing:
        not_in_future(handed_over_on, context.today, "/handed_over_on")
        delivered = existing(row.delivered_on)
        not_before(handed_over_on, delivered, "/handed_over_on", Text("早于验收之日", "Before it was accepted"))
        doing.hear(plaque_due(first_award=award.first_award, award_state=AwardState(award.state)))
        row.handed_over_on, row.received_by, row.handover_evidence = handed_over_on, received_by, evidence
        doing.tell(award_id=award.id, number=row.number, handed_over_on=handed_over_on, received_by=received_by)
    return row, award
