"""The office assigns the investigator of a report (Art. 31), or replaces him on record."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.exclusivity import report_investigator_fit
from app.measures.state_machines import MARK_REPORT
from app.services.instruments.in_force import readings
from app.services.lifecycle import act
from app.services.objections.assignment import Assignment, of_the_office, put_in_place, replaces
from app.services.objections.releases import end_releases
from app.services.supervision.mark_reports import locked_report, neutrally
from app.store import supervision


async def assign_report_investigator(
    context: WriteContext, *, report_id: UUID, assignment: Assignment
) -> supervision.MarkReport:
    """Assign an account of the office, or put another in its place: the former one reads the original no more."""
    row = await locked_report(context, report_id)
    async with act(context, MARK_REPORT, row, "assign_report_investigator") as doing:
        account_id = assignment.account_id
        fit = report_investigator_fit(
            of_the_office=await of_the_office(context, account_id),
            recused=await supervision.has_recused(context.session, report_id=row.id, account_id=account_id),
            replaces=replaces(row, assignment),
            reason=assignment.reason,
        )
        doing.hear([*fit, *await neutrally(context, row, assignment.conflict_check, assignment.reason)])
        put_in_place(doing, row, assignment)
        await end_releases(context, doing, row)
        doing.rest_on(await readings(context.session, context.today), "report_original")
    return row
