"""The office closes an informal objection with an answer (Art. 21)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.services.objections.closing import Closing, closed
from app.services.objections.read_objections import Told, locked


async def close_informal_objection(context: WriteContext, *, objection_id: UUID, closing: Closing) -> Told:
    """Close an informal objection: it blocks nothing, and is not left lying."""
    told = await locked(context, objection_id)
    async with closed(context, told.row, closing, "close_informal_objection"):
        return told
