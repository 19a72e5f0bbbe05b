"""A visit to a winner is planned (Art. 27)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.state_machines import VISIT
from app.measures.validity import valid_on
from app.services.lifecycle import create, enter
from app.services.supervision.followed_award import award_facts, conferred_award
from app.store import supervision


async def plan_visit(
    context: WriteContext, *, award_id: UUID, planned_on: date, visitors: list[str]
) -> supervision.Visit:
    """Plan a visit to a current winner."""
    award, parameters = await conferred_award(context, award_id)
    refuse(valid_on(award=award_facts(award), on=planned_on, parameters=parameters))
    row = supervision.Visit(
        created_at=context.now,
        award_id=award.id,
        state=create(VISIT),
        planned_on=planned_on,
        visitors=visitors,
        recorded_by=context.actor.known_id,
    )
    about = award.round_id
    await enter(context, row, "plan_visit", "visit", round_id=about, award_id=award.id, planned_on=planned_on)
    return row
