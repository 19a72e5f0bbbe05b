"""Anyone reports a forged or misused mark, or a review that nobody may hold (Art. 31)."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.context import WriteContext
from app.kernel.security.passwords import fingerprint, random_secret
from app.measures.state_machines import MARK_REPORT
from app.measures.title_use import MarkReportKind
from app.services.lifecycle import create, enter
from app.store import supervision


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody has seen; name and contact are his to give or not."""

    kind: MarkReportKind
    subject: str
    description: str
    reporter_name: str | None
    reporter_contact: str | None


async def report_mark(
    context: WriteContext, *, report: Report, code: str | None = None
) -> tuple[supervision.MarkReport, str]:
    """Take a report from anyone; answers it with a tracking code that is shown once. `code`: the one that it was
    promised."""
    code = code or random_secret()
    row = supervision.MarkReport(
        created_at=context.now,
        kind=report.kind,
        state=create(MARK_REPORT),
        tracking_hash=fingerprint(code),
    )
    await enter(context, row, "take_mark_report", "mark_report", kind=report.kind)
    # Apart from the row that everybody works with: none but the investigator reads it.
    context.session.add(
        supervision.MarkReportOriginal(
            created_at=context.now,
            report_id=row.id,
            subject=report.subject,
            description=report.description,
            name=report.reporter_name,
            contact=report.reporter_contact,
        )
    )
    await context.session.flush()
    return row, code
