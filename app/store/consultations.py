"""What departments are asked, and their answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    UniqueConstraint,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.qualification import ConsultationAnswer
from app.measures.state_machines import (
    CONSULTATION,
    UNDER_QUALIFICATION,
    ApplicationState,
    ConsultationState,
)
from app.store.applications import Application
from app.store.base import Identified, one_of, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.organisations import Organisation, OrganisationName
from app.store.qualification import AdverseRecord
from app.store.statements import given
from app.store.units import Department


class Consultation(Identified):
    """One department asked about one application: only code, name, period and its categories of 13(6) (Art. 17)."""

    __tablename__ = "consultations"
    __table_args__ = (
        state_of(CONSULTATION),
        one_of("answer", ConsultationAnswer),
        UniqueConstraint("application_id", "department_id"),
        Index("ix_consultations_department", "department_id", "round_id", "id"),
        # Whether anybody is waited for is asked by each look at a round.
        Index("ix_consultations_round", "round_id", "state"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    department_id: Mapped[UUID] = mapped_column(ForeignKey("departments.id"))
    categories: Mapped[list[str]]
    period_from: Mapped[date]
    period_to: Mapped[date]
    due_at: Mapped[datetime]
    state: Mapped[ConsultationState]
    answer: Mapped[ConsultationAnswer | None]
    remark: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    letter_number: Mapped[str | None]
    signatory: Mapped[str | None]
    stamped_opinion_id: Mapped[UUID | None] = mapped_column(ForeignKey("stamped_opinions.id"))
    non_response_reason: Mapped[str | None]
    non_response_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


async def departments_named(session: ReadSession, names: Collection[str]) -> Sequence[Department]:
    """Active departments of these names."""
    return (await session.execute(_DEPARTMENTS_NAMED, {"names": list(names)})).scalars().all()


_DEPARTMENTS_NAMED = (
    select(Department).where(Department.name.in_(given("names")), Department.active).order_by(Department.id)
)


async def departments(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Department]:
    """Departments by id."""
    return await session.by_ids(Department, ids)


async def asked_pairs(session: ReadSession, application_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Which application has been put to which department."""
    return {
        (row.application_id, row.department_id)
        for row in (await session.execute(_ASKED_PAIRS, {"application_ids": list(application_ids)})).all()
    }


_ASKED_PAIRS = select(Consultation.application_id, Consultation.department_id).where(
    Consultation.application_id.in_(given("application_ids"))
)


async def add_consultations(session: WriteSession, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert consultations in one statement."""
    if rows:
        await session.execute(insert(Consultation), list(rows))


async def without_reply(session: ReadSession, round_id: UUID) -> UUID | None:
    """An application of a round under review on which a department has not replied, if there is one."""
    return (await session.execute(_WITHOUT_REPLY, {"round_id": round_id})).scalar_one_or_none()


_WITHOUT_REPLY = (
    select(Consultation.application_id)
    .join(Application, Application.id == Consultation.application_id)
    .where(
        Consultation.round_id == given("round_id"),
        Consultation.state == ConsultationState.ASKED,
        Application.state.in_(UNDER_QUALIFICATION),
    )
    .limit(literal_column("1"))
)


class AskedLine(NamedTuple):
    """How far a department that was asked has come, and who has recorded that it does not answer."""

    application_id: UUID
    department_id: UUID
    due_at: datetime
    state: ConsultationState
    non_response_by: UUID | None


async def asked_about(session: ReadSession, application_ids: Collection[UUID]) -> Sequence[AskedLine]:
    """How far the consultations on these applications have come: a whole list has a hundred thousand of them."""
    return [
        AskedLine._make(row)
        for row in (await session.execute(_ASKED_ABOUT, {"application_ids": list(application_ids)})).all()
    ]


_ASKED_ABOUT = (
    select(
        Consultation.application_id,
        Consultation.department_id,
        Consultation.due_at,
        Consultation.state,
        Consultation.non_response_by,
    )
    .where(Consultation.application_id.in_(given("application_ids")))
    .order_by(Consultation.id)
)


class Given(NamedTuple):
    """A consultation without its entity: what was asked of whom, and what came of it."""

    id: UUID
    application_id: UUID
    department_id: UUID
    categories: list[str]
    due_at: datetime
    state: ConsultationState
    answer: ConsultationAnswer | None
    remark: str | None
    answered_at: datetime | None
    letter_number: str | None
    signatory: str | None
    stamped_opinion_id: UUID | None
    non_response_reason: str | None
    non_response_by: UUID | None


async def consultations_of(session: ReadSession, application_id: UUID) -> Sequence[Given]:
    """The consultations on one application, as rows, in their order."""
    columns = Consultation.__table__.c
    query = (
        select(
            columns.id,
            columns.application_id,
            columns.department_id,
            columns.categories,
            columns.due_at,
            columns.state,
            columns.answer,
            columns.remark,
            columns.answered_at,
            columns.letter_number,
            columns.signatory,
            columns.stamped_opinion_id,
            columns.non_response_reason,
            columns.non_response_by,
        )
        .where(columns.application_id == application_id)
        .order_by(columns.id)
    )
    return [Given._make(row) for row in (await session.execute(query)).all()]


async def stamped_opinions_named(session: ReadSession, department_id: UUID) -> int:
    """How many of a department's stamped opinions its answers name."""
    named = Consultation.stamped_opinion_id
    query = select(func.count(named.distinct())).where(Consultation.department_id == department_id)
    return int((await session.execute(query)).scalar_one())


async def consultation(session: ReadSession, consultation_id: UUID) -> Consultation | None:
    """The consultation with this id."""
    return await session.by_id(Consultation, consultation_id)


async def lock_consultations(session: WriteSession, ids: Collection[UUID]) -> dict[UUID, Consultation]:
    """These consultations, read again and locked until the transaction ends."""
    return {row.id: row for row in (await session.execute(_LOCK_CONSULTATIONS, {"ids": list(ids)})).scalars()}


_LOCK_CONSULTATIONS = (
    select(Consultation)
    .where(Consultation.id.in_(given("ids")))
    .order_by(Consultation.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


class ConsultationLine(NamedTuple):
    """A consultation with the applicant's code and name, the department's name and the application's state."""

    consultation: Consultation
    uscc: str
    name: str
    department_name: str
    application_state: ApplicationState


_LINES = (
    select(
        Consultation,
        Organisation.uscc,
        Organisation.name,
        Department.name.label("department_name"),
        Application.state.label("application_state"),
    )
    .join(Application, Application.id == Consultation.application_id)
    .join(Organisation, Organisation.id == Application.organisation_id)
    .join(Department, Department.id == Consultation.department_id)
    .where(
        Application.state != ApplicationState.WITHDRAWN,
        # Of one that was removed nobody waits for an answer; what was answered stays.
        or_(Application.state != ApplicationState.REMOVED, Consultation.state == ConsultationState.ANSWERED),
    )
)


async def consultation_rows(
    session: ReadSession,
    *,
    after: UUID | None,
    limit: int,
    department_id: UUID | None = None,
    round_id: UUID | None = None,
    application_id: UUID | None = None,
    states: Collection[ConsultationState] | None = None,
    late_at: datetime | None = None,
) -> Sequence[ConsultationLine]:
    """Consultations with code and name beside them, by creation, up to `limit + 1`. Those on applications that have
    been withdrawn are left out, and on those that were removed what is not answered. `late_at`: unanswered though due
    at this instant."""
    query = page_of(
        _LINES,
        Consultation.id,
        after=after,
        limit=limit,
    )
    for column, value in (
        (Consultation.department_id, department_id),
        (Consultation.round_id, round_id),
        (Consultation.application_id, application_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if states is not None:
        query = query.where(Consultation.state.in_(states))
    if late_at is not None:
        query = query.where(Consultation.state == ConsultationState.ASKED, Consultation.due_at <= late_at)
    return [ConsultationLine._make(row) for row in (await session.execute(query)).all()]


class AskedByName(NamedTuple):
    """Whom a consultation asks about: credit code; names, the present one first."""

    code: str
    names: tuple[str, ...]


async def asked_by_name(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, AskedByName]:
    """By consultation, the organisation that it asks about, under each name that it bears or has borne. One query."""
    found: dict[UUID, AskedByName] = {}
    for key, code, name, former in (await session.execute(_ASKED_BY_NAME, {"ids": list(ids)})).all():
        known = found.get(key, AskedByName(code, (name,)))
        found[key] = known._replace(names=(*known.names, former)) if former else known
    return found


_ASKED_BY_NAME = (
    select(Consultation.id, Organisation.uscc, Organisation.name, func.coalesce(OrganisationName.name, ""))
    .join(Application, Application.id == Consultation.application_id)
    .join(Organisation, Organisation.id == Application.organisation_id)
    .outerjoin(OrganisationName, OrganisationName.organisation_id == Organisation.id)
    .where(Consultation.id.in_(given("ids")))
    .order_by(Consultation.id, OrganisationName.id)
)


async def records_of_consultations(session: ReadSession, ids: Collection[UUID]) -> Sequence[AdverseRecord]:
    """The adverse records that came out of these consultations."""
    return (await session.execute(_RECORDS_OF_CONSULTATIONS, {"ids": list(ids)})).scalars().all()


_RECORDS_OF_CONSULTATIONS = (
    select(AdverseRecord).where(AdverseRecord.consultation_id.in_(given("ids"))).order_by(AdverseRecord.id)
)


async def open_consultations(
    session: WriteSession, *, round_id: UUID, application_id: UUID | None
) -> Sequence[Consultation]:
    """Unanswered consultations of a round, or of one application, locked."""
    query = (
        select(Consultation)
        .where(Consultation.round_id == round_id, Consultation.state == ConsultationState.ASKED)
        .order_by(Consultation.id)
        .with_for_update()
    )
    if application_id is not None:
        query = query.where(Consultation.application_id == application_id)
    return (await session.execute(query)).scalars().all()


async def move_due(session: WriteSession, *, ids: Collection[UUID], due_at: datetime) -> None:
    """Give these consultations a later end."""
    statement = update(Consultation).where(Consultation.id.in_(ids)).values(due_at=due_at)
    await session.execute(statement, execution_options={"synchronize_session": "fetch"})
