"""A round ends without result (Art. 6, 10)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import WrongState
from app.measures.publicity import NoticeMark
from app.measures.state_machines import ROUND, RoundState
from app.measures.text import Text
from app.services.lifecycle import act, out_of_order
from app.services.rounds.read_rounds import locked
from app.store import approval, notices
from app.store import rounds as store


async def cancel_round(context: WriteContext, *, round_id: UUID, reason: str) -> store.Round:
    """End a round without result. It takes no ordinal and does not count for the cycle (Art. 6)."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "cancel_round") as doing:
        over = await over_already(context, row)
        if over is not None:
            raise over
        doing.hear()
        row.ordinal, row.cancelled_reason = None, reason
        for notice in await notices.of_round(context.session, row.id):
            notice.mark_as(NoticeMark.WITHDRAWN, on=context.today, basis=reason)
        doing.tell(reason=reason)
    return row


async def over_already(context: ReadContext, row: store.Round) -> WrongState | None:
    """Why a round whose list is proposed cannot end without result any more: a part of it is approved."""
    if row.state != RoundState.PROPOSED or not await approval.approvals_of(context.session, row.id):
        return None
    text = Text("县政府已审定部分获奖名单", "The government has approved a part of the list already")
    return out_of_order(ROUND, row, "cancel_round", wanted=["publicity"], message=text)
