"""A round ends without result (Art. 6, 10)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
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
        if row.state == RoundState.PROPOSED and await approval.approvals_of(context.session, row.id):
            text = Text("县政府已审定部分获奖名单", "The government has approved a part of the list already")
            raise out_of_order(context, ROUND, row, "cancel_round", wanted=["publicity"], message=text)
        doing.hear()
        row.ordinal, row.cancelled_reason = None, reason
        for notice in await notices.of_round(context.session, row.id):
            notice.mark_as(NoticeMark.WITHDRAWN, on=context.today, basis=reason)
        doing.tell(reason=reason)
    return row
