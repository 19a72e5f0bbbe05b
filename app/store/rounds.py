"""Rounds, their seats, and the records of each step of the procedure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, TypedDict
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, literal_column, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.deadlines import DeadlineKind
from app.measures.hashes import RulesHash
from app.measures.sectors import SeatCategory
from app.measures.state_machines import LIVE_ROUND_STATES, ROUND, RoundState
from app.store.base import Base, Identified, Json, one_of, page_of, state_of
from app.store.database import ReadSession, WriteSession
from app.store.readers import Reader
from app.store.statements import Statement, as_stored, columns, given

_LIVE = ", ".join(f"'{state}'" for state in sorted(LIVE_ROUND_STATES))


# One round runs at a time: the constant column makes "at most one live row" a unique index on both databases.
_ONE_LIVE = text(f"state IN ({_LIVE})")


class ReadingsRecord(TypedDict):
    """How the open questions are read, and in which documents, by question."""

    values: dict[str, str]
    documents: dict[str, str]


class Round(Identified):
    """One 届. `parameters` and `review_rules` are the copies frozen at the call; `ordinal` is given there too (Art.
    6)."""

    __tablename__ = "rounds"
    __table_args__ = (
        state_of(ROUND),
        UniqueConstraint("ordinal"),
        Index("uq_rounds_one_live", "lane", unique=True, sqlite_where=_ONE_LIVE, postgresql_where=_ONE_LIVE),
        CheckConstraint("lane = 1", name="single_lane"),
        CheckConstraint(
            "state IN ('draft', 'cancelled') OR (ordinal IS NOT NULL AND deadline IS NOT NULL)", name="called_complete"
        ),
    )

    year: Mapped[int]
    title: Mapped[str]
    state: Mapped[RoundState]
    lane: Mapped[int] = mapped_column(default=1)
    ordinal: Mapped[int | None]
    instrument_number: Mapped[str | None]
    parameters: Mapped[dict[str, object] | None]
    readings: Mapped[ReadingsRecord | None] = mapped_column(Json)
    review_rules: Mapped[dict[str, object]]
    review_rules_hash: Mapped[RulesHash] = mapped_column(String)
    call: Mapped[dict[str, object] | None]
    called_at: Mapped[datetime | None]
    # The last day for applications: until 24:00 in Shanghai (Art. 16).
    deadline: Mapped[date | None]
    concluded_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str | None]
    is_sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class RoundSeat(Base):
    """One numbered seat of a seat category. Made at the call from the instrument; an award takes one, so the cap is a
    key."""

    __tablename__ = "round_seats"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    seat_category: Mapped[SeatCategory] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)


class DeadlineExtension(Identified):
    """A deadline moved as an act: for the whole round, or for one application's correction or recommendation."""

    __tablename__ = "deadline_extensions"
    __table_args__ = (one_of("kind", DeadlineKind),)

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    kind: Mapped[DeadlineKind]
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("applications.id"), index=True)
    old_deadline: Mapped[date]
    new_deadline: Mapped[date]
    reason: Mapped[str]
    channel: Mapped[str]
    decided_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))


async def get(session: ReadSession, round_id: UUID) -> Round | None:
    """The round with this id."""
    return await session.by_id(Round, round_id)


async def any_sample(session: ReadSession) -> bool:
    """Whether there is a round that was made as a sample."""
    return (await session.execute(_ANY_SAMPLE)).first() is not None


_ANY_SAMPLE = select(Round.id).where(Round.is_sample).limit(1)


class RoundLine(NamedTuple):
    """A round without its documents, which are frozen at the call."""

    id: UUID
    year: int
    title: str
    state: RoundState
    ordinal: int | None
    called_at: datetime | None
    deadline: date | None
    concluded_at: datetime | None
    is_sample: bool
    instrument_number: str | None
    review_rules_hash: str
    cancelled_reason: str | None
    version: int


class RoundDocuments(NamedTuple):
    """What a round holds as JSON."""

    parameters: dict[str, object] | None
    readings: dict[str, object] | None
    review_rules: dict[str, object]
    call: dict[str, object] | None
    version: int


async def line(reader: Reader, round_id: UUID) -> RoundLine | None:
    """The round with this id, without its documents."""
    return await reader.row(_LINE, {"id": round_id})


async def documents(reader: Reader, round_id: UUID) -> RoundDocuments | None:
    """The documents of the round with this id."""
    return await reader.row(_DOCUMENTS, {"id": round_id})


class Standing(NamedTuple):
    """How a round stands, with the parameters of its call as stored."""

    state: RoundState
    version: int
    parameters: bytes | None


async def standing(reader: Reader, round_id: UUID) -> Standing | None:
    """How the round with this id stands."""
    return await reader.row(_STANDING, {"id": round_id})


_STANDING = Statement(
    select(Round.state, Round.version, as_stored(Round.parameters)).where(Round.id == given("id")), Standing
)
_LINE = Statement(select(*columns(RoundLine, Round)).where(Round.id == given("id")), RoundLine)
_DOCUMENTS = Statement(select(*columns(RoundDocuments, Round)).where(Round.id == given("id")), RoundDocuments)


async def lock(session: WriteSession, round_id: UUID) -> Round | None:
    """The round, locked until the transaction ends: acts that count seats or close lists come one after the other."""
    return session.hold((await session.execute(_LOCK, {"round_id": round_id})).scalar_one_or_none())


_LOCK = select(Round).where(Round.id == given("round_id")).with_for_update()


async def share(session: WriteSession, round_id: UUID) -> Round | None:
    """The round, kept as it is until the transaction ends: acts of single applications go on side by side."""
    return session.hold((await session.execute(_SHARE, {"round_id": round_id})).scalar_one_or_none())


_SHARE = select(Round).where(Round.id == given("round_id")).with_for_update(read=True)


async def page(session: ReadSession, *, after: UUID | None, limit: int, drafts: bool) -> Sequence[Round]:
    """Rounds, newest first, up to `limit + 1`; drafts are the office's own."""
    query = page_of(select(Round), Round.id, after=after, limit=limit, newest_first=True)
    if not drafts:
        query = query.where(Round.state != RoundState.DRAFT, Round.called_at.is_not(None))
    return (await session.execute(query)).scalars().all()


async def last_concluded(session: ReadSession) -> Round | None:
    """The concluded round with the highest ordinal."""
    return (await session.execute(_LAST_CONCLUDED)).scalar_one_or_none()


_LAST_CONCLUDED = (
    select(Round).where(Round.state == RoundState.CONCLUDED).order_by(Round.ordinal.desc()).limit(literal_column("1"))
)


async def running(session: ReadSession) -> Round | None:
    """The round that is between its call and its end, if any."""
    return (await session.execute(_RUNNING)).scalar_one_or_none()


_RUNNING = select(Round).where(Round.state.in_(LIVE_ROUND_STATES))
