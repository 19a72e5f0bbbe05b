"""The office ends an entry of the register of media (Art. 21): the medium has closed, or is none any more."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.errors import existing
from app.measures.publicity import medium_ended
from app.measures.state_machines import MEDIUM
from app.measures.text import Text
from app.services.lifecycle import act
from app.store import notices as store


async def end_medium(context: WriteContext, *, medium_id: UUID, ended_on: date, reason: str) -> store.RegisteredMedium:
    """End the entry with its last day. What the medium published until then stays as it is; a publication of a later
    day is none of it."""
    found = await context.session.get(store.RegisteredMedium, medium_id, with_for_update=True)
    row = existing(found, "没有此媒体", "No such medium")
    text = Text("该媒体已停用", "It has ended already")
    async with act(context, MEDIUM, row, "end_medium", message=text) as doing:
        doing.hear(medium_ended(ended_on=ended_on, today=context.today))
        row.ended_on, row.ended_reason, row.ended_by = ended_on, reason, context.actor.known_id
        doing.tell(name=row.name, ended_on=ended_on, reason=reason)
    return row
