"""Consultations on the wire: what a department gets is code, name, period and its categories, never the dossier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError
from app.measures.facts import RecordCategory
from app.measures.qualification import ConsultationAnswer
from app.measures.text import Text
from app.schemas.common import (
    WARNED,
    Day,
    DocumentNumber,
    FieldFault,
    FindingView,
    In,
    Name,
    Out,
    Paragraph,
    Worded,
    WordedLine,
    field_fault_view,
    number_warnings,
)
from app.schemas.field_messages import field_fault
from app.schemas.once import Once
from app.schemas.words import ConsultationState
from app.services.consultations.cells import WANTED, is_no_day
from app.services.consultations.import_consultation_sheet import BatchTaken, SheetRead
from app.services.consultations.replies import Letter, PlacedReply, Reply, ReportedRecord
from app.services.consultations.sheet import FilledRow


class ConsultationsIn(In):
    """Which applications to put to the departments."""

    application_ids: Annotated[list[UUID], Field(min_length=1, max_length=500), Once()] | None = Field(
        None,
        description="Single applications, as soon as they are submitted. Missing: all, after the deadline.",
        examples=[["018e0000-0000-7000-8000-000000000001"]],
    )


class ConsultationsOpened(Out):
    """What was opened; who has been asked already is not asked again."""

    opened: int = Field(description="New consultations.")
    applications: int
    departments: list[str]
    last_day: date = Field(description="Last day for the answers, included.")


class ReportedRecordIn(In):
    """One record under Art. 13(6)."""

    category: RecordCategory = Field(
        description="One of the categories that the department is asked about.", examples=["failed_inspection"]
    )
    fact: Worded = Field(description="What happened.", examples=["2022年监督抽查一批次不合格。"])
    basis: WordedLine | None = Field(None, description="Document or number.", examples=["样例监抽〔2022〕8号"])
    occurred_on: Day | None = Field(None, description="Day of the event; this or the next is needed.")
    determined_on: Day | None = Field(None, description="Day of the authority's determination.")
    rectified: bool = Field(False, description="Told; it does not excuse.")


class ReplyIn(In):
    """A department's answer."""

    answer: ConsultationAnswer = Field(examples=[ConsultationAnswer.NO_OBJECTION])
    records: Annotated[list[ReportedRecordIn], Field(max_length=50)] = Field(
        default_factory=list, description="For the answer `adverse`, one or more; otherwise none."
    )
    remark: Paragraph | None = Field(None, description="For the office.")
    letter_number: DocumentNumber | None = Field(
        None,
        description="Number of the department's letter, of a year since the call.",
        examples=["会市监函〔2024〕31号"],
    )
    signatory: Name | None = Field(None, description="Who has signed it.", examples=["样例部门负责人"])
    stamped_opinion_id: UUID | None = Field(None, description="A stamped opinion of the department.")


class NonResponseIn(In):
    """Why a department is recorded as a non-response."""

    reason: Worded = Field(examples=["经两次催办，期满仍未答复。"])


class ReportedRecordOut(Out):
    """A record that the department has reported."""

    category: RecordCategory
    fact: str
    basis: str | None
    occurred_on: date | None
    determined_on: date | None
    rectified: bool


class ConsultationOut(Out):
    """One department asked about one organisation."""

    id: UUID
    round_id: UUID
    code: str = Field(description="Unified social credit code.")
    name: str = Field(description="Name of the organisation.")
    period_from: date
    period_to: date
    categories: list[RecordCategory] = Field(description="Categories of Art. 13(6) that are the department's.")
    last_day: date = Field(description="Last day for the answer, included.")
    late: bool = Field(description="Unanswered although its last day is over.")
    state: ConsultationState = Field(description="`asked`, `answered` or `non_response`.")
    answer: ConsultationAnswer | None
    remark: str | None
    answered_at: datetime | None
    letter_number: str | None
    warnings: list[FindingView] = Field(description=WARNED)
    signatory: str | None
    stamped_opinion_id: UUID | None
    records: list[ReportedRecordOut]
    application_id: UUID | None = Field(description="For the office and the auditor; null for a department.")
    department_id: UUID
    department_name: str
    non_response_reason: str | None = Field(description="For the office and the auditor; null for a department.")


class SheetTaken(Out):
    """What became of the rows of a sheet."""

    answered: int = Field(description="Consultations that the sheet has answered.")
    unchanged: int = Field(description="Consultations that had this same answer already.")
    warnings: list[FindingView] = Field(description=WARNED)
    faults: list[FieldFault] = Field(
        description="With `partial=true`: what is wrong with the rows that were left out, by row and cell."
    )


def as_reply(body: ReplyIn) -> Reply:
    """The answer as the service takes it."""
    return Reply(
        answer=body.answer,
        records=tuple(
            ReportedRecord(item.category, item.fact, item.basis, item.occurred_on, item.determined_on, item.rectified)
            for item in body.records
        ),
        remark=body.remark,
        letter=Letter(body.letter_number, body.signatory, body.stamped_opinion_id),
    )


def read_replies(rows: Sequence[FilledRow], letter: Letter) -> SheetRead:
    """The answers of a sheet, judged by the same schema as those of the API; faults name row and field. `letter` covers
    them all."""
    read = SheetRead()
    for row in rows:
        pointer = row.pointer
        read.cells.update({f"{pointer}/{place}": address for place, address in row.cells.items()})
        values = dict(row.values)
        consultation_id = _uuid(values.pop("consultation_id"))
        if consultation_id is None:
            text = Text("征询编号无效", "The consultation's id is invalid")
            read.faults.append(FieldError(f"{pointer}/consultation_id", FieldCode.NOT_A_UUID, text))
        try:
            body = ReplyIn.model_validate({**values, "records": row.records})
        except ValidationError as error:
            read.faults += [_fault(pointer, item) for item in error.errors()]
            read.unread.update([consultation_id] if consultation_id else [])
            continue
        if consultation_id is not None:
            said = replace(as_reply(body), letter=letter)
            read.replies.append(PlacedReply(pointer, consultation_id, said, tuple(row.named)))
    return read


def sheet_taken(taken: BatchTaken, letter: Letter) -> SheetTaken:
    """What became of a sheet that came with this letter, on the wire."""
    return SheetTaken(
        answered=taken.answered,
        unchanged=taken.unchanged,
        warnings=number_warnings("art17.qualification", letter.letter_number),
        faults=[field_fault_view(item) for item in taken.faults],
    )


_MISWRITTEN = (FieldCode.NOT_ALLOWED, FieldCode.NOT_A_DATE, FieldCode.NOT_A_BOOLEAN, FieldCode.NOT_TEXT)


def _fault(pointer: str, item: ErrorDetails) -> FieldError:
    where = "/".join([pointer, *(str(part) for part in item["loc"])])
    code, text = field_fault(item)
    # Whoever fills in the sheet knows its words, not those of the contract.
    wanted = WANTED.get(str(item["loc"][-1])) if code in _MISWRITTEN else None
    written = item.get("input")
    if code is FieldCode.NOT_A_DATE and is_no_day(written):
        wanted = Text(f"没有{written}这一天", f"There is no such day: {written}")
    return FieldError(where, code, wanted or text)


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
