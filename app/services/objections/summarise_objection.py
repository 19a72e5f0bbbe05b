"""What the investigator says of an objection to all others (Art. 21)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.objections import by_its_investigator
from app.measures.state_machines import OBJECTION
from app.services.lifecycle import act
from app.services.objections.investigator import known, neutrally, only_the_investigator
from app.services.objections.read_objections import Told, locked


async def summarise_objection(context: WriteContext, *, objection_id: UUID, summary: str) -> Told:
    """What the investigator says of the objection to all others, while it is open: it names nobody who objected, and
    is said by who has read it."""
    told = await locked(context, objection_id)
    row = told.row
    async with act(context, OBJECTION, row, "summarise_objection") as doing:
        only_the_investigator(context, row)
        read = await known(context, row)
        doing.hear([*by_its_investigator(investigator=True), *read, *await neutrally(context, row, summary)])
        row.summary, row.summarised_at = summary, context.now
    return told
