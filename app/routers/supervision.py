"""The award after the ceremony: visits, title use, sharing, reports, revocation, recovery, exclusions."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from app.context import ReadContext, WriteContext
from app.field_formats import Format
from app.measures.roles import Role
from app.measures.sanctions import Accident
from app.routers.policy import Paging, Route, acting, reading, tagged, tell_once
from app.schemas.common import Day, PageOut, action_views, page_view
from app.schemas.objections import DisclosureIn
from app.schemas.supervision import (
    CancelVisitIn,
    CorrectionIn,
    ExclusionOut,
    FollowUpIn,
    GovernmentDecisionIn,
    MarkReportIn,
    MarkReportOut,
    MarkReportReceipt,
    MarkReportStatus,
    MisuseIn,
    MisuseOut,
    NoticeIn,
    RecoveryDetail,
    RecoveryIn,
    RecoveryOut,
    RecoveryReceiptOut,
    ReporterOut,
    RevocationDetail,
    RevocationIn,
    RevocationOut,
    SharingIn,
    SharingOut,
    VisitFindingsIn,
    VisitIn,
    VisitOut,
)
from app.services.publicity.notices import Medium
from app.services.supervision import cases, follow, recover, reports, revoke
from app.store.awards import Recovery, RecoveryReceipt, Revocation, TitleMisuse, Visit

router = APIRouter(prefix="/v1", route_class=Route, tags=["supervision"])

_INSIDE = (Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)


@router.post("/awards/{award_id}/revocations", summary="Submit a case of revocation", status_code=201)
async def submit_revocation(
    award_id: UUID,
    body: RevocationIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> RevocationDetail:
    """The office submits verified fraud (Art. 26, at any time) or a ground (Art. 28, an event within validity). An
    unpaid prize is held until the government has decided."""
    case = revoke.Case(
        kind=body.basis,
        facts=body.facts,
        evidence=body.evidence,
        ground=body.ground,
        event_on=body.event_on,
        accident=Accident(**body.accident.model_dump()) if body.accident else None,
        penalised_or_proven=body.penalised_or_proven,
        net_profit_fen={item.year: item.net_profit_fen for item in body.net_profits},
    )
    return _case(context, await revoke.submit_revocation(context, award_id=award_id, case=case), response)


@router.get("/revocations", summary="Cases of revocation")
async def list_revocations(
    paging: Paging,
    context: Annotated[ReadContext, reading(*_INSIDE)],
    state: Literal["submitted", "decided", "rejected"] | None = None,
) -> PageOut[RevocationOut]:
    """Cases under Art. 26 and 28."""
    page = await cases.list_revocations(context, request=paging, state=state)
    return page_view(page, RevocationOut.model_validate)


@router.get("/revocations/{revocation_id}", summary="A case of revocation")
async def read_revocation(
    revocation_id: UUID, response: Response, context: Annotated[ReadContext, reading(*_INSIDE)]
) -> RevocationDetail:
    """One case with its consequences (Art. 26, 28)."""
    return _case(context, await cases.read_revocation(context, revocation_id=revocation_id), response)


@router.post("/revocations/{revocation_id}/decision", summary="Revoke an award")
async def decide_revocation(
    revocation_id: UUID,
    body: GovernmentDecisionIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.GOVERNMENT, rule="art02.decider")],
) -> RevocationDetail:
    """The government revokes. Art. 26: plaque, certificate and prize come back, exclusion for ten years. Art. 28:
    nothing is recovered, exclusion for five years, an unpaid prize stays suspended for a recorded decision."""
    row = await revoke.decide_revocation(context, revocation_id=revocation_id, decision=_decision(body))
    return _case(context, row, response)


@router.post("/revocations/{revocation_id}/rejection", summary="Do not revoke an award")
async def reject_revocation(
    revocation_id: UUID,
    body: GovernmentDecisionIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.GOVERNMENT, rule="art02.decider")],
) -> RevocationDetail:
    """The government does not revoke (Art. 26, 28); a prize that was held goes on (Art. 9)."""
    row = await revoke.reject_revocation(context, revocation_id=revocation_id, decision=_decision(body))
    return _case(context, row, response)


@router.post("/revocations/{revocation_id}/notice", summary="Publish a revocation")
async def publish_revocation(
    revocation_id: UUID,
    body: NoticeIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE)],
) -> RevocationDetail:
    """Tells the public through media, not before the decision's day (Art. 26, 28)."""
    media = [Medium(item.name, item.published_on, item.url) for item in body.media]
    row = await cases.publish_notice(context, revocation_id=revocation_id, title=body.title, media=media)
    return _case(context, row, response)


@router.get("/recoveries", summary="Recoveries")
async def list_recoveries(
    paging: Paging,
    context: Annotated[ReadContext, reading(*_INSIDE)],
    state: Literal["outstanding", "recovered"] | None = None,
) -> PageOut[RecoveryOut]:
    """Plaques, certificates and prizes that are or were to be recovered after fraud (Art. 26)."""
    page = await recover.list_recoveries(context, request=paging, state=state)
    return page_view(page, RecoveryOut.model_validate)


@router.get("/recoveries/{recovery_id}", summary="A recovery")
async def read_recovery(recovery_id: UUID, context: Annotated[ReadContext, reading(*_INSIDE)]) -> RecoveryDetail:
    """One recovery with each part that has come back (Art. 26)."""
    return _recovery(*await recover.read_recovery(context, recovery_id=recovery_id))


@router.post("/recoveries/{recovery_id}/receipt", summary="Record a recovery")
async def record_recovery(
    recovery_id: UUID, body: RecoveryIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> RecoveryDetail:
    """The thing has come back, or money has, in parts or as a whole (Art. 26)."""
    await recover.record_recovery(
        context,
        recovery_id=recovery_id,
        recovered_on=body.recovered_on,
        evidence=body.evidence,
        amount_fen=body.amount_fen,
    )
    return _recovery(*await recover.read_recovery(context, recovery_id=recovery_id))


@router.get("/exclusions", summary="Exclusions")
async def list_exclusions(
    paging: Paging, context: Annotated[ReadContext, reading(Role.PUBLIC)], on: Day | None = None
) -> PageOut[ExclusionOut]:
    """Who may not take part, until when (Art. 26, 28): public, also for the upper-level awards. `on` keeps those that
    run on that day."""
    page = await reports.list_exclusions(context, request=paging, on=on)
    return page_view(
        page,
        lambda pair: ExclusionOut(
            id=pair[0].id,
            organisation_id=pair[1].id,
            organisation_name=pair[1].name,
            uscc=pair[1].uscc,
            article=pair[0].article,
            from_day=pair[0].from_day,
            last_day=pair[0].last_day,
        ),
    )


@router.post("/awards/{award_id}/visits", summary="Plan a visit", status_code=201)
async def plan_visit(award_id: UUID, body: VisitIn, context: Annotated[WriteContext, acting(Role.OFFICE)]) -> VisitOut:
    """Plans a visit to a current winner (Art. 27)."""
    row = await follow.plan_visit(context, award_id=award_id, planned_on=body.planned_on, visitors=list(body.visitors))
    return VisitOut.model_validate(row)


@router.get("/awards/{award_id}/visits", summary="Visits to a winner")
async def list_visits(
    award_id: UUID, paging: Paging, context: Annotated[ReadContext, reading(*_INSIDE, Role.APPLICANT)]
) -> PageOut[VisitOut]:
    """Planned and made visits (Art. 27); a winner reads its own."""
    page = await follow.list_followed(context, model=Visit, award_id=award_id, request=paging)
    return page_view(page, VisitOut.model_validate)


@router.post("/visits/{visit_id}/findings", summary="Record a visit")
async def record_visit(
    visit_id: UUID, body: VisitFindingsIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> VisitOut:
    """What the visit found and what follows from it (Art. 27)."""
    row = await follow.record_visit(
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
    return VisitOut.model_validate(await follow.cancel_visit(context, visit_id=visit_id, reason=body.reason))


@router.post("/awards/{award_id}/title-misuses", summary="Record a misuse of the title", status_code=201)
async def record_misuse(
    award_id: UUID, body: MisuseIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> MisuseOut:
    """A use that Art. 23 forbids, with its correction order; by itself it revokes nothing."""
    misuse = follow.Misuse(**body.model_dump())
    return MisuseOut.model_validate(await follow.record_misuse(context, award_id=award_id, misuse=misuse))


@router.get("/awards/{award_id}/title-misuses", summary="Misuses of the title")
async def list_misuses(
    award_id: UUID, paging: Paging, context: Annotated[ReadContext, reading(*_INSIDE, Role.APPLICANT)]
) -> PageOut[MisuseOut]:
    """Recorded misuses and their correction (Art. 23); a winner reads its own."""
    page = await follow.list_followed(context, model=TitleMisuse, award_id=award_id, request=paging)
    return page_view(page, MisuseOut.model_validate)


@router.post("/title-misuses/{misuse_id}/correction", summary="Record a correction")
async def record_misuse_correction(
    misuse_id: UUID, body: CorrectionIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> MisuseOut:
    """The misuse has been corrected (Art. 23)."""
    row = await follow.record_correction(
        context, misuse_id=misuse_id, corrected_on=body.corrected_on, correction=body.correction
    )
    return MisuseOut.model_validate(row)


@router.post("/awards/{award_id}/sharing-activities", summary="Record sharing of experience", status_code=201)
async def record_sharing(
    award_id: UUID, body: SharingIn, context: Annotated[WriteContext, acting(Role.OFFICE, Role.APPLICANT)]
) -> SharingOut:
    """Sharing by a winner, or declining on the ground of a trade secret, which is legitimate (Art. 25)."""
    row = await follow.record_sharing(context, award_id=award_id, sharing=follow.Sharing(**body.model_dump()))
    return SharingOut.model_validate(row)


@router.get("/awards/{award_id}/sharing-activities", summary="Sharing of experience")
async def list_sharing(
    award_id: UUID, paging: Paging, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> PageOut[SharingOut]:
    """What a winner has shared, for everybody to learn from (Art. 25). What is marked a trade secret, and what was
    declined, is read by the winner, the office, the government and the auditor only."""
    page = await follow.list_sharing(context, award_id=award_id, request=paging)
    return page_view(page, SharingOut.model_validate)


@router.post("/mark-reports", summary="Report a forged or misused mark", status_code=201)
async def report_mark(
    body: MarkReportIn, request: Request, context: Annotated[WriteContext, acting(Role.PUBLIC, anonymous=True)]
) -> MarkReportReceipt:
    """Anyone may report forgery or misuse of mark, plaque or certificate, or a review that nobody may hold (Art.
    31)."""
    request.app.state.throttle.public_post(request.client.host if request.client else "")
    tell_once(request, "receipt_code")
    row, code = await reports.take_report(context, report=reports.Report(**body.model_dump()))
    return MarkReportReceipt(id=row.id, receipt_code=None if context.dry_run else code)


@router.get("/mark-report-receipts/{code}", summary="What became of my report")
async def read_mark_report_status(
    code: Annotated[str, Path(min_length=43, max_length=43, pattern=Format.RECEIPT_CODE.value)],
    response: Response,
    context: Annotated[ReadContext, reading(Role.PUBLIC)],
) -> MarkReportStatus:
    """Whether a report of forgery or misuse is followed up, for whoever holds its receipt code (Art. 31)."""
    response.headers["Cache-Control"] = "no-store"
    row = await reports.status_of(context, code=code)
    return MarkReportStatus(
        kind=row.kind, state=row.state, received_at=row.created_at, followed_up_at=row.followed_up_at
    )


@router.post("/mark-reports/{report_id}/identity-disclosure", summary="Read who reported")
async def disclose_reporter(
    report_id: UUID,
    body: DisclosureIn,
    response: Response,
    context: Annotated[WriteContext, acting(Role.OFFICE, Role.AUDITOR, plain=True)],
) -> ReporterOut:
    """Name and contact of the reporter (Art. 31), for a reason that the audit log keeps. Each reading is a new one:
    there is no dry run, and the answer is not stored for an `Idempotency-Key`."""
    response.headers["Cache-Control"] = "no-store"
    row = await reports.disclose_reporter(context, report_id=report_id, reason=body.reason)
    return ReporterOut(report_id=row.id, name=row.reporter_name, contact=row.reporter_contact)


@router.get("/mark-reports", summary="Reports of forgery and misuse")
async def list_mark_reports(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)],
    state: Literal["received", "followed_up"] | None = None,
) -> PageOut[MarkReportOut]:
    """Reports and their follow-up (Art. 31). Who reported is not shown."""
    page = await reports.list_reports(context, request=paging, state=state)
    return page_view(page, MarkReportOut.model_validate)


@router.post("/mark-reports/{report_id}/follow-up", summary="Follow up a report")
async def follow_up_mark_report(
    report_id: UUID, body: FollowUpIn, context: Annotated[WriteContext, acting(Role.OFFICE)]
) -> MarkReportOut:
    """What was done about a report (Art. 31)."""
    return MarkReportOut.model_validate(await reports.follow_up(context, report_id=report_id, text=body.text))


def _decision(body: GovernmentDecisionIn) -> revoke.Decision:
    return revoke.Decision(body.number, body.decided_on, body.reason)


def _recovery(row: Recovery, receipts: Sequence[RecoveryReceipt]) -> RecoveryDetail:
    view = RecoveryDetail.model_validate(row)
    view.receipts = [RecoveryReceiptOut.model_validate(receipt) for receipt in receipts]
    return view


def _case(context: ReadContext, row: Revocation, response: Response) -> RevocationDetail:
    tagged(response, row.version)
    view = RevocationDetail.model_validate(row)
    view.available_actions = action_views(cases.revocation_actions(context, row))
    return view
