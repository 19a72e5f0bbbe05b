"""Queries on what comes out of the review: stage reports and the on-site list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update

from app.measures.reviews import Stage
from app.measures.state_machines import ApplicationState
from app.store.applications import Application
from app.store.database import ReadSession, WriteSession
from app.store.organisations import Organisation
from app.store.reviews import ShortlistEntry, StageReport


async def standing_reports(session: ReadSession, application_ids: Collection[UUID]) -> Sequence[StageReport]:
    """The reports on these applications that stand."""
    query = (
        select(StageReport)
        .where(StageReport.application_id.in_(application_ids), StageReport.voided_at.is_(None))
        .order_by(StageReport.id)
    )
    return (await session.execute(query)).scalars().all()


async def reports_of(session: ReadSession, application_id: UUID, *, stage: Stage) -> Sequence[StageReport]:
    """Every report of a stage on an application, void ones too, in their order."""
    query = (
        select(StageReport)
        .where(StageReport.application_id == application_id, StageReport.stage == stage)
        .order_by(StageReport.id)
    )
    return (await session.execute(query)).scalars().all()


async def applications_of_round(
    session: WriteSession, round_id: UUID, states: Collection[ApplicationState]
) -> Sequence[tuple[Application, Organisation]]:
    """A round's applications in these states with their organisations, read again and locked."""
    query = (
        select(Application, Organisation)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.round_id == round_id, Application.state.in_(states))
        .order_by(Application.id)
        .with_for_update(of=Application)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


class ShortlistLine(NamedTuple):
    """A place on the on-site list with the organisation, and the application's state and number."""

    entry: ShortlistEntry
    name: str
    uscc: str
    state: ApplicationState
    number: str | None


async def shortlist_of(session: ReadSession, round_id: UUID) -> Sequence[ShortlistLine]:
    """The present on-site list, those left out too, with organisations and states: by seat category and rank."""
    query = (
        select(ShortlistEntry, Organisation.name, Organisation.uscc, Application.state, Application.number)
        .join(Application, Application.id == ShortlistEntry.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(ShortlistEntry.round_id == round_id, ShortlistEntry.superseded_at.is_(None))
        .order_by(ShortlistEntry.seat_category, ShortlistEntry.rank, ShortlistEntry.id)
    )
    return [ShortlistLine._make(row) for row in (await session.execute(query)).all()]


async def first_listed(session: ReadSession, application_id: UUID) -> datetime | None:
    """Since when an application has been on an on-site list, the superseded ones counted."""
    query = select(func.min(ShortlistEntry.created_at)).where(
        ShortlistEntry.application_id == application_id, ShortlistEntry.included
    )
    found: datetime | None = (await session.execute(query)).scalar_one_or_none()
    return found


async def supersede_shortlist(session: WriteSession, round_id: UUID, *, at: datetime) -> None:
    """The present list counts no longer; its rows stay."""
    await session.execute(
        update(ShortlistEntry)
        .where(ShortlistEntry.round_id == round_id, ShortlistEntry.superseded_at.is_(None))
        .values(superseded_at=at)
    )
