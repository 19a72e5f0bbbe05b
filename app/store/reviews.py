"""The expert pool, undertakings, interests, assignments, score sheets, reports."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Identified, one_of

Score = Numeric(9, 4)
STAGES = ("material", "onsite")


class Reviewer(Identified):
    """An expert of the pool (Art. 11(2)). `employer_uscc` and `unit_id` serve the detection of conflicts."""

    __tablename__ = "reviewers"
    __table_args__ = (one_of("state", ["active", "suspended", "disqualified"]),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), unique=True)
    name: Mapped[str]
    expertise: Mapped[str]
    employer: Mapped[str | None]
    employer_uscc: Mapped[str | None]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("recommending_units.id"))
    qualified_from: Mapped[date]
    qualified_until: Mapped[date]
    state: Mapped[str]
    state_reason: Mapped[str | None]
    state_changed_at: Mapped[datetime | None]


class Undertaking(Identified):
    """A reviewer's signature under confidentiality or integrity for one round (Art. 29)."""

    __tablename__ = "undertakings"
    __table_args__ = (
        one_of("kind", ["confidentiality", "integrity"]),
        UniqueConstraint("reviewer_id", "round_id", "kind"),
    )

    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewers.id"))
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    kind: Mapped[str]
    text_hash: Mapped[str]


class Interest(Identified):
    """A declared interest of a reviewer in an organisation (Art. 29): it bars assignment and scoring."""

    __tablename__ = "interests"
    __table_args__ = (
        one_of(
            "kind",
            ["employment", "shares", "consulting", "training", "certification", "kinship", "competitor", "unit_staff"],
        ),
    )

    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewers.id"), index=True)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("recommending_units.id"))
    kind: Mapped[str]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    description: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class Assignment(Identified):
    """One reviewer's charge of one application at one stage. Ended by recusal, release or disqualification."""

    __tablename__ = "assignments"
    __table_args__ = (
        one_of("stage", STAGES),
        one_of("state", ["active", "recused", "released", "set_aside"]),
        UniqueConstraint("application_id", "reviewer_id", "stage"),
        Index("ix_assignments_reviewer", "reviewer_id", "id"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewers.id"))
    stage: Mapped[str]
    leader: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str]
    state_reason: Mapped[str | None]


class ScoreSheet(Identified):
    """One reviewer's scores, in percent steps of five per item; frozen when submitted."""

    __tablename__ = "score_sheets"
    __table_args__ = (one_of("state", ["draft", "submitted", "set_aside"]),)

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignments.id"), unique=True)
    state: Mapped[str]
    scores: Mapped[dict[str, Any]]
    comments: Mapped[dict[str, Any]]
    total: Mapped[Decimal | None] = mapped_column(Score)
    submitted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class StageReport(Identified):
    """The material report (Art. 18) or the on-site report (Art. 19) on one application."""

    __tablename__ = "stage_reports"
    __table_args__ = (one_of("stage", STAGES), UniqueConstraint("application_id", "stage"))

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    stage: Mapped[str]
    score: Mapped[Decimal] = mapped_column(Score)
    spread: Mapped[Decimal] = mapped_column(Score)
    consensus: Mapped[bool]
    consensus_reason: Mapped[str | None]
    summary: Mapped[str]
    visited_on: Mapped[date | None]
    sheets: Mapped[list[Any]]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


class ShortlistEntry(Identified):
    """A place on the on-site list, or the reason for not having one (Art. 18)."""

    __tablename__ = "shortlist_entries"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), unique=True)
    rank: Mapped[int]
    score: Mapped[Decimal] = mapped_column(Score)
    included: Mapped[bool]
    reason: Mapped[str]


class FileAccess(Identified):
    """A reviewer opened a dossier or an attachment (Art. 29: every access is on record)."""

    __tablename__ = "file_accesses"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey("attachments.id"))


class Appraisal(Identified):
    """The office's appraisal of a reviewer's work in a round (Art. 11(2))."""

    __tablename__ = "appraisals"
    __table_args__ = (UniqueConstraint("reviewer_id", "round_id"),)

    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewers.id"))
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    grade: Mapped[str]
    remarks: Mapped[str]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
