"""The investigator of a report withdraws for an interest in the matter (Arts. 29, 31)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import MARK_REPORT
from app.services.lifecycle import act
from app.services.objections.releases import end_releases
from app.services.supervision.mark_reports import locked_report, neutrally, only_the_investigator
from app.store import supervision


async def recuse_report_investigator(context: WriteContext, *, report_id: UUID, reason: str) -> supervision.MarkReport:
    """The investigator withdraws, and the office assigns another. He reads the original no more, and is not assigned to
    this report again."""
    row = await locked_report(context, report_id)
    async with act(context, MARK_REPORT, row, "recuse_report_investigator") as doing:
        own = only_the_investigator(context, row)
        doing.hear([*own, *await neutrally(context, row, reason)])
        recusal = supervision.MarkReportRecusal(
            created_at=context.now, report_id=row.id, account_id=context.actor.known_id, reason=reason
        )
        context.session.add(recusal)
        row.investigator_id = row.conflict_check = None
        await end_releases(context, doing, row)
        doing.tell(reason=reason, former_investigator_id=context.actor.known_id)
    return row
