"""What was done about a report is put on record (Art. 31)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.exclusivity import report_has_summary
from app.measures.state_machines import MARK_REPORT
from app.services.lifecycle import act
from app.services.supervision.mark_reports import locked_report, neutrally
from app.store import supervision


async def follow_up_mark_report(context: WriteContext, *, report_id: UUID, text: str) -> supervision.MarkReport:
    """Record what was done about a report, as its investigator has summarised it."""
    row = await locked_report(context, report_id)
    async with act(context, MARK_REPORT, row, "follow_up_mark_report") as doing:
        doing.hear([*report_has_summary(summarised=row.summary is not None), *await neutrally(context, row, text)])
        row.follow_up, row.followed_up_by, row.followed_up_at = text, context.actor.known_id, context.now
    return row
