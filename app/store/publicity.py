"""Candidates, notices, objections, the proposed list. Three lists, three objects (Art. 20, 21, 22)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Row, UniqueConstraint, func, literal_column, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.lives import OBJECTION
from app.store.applications import Application
from app.store.base import Identified, one_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.parties import Organisation


class Notice(Identified):
    """One publication through news media. The period runs from the latest medium to `ends_at` (exclusive)."""

    __tablename__ = "notices"
    __table_args__ = (
        one_of(
            "kind",
            ["candidates", "addition", "correction", "removal", "revocation", "exclusion", "qualified_list"],
        ),
        CheckConstraint("ends_at IS NULL OR last_day IS NOT NULL", name="period_complete"),
    )

    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("rounds.id"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    media: Mapped[list[Any]]
    published_on: Mapped[date]
    last_day: Mapped[date | None]
    ends_at: Mapped[datetime | None]
    body: Mapped[dict[str, Any]]
    body_hash: Mapped[str]


class Candidate(Identified):
    """A name of the candidate list (Art. 20, 21) with the publicity that it has had in its present form."""

    __tablename__ = "candidates"
    __table_args__ = (
        one_of("state", ["listed", "removed"]),
        one_of("bucket", ["manufacturing", "other"]),
        UniqueConstraint("application_id"),
        CheckConstraint("state = 'listed' OR removed_reason IS NOT NULL", name="removal_reasoned"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    # The notice that carries the name as it stands; a correction moves it to a notice of its own.
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    published_name: Mapped[str]
    bucket: Mapped[str]
    repeated: Mapped[bool]
    rank: Mapped[int]
    state: Mapped[str]
    removed_reason: Mapped[str | None]
    removed_rule: Mapped[str | None]
    removed_at: Mapped[datetime | None]


class Objection(Identified):
    """An objection or a lead. The objector's identity lies in `ObjectorIdentity`, away from every ordinary query."""

    __tablename__ = "objections"
    __table_args__ = (
        state_of(OBJECTION),
        one_of("class", ["formal", "lead"]),
        Index("ix_objections_round", "round_id", "id"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidates.id"), index=True)
    classification: Mapped[str] = mapped_column("class")
    classified_because: Mapped[str]
    state: Mapped[str]
    facts: Mapped[str]
    evidence: Mapped[str | None]
    received_at: Mapped[datetime]
    receipt_hash: Mapped[str] = mapped_column(unique=True)
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


class ProposedEntry(Identified):
    """A name of the proposed list (Art. 21), from publicised names only: the key to `candidates` says so."""

    __tablename__ = "proposed_entries"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("candidates.id"), unique=True)
    rank: Mapped[int]


async def applications_of(
    session: ReadSession, round_id: UUID, states: Collection[str]
) -> Sequence[tuple[Application, Organisation]]:
    """A round's applications in these states, each with its organisation, by creation."""
    query = (
        select(Application, Organisation)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.round_id == round_id, Application.state.in_(states))
        .order_by(Application.id)
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def candidates_of(session: ReadSession, round_id: UUID) -> Sequence[Candidate]:
    """Every name of a round's candidate list, the removed ones too: by bucket, then by rank."""
    query = (
        select(Candidate).where(Candidate.round_id == round_id).order_by(Candidate.bucket, Candidate.rank, Candidate.id)
    )
    return (await session.execute(query)).scalars().all()


async def candidate_of_application(session: ReadSession, application_id: UUID) -> Candidate | None:
    """The candidate that an application became, if it did."""
    query = select(Candidate).where(Candidate.application_id == application_id)
    return (await session.execute(query)).scalar_one_or_none()


async def notices_by_id(session: ReadSession, ids: Collection[UUID]) -> dict[UUID, Notice]:
    """Notices by id."""
    query = select(Notice).where(Notice.id.in_(ids))
    return {row.id: row for row in (await session.execute(query)).scalars()}


async def notices_page(
    session: ReadSession, *, after: UUID | None, limit: int, round_id: UUID | None, kind: str | None
) -> Sequence[Notice]:
    """Notices, newest first, up to `limit + 1`."""
    query = select(Notice).order_by(Notice.id.desc()).limit(literal_column(str(limit + 1)))
    if after is not None:
        query = query.where(Notice.id < after)
    if round_id is not None:
        query = query.where(Notice.round_id == round_id)
    if kind is not None:
        query = query.where(Notice.kind == kind)
    return (await session.execute(query)).scalars().all()


async def objections_of(session: ReadSession, round_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every objection of a round as the lists need it: id, candidate, class, state, reason."""
    query = (
        select(
            Objection.id, Objection.candidate_id, Objection.classification, Objection.state, Objection.outcome_reason
        )
        .where(Objection.round_id == round_id)
        .order_by(Objection.id)
    )
    return (await session.execute(query)).all()


async def list_published_on(session: ReadSession, round_id: UUID) -> date | None:
    """The latest medium's day of the round's candidate list; None where the list was empty and unpublished."""
    query = select(func.max(Notice.published_on)).where(Notice.round_id == round_id, Notice.kind == "candidates")
    found: date | None = (await session.execute(query)).scalar_one()
    return found


async def objections_page(
    session: ReadSession,
    *,
    after: UUID | None,
    limit: int,
    round_id: UUID | None,
    state: str | None,
    classification: str | None,
) -> Sequence[tuple[Objection, str]]:
    """Objections and leads by receipt, each with the candidate's name, up to `limit + 1`."""
    query = (
        select(Objection, Candidate.published_name)
        .join(Candidate, Candidate.id == Objection.candidate_id)
        .order_by(Objection.id)
        .limit(literal_column(str(limit + 1)))
    )
    if after is not None:
        query = query.where(Objection.id > after)
    if round_id is not None:
        query = query.where(Objection.round_id == round_id)
    if state is not None:
        query = query.where(Objection.state == state)
    if classification is not None:
        query = query.where(Objection.classification == classification)
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


async def objection_by_receipt(session: ReadSession, receipt_hash: str) -> tuple[Objection, str] | None:
    """The objection of a receipt code's fingerprint, with the candidate's name."""
    query = (
        select(Objection, Candidate.published_name)
        .join(Candidate, Candidate.id == Objection.candidate_id)
        .where(Objection.receipt_hash == receipt_hash)
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
    """Who objected, by objection: to cover it in what is shown."""
    query = select(ObjectorIdentity).where(ObjectorIdentity.objection_id.in_(objection_ids))
    return {row.objection_id: row for row in (await session.execute(query)).scalars()}


async def identity_of(session: ReadSession, objection_id: UUID) -> ObjectorIdentity | None:
    """Who objected. Told in one place only, with a recorded reason."""
    query = select(ObjectorIdentity).where(ObjectorIdentity.objection_id == objection_id)
    return (await session.execute(query)).scalar_one_or_none()


async def proposed_of(session: ReadSession, round_id: UUID) -> Sequence[tuple[ProposedEntry, Candidate]]:
    """The proposed list with its candidates, by bucket and rank."""
    query = (
        select(ProposedEntry, Candidate)
        .join(Candidate, Candidate.id == ProposedEntry.candidate_id)
        .where(ProposedEntry.round_id == round_id)
        .order_by(Candidate.bucket, ProposedEntry.rank, ProposedEntry.id)
    )
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]
