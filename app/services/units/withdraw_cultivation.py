"""A unit takes a record of cultivation or promotion back (Art. 12)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import NotFound
from app.measures.state_machines import CULTIVATION_RECORD
from app.measures.text import Text
from app.services.lifecycle import act
from app.store.units import cultivation as store


async def withdraw_cultivation(context: WriteContext, *, record_id: UUID, reason: str) -> store.CultivationLine:
    """The unit takes a record back; it stays to be read, as withdrawn."""
    row = await store.lock(context.session, record_id)
    if row is None or row.unit_id != context.actor.unit_id:
        raise NotFound("没有此记录", "No such record")
    text = Text("该记录已撤回", "It has been withdrawn already")
    async with act(context, CULTIVATION_RECORD, row, "withdraw_cultivation", message=text) as doing:
        doing.hear()
        row.withdrawn_at, row.withdrawal_reason = context.now, reason
        doing.tell(unit_id=row.unit_id, reason=reason)
    return await store.row(context.session, row.id)
