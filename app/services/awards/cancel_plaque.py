"""A plaque that was not handed over is not to be any more: its order was wrong, or its award is revoked (Art. 22)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import PLAQUE
from app.services.awards.plaques import locked_plaque
from app.services.lifecycle import act
from app.store.awards import Award
from app.store.awards.plaques import Plaque


async def cancel_plaque(context: WriteContext, *, plaque_id: UUID, reason: str) -> tuple[Plaque, Award]:
    """It is out of the inventory, with the reason."""
    row, award = await locked_plaque(context, plaque_id)
    async with act(context, PLAQUE, row, "cancel_plaque", round_id=award.round_id) as doing:
        doing.hear()
        row.cancelled_reason = reason
        doing.tell(award_id=award.id, number=row.number, reason=reason)
    return row, award
