"""Queries of the qualification review (Art. 17), in bulk: what many applications need costs as few queries as one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, literal_column, select, update

from app.store.applications import (
    AdverseRecord,
    Application,
    Attachment,
    ConditionDecision,
    Consultation,
    Correction,
    Recommendation,
)
from app.store.awards import Award
from app.store.database import ReadSession, WriteSession
from app.store.identity import Account
from app.store.parties import Department, Organisation
from app.store.publicity import Candidate, Notice
from app.store.rounds import DeadlineExtension

# In these states an application is under review, before or after the list.
UNDER_QUALIFICATION = ("submitted", "correction_requested")

_EXTENSIONS = (
    select(DeadlineExtension, Application.number, Account.display_name)
    .outerjoin(Application, Application.id == DeadlineExtension.application_id)
    .join(Account, Account.id == DeadlineExtension.decided_by)
)


async def departments_named(session: ReadSession, names: Collection[str]) -> Sequence[Department]:
    """Active departments of these names."""
    query = select(Department).where(Department.name.in_(names), Department.active).order_by(Department.id)
    return (await session.execute(query)).scalars().all()


async def departments(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Department]:
    """Departments by id."""
    query = select(Department).where(Department.id.in_(ids))
    return {row.id: row for row in (await session.execute(query)).scalars()}


async def account_names(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, str]:
    """Display names of accounts by id."""
    query = select(Account.id, Account.display_name).where(Account.id.in_(ids))
    return {row.id: row.display_name for row in (await session.execute(query)).all()}


async def to_qualify(
    session: WriteSession, round_id: UUID, *, ids: Sequence[UUID] | None = None
) -> Sequence[Application]:
    """The applications of a round that are under review, by their numbers; of `ids` alone where given."""
    query = (
        select(Application)
        .where(Application.round_id == round_id, Application.state.in_(UNDER_QUALIFICATION))
        .order_by(Application.number, Application.id)
    )
    if ids is not None:
        query = query.where(Application.id.in_(ids))
    return (await session.execute(query)).scalars().all()


async def desk_page(
    session: ReadSession, *, round_id: UUID, after: UUID | None, limit: int, state: str | None
) -> Sequence[Application]:
    """Submitted applications of a round in the order of their making, up to `limit + 1`."""
    query = (
        select(Application)
        .where(Application.round_id == round_id, Application.submitted_at.is_not(None))
        .order_by(Application.id)
        .limit(literal_column(str(limit + 1)))
    )
    if after is not None:
        query = query.where(Application.id > after)
    if state is not None:
        query = query.where(Application.state == state)
    return (await session.execute(query)).scalars().all()


async def asked_pairs(session: ReadSession, application_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Which application has been put to which department."""
    query = select(Consultation.application_id, Consultation.department_id).where(
        Consultation.application_id.in_(application_ids)
    )
    return {(row.application_id, row.department_id) for row in (await session.execute(query)).all()}


async def add_consultations(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert consultations in one statement."""
    if rows:
        await session.execute(insert(Consultation), list(rows))


async def consultations_of(session: ReadSession, application_ids: Collection[UUID]) -> Sequence[Any]:
    """The consultations on these applications, as rows: a whole list has a hundred thousand of them."""
    columns = Consultation.__table__.c
    query = (
        select(
            columns.id,
            columns.application_id,
            columns.department_id,
            columns.letters,
            columns.due_at,
            columns.state,
            columns.answer,
            columns.remark,
            columns.answered_at,
            columns.overdue_reason,
            columns.overdue_by,
        )
        .where(columns.application_id.in_(application_ids))
        .order_by(columns.id)
    )
    return (await session.execute(query)).all()


async def consultation(session: ReadSession, consultation_id: UUID) -> Consultation | None:
    """The consultation with this id."""
    return await session.get(Consultation, consultation_id)


async def lock_consultations(session: WriteSession, ids: Collection[UUID]) -> dict[UUID, Consultation]:
    """These consultations, read again and locked until the transaction ends."""
    query = (
        select(Consultation)
        .where(Consultation.id.in_(ids))
        .order_by(Consultation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in (await session.execute(query)).scalars()}


async def applications(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Application]:
    """Applications by id."""
    query = select(Application).where(Application.id.in_(ids))
    return {row.id: row for row in (await session.execute(query)).scalars()}


async def consultation_rows(
    session: ReadSession,
    *,
    after: UUID | None,
    limit: int,
    department_id: UUID | None = None,
    round_id: UUID | None = None,
    application_id: UUID | None = None,
    states: Collection[str] | None = None,
    late_at: datetime | None = None,
) -> Sequence[Any]:
    """Consultations with code and name beside them, by creation, up to `limit + 1`. Those on applications that have
    been withdrawn are left out. `late_at`: unanswered though due at this instant."""
    query = (
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
        .where(Application.state != "withdrawn")
        .order_by(Consultation.id)
        .limit(literal_column(str(limit + 1)))
    )
    if after is not None:
        query = query.where(Consultation.id > after)
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
        query = query.where(Consultation.state == "asked", Consultation.due_at <= late_at)
    return (await session.execute(query)).all()


async def records_of_consultations(session: ReadSession, ids: Collection[UUID]) -> Sequence[AdverseRecord]:
    """The adverse records that came out of these consultations."""
    query = select(AdverseRecord).where(AdverseRecord.consultation_id.in_(ids)).order_by(AdverseRecord.id)
    return (await session.execute(query)).scalars().all()


async def open_consultations(
    session: WriteSession, *, round_id: UUID, application_id: UUID | None
) -> Sequence[Consultation]:
    """Unanswered consultations of a round, or of one application, locked."""
    query = (
        select(Consultation)
        .where(Consultation.round_id == round_id, Consultation.state == "asked")
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


async def corrections_of(session: ReadSession, application_ids: Collection[UUID]) -> Sequence[Correction]:
    """Correction requests of these applications, the oldest first."""
    query = select(Correction).where(Correction.application_id.in_(application_ids)).order_by(Correction.id)
    return (await session.execute(query)).scalars().all()


async def materials_of(session: ReadSession, application_ids: Collection[UUID]) -> Sequence[Any]:
    """Application and code of every material that is there."""
    query = (
        select(Attachment.application_id, Attachment.material)
        .where(Attachment.application_id.in_(application_ids), Attachment.removed_at.is_(None))
        .distinct()
    )
    return (await session.execute(query)).all()


async def adverse_record(session: WriteSession, record_id: UUID) -> AdverseRecord | None:
    """The adverse record with this id, locked."""
    query = (
        select(AdverseRecord)
        .where(AdverseRecord.id == record_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def decisions_of(session: ReadSession, application_id: UUID) -> Sequence[ConditionDecision]:
    """Every decision on a condition of one application, the oldest first."""
    query = (
        select(ConditionDecision)
        .where(ConditionDecision.application_id == application_id)
        .order_by(ConditionDecision.id)
    )
    return (await session.execute(query)).scalars().all()


async def open_recommendation(session: WriteSession, application_id: UUID) -> Recommendation | None:
    """The recommendation that is asked for and not answered, locked."""
    query = (
        select(Recommendation)
        .where(Recommendation.application_id == application_id, Recommendation.state == "requested")
        .with_for_update()
    )
    return (await session.execute(query)).scalar_one_or_none()


async def extensions(session: ReadSession, *, round_id: UUID, after: UUID | None, limit: int) -> Sequence[Any]:
    """Extensions of a round with the number of the application concerned and who decided, up to `limit + 1`."""
    query = (
        _EXTENSIONS.where(DeadlineExtension.round_id == round_id)
        .order_by(DeadlineExtension.id)
        .limit(literal_column(str(limit + 1)))
    )
    if after is not None:
        query = query.where(DeadlineExtension.id > after)
    return (await session.execute(query)).all()


async def extension(session: ReadSession, extension_id: UUID) -> Any:
    """One extension, as `extensions` gives them."""
    return (await session.execute(_EXTENSIONS.where(DeadlineExtension.id == extension_id))).one()


async def close_applications(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the outcomes of a whole list in one statement. Each row: `row_id` and `new_` state, bucket,
    sector, confirmed_at, closed_reason, closed_rule, closed_at."""
    if not rows:
        return
    table = cast(Table, Application.__table__)
    columns = ("state", "bucket", "sector", "confirmed_at", "closed_reason", "closed_rule", "closed_at")
    changes: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    # The new states come from the table of lives, entity by entity; here they are only written down.
    statement = (
        table.update()
        .where(table.c.id == bindparam("row_id"))
        .values(  # house: state
            {**changes, "version": table.c.version + 1}
        )
    )
    await (await session.connection()).execute(statement, list(rows))


async def expire_corrections(session: WriteSession, ids: Collection[UUID]) -> None:
    """Close corrections whose time is over."""
    if ids:
        statement = update(Correction).where(Correction.id.in_(ids)).values(state="expired")  # house: state
        await session.execute(statement, execution_options={"synchronize_session": False})


async def qualified_list(session: ReadSession, round_id: UUID) -> Notice | None:
    """The published qualified list of a round."""
    query = (
        select(Notice)
        .where(Notice.round_id == round_id, Notice.kind == "qualified_list")
        .order_by(Notice.id.desc())
        .limit(literal_column("1"))
    )
    return (await session.execute(query)).scalar_one_or_none()


async def listed_candidate(session: WriteSession, application_id: UUID) -> Candidate | None:
    """The application's name on the candidate list, locked, where it stands there."""
    query = (
        select(Candidate)
        .where(Candidate.application_id == application_id, Candidate.state == "listed")
        .with_for_update()
    )
    return (await session.execute(query)).scalar_one_or_none()


async def has_award(session: ReadSession, application_id: UUID) -> bool:
    """Whether an award has come out of the application."""
    query = select(Award.id).where(Award.application_id == application_id).limit(literal_column("1"))
    return (await session.execute(query)).first() is not None
