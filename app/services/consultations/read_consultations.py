"""Consultations as they are read and locked: a department finds its own only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageRequest
from app.measures.roles import Role
from app.measures.state_machines import ConsultationState
from app.store import consultations, rounds
from app.store.consultations import Consultation
from app.store.qualification import AdverseRecord


@dataclass(frozen=True, slots=True)
class Asked:
    """A consultation as it is shown: with code and name beside it, and what the department has put on record."""

    row: Consultation
    code: str
    name: str
    department_name: str
    records: Sequence[AdverseRecord]


async def list_consultations(
    context: ReadContext,
    *,
    request: PageRequest,
    round_id: UUID | None,
    application_id: UUID | None,
    department_id: UUID | None,
    state: str | None,
    late: bool,
) -> Page[Asked]:
    """A department's own consultations; all of them for the office and the auditor."""
    own = context.actor.department_id if context.actor.role is Role.DEPARTMENT else department_id
    named: dict[str, UUID | None] = {"department_id": own, "round_id": round_id, "application_id": application_id}
    states, late_at = None if state is None else [ConsultationState(state)], context.now if late else None
    rows = await consultations.consultation_rows(
        context.session,
        after=request.after(**named, states=states, late=late),
        limit=request.limit,
        states=states,
        late_at=late_at,
        **named,
    )
    page = request.page(rows, key=lambda item: item.consultation.id, **named, states=states, late=late)
    shown = {item.row.id: item for item in await with_records(context, page.items)}
    return page.map(lambda item: shown[item.consultation.id])


async def with_records(context: ReadContext, rows: Sequence[consultations.ConsultationLine]) -> list[Asked]:
    """These consultations with the records that came out of them; one query."""
    records: defaultdict[UUID | None, list[AdverseRecord]] = defaultdict(list)
    for record in await consultations.records_of_consultations(
        context.session, [item.consultation.id for item in rows]
    ):
        records[record.consultation_id].append(record)
    return [
        Asked(item.consultation, item.uscc, item.name, item.department_name, records[item.consultation.id])
        for item in rows
    ]


async def show(context: ReadContext, row: Consultation) -> Asked:
    """One consultation as it is shown."""
    rows = await consultations.consultation_rows(
        context.session, after=None, limit=1, department_id=row.department_id, application_id=row.application_id
    )
    return (await with_records(context, rows[:1]))[0]


async def locked_consultation(context: WriteContext, consultation_id: UUID) -> tuple[Consultation, rounds.Round]:
    """A consultation and its round, kept as they are until the transaction ends."""
    found = await consultations.consultation(context.session, consultation_id)
    if found is None:
        raise no_such()
    round_row = await rounds.share(context.session, found.round_id)
    locked_rows = await consultations.lock_consultations(context.session, [consultation_id])
    if round_row is None or consultation_id not in locked_rows:
        raise no_such()
    return locked_rows[consultation_id], round_row


def no_such() -> NotFound:
    """It does not exist, or it is another department's."""
    return NotFound("没有此征询", "No such consultation")
