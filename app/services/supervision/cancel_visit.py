"""A planned visit does not take place (Art. 27)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import VISIT
from app.services.lifecycle import act
from app.services.supervision.followed_award import locked_visit
from app.store import supervision


async def cancel_visit(context: WriteContext, *, visit_id: UUID, reason: str) -> supervision.Visit:
    """A planned visit does not take place."""
    row = await locked_visit(context, visit_id)
    async with act(context, VISIT, row, "cancel_visit") as doing:
        doing.hear()
        row.follow_up = reason
        doing.tell(reason=reason)
    return row
