"""Adverse records (Art. 13(6)) as they are read, locked and opened: the applicant is told before anything is
decided."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, NotFound
from app.measures.facts import CredentialKind, RecordCategory, RecordFinding, RecordOrigin
from app.measures.findings import Finding
from app.measures.record import RecordTold, record_entered_once
from app.measures.review_rules import ReviewRules
from app.measures.roles import Role
from app.measures.text import Text
from app.services.applications.access import visible
from app.services.applications.heard import Hearing, opened
from app.services.applications.under_review import hearing_ends_at, locked_application
from app.services.days import cited_faults, early_faults, future_faults, in_order_faults
from app.services.organisations.access import visible as visible_organisation
from app.store import organisations, revocations
from app.store import qualification as store
from app.store.applications import Application, eligibility
from app.store.organisations.lineages import founded
from app.store.qualification import AdverseRecord
from app.store.rounds import Round


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record that the office has found: at least one of the two days is known. `credential_kind` and `_number`: the
    certificate or licence that was withdrawn before its end, which is another record (h)."""

    category: RecordCategory
    fact: str
    source: str
    basis: str
    occurred_on: date | None
    determined_on: date | None
    rectified: bool = False
    credential_kind: CredentialKind | None = None
    credential_number: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said to a record, in the order in which it counts, and the files."""

    said: Sequence[revocations.PartyStatement]
    files: Sequence[revocations.StatementFile]


async def list_records(context: ReadContext, *, application_id: UUID) -> Sequence[AdverseRecord]:
    """The records of an application: its own organisation's, the office's and the auditor's to see."""
    application = await visible(context, application_id=application_id)
    return await eligibility.records_known_of(context.session, application)


async def list_organisation_records(context: ReadContext, *, organisation_id: UUID) -> Sequence[AdverseRecord]:
    """Every record of a legal person, of any round or none: its own to see, the office's and the auditor's."""
    row = await visible_organisation(context, organisation_id=organisation_id)
    return await eligibility.records_of_lineage(context.session, row.lineage_id)


async def locked_record(
    context: WriteContext, record_id: UUID
) -> tuple[AdverseRecord, tuple[Application, Round] | None]:
    """Round, application and record, locked in the order that every act keeps; the record alone where it came up in no
    round."""
    found = await context.session.by_id(AdverseRecord, record_id)
    if found is None:
        raise no_such()
    place = None
    if found.application_id is not None:
        place = await locked_application(context, found.application_id)
    row = await store.adverse_record(context.session, record_id)
    if row is None:
        raise no_such()
    return row, place


async def open_record(
    context: WriteContext, new: NewRecord, organisation_id: UUID, rules: ReviewRules
) -> AdverseRecord:
    """The record as it begins: told, and open until a person has decided it."""
    _dated(context, new, await founded(context.session, organisation_id))
    _credential_named(new)
    return AdverseRecord(
        created_at=context.now,
        organisation_id=organisation_id,
        origin=RecordOrigin.OFFICE,
        category=new.category,
        fact=new.fact,
        basis=new.basis,
        occurred_on=new.occurred_on,
        determined_on=new.determined_on,
        source=new.source,
        rectified=new.rectified,
        credential_kind=new.credential_kind,
        credential_number=new.credential_number,
        finding=RecordFinding.OPEN,
        notified_at=context.now,
        reply_due_at=hearing_ends_at(context.today, rules),
    )


async def visible_record(context: ReadContext, record_id: UUID) -> AdverseRecord:
    """The record; of another legal person's an applicant finds none."""
    row = await context.session.by_id(AdverseRecord, record_id)
    if row is None:
        raise no_such()
    if context.actor.role is Role.APPLICANT:
        await of_the_caller(context, row)
    return row


async def of_the_caller(context: ReadContext, row: AdverseRecord) -> None:
    """Not found, unless the record is of the caller's legal person: a successor answers for whom it continues."""
    own_id = context.actor.organisation_id
    if own_id == row.organisation_id:
        return
    own = None if own_id is None else await organisations.organisation(context.session, own_id)
    whose = await organisations.organisation(context.session, row.organisation_id)
    if row.application_id is not None or own is None or whose is None or own.lineage_id != whose.lineage_id:
        raise no_such()


async def hearing_of(context: ReadContext, row: AdverseRecord) -> Hearing:
    """The hearing on a record as it stands."""
    return Hearing(
        "art13.6.record",
        row.notified_at or row.created_at,
        row.reply_due_at,
        await revocations.replies_to(context.session, [row.id]),
        await revocations.files_of_replies(context.session, [row.id]),
        record_id=row.id,
    )


async def heard_on(context: ReadContext, rows: Sequence[AdverseRecord]) -> Mapping[UUID, Heard]:
    """What was said to each of these records, and the files with it. Two queries."""
    ids = [row.id for row in rows]
    said = await revocations.replies_to(context.session, ids) if ids else []
    files = await revocations.files_of_replies(context.session, ids) if ids else []
    return {
        key: Heard([item for item in said if item.record_id == key], [item for item in files if item.record_id == key])
        for key in ids
    }


async def download_reply_file(
    context: StreamContext, *, record_id: UUID, file_id: UUID
) -> tuple[revocations.StatementFile, AsyncIterator[bytes]]:
    """A file's bytes, for the organisation itself, the office and the auditor, whose access goes on record."""
    async with context.reading() as reading:
        row = await visible_record(reading, record_id)
        found = await reading.session.by_id(revocations.StatementFile, file_id)
    return await opened(context, found, record_id=row.id)


def entered_once(new: AdverseRecord, known: Sequence[AdverseRecord]) -> list[Finding]:
    """What stands in the way of entering a matter that is known already."""
    return record_entered_once(new=_told(new), known={str(item.id): _told(item) for item in known})


def noted_of(new: NewRecord) -> tuple[str, ...]:
    """The fields of a new record that the audit log keeps."""
    noted = ("category", "source", "occurred_on", "determined_on")
    return noted if new.credential_kind is None else (*noted, "credential_kind", "credential_number")


def _told(row: AdverseRecord) -> RecordTold:
    return RecordTold(row.category, row.occurred_on, row.determined_on, row.source, row.basis, row.credential_number)


def no_such() -> NotFound:
    """There is none, or none for this caller."""
    return NotFound("没有此记录", "No such record")


def _credential_named(new: NewRecord) -> None:
    if (new.credential_kind is None) != (new.credential_number is None):
        missing = Text("证书类型和编号须同时填写", "The kind and the number of the certificate go together")
        field = "/credential_number" if new.credential_number is None else "/credential_kind"
        raise Invalid(missing, errors=[FieldError(field, FieldCode.REQUIRED, missing)])
    if new.credential_kind is not None and new.category is not RecordCategory.OTHER_VIOLATION:
        other = Text("证书被撤销按“其他”类别登记", "A withdrawn certificate is recorded under another violation")
        raise Invalid(other, errors=[FieldError("/category", FieldCode.CREDENTIAL_CATEGORY, other)])


def _dated(context: WriteContext, new: NewRecord, founded_on: date) -> None:
    told = (("/occurred_on", new.occurred_on), ("/determined_on", new.determined_on))
    faults = future_faults(told, context.today)
    for pointer, day in told:
        faults += early_faults(pointer, day, founded_on, Text("早于组织成立日期", "Before the establishment"))
    faults += in_order_faults("", new.occurred_on, new.determined_on)
    faults += cited_faults("/basis", new.basis, latest=context.today)
    if new.occurred_on is None and new.determined_on is None:
        missing = Text("须填写发生日期或认定日期", "The day of the event or of its determination is needed")
        faults.append(FieldError("/occurred_on", FieldCode.REQUIRED, missing))
    if faults:
        raise Invalid(faults[0].message, errors=faults)
