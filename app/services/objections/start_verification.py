"""The office begins to verify a formal objection (Art. 21)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.objections import has_investigator
from app.measures.state_machines import OBJECTION
from app.services.lifecycle import act
from app.services.objections.investigator import neutrally
from app.services.objections.read_objections import Told, locked


async def start_verification(context: WriteContext, *, objection_id: UUID, plan: str) -> Told:
    """Begin to verify a formal objection; somebody has been assigned to investigate it."""
    told = await locked(context, objection_id)
    async with act(context, OBJECTION, told.row, "start_verification") as doing:
        neutral = await neutrally(context, told.row, plan)
        doing.hear([*has_investigator(assigned=told.row.investigator_id is not None), *neutral])
        told.row.verification = plan
    return told
