"""Reports of forged or misused marks and reviews (Art. 31) as they are read and locked. Their investigator alone reads
one as it came; what is said of it names nobody."""

from __future__ import annotations

from uuid import UUID

from app.kernel.chinese import simplified
from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import Forbidden, existing
from app.kernel.paging import Page, PageRequest
from app.kernel.security.passwords import fingerprint
from app.measures.exclusivity import names_no_reporter, report_by_its_investigator, report_has_summary
from app.measures.findings import Finding
from app.measures.text import Text
from app.store import supervision
from app.store.objections.disclosures import was_disclosed


def standing(context: ReadContext, row: supervision.MarkReport) -> dict[str, list[Finding]]:
    """By act: what the measures say of it on the present facts."""
    return {
        "recuse_report_investigator": report_by_its_investigator(investigator=_is_investigator(context, row)),
        "summarise_mark_report": report_by_its_investigator(investigator=_is_investigator(context, row)),
        "follow_up_mark_report": report_has_summary(summarised=row.summary is not None),
    }


async def locked_report(context: WriteContext, report_id: UUID) -> supervision.MarkReport:
    """The report, locked until the transaction ends."""
    found = await context.session.get(supervision.MarkReport, report_id, with_for_update=True)
    return existing(found, "没有此举报", "No such report")


async def original_of(context: ReadContext, row: supervision.MarkReport) -> supervision.MarkReportOriginal:
    """The report as it came; the caller is its investigator."""
    found = await supervision.mark_report_original(context.session, row.id)
    if found is None:
        raise RuntimeError("a report without its original")
    return found


async def neutrally(context: ReadContext, row: supervision.MarkReport, *said: str | None) -> list[Finding]:
    """Whether what the caller says for others to read names nobody who reported. Asked of an investigator who
    has read it: nobody else knows, and an answer would tell him."""
    own = context.actor.account_id
    if not (_is_investigator(context, row) and await was_disclosed(context.session, report_id=row.id, account_id=own)):
        return []
    original = await original_of(context, row)
    return names_no_reporter(
        said=simplified("\n".join(text for text in said if text)),
        name=simplified(original.name or ""),
        contact=simplified(original.contact or ""),
        original=simplified(f"{original.subject}\n{original.description}"),
    )


def _is_investigator(context: ReadContext, row: supervision.MarkReport) -> bool:
    return row.investigator_id is not None and row.investigator_id == context.actor.account_id


def only_the_investigator(context: ReadContext, row: supervision.MarkReport) -> list[Finding]:
    """`Forbidden` for everybody but the report's investigator; the findings that say he is."""
    findings = report_by_its_investigator(investigator=_is_investigator(context, row))
    if not _is_investigator(context, row):
        text = Text("举报原文只有该举报的承办人可以查看", "Only its investigator reads a report as it came")
        raise Forbidden(text, findings=findings)
    return findings


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
