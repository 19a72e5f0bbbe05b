"""A plaque is lost or destroyed, with its office or its winner (Art. 22)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.state_machines import PLAQUE
from app.measures.text import Text
from app.services.awards.plaques import locked_plaque
from app.services.days import not_before, not_in_future
from app.services.lifecycle import act
from app.store.awards import Award
from app.store.awards.plaques import Plaque


async def report_plaque_lost(
    context: WriteContext, *, plaque_id: UUID, lost_on: date, reason: str
) -> tuple[Plaque, Award]:
    """Another one may be ordered in its place. Where it turns up again it can still come back."""
    row, award = await locked_plaque(context, plaque_id)
    async with act(context, PLAQUE, row, "report_plaque_lost", round_id=award.round_id) as doing:
        not_in_future(lost_on, context.today, "/lost_on")
        since = row.handed_over_on or existing(row.delivered_on)
        not_before(lost_on, since, "/lost_on", Text("早于验收或者颁发之日", "Before it was accepted or handed over"))
        doing.hear()
        row.lost_on, row.lost_reason = lost_on, reason
        doing.tell(award_id=award.id, number=row.number, lost_on=lost_on, reason=reason)
    return row, award
