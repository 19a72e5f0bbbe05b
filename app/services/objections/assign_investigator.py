"""The office assigns the investigator of an objection (Art. 21, 29), or replaces him on record."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.objections import investigator_fit
from app.measures.state_machines import OBJECTION
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.services.objections.assignment import Assignment, of_the_office, put_in_place, replaces
from app.services.objections.investigator import neutrally
from app.services.objections.read_objections import Told, locked
from app.services.objections.releases import end_releases
from app.store import objections


async def assign_investigator(context: WriteContext, *, objection_id: UUID, assignment: Assignment) -> Told:
    """Assign an account of the office, or put another in its place: the former one reads the original no more."""
    told = await locked(context, objection_id)
    row = told.row
    async with act(context, OBJECTION, row, "assign_investigator") as doing:
        account_id = assignment.account_id
        fit = investigator_fit(
            of_the_office=await of_the_office(context, account_id),
            recused=await objections.has_recused(
                context.session,
                account_id=account_id,
                organisation_id=await objections.organisation_objected_to(context.session, row.candidate_id),
            ),
            replaces=replaces(row, assignment),
            reason=assignment.reason,
        )
        doing.hear([*fit, *await neutrally(context, row, assignment.conflict_check, assignment.reason)])
        put_in_place(doing, row, assignment)
        await end_releases(context, doing, row)
        doing.rest_on(await readings(context.session, context.today), "objection_original")
    return told
