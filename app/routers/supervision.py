"""Visits, use of the title, sharing, reports of forgery (Arts. 23 to 27, 31)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.field_formats import Format
from app.measures.roles import Role
from app.measures.state_machines import MARK_REPORT
from app.schemas.common import PageOut, action_views, page_view
from app.schemas.objections import DisclosureIn
from app.schemas.supervision import (
    CancelVisitIn,
    CorrectionIn,
    DisclosureDecisionIn,
    DisclosureOut,
    DisclosureRequestIn,
    DisclosureWithdrawalIn,
    FollowUpIn,
    MarkReportIn,
    MarkReportOut,
    MarkReportStatus,
    MarkReportSubmission,
    MisuseIn,
    MisuseOut,
    ReporterOut,
    ReportInvestigatorIn,
    ReportRecusalIn,
    ReportSummaryIn,
    SharingIn,
    SharingOut,
    VisitFindingsIn,
    VisitIn,
    VisitOut,
)
from app.schemas.words import MarkReportStateSent
from app.services.lifecycle import available_actions
from app.services.objections.assignment import Assignment
from app.services.supervision import ask_disclosure as ask
from app.services.supervision import assign_report_investigator as assign
from app.services.supervision import cancel_visit as cancellation
from app.services.supervision import decide_disclosure as decide
from app.services.supervision import disclose_reporter as disclose
from app.services.supervision import disclosures, followed_award, mark_reports
from app.services.supervision import follow_up_mark_report as follow
from app.services.supervision import plan_visit as plan
from app.services.supervision import record_misuse as misuses
from app.services.supervision import record_misuse_correction as correction
from app.services.supervision import record_sharing as sharings
from app.services.supervision import record_visit as record
from app.services.supervision import recuse_report_investigator as recusal
from app.services.supervision import report_mark as report
from app.services.supervision import summarise_mark_report as summarise
from app.services.supervision import withdraw_disclosure as withdraw
from app.store.supervision import MarkReport, TitleMisuse, Visit
from app.web.policy import Paging, Route, acting, promised_code, reading, show_once
from app.web.streaming import staging

router = APIRouter(prefix="/v1", route_class=Route, tags=["supervision"])


_INSIDE = (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)


@router.post("/awards/{award_id}/visits", summary="Plan a visit", status_code=201)
async def plan_visit(award_id: UUID, body: VisitIn, context: Annotated[WriteContext, acting(Role.OFFICE)]) -> VisitOut:
    """Plans a visit to a current winner (Art. 27)."""
    row = await plan.plan_visit(context, award_id=award_id, planned_on=body.planned_on, visitors=list(body.visitors))
    return VisitOut.model_validate(row)


@router.get("/awards/{award_id}/visits", summary="Visits to a winner")
async def list_visits(
    award_id: UUID, paging: Paging, context: Annotated[ReadContext, reading(*_INSIDE, Role.APPLICANT)]
) -> PageOut[VisitOut]:
    """Planned and made visits (Art. 27); a winner reads its own."""
    page = await followed_award.list_followed(context, model=Visit, award_id=award_id, request=paging)
    return page_view(page, VisitOut.model_validate)


@router.post("/visits/{visit_id}/findings", summary="Record a visit")
async def record_visit(
    visit_id: UUID, body: VisitFindingsIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> VisitOut:
    """What the visit found and what follows from it (Art. 27)."""
    row = await record.record_visit(
        context,
        visit_id=visit_id,
        visited_on=body.visited_on,
        visitors=list(body.visitors),
        findings=body.findings,
        follow_up=body.follow_up,
    )
    return VisitOut.model_validate(row)


@router.post("/visits/{visit_id}/cancellation", summary="Cancel a visit")
async def cancel_visit(
    visit_id: UUID, body: CancelVisitIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> VisitOut:
    """A planned visit does not take place (Art. 27)."""
    return VisitOut.model_validate(await cancellation.cancel_visit(context, visit_id=visit_id, reason=body.reason))


@router.post("/awards/{award_id}/title-misuses", summary="Record a misuse of the title", status_code=201)
async def record_misuse(
    award_id: UUID, body: MisuseIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> MisuseOut:
    """A use that Art. 23 forbids, with its correction order; by itself it revokes nothing."""
    misuse = misuses.Misuse(**body.model_dump())
    return MisuseOut.model_validate(await misuses.record_misuse(context, award_id=award_id, misuse=misuse))


@router.get("/awards/{award_id}/title-misuses", summary="Misuses of the title")
async def list_misuses(
    award_id: UUID, paging: Paging, context: Annotated[ReadContext, reading(*_INSIDE, Role.APPLICANT)]
) -> PageOut[MisuseOut]:
    """Recorded misuses and their correction (Art. 23); a winner reads its own."""
    page = await followed_award.list_followed(context, model=TitleMisuse, award_id=award_id, request=paging)
    return page_view(page, MisuseOut.model_validate)


@router.post("/title-misuses/{misuse_id}/correction", summary="Record a correction")
async def record_misuse_correction(
    misuse_id: UUID, body: CorrectionIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> MisuseOut:
    """The misuse has been corrected (Art. 23)."""
    row = await correction.record_misuse_correction(
        context, misuse_id=misuse_id, corrected_on=body.corrected_on, correction=body.correction
    )
    return MisuseOut.model_validate(row)


@router.post("/awards/{award_id}/sharing-activities", summary="Record sharing of experience", status_code=201)
async def record_sharing(
    award_id: UUID, body: SharingIn, context: Annotated[WriteContext, acting(Role.OFFICE, Role.APPLICANT)]
) -> SharingOut:
    """Sharing by a winner, or declining on the ground of a trade secret, which is legitimate (Art. 25)."""
    row = await sharings.record_sharing(context, award_id=award_id, sharing=sharings.Sharing(**body.model_dump()))
    return SharingOut.model_validate(row)


@router.get("/awards/{award_id}/sharing-activities", summary="Sharing of experience")
async def list_sharing(
    award_id: UUID, paging: Paging, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> PageOut[SharingOut]:
    """What a winner has shared, for everybody to learn from (Art. 25). What is marked a trade secret, and what was
    declined, is read by the winner, the office, the government and the auditor only."""
    page = await followed_award.list_sharing(context, award_id=award_id, request=paging)
    return page_view(page, SharingOut.model_validate)


@router.post("/mark-reports", summary="Report a forged or misused mark", status_code=201)
async def report_mark(
    body: MarkReportIn,
    request: Request,
    context: Annotated[StreamContext, staging(Role.PUBLIC, plain=False, anonymous=True)],
) -> MarkReportSubmission:
    """Anyone may report forgery or misuse of mark, plaque or certificate, or a review that nobody may hold (Art.
    31)."""
    request.app.state.throttle.public_post(request.client.host if request.client else "")
    show_once(request, "tracking_code")
    write = await context.writing()
    said = report.Report(**body.model_dump())
    row, code = await report.report_mark(write, report=said, code=promised_code(request))
    return MarkReportSubmission(id=row.id, tracking_code=None if write.dry_run else code)


@router.get("/mark-report-status/{tracking_code}", summary="What became of my report")
async def read_mark_report_status(
    tracking_code: Annotated[str, Path(min_length=43, max_length=43, pattern=Format.TRACKING_CODE.value)],
    response: Response,
    context: Annotated[ReadContext, reading(Role.PUBLIC)],
) -> MarkReportStatus:
    """Whether a report of forgery or misuse is followed up, for whoever holds its tracking code (Art. 31)."""
    response.headers["Cache-Control"] = "no-store"
    row = await mark_reports.status_of(context, code=tracking_code)
    return MarkReportStatus(
        kind=row.kind, state=row.state, received_at=row.created_at, followed_up_at=row.followed_up_at
    )


@router.post("/mark-reports/{report_id}/investigator", summary="Assign an investigator of a report")
async def assign_report_investigator(
    report_id: UUID, body: ReportInvestigatorIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> MarkReportOut:
    """Who looks into a report (Art. 31): a person of the office, free of interests in the matter. Nobody else reads it
    as it came. Another in the same place needs a reason, and the former one reads it no more."""
    assignment = Assignment(body.account_id, body.conflict_check, body.reason)
    row = await assign.assign_report_investigator(context, report_id=report_id, assignment=assignment)
    return _report(context, row)


@router.post("/mark-reports/{report_id}/investigator-recusal", summary="Recuse oneself from a report")
async def recuse_report_investigator(
    report_id: UUID, body: ReportRecusalIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> MarkReportOut:
    """The investigator of a report withdraws for an interest in the matter, for good; the office assigns another, and
    nobody else reads the report meanwhile (Art. 29, 31)."""
    return _report(context, await recusal.recuse_report_investigator(context, report_id=report_id, reason=body.reason))


@router.post("/mark-reports/{report_id}/summary", summary="Summarise a report")
async def summarise_mark_report(
    report_id: UUID, body: ReportSummaryIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> MarkReportOut:
    """What its investigator says of a report, for everybody else to work with (Art. 31). A summary that gives the
    reporter's name or contact is refused."""
    return _report(context, await summarise.summarise_mark_report(context, report_id=report_id, summary=body.summary))


@router.post("/mark-reports/{report_id}/identity-disclosure", summary="Read a report as it came")
async def disclose_reporter(
    report_id: UUID,
    body: DisclosureIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, plain=True, proof=True)],
) -> ReporterOut:
    """What was reported, by whom and how to reach the reporter (Art. 31), for the investigator of the report alone,
    while another person's release is in force (`ask_disclosure`), with a reason for the log. Each reading is a new one:
    there is no dry run, and the answer is not stored for an `Idempotency-Key`."""
    response.headers["Cache-Control"] = "no-store"
    found = await disclose.disclose_reporter(context, report_id=report_id, reason=body.reason)
    return ReporterOut(
        report_id=report_id,
        subject=found.subject,
        description=found.description,
        name=found.name,
        contact=found.contact,
    )


@router.post("/disclosures", summary="Ask to read what came in", status_code=201)
async def ask_disclosure(
    body: DisclosureRequestIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> DisclosureOut:
    """The investigator of an objection (Art. 21) or a report (Art. 31) asks to read it as it came. It takes two:
    another person of the office, or of the government, decides before the request ends."""
    return _disclosure(await ask.ask_disclosure(context, **body.model_dump()))


@router.get("/disclosures", summary="Requests to read what came in")
async def list_disclosures(
    paging: Paging, context: Annotated[ReadContext, reading(*_INSIDE)]
) -> PageOut[DisclosureOut]:
    """Who has asked to read an objection (Art. 21) or a report (Art. 31) as it came, why, and who has decided it; the
    newest first."""
    return page_view(await disclosures.list_disclosures(context, request=paging), _disclosure)


@router.post("/disclosures/{disclosure_id}/decision", summary="Decide on a disclosure")
async def decide_disclosure(
    disclosure_id: UUID,
    body: DisclosureDecisionIn,
    context: Annotated[WriteContext, acting(Role.OFFICE, Role.GOVERNMENT, proof=True)],
) -> DisclosureOut:
    """Another person, free of interests in the matter (Art. 29), releases it to its investigator for three days, or
    refuses (Art. 21, 31). Who asks never decides; whoever decides reads nothing by it."""
    told = await decide.decide_disclosure(
        context, disclosure_id=disclosure_id, outcome=body.outcome, statement=body.statement
    )
    return _disclosure(told)


@router.post("/disclosures/{disclosure_id}/withdrawal", summary="Withdraw the release of a disclosure")
async def withdraw_disclosure(
    disclosure_id: UUID,
    body: DisclosureWithdrawalIn,
    context: Annotated[WriteContext, acting(Role.OFFICE, Role.GOVERNMENT)],
) -> DisclosureOut:
    """Whoever released it, or another person who may decide, ends the release at once (Art. 21, 31). It ends by itself
    when another becomes investigator, or the account that released it is stopped."""
    return _disclosure(await withdraw.withdraw_disclosure(context, disclosure_id=disclosure_id, reason=body.reason))


def _disclosure(told: disclosures.ToldDisclosure) -> DisclosureOut:
    row = told.row
    return DisclosureOut(
        id=row.id,
        matter=row.matter,
        matter_id=row.matter_id,
        published_name=told.published_name,
        asked_by=row.asked_by,
        created_at=row.created_at,
        reason=row.reason,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        outcome=row.outcome,
        statement=row.statement,
        ends_at=row.ends_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
    )


@router.get("/mark-reports", summary="Reports of forgery and misuse")
async def list_mark_reports(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)],
    state: MarkReportStateSent | None = None,
) -> PageOut[MarkReportOut]:
    """Reports, as their investigators have summarised them, and their follow-up (Art. 31). Neither the words of a
    report nor who made it is shown."""
    page = await mark_reports.list_reports(context, request=paging, state=state)
    return page_view(page, lambda row: _report(context, row))


@router.post("/mark-reports/{report_id}/follow-up", summary="Follow up a report")
async def follow_up_mark_report(
    report_id: UUID, body: FollowUpIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> MarkReportOut:
    """What was done about a report, once its investigator has summarised it (Art. 31)."""
    return _report(context, await follow.follow_up_mark_report(context, report_id=report_id, text=body.text))


def _report(context: ReadContext, row: MarkReport) -> MarkReportOut:
    acts = available_actions(context, MARK_REPORT, row, mark_reports.standing(context, row))
    return MarkReportOut(
        id=row.id,
        kind=row.kind,
        state=row.state,
        investigator_id=row.investigator_id,
        conflict_check=row.conflict_check,
        summary=row.summary,
        summarised_at=row.summarised_at,
        follow_up=row.follow_up,
        created_at=row.created_at,
        available_actions=action_views(acts),
    )
