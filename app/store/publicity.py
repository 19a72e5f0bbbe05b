"""Candidates, notices, objections, the proposed list. Three lists, three objects (Art. 20, 21, 22)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.lives import OBJECTION
from app.store.base import Identified, one_of, state_of


class Notice(Identified):
    """One publication through news media. The period runs from the latest medium to `ends_at` (exclusive)."""

    __tablename__ = "notices"
    __table_args__ = (
        one_of("kind", ["candidates", "addition", "correction", "removal", "revocation", "exclusion", "qualified_list"]),
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
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
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
