"""The review: panels, dossiers, sheets, reports, the on-site list, the evaluation."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.errors import refuse
from app.measures.reviews import Stage
from app.measures.roles import Role
from app.measures.state_machines import AssignmentState, SheetState
from app.routers.reviewers import panel_view
from app.schemas.common import PageOut, finding_view, page_view
from app.schemas.reviewers import ReasonIn
from app.schemas.reviews import (
    AssignmentDetail,
    AssignmentOut,
    AssignmentsIn,
    AssignmentsOut,
    CustomerSurveyIn,
    DossierOut,
    EvaluationIn,
    FileAccessOut,
    MaterialReportIn,
    OnsiteListOut,
    OnsiteReportIn,
    OtherSheetOut,
    OtherSheetsOut,
    PanelSheetOut,
    PanelSheetsOut,
    RecusalOut,
    SheetOut,
    SheetPatch,
    ShortlistLine,
    StageReportOut,
    StageReportsOut,
)
from app.schemas.reviews.evaluation import EvaluationOut
from app.schemas.words import AssignmentStateSent
from app.services.reviews import assign_reviewers as assign
from app.services.reviews import close_material_review as shortlist
from app.services.reviews import edit_score_sheet as edit
from app.services.reviews import issue_evaluation as evaluate
from app.services.reviews import open_dossier, reports, score_sheets
from app.services.reviews import record_material_report as material
from app.services.reviews import record_onsite_report as onsite
from app.services.reviews import recuse_reviewer as recusal
from app.services.reviews import release_reviewer as release
from app.services.reviews import submit_score_sheet as submit
from app.services.reviews.own_assignment import (
    OwnAssignment,
    assignment_findings,
    assignment_obstacles,
    own_assignment,
)
from app.store.reviews import Assignment, AssignmentLine, ScoreSheet, SurveyRecord
from app.web.policy import Paging, Route, acting, reading, recording, tagged
from app.web.streaming import DOWNLOAD, OUT_OF_STATE, downloading, file_response

router = APIRouter(prefix="/v1", route_class=Route, tags=["reviews"])

_OF_PANELS = (Role.REVIEWER, Role.OFFICE, Role.AUDITOR)


async def _still_on_the_case(context: ReadContext, path: Mapping[str, str]) -> None:
    """Whether a sheet's answer may be given again: not to a reviewer who was recused, suspended or released since."""
    own = await own_assignment(context, assignment_id=UUID(path["assignment_id"]))
    refuse(await assignment_findings(context, own))


@router.post("/applications/{application_id}/review-assignments", summary="Put reviewers on a panel", status_code=201)
async def assign_reviewers(
    application_id: UUID,
    body: AssignmentsIn,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> AssignmentsOut:
    """All of the reviewers named or none: in the pool and qualified (Art. 11(2)), without a conflict of interest in the
    applicant or its unit (Art. 29), within the panel's size of the round's rules (Art. 10); for the material review of
    a qualified application (Art. 18) or the on-site review of a listed one (Art. 19)."""
    rows = await assign.assign_reviewers(
        context,
        application_id=application_id,
        stage=body.stage,
        reviewer_ids=body.reviewer_ids,
        leader_id=body.leader_id,
        due_on=body.due_on,
    )
    lines = await assign.assignment_lines(context, rows)
    return AssignmentsOut(items=[_assignment(line, context) for line in lines])


@router.get("/review-assignments", summary="Review assignments")
async def list_review_assignments(
    paging: Paging,
    context: Annotated[ReadContext, reading(*_OF_PANELS)],
    round_id: UUID | None = None,
    application_id: UUID | None = None,
    reviewer_id: UUID | None = None,
    stage: Stage | None = None,
    state: AssignmentStateSent | None = None,
    late: Annotated[bool, Query(description="Only those whose last day is over while the sheet is not in.")] = False,
) -> PageOut[AssignmentOut]:
    """A reviewer's own review assignments, newest first; all for the office and the auditor, who see here who is late
    (Arts. 18, 19)."""
    page = await assign.list_assignments(
        context,
        request=paging,
        round_id=round_id,
        application_id=application_id,
        reviewer_id=reviewer_id,
        stage=stage,
        state=state,
        late=late,
    )
    return page_view(page, lambda line: _assignment(line, context))


@router.get("/review-assignments/{assignment_id}", summary="A review assignment")
async def read_review_assignment(
    assignment_id: UUID, context: Annotated[ReadContext, reading(*_OF_PANELS)]
) -> AssignmentDetail:
    """One review assignment, and what keeps its reviewer from the work (Arts. 11(2), 29)."""
    line = await assign.assignment_line(context, assignment_id=assignment_id)
    standing = []
    if context.actor.role is Role.REVIEWER:
        standing = list(await assignment_obstacles(context, await own_assignment(context, assignment_id=assignment_id)))
    shown = _assignment(line, context).model_dump()
    return AssignmentDetail(**shown, blocked_by=[finding_view(finding) for finding in standing])


@router.post("/review-assignments/{assignment_id}/release", summary="Take back a review assignment")
async def release_reviewer(
    assignment_id: UUID, body: ReasonIn, context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")]
) -> AssignmentOut:
    """Before the sheet is submitted, e.g. for illness (Art. 11(2)). A submitted sheet is set aside for a conflict of
    interest (Art. 29) or for misconduct (Art. 30) only."""
    row = await release.release_reviewer(context, assignment_id=assignment_id, reason=body.reason)
    return _assignment(await assign.assignment_line(context, assignment_id=row.id), context)


@router.post("/review-assignments/{assignment_id}/recusal", summary="Recuse")
async def recuse_reviewer(
    assignment_id: UUID, body: ReasonIn, context: Annotated[WriteContext, acting(Role.REVIEWER, Role.OFFICE)]
) -> RecusalOut:
    """A reviewer withdraws from a case before submitting (Art. 29). The office ends a review assignment for a conflict
    of interest on record, after the submission too: the sheet is set aside, and what rested on it opens again."""
    row, panels = await recusal.recuse_reviewer(context, assignment_id=assignment_id, reason=body.reason)
    return RecusalOut(
        assignment_id=row.id, state=row.state, ended_at=row.ended_at, panels=[panel_view(change) for change in panels]
    )


@router.get(
    "/review-assignments/{assignment_id}/dossier", summary="Open the application to review", responses=OUT_OF_STATE
)
async def read_dossier(assignment_id: UUID, context: Annotated[WriteContext, recording(Role.REVIEWER)]) -> DossierOut:
    """The application as frozen, for its assigned reviewer with both undertakings signed and no conflict of interest
    (Art. 29). Each opening is on record, so there is no dry run of it."""
    own, snapshot = await open_dossier.read_dossier(context, assignment_id=assignment_id)
    rules = own.round_row.review_rules
    return DossierOut(
        assignment_id=own.assignment.id,
        application_id=own.application.id,
        number=own.application.number,
        stage=own.stage.value,
        content_hash=own.application.snapshot_hash,
        organisation=dict(snapshot["organisation"]),
        content=dict(snapshot["content"]),
        materials=[dict(item) for item in snapshot["materials"]],
        items=rules["items"],
        score_step=rules["score_step"],
        rules_hash=own.round_row.review_rules_hash,
    )


@router.get(
    "/review-assignments/{assignment_id}/attachments/{attachment_id}/content",
    summary="Download a material to review",
    response_class=StreamingResponse,
    responses=DOWNLOAD | OUT_OF_STATE,
)
async def download_material(
    assignment_id: UUID, attachment_id: UUID, context: Annotated[StreamContext, downloading(Role.REVIEWER)]
) -> StreamingResponse:
    """A file of the application in the version that was handed in, on the dossier's conditions; each access is on
    record (Art. 29)."""
    row, pieces = await open_dossier.download_material(
        context, assignment_id=assignment_id, attachment_id=attachment_id
    )
    return file_response(pieces, filename=row.filename, media_type=row.media_type, size=row.size)


@router.get("/applications/{application_id}/file-accesses", summary="Who opened the files")
async def list_file_accesses(
    application_id: UUID, paging: Paging, context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)]
) -> PageOut[FileAccessOut]:
    """Every opening of an application's dossier and files by others than the applicant (Art. 29)."""
    page = await open_dossier.list_accesses(context, application_id=application_id, request=paging)
    return page_view(page, FileAccessOut.model_validate)


@router.get("/review-assignments/{assignment_id}/score-sheet", summary="My score sheet")
async def read_score_sheet(
    assignment_id: UUID, response: Response, context: Annotated[ReadContext, reading(Role.REVIEWER)]
) -> SheetOut:
    """The calling reviewer's own sheet (Arts. 18, 19)."""
    return _sheet(await score_sheets.read_sheet(context, assignment_id=assignment_id), response)


@router.patch("/review-assignments/{assignment_id}/score-sheet", summary="Score")
async def edit_score_sheet(
    assignment_id: UUID,
    body: SheetPatch,
    response: Response,
    context: Annotated[
        WriteContext, acting(Role.REVIEWER, rule="art02.decider", needs_version=True, still=_still_on_the_case)
    ],
) -> SheetOut:
    """Enters percentages, in the steps of the round's rules, and comments by item (Arts. 18, 19), on the dossier's
    conditions (Art. 29)."""
    own = await edit.edit_score_sheet(context, assignment_id=assignment_id, scores=body.scores, comments=body.comments)
    return _sheet(own, response)


@router.post("/review-assignments/{assignment_id}/score-sheet/submission", summary="Submit the score sheet")
async def submit_score_sheet(
    assignment_id: UUID,
    response: Response,
    context: Annotated[WriteContext, acting(Role.REVIEWER, rule="art02.decider", still=_still_on_the_case)],
) -> SheetOut:
    """Freezes the sheet with its total: every item is scored, none is “not applicable” (Arts. 18, 19)."""
    return _sheet(await submit.submit_score_sheet(context, assignment_id=assignment_id), response)


@router.get("/review-assignments/{assignment_id}/panel-sheets", summary="The others' sheets")
async def list_panel_sheets(
    assignment_id: UUID, context: Annotated[ReadContext, reading(Role.REVIEWER)]
) -> OtherSheetsOut:
    """What the panel's other members have submitted, without names, once the caller has submitted (Arts. 18, 19)."""
    others = await score_sheets.panel_sheets(context, assignment_id=assignment_id)
    return OtherSheetsOut(
        items=[
            OtherSheetOut(
                member=item.member,
                scores=item.sheet.scores,
                comments=item.sheet.comments,
                total=item.sheet.total,
                submitted_at=item.sheet.submitted_at,
            )
            for item in others
        ]
    )


@router.get("/applications/{application_id}/score-sheets", summary="The sheets on an application")
async def list_score_sheets(
    application_id: UUID,
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)],
    stage: Stage | None = None,
) -> PanelSheetsOut:
    """Every review assignment with its sheet (Arts. 18, 19), by the pool's ids; what is entered on a draft is its
    reviewer's own."""
    assigned = await score_sheets.sheets_of_application(context, application_id=application_id, stage=stage)
    return PanelSheetsOut(items=[_panel_sheet(row, sheet) for row, sheet in assigned])


@router.post("/applications/{application_id}/material-report", summary="Material report", status_code=201)
async def record_material_report(
    application_id: UUID,
    body: MaterialReportIn,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> StageReportOut:
    """The report on one application, once its panel's sheets are complete (Art. 18); a wider spread than the rules
    allow needs a consensus with its reason (Art. 10)."""
    row = await material.record_material_report(context, application_id=application_id, new=_new_report(body))
    return StageReportOut.model_validate(row)


@router.get("/applications/{application_id}/material-report", summary="Material reports of an application")
async def list_material_reports(
    application_id: UUID, context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)]
) -> StageReportsOut:
    """The material report (Art. 18), and those that became void (Arts. 29, 30)."""
    rows = await reports.list_reports(context, application_id=application_id, stage=Stage.MATERIAL)
    return StageReportsOut(items=[StageReportOut.model_validate(row) for row in rows])


@router.post("/applications/{application_id}/onsite-report", summary="On-site report", status_code=201)
async def record_onsite_report(
    application_id: UUID,
    body: OnsiteReportIn,
    context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")],
) -> StageReportOut:
    """The one on-site report on an organisation of the on-site list, once its panel's sheets are complete (Art. 19)."""
    row = await onsite.record_onsite_report(
        context,
        application_id=application_id,
        new=replace(_new_report(body), visited_on=body.visited_on, customer_survey=_survey(body.customer_survey)),
    )
    return StageReportOut.model_validate(row)


@router.get("/applications/{application_id}/onsite-report", summary="On-site reports of an application")
async def list_onsite_reports(
    application_id: UUID, context: Annotated[ReadContext, reading(Role.OFFICE, Role.AUDITOR)]
) -> StageReportsOut:
    """The on-site report (Art. 19), and those that became void (Arts. 29, 30)."""
    rows = await reports.list_reports(context, application_id=application_id, stage=Stage.ONSITE)
    return StageReportsOut(items=[StageReportOut.model_validate(row) for row in rows])


@router.post("/rounds/{round_id}/material-report", summary="Close the material review", status_code=201)
async def close_material_review(
    round_id: UUID, context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")]
) -> OnsiteListOut:
    """Ranks the material reports once every qualified application has one, and makes the on-site list: in each seat
    category the best above the pass line, up to the size that the round's rules give, with all that tie at its end
    (Arts. 10, 18)."""
    await shortlist.close_material_review(context, round_id=round_id)
    return _onsite_list(await shortlist.read_onsite_list(context, round_id=round_id))


@router.get("/rounds/{round_id}/onsite-list", summary="The on-site list")
async def read_onsite_list(
    round_id: UUID,
    context: Annotated[ReadContext, reading(Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR, Role.REVIEWER)],
) -> OnsiteListOut:
    """Who is reviewed on site (Arts. 18, 19). Reviewers see who is on the list, without scores; the public does not see
    it."""
    return _onsite_list(await shortlist.read_onsite_list(context, round_id=round_id))


@router.post("/rounds/{round_id}/evaluation", summary="Issue the evaluation report", status_code=201)
async def issue_evaluation(
    round_id: UUID, body: EvaluationIn, context: Annotated[WriteContext, acting(Role.OFFICE, rule="art02.decider")]
) -> EvaluationOut:
    """Weighs both reports of every organisation on the on-site list and ranks them by seat category (Art. 20); none
    without both. Claims under Art. 14 or 15 that are granted add the points of the round's published rules."""
    granted = [evaluate.Preference(**item.model_dump()) for item in body.preferences]
    report = await evaluate.issue_evaluation(context, round_id=round_id, summary=body.summary, preferences=granted)
    return EvaluationOut.model_validate(report)


@router.get("/rounds/{round_id}/evaluation", summary="The evaluation report")
async def read_evaluation(
    round_id: UUID, context: Annotated[ReadContext, reading(Role.OFFICE, Role.GOVERNMENT, Role.AUDITOR)]
) -> EvaluationOut:
    """The ranking, what it was made of, and the hash of that (Art. 20)."""
    return EvaluationOut.model_validate(await evaluate.read_evaluation(context, round_id=round_id))


def _assignment(line: AssignmentLine, context: ReadContext) -> AssignmentOut:
    return AssignmentOut(
        id=line.id,
        round_id=line.round_id,
        application_id=line.application_id,
        application_number=line.number,
        organisation_name=line.organisation_name,
        uscc=line.uscc,
        seat_category=line.seat_category,
        stage=line.stage,
        leader=line.leader,
        state=line.state,
        due_on=line.due_on,
        late=_late(line, context),
        state_reason=line.state_reason,
        ended_at=line.ended_at,
        reviewer_id=None if context.actor.role is Role.REVIEWER else line.reviewer_id,
        sheet_state=line.sheet_state,
        submitted_at=line.submitted_at,
        created_at=line.created_at,
    )


def _late(line: AssignmentLine, context: ReadContext) -> bool:
    waiting = line.state == AssignmentState.ACTIVE and line.sheet_state == SheetState.DRAFT
    return waiting and line.due_on is not None and line.due_on < context.today


def _sheet(own: OwnAssignment, response: Response) -> SheetOut:
    tagged(response, own.sheet.version)
    return SheetOut.model_validate(own.sheet)


def _panel_sheet(row: Assignment, sheet: ScoreSheet) -> PanelSheetOut:
    handed_in = sheet.submitted_at is not None
    return PanelSheetOut(
        assignment_id=row.id,
        reviewer_id=row.reviewer_id,
        stage=row.stage,
        assignment_state=row.state,
        sheet_state=sheet.state,
        scores=sheet.scores if handed_in else None,
        comments=sheet.comments if handed_in else None,
        total=sheet.total,
        submitted_at=sheet.submitted_at,
    )


def _new_report(body: MaterialReportIn) -> reports.NewReport:
    score = None if body.consensus_score is None else Decimal(body.consensus_score)
    return reports.NewReport(summary=body.summary, consensus=score, consensus_reason=body.consensus_reason)


def _survey(body: CustomerSurveyIn | None) -> SurveyRecord | None:
    if body is None:
        return None
    return {
        "method": body.method,
        "sample": body.sample,
        "answered": body.answered,
        "satisfaction": body.satisfaction,
        "carried_out_on": body.carried_out_on.isoformat(),
        "carried_out_by": body.carried_out_by,
    }


def _onsite_list(found: shortlist.OnsiteList) -> OnsiteListOut:
    shown = found.scores_shown
    return OnsiteListOut(
        round_id=found.round_row.id,
        rules_hash=found.round_row.review_rules_hash,
        items=[
            ShortlistLine(
                application_id=entry.application_id,
                application_number=number,
                organisation_name=name,
                uscc=uscc,
                seat_category=entry.seat_category,
                included=entry.included,
                application_state=state,
                rank=entry.rank if shown else None,
                tied=entry.tied if shown else None,
                score=entry.score if shown else None,
                reason_zh=entry.reason if shown else None,
                reason_en=entry.reason_en if shown else None,
            )
            for entry, name, uscc, state, number in found.entries
        ],
    )
