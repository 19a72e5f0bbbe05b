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
from app.store.statements import given


async def standing_reports(session: ReadSession, application_ids: Collection[UUID]) -> Sequence[StageReport]:
    """The reports on these applications that stand."""
    return (await session.execute(_STANDING_REPORTS, {"application_ids": list(application_ids)})).scalars().all()


_STANDING_REPORTS = (
    select(StageReport)
    .where(StageReport.application_id.in_(given("application_ids")), StageReport.voided_at.is_(None))
    .order_by(StageReport.id)
)


async def reports_of(session: ReadSession, application_id: UUID, *, stage: Stage) -> Sequence[StageReport]:
    """Every report of a stage on an application, void ones too, in their order."""
    return (await session.execute(_REPORTS_OF, {"application_id": application_id, "stage": stage})).scalars().all()


_REPORTS_OF = (
    select(StageReport)
    .where(StageReport.application_id == given("application_id"), StageReport.stage == given("stage"))
    .order_by(StageReport.id)
)


async def applications_of_round(
    session: WriteSession, round_id: UUID, states: Collection[ApplicationState]
) -> Sequence[tuple[Application, Organisation]]:
    """A round's applications in these states with their organisations, read again and locked."""
    return [
        (row[0], row[1])
        for row in (await session.execute(_APPLICATIONS_OF_ROUND, {"round_id": round_id, "states": list(states)})).all()
    ]


_APPLICATIONS_OF_ROUND = (
    select(Application, Organisation)
    .join(Organisation, Organisation.id == Application.organisation_id)
    .where(Application.round_id == given("round_id"), Application.state.in_(given("states")))
    .order_by(Application.id)
    .with_for_update(of=Application)
    .execution_options(populate_existing=True)
)


class ShortlistLine(NamedTuple):
    """A place on the on-site list with the organisation, and the application's state and number."""

    entry: ShortlistEntry
    name: str
    uscc: str
    state: ApplicationState
    number: str | None


async def shortlist_of(session: ReadSession, round_id: UUID) -> Sequence[ShortlistLine]:
    """The present on-site list, those left out too, with organisations and states: by seat category and rank."""
    return [ShortlistLine._make(row) for row in (await session.execute(_SHORTLIST_OF, {"round_id": round_id})).all()]


_SHORTLIST_OF = (
    select(ShortlistEntry, Organisation.name, Organisation.uscc, Application.state, Application.number)
    .join(Application, Application.id == ShortlistEntry.application_id)
    .join(Organisation, Organisation.id == Application.organisation_id)
    .where(ShortlistEntry.round_id == given("round_id"), ShortlistEntry.superseded_at.is_(None))
    .order_by(ShortlistEntry.seat_category, ShortlistEntry.rank, ShortlistEntry.id)
)


async def first_listed(session: ReadSession, application_id: UUID) -> datetime | None:
    """Since when an application has been on an on-site list, the superseded ones counted."""
    found: datetime | None = (
        await session.execute(_FIRST_LISTED, {"application_id": application_id})
    ).scalar_one_or_none()
    return found


_FIRST_LISTED = select(func.min(ShortlistEntry.created_at)).where(
    ShortlistEntry.application_id == given("application_id"), ShortlistEntry.included
)


async def supersede_shortlist(session: WriteSession, round_id: UUID, *, at: datetime) -> None:
    """The present list counts no longer; its rows stay."""
    await session.execute(
        update(ShortlistEntry)
        .where(ShortlistEntry.round_id == round_id, ShortlistEntry.superseded_at.is_(None))
        .values(superseded_at=at)
    )
