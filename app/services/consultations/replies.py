"""A department's answer to a consultation (Art. 17): what is wrong with it, and how it is taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.document_numbers import letter_fits
from app.measures.facts import RecordCategory, RecordFinding, RecordOrigin
from app.measures.findings import failures
from app.measures.form import asked_for_given
from app.measures.plain import words
from app.measures.qualification import ConsultationAnswer
from app.measures.state_machines import CONSULTATION, IN_THE_ROUND, ConsultationState
from app.measures.text import Text
from app.services.applications.under_review import hearing_ends_at, rules_of
from app.services.applications.window import day_of_the_call
from app.services.consultations.sheet import RowNamed
from app.services.days import cited_faults, future_faults, in_order_faults
from app.services.instruments.in_force import round_readings
from app.services.lifecycle import one_of_many
from app.store import rounds
from app.store.applications import Application
from app.store.consultations import Consultation
from app.store.qualification import AdverseRecord
from app.store.recommendations import stamped_opinions


@dataclass(frozen=True, slots=True)
class ReportedRecord:
    """A record that a department reports: at least one of the two days is known."""

    category: RecordCategory
    fact: str
    basis: str | None
    occurred_on: date | None
    determined_on: date | None
    rectified: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """The department's letter: its number, who has signed it, the scan with the seal."""

    letter_number: str | None = None
    signatory: str | None = None
    stamped_opinion_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """`answer`: no_objection, adverse or not_applicable; `records` belong to an adverse one."""

    answer: ConsultationAnswer
    records: tuple[ReportedRecord, ...] = ()
    remark: str | None = None
    letter: Letter = Letter()


@dataclass(frozen=True, slots=True)
class PlacedReply:
    """A reply and where in the input it stands (JSON pointer), for the faults; `named`: whom the rows of a sheet name
    beside the id."""

    pointer: str
    consultation_id: UUID
    reply: Reply
    named: tuple[RowNamed, ...] = ()


async def letter_faults(
    context: WriteContext, letters: Iterable[Letter], at: str, round_row: rounds.Round
) -> list[FieldError]:
    """What the round's rules ask of a letter and it lacks, and a scan that is not the department's."""
    asked, faults = rules_of(round_row).asks.opinions, list[FieldError]()
    for letter in letters:
        given = {item.name for item in fields(letter) if getattr(letter, item.name) is not None}
        for finding in failures(asked_for_given(rule_id="art17.qualification", asked=asked, given=given)):
            missing = words(finding.facts["missing"])
            faults += [
                FieldError(f"{at}/{name}", FieldCode.REQUIRED, finding.message, finding.rule) for name in missing
            ]
        if letter.letter_number is not None:
            called_on = day_of_the_call(round_row)
            dated = letter_fits(
                number=letter.letter_number,
                earliest=called_on,
                latest=context.today,
                not_before=called_on,
                rule_id="art17.qualification",
            )
            faults += [
                FieldError(f"{at}/letter_number", FieldCode.INCONSISTENT, item.message, item.rule)
                for item in failures(dated)
            ]
        named, department_id = letter.stamped_opinion_id, context.actor.department_id
        if named is not None:
            scan = await stamped_opinions.get(context.session, named)
            if scan is None or scan.department_id != department_id:
                text = Text("没有此盖章文件", "No such stamped opinion")
                faults.append(FieldError(f"{at}/stamped_opinion_id", FieldCode.NOT_FOUND, text))
    return faults


def reply_faults(
    context: WriteContext, item: PlacedReply, row: Consultation, applications: dict[UUID, Application]
) -> list[FieldError]:
    """What is wrong with a reply, beyond its form."""
    at = item.pointer
    faults: list[FieldError] = []
    if row.state == ConsultationState.ANSWERED:
        faults.append(
            FieldError(f"{at}/answer", FieldCode.ALREADY_ANSWERED, Text("该征询已答复", "It is answered already"))
        )
    if applications[row.application_id].state not in IN_THE_ROUND:
        text = Text("该申报已不在本届评审中，无需答复", "The application has left the round: no answer is needed")
        faults.append(FieldError(f"{at}/answer", FieldCode.APPLICATION_CLOSED, text))
    if (item.reply.answer == ConsultationAnswer.ADVERSE) != bool(item.reply.records):
        text = Text(
            "“有不良记录”须附记录，其他答复不得附记录", "Records belong to the answer `adverse`, and only to it"
        )
        faults.append(FieldError(f"{at}/records", FieldCode.INCONSISTENT, text))
    for number, record in enumerate(item.reply.records):
        place = f"{at}/records/{number}"
        if record.category.value not in row.categories:
            text = Text("该事项不属于征询本部门的范围", "This category is not one that the department was asked about")
            faults.append(FieldError(f"{place}/category", FieldCode.NOT_ASKED, text))
        if record.occurred_on is None and record.determined_on is None:
            text = Text("须填写发生日期或认定日期", "The day of the event or of its determination is needed")
            faults.append(FieldError(f"{place}/occurred_on", FieldCode.REQUIRED, text))
        told = ((f"{place}/{name}", getattr(record, name)) for name in ("occurred_on", "determined_on"))
        faults += future_faults(told, context.today)
        faults += in_order_faults(place, record.occurred_on, record.determined_on)
        faults += cited_faults(f"{place}/basis", record.basis, latest=context.today)
    return faults


def refuse_faulty(faults: Sequence[FieldError], *, sound: int = 0) -> None:
    """`sound`: so many of the answers could be taken without the others."""
    if not faults:
        return
    zh = f"；其余{sound}项无误，以 partial=true 提交即可先行收下" if sound else ""
    en = f"; {sound} more are sound, and are taken with partial=true" if sound else ""
    text = Text(
        f"答复有误，未写入任何内容，请按 errors 改正{zh}",
        f"The answers have faults, see `errors`; nothing was written{en}",
    )
    raise Invalid(text, errors=faults)


def take_reply(
    context: WriteContext, row: Consultation, about: Application, round_row: rounds.Round, reply: Reply, source: str
) -> None:
    """Write the answer down, with the records that it reports; the caller has found no fault in it. `source`: the
    department's name."""
    with one_of_many(context, CONSULTATION, row, "reply_to_consultation") as doing:
        late = row.state == ConsultationState.NON_RESPONSE or row.due_at <= context.now
        doing.hear()
        row.answer, row.remark = reply.answer, reply.remark
        row.letter_number, row.signatory = reply.letter.letter_number, reply.letter.signatory
        row.stamped_opinion_id = reply.letter.stamped_opinion_id
        row.answered_at, row.answered_by = context.now, context.actor.known_id
        for record in reply.records:
            # The applicant is told and heard before anything is decided.
            context.session.add(
                AdverseRecord(
                    created_at=context.now,
                    organisation_id=about.organisation_id,
                    application_id=row.application_id,
                    consultation_id=row.id,
                    origin=RecordOrigin.DEPARTMENT,
                    category=record.category,
                    fact=record.fact,
                    basis=record.basis,
                    occurred_on=record.occurred_on,
                    determined_on=record.determined_on,
                    source=source,
                    rectified=record.rectified,
                    finding=RecordFinding.OPEN,
                    notified_at=context.now,
                    reply_due_at=hearing_ends_at(context.today, rules_of(round_row)),
                )
            )
        doing.tell(application_id=row.application_id, department_id=row.department_id, answer=reply.answer)
        doing.tell(categories=[record.category.value for record in reply.records], remark=reply.remark)
        doing.tell(letter_number=row.letter_number, signatory=row.signatory)
        keys = ["consultation_tick", *([] if row.letter_number is None else ["letters_beside_opinions"])]
        doing.rest_on(round_readings(round_row), *keys, *(["late_answer"] if late else []))
