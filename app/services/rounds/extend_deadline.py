"""The day for applications is moved to a later one while it runs (Art. 16)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.call import deadline_extendable
from app.measures.deadlines import DeadlineKind
from app.measures.fees import published_without_fee
from app.measures.findings import obstacles
from app.measures.state_machines import ROUND
from app.services.lifecycle import act
from app.services.rounds.read_rounds import locked
from app.store import rounds as store


async def extend_deadline(
    context: WriteContext, *, round_id: UUID, new_deadline: date, reason: str, channel: str
) -> store.Round:
    """Move the deadline to a later day while it runs; published like the call, with who and why."""
    row = await locked(context, round_id)
    async with act(context, ROUND, row, "extend_deadline") as doing:
        if row.deadline is None:
            raise RuntimeError("a round was called without a deadline")
        free = obstacles(published_without_fee(texts=[reason, channel]))
        doing.hear([*deadline_extendable(current=row.deadline, new=new_deadline, at=context.now), *free])
        context.session.add(
            store.DeadlineExtension(
                created_at=context.now,
                round_id=row.id,
                kind=DeadlineKind.SUBMISSION,
                old_deadline=row.deadline,
                new_deadline=new_deadline,
                reason=reason,
                channel=channel,
                decided_by=context.actor.known_id,
            )
        )
        doing.tell(old=row.deadline, new=new_deadline, reason=reason, channel=channel)
        row.deadline = new_deadline
    return row
