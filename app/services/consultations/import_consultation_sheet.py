"""A department answers by its sheet: many consultations at once, all or nothing, or those without a fault (Art. 17)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from app.kernel.chinese import simplified
from app.kernel.context import WriteContext
from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError
from app.measures.state_machines import ConsultationState
from app.measures.text import Text, plain_number, same_name
from app.services.applications.under_review import running
from app.services.consultations.read_consultations import no_such
from app.services.consultations.replies import (
    PlacedReply,
    Reply,
    letter_faults,
    refuse_faulty,
    reply_faults,
    take_reply,
)
from app.store import consultations, rounds
from app.store import qualification as store
from app.store.consultations import Consultation
from app.store.qualification import AdverseRecord


@dataclass(slots=True)
class SheetRead:
    """What was read of a sheet: replies, faults, the consultations whose rows could not be read, and the address of the
    cell in which each value stands, by JSON pointer."""

    replies: list[PlacedReply] = field(default_factory=list)
    faults: list[FieldError] = field(default_factory=list)
    unread: set[UUID] = field(default_factory=set)
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchTaken:
    """What became of many replies: how many were taken, how many had been given before in the same words, and the
    faults of those that were left out."""

    answered: int
    unchanged: int
    faults: tuple[FieldError, ...]


async def import_consultation_sheet(
    context: WriteContext, *, round_id: UUID, read: SheetRead, partial: bool
) -> BatchTaken:
    """The caller's department answers many consultations of one round: all or nothing, or, if `partial`, those without
    a fault. Faults that were found while reading come back together with those found here, each with its cell. What was
    answered before in the same way is left as it is. A fixed number of queries."""
    round_row = await rounds.share(context.session, round_id)
    if round_row is None:
        raise no_such()
    running(round_row, "reply_to_consultation", rule="art17.qualification")
    rows = await consultations.lock_consultations(context.session, [item.consultation_id for item in read.replies])
    own = {
        row.id: row
        for row in rows.values()
        if row.round_id == round_id and row.department_id == context.actor.department_id
    }
    given = await _given(context, own.values())
    names = await consultations.asked_by_name(context.session, list(own))
    applications = await store.applications(context.session, {row.application_id for row in own.values()})
    found, times = list(read.faults), Counter(item.consultation_id for item in read.replies)
    # One letter covers the sheet, so its faults are the sheet's.
    refuse_faulty(await letter_faults(context, {item.reply.letter for item in read.replies}, "/query", round_row))
    seen, sound, unchanged = set[UUID](), list[PlacedReply](), 0
    for item in read.replies:
        faults = _place_faults(item, own, again=item.consultation_id in seen)
        seen.add(item.consultation_id)
        row = own.get(item.consultation_id)
        if row is not None:
            faults += _name_faults(item, names[row.id])
        # Of two rows for one consultation nobody but their writer knows which is meant.
        clear = times[item.consultation_id] == 1 and item.consultation_id not in read.unread
        if (
            row is not None
            and clear
            and not faults
            and row.state == ConsultationState.ANSWERED
            and _same(item.reply, row, given[row.id])
        ):
            unchanged += 1
            continue
        if row is not None:
            faults += reply_faults(context, item, row, applications)
        found += faults
        if clear and not faults:
            sound.append(item)
    found = [_addressed(fault, read.cells) for fault in found]
    if not partial:
        refuse_faulty(found, sound=len(sound))
    if sound:
        department_id = own[sound[0].consultation_id].department_id
        source = (await consultations.departments(context.session, [department_id]))[department_id].name
        for item in sound:
            row = own[item.consultation_id]
            take_reply(context, row, applications[row.application_id], round_row, item.reply, source)
        await context.session.flush()
    return BatchTaken(len(sound), unchanged, tuple(found))


async def _given(context: WriteContext, rows: Iterable[Consultation]) -> dict[UUID, list[AdverseRecord]]:
    """The records that these consultations have brought so far."""
    given: dict[UUID, list[AdverseRecord]] = {row.id: [] for row in rows}
    for record in await consultations.records_of_consultations(context.session, list(given)):
        if record.consultation_id is not None:
            given[record.consultation_id].append(record)
    return given


def _same(reply: Reply, row: Consultation, records: Sequence[AdverseRecord]) -> bool:
    """Whether the consultation was answered in just this way; a sheet that is filled in further has a letter of its
    own, which covers what it adds."""
    names = ("category", "fact", "basis", "occurred_on", "determined_on", "rectified")
    told = Counter(tuple(getattr(record, name) for name in names) for record in reply.records)
    kept = Counter(tuple(getattr(record, name) for name in names) for record in records)
    return (reply.answer, reply.remark) == (row.answer, row.remark) and told == kept


def _place_faults(item: PlacedReply, own: Mapping[UUID, Consultation], *, again: bool) -> list[FieldError]:
    """What is wrong with the consultation that a reply names."""
    place, faults = f"{item.pointer}/consultation_id", []
    if again:
        text = Text("同一征询重复答复", "The same consultation is answered twice")
        faults.append(FieldError(place, FieldCode.DUPLICATE, text))
    if item.consultation_id not in own:
        text = Text("本部门没有此征询", "Not a consultation of this department")
        faults.append(FieldError(place, FieldCode.NOT_FOUND, text))
    return faults


def _name_faults(item: PlacedReply, asked: consultations.AskedByName) -> list[FieldError]:
    """Where a row names another organisation than the one about which its consultation asks: whoever filled it in read
    the name, and sorting a part of the columns parts it from its id."""
    faults = []
    for row in item.named:
        for key, (written, address) in row.given.items():
            if key == "code":
                agrees = plain_number(written) == plain_number(asked.code)
            else:
                agrees = any(same_name(simplified(written), simplified(name)) for name in asked.names)
            if not agrees:
                text = Text(
                    f"单元格 {address}：与该征询编号所征询的组织（{asked.names[0]}，{asked.code}）不符，请核对该行",
                    f"Cell {address}: the consultation of this id asks about {asked.names[0]}, {asked.code};"
                    " look at the row again",
                )
                faults.append(FieldError(f"{row.pointer}/{key}", FieldCode.INCONSISTENT, text))
                break
    return faults


def _addressed(fault: FieldError, cells: Mapping[str, str]) -> FieldError:
    """The fault with the cell to look at, for whoever has the sheet before him."""
    address = cells.get(fault.pointer)
    if address is None:
        return fault
    told = fault.message
    return replace(fault, message=Text(f"单元格 {address}：{told.zh}", f"Cell {address}: {told.en}"))
