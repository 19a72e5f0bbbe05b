"""Objections, and apart from them who objected."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.objections import ObjectionClass
from app.measures.state_machines import OBJECTION, ObjectionState
from app.store.base import Identified, one_of, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.publicity import Candidate


class Objection(Identified):
    """An objection, formal or informal. The objector's identity lies in `ObjectorIdentity`, away from every ordinary
    query."""

    __tablename__ = "objections"
    __table_args__ = (
        state_of(OBJECTION),
        one_of("class", ObjectionClass),
        Index("ix_objections_round", "round_id", "id"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidates.id"), index=True)
    classification: Mapped[ObjectionClass] = mapped_column("class")
    classified_because: Mapped[str]
    state: Mapped[ObjectionState]
    facts: Mapped[str]
    evidence: Mapped[str | None]
    received_at: Mapped[datetime]
    # On paper: the mark under which the letter is filed, and who entered it.
    letter_reference: Mapped[str | None]
    entered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    tracking_hash: Mapped[str] = mapped_column(unique=True)
    verification: Mapped[str | None]
    outcome_reason: Mapped[str | None]
    outcome_public: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class ObjectorIdentity(Identified):
    """Who objected and how to reach him: read by few, and every reading is audited."""

    __tablename__ = "objector_identities"

    objection_id: Mapped[UUID] = mapped_column(ForeignKey("objections.id"), unique=True)
    name: Mapped[str | None]
    contact: Mapped[str | None]


class ObjectionLine(NamedTuple):
    """An objection as the lists need it."""

    id: UUID
    candidate_id: UUID
    classification: ObjectionClass
    state: ObjectionState
    outcome_reason: str | None


async def objections_of(session: ReadSession, round_id: UUID) -> Sequence[ObjectionLine]:
    """Every objection of a round as the lists need it: id, candidate, class, state, reason."""
    query = (
        select(
            Objection.id, Objection.candidate_id, Objection.classification, Objection.state, Objection.outcome_reason
        )
        .where(Objection.round_id == round_id)
        .order_by(Objection.id)
    )
    return [ObjectionLine._make(row) for row in (await session.execute(query)).all()]


async def objections_page(
    session: ReadSession,
    *,
    after: UUID | None,
    limit: int,
    round_id: UUID | None,
    state: str | None,
    classification: ObjectionClass | None,
) -> Sequence[tuple[Objection, str]]:
    """Objections by receipt, each with the candidate's name, up to `limit + 1`."""
    query = page_of(
        select(Objection, Candidate.published_name).join(Candidate, Candidate.id == Objection.candidate_id),
        Objection.id,
        after=after,
        limit=limit,
        only=[(Objection.round_id, round_id), (Objection.state, state), (Objection.classification, classification)],
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def objection(session: ReadSession, objection_id: UUID) -> tuple[Objection, str] | None:
    """One objection with the candidate's name."""
    query = (
        select(Objection, Candidate.published_name)
        .join(Candidate, Candidate.id == Objection.candidate_id)
        .where(Objection.id == objection_id)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def objection_by_tracking_code(session: ReadSession, tracking_hash: str) -> tuple[Objection, str] | None:
    """The objection of a tracking code's fingerprint, with the candidate's name."""
    query = (
        select(Objection, Candidate.published_name)
        .join(Candidate, Candidate.id == Objection.candidate_id)
        .where(Objection.tracking_hash == tracking_hash)
    )
    row = (await session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])


async def lock_objection(session: WriteSession, objection_id: UUID) -> Objection | None:
    """The objection, read again and locked until the transaction ends."""
    query = (
        select(Objection)
        .where(Objection.id == objection_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(query)).scalar_one_or_none()


async def identities_of(session: ReadSession, objection_ids: Collection[UUID]) -> dict[UUID, ObjectorIdentity]:
    """Who objected, by objection: to redact it in what is shown."""
    query = select(ObjectorIdentity).where(ObjectorIdentity.objection_id.in_(objection_ids))
    return {row.objection_id: row for row in (await session.execute(query)).scalars()}


async def identity_of(session: ReadSession, objection_id: UUID) -> ObjectorIdentity | None:
    """Who objected. Told in one place only, with a recorded reason."""
    query = select(ObjectorIdentity).where(ObjectorIdentity.objection_id == objection_id)
    return (await session.execute(query)).scalar_one_or_none()
