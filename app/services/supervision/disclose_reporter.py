"""The investigator reads a report as it came (Art. 31), each time on record."""

from __future__ import annotations

from uuid import UUID

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.errors import existing, refuse
from app.services.objections.releases import released
from app.services.supervision.mark_reports import neutrally, only_the_investigator, original_of
from app.store import supervision


async def disclose_reporter(context: WriteContext, *, report_id: UUID, reason: str) -> supervision.MarkReportOriginal:
    """The report as it came, for its investigator alone, while another person's release is in force. Every reading is
    audited with its reason; the route has no dry run, so that there is none without a record."""
    row = existing(await context.session.by_id(supervision.MarkReport, report_id), "没有此举报", "No such report")
    only_the_investigator(context, row)
    release = await released(context, row.id)
    original = await original_of(context, row)
    # The auditor reads the reason: it tells no more than any other word of the investigator.
    refuse(await neutrally(context, row, reason))
    release.read_at = release.read_at or context.now
    audit.record(context, "disclose_reporter", "mark_report", row.id, reason=reason)
    return original
