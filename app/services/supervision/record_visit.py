"""What a visit to a winner found (Art. 27)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import VISIT
from app.measures.visits import VisitFacts, visit_complete
from app.services.days import not_in_future
from app.services.lifecycle import act
from app.services.supervision.followed_award import award_facts, conferred_award, locked_visit
from app.store import supervision


async def record_visit(
    context: WriteContext, *, visit_id: UUID, visited_on: date, visitors: list[str], findings: str, follow_up: str
) -> supervision.Visit:
    """Record what a planned visit found and what follows from it."""
    row = await locked_visit(context, visit_id)
    award, parameters = await conferred_award(context, row.award_id)
    async with act(context, VISIT, row, "record_visit", round_id=award.round_id) as doing:
        not_in_future(visited_on, context.today, "/visited_on")
        facts = VisitFacts(
            plan=row.planned_on.isoformat(),
            visited_on=visited_on,
            visitors=tuple(visitors),
            findings=findings,
            follow_up=follow_up,
        )
        doing.hear(visit_complete(visit=facts, award=award_facts(award), parameters=parameters))
        row.visited_on, row.visitors, row.findings, row.follow_up = visited_on, visitors, findings, follow_up
        doing.tell(award_id=award.id)
    return row
