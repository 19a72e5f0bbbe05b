"""Reports by anyone of forged or misused marks and of reviews that nobody may hold (Art. 31)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import existing
from app.kernel.paging import Page, PageRequest
from app.kernel.security.passwords import fingerprint, random_secret
from app.measures.state_machines import MARK_REPORT
from app.measures.title_use import MarkReportKind
from app.services.lifecycle import create, enter
from app.store import revocations, supervision
from app.store.organisations import Organisation


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody has seen; name and contact are his to give or not."""

    kind: MarkReportKind
    subject: str
    description: str
    reporter_name: str | None
    reporter_contact: str | None


async def report_mark(context: WriteContext, *, report: Report) -> tuple[supervision.MarkReport, str]:
    """Take a report from anyone; answers it with a tracking code that is shown once."""
    code = random_secret()
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


async def status_of(context: ReadContext, *, code: str) -> supervision.MarkReport:
    """The report of a tracking code; `NotFound` for any other code."""
    return existing(
        await supervision.mark_report_by_tracking_code(context.session, fingerprint(code)),
        "没有此回执",
        "No such tracking code",
    )


async def list_reports(
    context: ReadContext, *, request: PageRequest, state: str | None
) -> Page[supervision.MarkReport]:
    """Reports, for the office and the auditor; neither their text nor who reported is among it."""
    rows = await supervision.mark_reports_page(
        context.session, after=request.after(state=state), limit=request.limit, state=state
    )
    return request.page(rows, key=lambda row: row.id, state=state)


async def list_exclusions(
    context: ReadContext, *, request: PageRequest, on: date | None
) -> Page[tuple[revocations.Exclusion, Organisation]]:
    """Who may not take part, until when: public, so that upper-level awards can read it too (Art. 26, 28)."""
    rows = await revocations.exclusions_page(context.session, after=request.after(on=on), limit=request.limit, on=on)
    return request.page(rows, key=lambda row: row[0].id, on=on)
