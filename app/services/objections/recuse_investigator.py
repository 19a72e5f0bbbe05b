"""The investigator of an objection withdraws for an interest in the matter (Art. 29)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.objections import by_its_investigator
from app.measures.state_machines import OBJECTION
from app.services.lifecycle import act
from app.services.objections.investigator import neutrally, only_the_investigator
from app.services.objections.read_objections import Told, locked
from app.services.objections.releases import end_releases
from app.store import objections


async def recuse_investigator(context: WriteContext, *, objection_id: UUID, reason: str) -> Told:
    """The investigator withdraws for an interest in the matter; the office assigns another. He investigates no
    objection to this organisation again."""
    told = await locked(context, objection_id)
    row = told.row
    async with act(context, OBJECTION, row, "recuse_investigator") as doing:
        only_the_investigator(context, row)
        doing.hear([*by_its_investigator(investigator=True), *await neutrally(context, row, reason)])
        context.session.add(
            objections.ObjectionRecusal(
                created_at=context.now,
                objection_id=row.id,
                account_id=context.actor.known_id,
                organisation_id=await objections.organisation_objected_to(context.session, row.candidate_id),
                reason=reason,
            )
        )
        row.investigator_id = row.conflict_check = None
        await end_releases(context, doing, row)
        doing.tell(reason=reason, former_investigator_id=context.actor.known_id)
    return told
