"""The qualification review: decisions, records, corrections, later days, the worklist, the list."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.measures.facts import RecordFinding
from app.measures.roles import Role
from app.routers.qualification.views import (
    condition_page,
    correction_view,
    extension_view,
    record_view,
    record_views,
    recorded,
    worklist_item,
)
from app.schemas.common import FileName, PageOut, page_view
from app.schemas.qualification import (
    AdverseDecisionIn,
    AdverseLetterIn,
    AdverseRecordIn,
    AdverseRecordOut,
    AdverseRecordsOut,
    AdverseReplyIn,
    ApplicationOutcome,
    ConditionDecisionOut,
    ConditionDecisionsIn,
    ConditionDecisionsOut,
    ConfirmedListOut,
    ConsultationExtensionIn,
    CorrectionOut,
    CorrectionRequestIn,
    CorrectionsOut,
    DeadlineExtensionOut,
    QualificationOut,
    QualifiedListIn,
    QualifiedListOut,
    RefusalOut,
    SectorDeterminationIn,
    StepExtensionIn,
    WorklistItem,
)
from app.schemas.revocations import StatementFileOut
from app.schemas.words import ApplicationStateSent
from app.services.applications.heard import Letter
from app.services.qualification import add_adverse_record as add
from app.services.qualification import add_organisation_record as enter
from app.services.qualification import adverse_records, extensions, worklist
from app.services.qualification import confirm_qualified_list as confirm
from app.services.qualification import decide_adverse_record as decide
from app.services.qualification import decide_conditions as conditions
from app.services.qualification import determine_sector as sector
from app.services.qualification import enter_reply as enter_letter
from app.services.qualification import extend_consultations as extend_all
from app.services.qualification import extend_step as extend
from app.services.qualification import reply_to_adverse_record as reply
from app.services.qualification import request_correction as asking
from app.services.qualification import resubmit_application as resubmit
from app.services.qualification import upload_reply_file as upload
from app.web.policy import Paging, Route, acting, reading, tagged
from app.web.streaming import DOWNLOAD, OUT_OF_STATE, UPLOAD, downloading, file_response, sent_file, uploading

router = APIRouter(prefix="/v1", route_class=Route, tags=["qualification"])


_OFFICE = acting(Role.OFFICE, rule="art02.decider")


_INSIDE = reading(Role.OFFICE, Role.AUDITOR)


_CONCERNED = reading(Role.APPLICANT, Role.OFFICE, Role.AUDITOR)


@router.post("/applications/{application_id}/condition-decisions", summary="Decide conditions", status_code=201)
async def decide_conditions(
    application_id: UUID, body: ConditionDecisionsIn, context: Annotated[WriteContext, _OFFICE]
) -> ConditionDecisionsOut:
    """Records a person's decisions on conditions of Art. 13(2), 13(4) and 13(5), with reason and evidence. What the
    facts fail cannot be decided away; a decision is never changed, a newer one counts (Art. 17)."""
    verdicts = [conditions.Verdicts(item.rule, item.outcome, item.reason, item.evidence) for item in body.decisions]
    rows = await conditions.decide_conditions(context, application_id=application_id, verdicts=verdicts)
    return ConditionDecisionsOut(items=[ConditionDecisionOut.model_validate(row) for row in rows])


@router.post("/applications/{application_id}/sector-determination", summary="Determine the sector")
async def determine_sector(
    application_id: UUID,
    body: SectorDeterminationIn,
    response: Response,
    context: Annotated[WriteContext, _OFFICE],
) -> ApplicationOutcome:
    """Records by which code of GB/T 4754 the organisation competes for a seat (Art. 6), with reason and evidence; it
    counts in place of what the organisation states, and is frozen with the qualified list (Art. 17)."""
    determination = sector.Determination(body.sector, body.reason, body.evidence)
    row = await sector.determine_sector(context, application_id=application_id, determination=determination)
    tagged(response, row.version)
    return ApplicationOutcome.model_validate(row)


@router.post("/applications/{application_id}/correction-requests", summary="Ask for a correction", status_code=201)
async def request_correction(
    application_id: UUID, body: CorrectionRequestIn, context: Annotated[WriteContext, _OFFICE]
) -> CorrectionOut:
    """Asks the applicant to correct a submitted application by a day of its own (Art. 17)."""
    items = [asking.CorrectionItem(item.pointer, item.request) for item in body.items]
    row = await asking.request_correction(context, application_id=application_id, items=items, due_on=body.due_on)
    return correction_view(row)


@router.get("/applications/{application_id}/correction-requests", summary="Correction requests")
async def list_corrections(application_id: UUID, context: Annotated[ReadContext, _CONCERNED]) -> CorrectionsOut:
    """What the office asked to have corrected, until when (Art. 17); the oldest first."""
    rows = await asking.list_corrections(context, application_id=application_id)
    return CorrectionsOut(items=[correction_view(row) for row in rows])


@router.post("/applications/{application_id}/resubmission", summary="Hand in the correction")
async def resubmit_application(
    application_id: UUID, response: Response, context: Annotated[WriteContext, acting(Role.APPLICANT)]
) -> ApplicationOutcome:
    """Submits the corrected application until the last second of its day (Art. 17); tested like a submission (Arts. 4
    to 6, 13), frozen anew."""
    row = await resubmit.resubmit_application(context, application_id=application_id)
    tagged(response, row.version)
    return ApplicationOutcome.model_validate(row)


@router.post("/applications/{application_id}/adverse-records", summary="Enter an adverse record", status_code=201)
async def add_adverse_record(
    application_id: UUID, body: AdverseRecordIn, context: Annotated[WriteContext, _OFFICE]
) -> AdverseRecordOut:
    """The office enters a record under Art. 13(6); the applicant is told and has its days to reply."""
    row = await add.add_adverse_record(
        context, application_id=application_id, new=adverse_records.NewRecord(**body.model_dump())
    )
    return await recorded(context, row)


@router.get("/applications/{application_id}/adverse-records", summary="Adverse records")
async def list_adverse_records(application_id: UUID, context: Annotated[ReadContext, _CONCERNED]) -> AdverseRecordsOut:
    """The records of an application under Art. 13(6), for its organisation, the office and the auditor."""
    rows = await adverse_records.list_records(context, application_id=application_id)
    return AdverseRecordsOut(items=await record_views(context, rows))


@router.post("/organisations/{organisation_id}/adverse-records", summary="Enter a record of no round", status_code=201)
async def add_organisation_record(
    organisation_id: UUID, body: AdverseRecordIn, context: Annotated[WriteContext, _OFFICE]
) -> AdverseRecordOut:
    """The office enters a record on an organisation on any day, in a round or not (Art. 13(6)), such as what a
    revocation was not possible for (Art. 26, 28). The organisation is heard; it counts in every round within its
    years."""
    row = await enter.add_organisation_record(
        context, organisation_id=organisation_id, new=adverse_records.NewRecord(**body.model_dump())
    )
    return await recorded(context, row)


@router.get("/organisations/{organisation_id}/adverse-records", summary="Adverse records of an organisation")
async def list_organisation_records(
    organisation_id: UUID, context: Annotated[ReadContext, _CONCERNED]
) -> AdverseRecordsOut:
    """Every record of the legal person under Art. 13(6), of any round or none, for itself, the office and the
    auditor."""
    rows = await adverse_records.list_organisation_records(context, organisation_id=organisation_id)
    return AdverseRecordsOut(items=await record_views(context, rows))


@router.post("/adverse-records/{record_id}/reply", summary="Reply to an adverse record")
async def reply_to_adverse_record(
    record_id: UUID, body: AdverseReplyIn, context: Annotated[WriteContext, acting(Role.APPLICANT)]
) -> AdverseRecordOut:
    """The applicant is heard before the decision (Arts. 13(6), 17): until the end of its time, and again where it has
    more to say; nothing takes the place of what was said."""
    row = await reply.reply_to_adverse_record(context, record_id=record_id, reply=body.reply)
    return await record_view(context, row)


@router.post("/adverse-records/{record_id}/letters", summary="Enter a reply on paper", status_code=201)
async def enter_reply(
    record_id: UUID, body: AdverseLetterIn, context: Annotated[WriteContext, _OFFICE]
) -> AdverseRecordOut:
    """The office enters what the organisation says on paper, with the scan that it has added and the day of receipt: in
    the time of the reply it is in time, whenever it is entered (Arts. 13(6), 17)."""
    letter = Letter(body.received_on, body.letter_reference)
    row = await enter_letter.enter_reply(context, record_id=record_id, reply=body.reply, letter=letter)
    return await record_view(context, row)


@router.post("/adverse-records/{record_id}/files", summary="Add a file", status_code=201, openapi_extra=UPLOAD)
async def upload_reply_file(
    record_id: UUID,
    filename: Annotated[FileName, Query(description="For people to read; never a path.", examples=["情况说明.pdf"])],
    request: Request,
    context: Annotated[StreamContext, uploading(Role.APPLICANT, Role.OFFICE)],
) -> StatementFileOut:
    """Takes the raw body as a file of the reply, or as the scan of a letter where the office adds it (Arts. 13(6), 17),
    before the reply is made or entered: PDF, PNG, JPEG, DOCX, XLSX or OFD, told by content."""
    row = await upload.upload_reply_file(context, record_id=record_id, sent=sent_file(request, filename))
    return StatementFileOut.model_validate(row)


@router.get(
    "/adverse-records/{record_id}/files/{file_id}/content",
    summary="Download a file of a reply",
    response_class=StreamingResponse,
    responses=DOWNLOAD,
)
async def download_reply_file(
    record_id: UUID,
    file_id: UUID,
    context: Annotated[StreamContext, downloading(Role.APPLICANT, Role.OFFICE, Role.AUDITOR)],
) -> StreamingResponse:
    """The file as an attachment, for the organisation, the office and the auditor, whose access is on record
    (Art. 13(6))."""
    row, pieces = await adverse_records.download_reply_file(context, record_id=record_id, file_id=file_id)
    return file_response(pieces, filename=row.filename, media_type=row.media_type, size=row.size)


@router.post("/adverse-records/{record_id}/decision", summary="Decide an adverse record")
async def decide_adverse_record(
    record_id: UUID, body: AdverseDecisionIn, context: Annotated[WriteContext, _OFFICE]
) -> AdverseRecordOut:
    """Confirms or denies a record (Art. 13(6)) once the applicant has replied or its time is over: with the
    responsibility for a fatal accident or an attributable return, and whether another violation bars."""
    decision = decide.RecordDecision(
        finding=RecordFinding(body.finding), reason=body.reason, attributable=body.attributable, severity=body.severity
    )
    row = await decide.decide_adverse_record(context, record_id=record_id, decision=decision)
    return await recorded(context, row)


@router.post("/applications/{application_id}/deadline-extensions", summary="Extend a step", status_code=201)
async def extend_step(
    application_id: UUID, body: StepExtensionIn, context: Annotated[WriteContext, _OFFICE]
) -> DeadlineExtensionOut:
    """A later day for one application's recommendation (Art. 3), correction or consultations (Art. 17), with reason and
    channel; published with the round's extensions."""
    extension = extensions.Extension(body.new_deadline, body.reason, body.channel)
    row = await extend.extend_step(context, application_id=application_id, step=body.step, extension=extension)
    return extension_view(row)


@router.post("/rounds/{round_id}/consultation-extensions", summary="Extend the consultations", status_code=201)
async def extend_consultations(
    round_id: UUID, body: ConsultationExtensionIn, context: Annotated[WriteContext, _OFFICE]
) -> DeadlineExtensionOut:
    """A later day for every department that has not answered yet (Art. 17), with reason and channel."""
    extension = extensions.Extension(body.new_deadline, body.reason, body.channel)
    return extension_view(await extend_all.extend_consultations(context, round_id=round_id, extension=extension))


@router.get("/rounds/{round_id}/deadline-extensions", summary="Extended deadlines")
async def list_deadline_extensions(
    round_id: UUID, paging: Paging, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> PageOut[DeadlineExtensionOut]:
    """Every deadline of the round that was moved (Arts. 3, 16, 17): who, why, for whom, from when to when."""
    return page_view(await extensions.list_extensions(context, round_id=round_id, request=paging), extension_view)


@router.get("/rounds/{round_id}/qualification-worklist", summary="The qualification worklist", responses=OUT_OF_STATE)
async def read_qualification_worklist(
    round_id: UUID, paging: Paging, context: Annotated[ReadContext, _INSIDE], state: ApplicationStateSent | None = None
) -> PageOut[WorklistItem]:
    """Per submitted application what is open, what refuses and who is late (Art. 17), tested today."""
    page = await worklist.read_worklist(context, round_id=round_id, request=paging, state=state)
    return page_view(page, lambda item: worklist_item(item, context.now))


@router.get("/applications/{application_id}/qualification", summary="One application's review", responses=OUT_OF_STATE)
async def read_qualification(application_id: UUID, context: Annotated[ReadContext, _INSIDE]) -> QualificationOut:
    """Every condition of Arts. 4 to 6 and 13 with rule, facts, source, evidence, decision and decider (Art. 17)."""
    return condition_page(await worklist.qualification(context, application_id=application_id), context)


@router.post("/rounds/{round_id}/qualified-list", summary="Confirm the qualified list", status_code=201)
async def confirm_qualified_list(
    round_id: UUID, body: QualifiedListIn, context: Annotated[WriteContext, _OFFICE]
) -> ConfirmedListOut:
    """After the deadline: every submitted application is qualified or not, under the rules that refuse it (Arts. 13,
    17); the sector is frozen, the list published. Refused with every open item while anything is undecided or a
    department is silent."""
    done = await confirm.confirm_qualified_list(context, round_id=round_id, title=body.title, channels=body.channels)
    return ConfirmedListOut(
        round_id=round_id,
        notice_id=done.notice.id,
        published_on=done.notice.published_on,
        names=list(done.names),
        not_qualified=[RefusalOut.model_validate(item) for item in done.refused],
    )


@router.get("/rounds/{round_id}/qualified-list", summary="The qualified list")
async def read_qualified_list(
    round_id: UUID, context: Annotated[ReadContext, reading(Role.PUBLIC)]
) -> QualifiedListOut:
    """The published list of organisations that meet the conditions (Art. 17): names only."""
    notice = await confirm.read_list(context, round_id=round_id)
    return QualifiedListOut(
        round_id=round_id,
        title=notice.title,
        published_on=notice.published_on,
        names=notice.body["names"],
        body_hash=notice.body_hash,
    )
