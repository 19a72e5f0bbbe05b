"""What the investigator says of a report to all others (Art. 31)."""

from __future__ import annotations

from uuid import UUID

from app.kernel.context import WriteContext
from app.measures.state_machines import MARK_REPORT
from app.services.lifecycle import act
from app.services.supervision.mark_reports import locked_report, neutrally, only_the_investigator
from app.store import supervision


async def summarise_mark_report(context: WriteContext, *, report_id: UUID, summary: str) -> supervision.MarkReport:
    """What the investigator says of the report to all others, until it is followed up: it names nobody who reported."""
    row = await locked_report(context, report_id)
    async with act(context, MARK_REPORT, row, "summarise_mark_report") as doing:
        own = only_the_investigator(context, row)
        doing.hear([*own, *await neutrally(context, row, summary)])
        row.summary, row.summarised_at = summary, context.now
    return row
