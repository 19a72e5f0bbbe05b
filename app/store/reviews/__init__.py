"""The expert pool, undertakings, conflicts of interest, assignments, score sheets, reports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.hashes import InputsHash
from app.measures.reviews import Stage
from app.measures.sectors import SeatCategory
from app.measures.state_machines import ASSIGNMENT, SCORE_SHEET, AssignmentState, SheetState
from app.store.applications import Application
from app.store.base import Identified, Json, one_of, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.organisations import Organisation
from app.store.statements import given

_PRESENT = text("superseded_at IS NULL")


class RankedLine(TypedDict):
    """A line of the ranking, points as text."""

    application_id: str
    organisation_id: str
    organisation_name: str
    uscc: str
    seat_category: str
    material: str
    onsite: str
    preference: str
    overall: str
    rank: int
    tied: bool
    passed: bool
    takes_seat: bool


class SheetRecord(TypedDict):
    """A sheet that a report rests on, its total as text."""

    assignment_id: str
    total: str


class SurveyRecord(TypedDict):
    """What customers were asked and have answered; a share of a hundred and a day as text."""

    method: str
    sample: int
    answered: int
    satisfaction: str
    carried_out_on: str
    carried_out_by: str


class Evaluation(Identified):
    """The evaluation report of a round (Art. 20): the ranking, and the inputs that it was made of with their hash. One
    stands; a panel that re-opens (Art. 30) supersedes it, and it stays on record."""

    __tablename__ = "evaluations"
    __table_args__ = (
        Index(
            "uq_evaluations_one_present",
            "round_id",
            unique=True,
            sqlite_where=_PRESENT,
            postgresql_where=_PRESENT,
        ),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    summary: Mapped[str]
    ranking: Mapped[list[RankedLine]] = mapped_column(Json)
    inputs: Mapped[dict[str, object]]
    inputs_hash: Mapped[InputsHash] = mapped_column(String)
    issued_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    superseded_at: Mapped[datetime | None]


async def evaluation_of(session: ReadSession, round_id: UUID) -> Evaluation | None:
    """The round's standing evaluation report, once it is issued."""
    return (await session.execute(_EVALUATION_OF, {"round_id": round_id})).scalar_one_or_none()


_EVALUATION_OF = select(Evaluation).where(Evaluation.round_id == given("round_id"), Evaluation.superseded_at.is_(None))


Score = Numeric(9, 4)


_ACTIVE = text("state = 'active'")


_STANDING = text("voided_at IS NULL")


_PRESENT = text("superseded_at IS NULL")


class Assignment(Identified):
    """One reviewer's review assignment of one application at one stage. Ended by recusal, release or
    disqualification."""

    __tablename__ = "assignments"
    __table_args__ = (
        one_of("stage", Stage),
        state_of(ASSIGNMENT),
        Index(
            "uq_assignments_one_active",
            "application_id",
            "reviewer_id",
            "stage",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index("ix_assignments_reviewer", "reviewer_id", "id"),
        CheckConstraint("state = 'active' OR state_reason IS NOT NULL", name="end_reasoned"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("reviewers.id"))
    stage: Mapped[Stage]
    leader: Mapped[bool] = mapped_column(default=False)
    state: Mapped[AssignmentState]
    due_on: Mapped[date | None]
    state_reason: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class ScoreSheet(Identified):
    """One reviewer's scores, in percent steps per item; frozen when submitted. Made with its assignment."""

    __tablename__ = "score_sheets"
    __table_args__ = (
        state_of(SCORE_SHEET),
        CheckConstraint(
            "state <> 'submitted' OR (total IS NOT NULL AND submitted_at IS NOT NULL)", name="submitted_whole"
        ),
    )

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignments.id"), unique=True)
    state: Mapped[SheetState]
    scores: Mapped[dict[str, int]] = mapped_column(Json)
    comments: Mapped[dict[str, str]] = mapped_column(Json)
    total: Mapped[Decimal | None] = mapped_column(Score)
    submitted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class StageReport(Identified):
    """The material report (Art. 18) or the on-site report (Art. 19) on one application. One stands; one that rested on
    a sheet set aside since is void and stays on record."""

    __tablename__ = "stage_reports"
    __table_args__ = (
        one_of("stage", Stage),
        Index(
            "uq_stage_reports_one_standing",
            "application_id",
            "stage",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        CheckConstraint("(stage = 'onsite') = (visited_on IS NOT NULL)", name="visit_of_onsite"),
        CheckConstraint("consensus = (consensus_reason IS NOT NULL)", name="consensus_reasoned"),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    stage: Mapped[Stage]
    score: Mapped[Decimal] = mapped_column(Score)
    mean: Mapped[Decimal] = mapped_column(Score)
    spread: Mapped[Decimal] = mapped_column(Score)
    consensus: Mapped[bool]
    consensus_reason: Mapped[str | None]
    summary: Mapped[str]
    visited_on: Mapped[date | None]
    # The sheets that it rests on: assignment and total.
    customer_survey: Mapped[SurveyRecord | None] = mapped_column(Json)
    sheets: Mapped[list[SheetRecord]] = mapped_column(Json)
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]


class ShortlistEntry(Identified):
    """A place on the on-site list, or the reason for not having one (Art. 18). `rank` counts within the seat category,
    equal for equal scores; `tied` says so. A list made anew after Art. 30 supersedes the one before."""

    __tablename__ = "shortlist_entries"
    __table_args__ = (
        one_of("seat_category", SeatCategory),
        Index(
            "uq_shortlist_entries_one_present",
            "application_id",
            unique=True,
            sqlite_where=_PRESENT,
            postgresql_where=_PRESENT,
        ),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    seat_category: Mapped[SeatCategory]
    rank: Mapped[int]
    tied: Mapped[bool]
    score: Mapped[Decimal] = mapped_column(Score)
    included: Mapped[bool]
    reason: Mapped[str]
    reason_en: Mapped[str]
    superseded_at: Mapped[datetime | None]


class FileAccess(Identified):
    """A reviewer opened a dossier or an attachment (Art. 29: every access is on record)."""

    __tablename__ = "file_accesses"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    attachment_id: Mapped[UUID | None] = mapped_column(ForeignKey("attachments.id"))


async def assignment(session: ReadSession, assignment_id: UUID) -> Assignment | None:
    """The assignment with this id."""
    return await session.by_id(Assignment, assignment_id)


async def sheet_of(session: ReadSession, assignment_id: UUID) -> ScoreSheet:
    """The sheet that was made with the assignment."""
    return (await session.execute(_SHEET_OF, {"assignment_id": assignment_id})).scalar_one()


_SHEET_OF = select(ScoreSheet).where(ScoreSheet.assignment_id == given("assignment_id"))


async def lock_assignment(session: WriteSession, assignment_id: UUID) -> tuple[Assignment, ScoreSheet]:
    """An assignment and its sheet, read again and locked until the transaction ends."""
    row = (await session.execute(_LOCK_ASSIGNMENT, {"assignment_id": assignment_id})).one()
    return row[0], row[1]


_LOCK_ASSIGNMENT = (
    select(Assignment, ScoreSheet)
    .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
    .where(Assignment.id == given("assignment_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def assigned_of_application(
    session: ReadSession, application_ids: Collection[UUID], *, stage: Stage | None = None
) -> Sequence[tuple[Assignment, ScoreSheet]]:
    """Every assignment of these applications with its sheet, however it ended, in their order; read anew."""
    query = _ASSIGNED if stage is None else _ASSIGNED_TO_STAGE
    values = {"application_ids": list(application_ids), "stage": stage}
    return [(row[0], row[1]) for row in (await session.execute(query, values)).all()]


_ASSIGNED = (
    select(Assignment, ScoreSheet)
    .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
    .where(Assignment.application_id.in_(given("application_ids")))
    .order_by(Assignment.id)
    .execution_options(populate_existing=True)
)
_ASSIGNED_TO_STAGE = _ASSIGNED.where(Assignment.stage == given("stage"))


async def active_of_reviewer(
    session: WriteSession, *, reviewer_id: UUID, round_id: UUID
) -> Sequence[tuple[Assignment, ScoreSheet, Application]]:
    """A reviewer's active assignments in a round with sheets and applications, locked."""
    return [
        (row[0], row[1], row[2])
        for row in (
            await session.execute(_ACTIVE_OF_REVIEWER, {"reviewer_id": reviewer_id, "round_id": round_id})
        ).all()
    ]


_ACTIVE_OF_REVIEWER = (
    select(Assignment, ScoreSheet, Application)
    .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
    .join(Application, Application.id == Assignment.application_id)
    .where(
        Assignment.reviewer_id == given("reviewer_id"),
        Assignment.state == AssignmentState.ACTIVE,
        Application.round_id == given("round_id"),
    )
    .order_by(Application.id, Assignment.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


async def recused_from(session: ReadSession, application_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Pairs of application and reviewer in which the reviewer has recused, at either stage."""
    return {
        (row.application_id, row.reviewer_id)
        for row in (await session.execute(_RECUSED_FROM, {"application_ids": list(application_ids)})).all()
    }


_RECUSED_FROM = select(Assignment.application_id, Assignment.reviewer_id).where(
    Assignment.application_id.in_(given("application_ids")), Assignment.state == AssignmentState.RECUSED
)


async def recused_in(session: ReadSession, round_id: UUID) -> set[UUID]:
    """Reviewers who have recused from an application of the round, at either stage."""
    return set((await session.execute(_RECUSED_IN, {"round_id": round_id})).scalars())


_RECUSED_IN = (
    select(Assignment.reviewer_id)
    .join(Application, Application.id == Assignment.application_id)
    .where(Application.round_id == given("round_id"), Assignment.state == AssignmentState.RECUSED)
    .distinct()
)


async def accesses_page(
    session: ReadSession, *, application_id: UUID, after: UUID | None, limit: int
) -> Sequence[FileAccess]:
    """Who opened an application's files, in the order of the accesses, up to `limit + 1`."""
    query = page_of(
        select(FileAccess).where(FileAccess.application_id == application_id), FileAccess.id, after=after, limit=limit
    )
    return (await session.execute(query)).scalars().all()


class AssignmentLine(NamedTuple):
    """An assignment with its application, the organisation and how far the sheet is."""

    id: UUID
    application_id: UUID
    reviewer_id: UUID
    stage: Stage
    leader: bool
    state: AssignmentState
    due_on: date | None
    state_reason: str | None
    ended_at: datetime | None
    created_at: datetime
    round_id: UUID
    number: str | None
    seat_category: SeatCategory | None
    organisation_name: str
    uscc: str
    sheet_state: SheetState
    submitted_at: datetime | None


_LINES = (
    select(
        Assignment.id,
        Assignment.application_id,
        Assignment.reviewer_id,
        Assignment.stage,
        Assignment.leader,
        Assignment.state,
        Assignment.due_on,
        Assignment.state_reason,
        Assignment.ended_at,
        Assignment.created_at,
        Application.round_id,
        Application.number,
        Application.seat_category,
        Organisation.name.label("organisation_name"),
        Organisation.uscc,
        ScoreSheet.state.label("sheet_state"),
        ScoreSheet.submitted_at,
    )
    .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
    .join(Application, Application.id == Assignment.application_id)
    .join(Organisation, Organisation.id == Application.organisation_id)
)


async def assignments_page(
    session: ReadSession,
    *,
    after: UUID | None,
    limit: int,
    assignment_ids: Collection[UUID] | None = None,
    reviewer_id: UUID | None = None,
    round_id: UUID | None = None,
    application_id: UUID | None = None,
    stage: str | None = None,
    state: str | None = None,
    late_on: date | None = None,
) -> Sequence[AssignmentLine]:
    """Assignments with their organisations, newest first, up to `limit + 1`. `late_on`: whose last day is over on this
    one while the sheet is still a draft."""
    query = page_of(
        _LINES,
        Assignment.id,
        after=after,
        limit=limit,
        newest_first=True,
    )
    if assignment_ids is not None:
        query = query.where(Assignment.id.in_(assignment_ids))
    for column, value in (
        (Assignment.reviewer_id, reviewer_id),
        (Application.round_id, round_id),
        (Assignment.stage, stage),
        (Assignment.application_id, application_id),
        (Assignment.state, state),
    ):
        if value is not None:
            query = query.where(column == value)
    if late_on is not None:
        query = query.where(
            Assignment.due_on < late_on,
            Assignment.state == AssignmentState.ACTIVE,
            ScoreSheet.state == SheetState.DRAFT,
        )
    return [AssignmentLine._make(row) for row in (await session.execute(query)).all()]
