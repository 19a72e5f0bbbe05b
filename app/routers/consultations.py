"""Consultations: the office asks, departments answer one by one or by spreadsheet, silence is recorded by a person."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.measures.facts import RecordCategory
from app.measures.roles import Role
from app.measures.state_machines import ConsultationState
from app.schemas.common import DocumentNumber, Line, PageOut, number_warnings, page_view
from app.schemas.consultations import (
    ConsultationOut,
    ConsultationsIn,
    ConsultationsOpened,
    NonResponseIn,
    ReplyIn,
    ReportedRecordOut,
    SheetTaken,
    as_reply,
    read_replies,
    sheet_taken,
)
from app.schemas.words import ConsultationStateSent
from app.services.applications.under_review import last_day
from app.services.consultations import exchange_sheet, read_consultations, replies
from app.services.consultations import import_consultation_sheet as filled_in
from app.services.consultations import open_consultations as consult
from app.services.consultations import record_non_response as record
from app.services.consultations import reply_to_consultation as reply
from app.services.consultations.sheet import MEDIA_TYPE, read_sheet
from app.web.policy import Paging, Route, acting, reading
from app.web.streaming import BINARY, uploading

router = APIRouter(prefix="/v1", route_class=Route, tags=["consultations"])

_OFFICE = acting(Role.OFFICE, rule="art02.decider")
_SHEET_IN = {"requestBody": {"required": True, "content": {MEDIA_TYPE: BINARY}}}


@router.post("/rounds/{round_id}/consultations", summary="Ask the departments", status_code=201)
async def open_consultations(
    round_id: UUID, body: ConsultationsIn, context: Annotated[WriteContext, _OFFICE]
) -> ConsultationsOpened:
    """Puts applications to every department of the round's review rules (Art. 17): all of them after the deadline, or
    single ones before. Each learns code, name, the years to look at and its categories of Art. 13(6), nothing else."""
    opened = await consult.open_consultations(context, round_id=round_id, application_ids=body.application_ids)
    return ConsultationsOpened.model_validate(opened)


@router.get("/consultations", summary="Consultations")
async def list_consultations(
    paging: Paging,
    context: Annotated[ReadContext, reading(Role.DEPARTMENT, Role.OFFICE, Role.AUDITOR)],
    round_id: UUID | None = None,
    application_id: UUID | None = None,
    department_id: UUID | None = None,
    state: ConsultationStateSent | None = None,
    late: Annotated[bool, Query(description="Only those unanswered although their last day is over.")] = False,
) -> PageOut[ConsultationOut]:
    """A department's own consultations (Art. 17), by their making; all of them for the office and the auditor."""
    inside = context.actor.role is not Role.DEPARTMENT
    page = await read_consultations.list_consultations(
        context,
        request=paging,
        round_id=round_id,
        application_id=application_id if inside else None,
        department_id=department_id if inside else None,
        state=state,
        late=late,
    )
    return page_view(page, lambda asked: _view(context, asked))


@router.post("/consultations/{consultation_id}/reply", summary="Answer a consultation")
async def reply_to_consultation(
    consultation_id: UUID, body: ReplyIn, context: Annotated[WriteContext, acting(Role.DEPARTMENT)]
) -> ConsultationOut:
    """The department answers (Art. 17): no objection, not applicable, or adverse with fact, basis and day. What it
    reports goes to the applicant for a reply before anybody decides (Art. 13(6)). A late answer is taken as well."""
    asked = await reply.reply_to_consultation(context, consultation_id=consultation_id, reply=as_reply(body))
    return _view(context, asked)


@router.post("/consultations/{consultation_id}/non-response", summary="Record a department that has not replied")
async def record_non_response(
    consultation_id: UUID, body: NonResponseIn, context: Annotated[WriteContext, _OFFICE]
) -> ConsultationOut:
    """Silence is not consent: a person records it, with a reason, once the last day for the answer is over (Art.
    17)."""
    return _view(
        context, await record.record_non_response(context, consultation_id=consultation_id, reason=body.reason)
    )


@router.get(
    "/rounds/{round_id}/consultation-sheet",
    summary="The batch as a spreadsheet",
    response_class=Response,
    responses={200: {"description": "The sheet to fill in.", "content": {MEDIA_TYPE: BINARY}}},
)
async def export_consultation_sheet(
    round_id: UUID, context: Annotated[ReadContext, reading(Role.DEPARTMENT)]
) -> Response:
    """What the department has not answered yet, as an XLSX file to fill in and send back (Art. 17)."""
    content = await exchange_sheet.export_sheet(context, round_id=round_id)
    headers = {"Content-Disposition": 'attachment; filename="consultations.xlsx"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


@router.post("/rounds/{round_id}/consultation-sheet", summary="Answer by spreadsheet", openapi_extra=_SHEET_IN)
async def import_consultation_sheet(
    round_id: UUID,
    request: Request,
    context: Annotated[StreamContext, uploading(Role.DEPARTMENT)],
    partial: Annotated[bool, Query(description="Take the rows without faults and list the others.")] = False,
    letter_number: Annotated[DocumentNumber | None, Query(description="Of the letter that covers the sheet.")] = None,
    signatory: Annotated[Line | None, Query(description="Who has signed it.")] = None,
    stamped_opinion_id: Annotated[UUID | None, Query(description="A stamped opinion of the department.")] = None,
) -> SheetTaken:
    """Takes the filled-in sheet as the raw body (Art. 17): judged like single answers, all or nothing unless `partial`
    is asked for, every fault with its row and its cell. Rows without an answer are left for later, and rows that were
    answered in the same way before are no fault: the sheet may be filled in further and sent again. One letter covers
    every row of it."""
    letter = replies.Letter(letter_number, signatory, stamped_opinion_id)
    async with exchange_sheet.sheet_sent(context, request.stream()) as (file, digest):
        read = read_replies(await read_sheet(file), letter)
    write = await context.writing(content=digest)
    taken = await filled_in.import_consultation_sheet(write, round_id=round_id, read=read, partial=partial)
    return sheet_taken(taken, letter)


def _view(context: ReadContext, asked: read_consultations.Asked) -> ConsultationOut:
    row, inside = asked.row, context.actor.role is not Role.DEPARTMENT
    return ConsultationOut(
        id=row.id,
        round_id=row.round_id,
        code=asked.code,
        name=asked.name,
        period_from=row.period_from,
        period_to=row.period_to,
        categories=[RecordCategory(item) for item in row.categories],
        last_day=last_day(row.due_at),
        late=row.state == ConsultationState.ASKED and row.due_at <= context.now,
        state=row.state,
        answer=row.answer,
        remark=row.remark,
        answered_at=row.answered_at,
        letter_number=row.letter_number,
        warnings=number_warnings("art17.qualification", row.letter_number),
        signatory=row.signatory,
        stamped_opinion_id=row.stamped_opinion_id,
        records=[ReportedRecordOut.model_validate(item) for item in asked.records],
        application_id=row.application_id if inside else None,
        department_id=row.department_id,
        department_name=asked.department_name,
        non_response_reason=row.non_response_reason if inside else None,
    )
