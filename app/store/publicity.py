"""Candidates, notices, objections, the proposed list. Three lists, three objects (Art. 20, 21, 22)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.publicity import NoticeKind
from app.measures.sectors import SeatCategory
from app.measures.state_machines import CANDIDATE, ApplicationState, CandidateState
from app.store.applications import Application
from app.store.base import Identified, one_of, state_of
from app.store.database import ReadSession
from app.store.notices import Notice
from app.store.organisations import Organisation
from app.store.readers import Reader
from app.store.statements import Statement, columns, given


class Candidate(Identified):
    """A name of the candidate list (Art. 20, 21) with the publicity that it has had in its present form."""

    __tablename__ = "candidates"
    __table_args__ = (
        state_of(CANDIDATE),
        one_of("seat_category", SeatCategory),
        UniqueConstraint("application_id"),
        CheckConstraint("state = 'listed' OR removed_reason IS NOT NULL", name="removal_reasoned"),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    # The notice that carries the name as it stands; a correction moves it to a notice of its own.
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    published_name: Mapped[str]
    # As the list printed it when the round was concluded.
    closed_name: Mapped[str | None]
    seat_category: Mapped[SeatCategory]
    repeat_award: Mapped[bool]
    rank: Mapped[int]
    state: Mapped[CandidateState]
    removed_reason: Mapped[str | None]
    removed_rule: Mapped[str | None]
    removed_at: Mapped[datetime | None]
    # Of one that has left at its own wish: the day on which it withdrew, of a letter that of its receipt (Art. 3).
    withdrawn_on: Mapped[date | None]


async def applications_of(
    session: ReadSession, round_id: UUID, states: Collection[ApplicationState]
) -> Sequence[tuple[Application, Organisation]]:
    """A round's applications in these states, each with its organisation, by creation."""
    return [
        (row[0], row[1])
        for row in (await session.execute(_APPLICATIONS_OF, {"round_id": round_id, "states": list(states)})).all()
    ]


_APPLICATIONS_OF = (
    select(Application, Organisation)
    .join(Organisation, Organisation.id == Application.organisation_id)
    .where(Application.round_id == given("round_id"), Application.state.in_(given("states")))
    .order_by(Application.id)
)


async def candidates_of(session: ReadSession, round_id: UUID) -> Sequence[Candidate]:
    """Every name of a round's candidate list, the removed ones too: by seat category, then by rank."""
    return (await session.execute(_CANDIDATES_OF, {"round_id": round_id})).scalars().all()


_CANDIDATES_OF = (
    select(Candidate)
    .where(Candidate.round_id == given("round_id"))
    .order_by(Candidate.seat_category, Candidate.rank, Candidate.id)
)


class CandidateLine(NamedTuple):
    """A name of a round's list with the notice that carries it, and how the round stands."""

    id: UUID
    application_id: UUID
    organisation_id: UUID
    published_name: str
    closed_name: str | None
    seat_category: SeatCategory
    repeat_award: bool
    rank: int
    state: CandidateState
    notice_id: UUID
    published_on: date
    last_day: date | None
    ends_at: datetime | None
    removed_at: datetime | None
    removed_rule: str | None


async def lines(reader: Reader, round_id: UUID) -> Sequence[CandidateLine]:
    """As `candidates_of`, each with the period of its notice."""
    return await reader.rows(_LINES, {"round": round_id})


_LINES = Statement(
    select(
        *columns(
            CandidateLine,
            Candidate,
            published_on=Notice.published_on,
            last_day=Notice.last_day,
            ends_at=Notice.ends_at,
        )
    )
    .join(Notice, Notice.id == Candidate.notice_id)
    .where(Candidate.round_id == given("round"))
    .order_by(Candidate.seat_category, Candidate.rank, Candidate.id),
    CandidateLine,
)


async def list_published_on(session: ReadSession, round_id: UUID) -> date | None:
    """The latest medium's day of the round's candidate list; None where the list was empty and unpublished."""
    found: date | None = (await session.execute(_LIST_PUBLISHED_ON, {"round_id": round_id})).scalar_one()
    return found


_LIST_PUBLISHED_ON = select(func.max(Notice.published_on)).where(
    Notice.round_id == given("round_id"), Notice.kind == NoticeKind.CANDIDATES
)
