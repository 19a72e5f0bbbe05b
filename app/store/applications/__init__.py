"""Applications, attachments, recommendations, consultations, decisions on conditions, eligibility checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.sectors import SeatCategory
from app.measures.state_machines import (
    APPLICATION,
    LIVE_APPLICATION_STATES,
    ApplicationState,
)
from app.store.applications.form import Form, Snapshot
from app.store.base import Identified, Json, state_of
from app.store.database import ReadSession, WriteSession
from app.store.organisations import Organisation
from app.store.statements import Statement, columns, given

_LIVE = ", ".join(f"'{state}'" for state in sorted(LIVE_APPLICATION_STATES))


_IS_LIVE = text(f"state IN ({_LIVE})")


class Application(Identified):
    """One organisation's application in one round. `content` is the form; `snapshot` what was frozen at submission."""

    __tablename__ = "applications"
    __table_args__ = (
        state_of(APPLICATION),
        Index(
            "uq_applications_one_live",
            "organisation_id",
            "round_id",
            unique=True,
            sqlite_where=_IS_LIVE,
            postgresql_where=_IS_LIVE,
        ),
        Index("ix_applications_round_state", "round_id", "state", "id"),
        CheckConstraint("submitted_at IS NULL OR snapshot_hash IS NOT NULL", name="submitted_is_frozen"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[ApplicationState]
    content: Mapped[Form] = mapped_column(Json)
    # Frozen at submission: organisation and content together, with their hash, number and receipt.
    number: Mapped[str | None] = mapped_column(unique=True)
    snapshot: Mapped[Snapshot | None] = mapped_column(Json)
    snapshot_hash: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    # Frozen at the confirmation of the qualified list (Art. 17).
    seat_category: Mapped[SeatCategory | None]
    sector: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None]
    closed_rule: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


async def get(session: ReadSession, application_id: UUID) -> Application | None:
    """The application with this id."""
    return await session.by_id(Application, application_id)


class Place(NamedTuple):
    """Whose an application is, and in which round: all that has to be known of it before it is locked and read."""

    id: UUID
    organisation_id: UUID
    round_id: UUID


async def place(session: ReadSession, application_id: UUID) -> Place | None:
    """The place of the application with this id."""
    return await session.row(_PLACE, {"id": application_id})


_PLACE = Statement(select(*columns(Place, Application)).where(Application.id == given("id")), Place)


async def lock(session: WriteSession, application_ids: Sequence[UUID]) -> Sequence[Application]:
    """These applications, read again and locked until the transaction ends, in the order of their ids."""
    return (await session.execute(_LOCK, {"application_ids": list(application_ids)})).scalars().all()


_LOCK = (
    select(Application)
    .where(Application.id.in_(given("application_ids")))
    .order_by(Application.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def of_lineage(session: ReadSession, *, round_id: UUID, lineage_id: UUID) -> Sequence[Application]:
    """Every application of a legal person, its predecessors and successors in a round, the oldest first."""
    return (await session.execute(_OF_LINEAGE, {"round_id": round_id, "lineage_id": lineage_id})).scalars().all()


_OF_LINEAGE = (
    select(Application)
    .join(Organisation, Organisation.id == Application.organisation_id)
    .where(Application.round_id == given("round_id"), Organisation.lineage_id == given("lineage_id"))
    .order_by(Application.id)
)
