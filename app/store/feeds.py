"""Feeds that a partner reads to the end: positions are given after commit, under a lock, so no cursor skips a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, exists, literal_column, select
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.roles import Role
from app.store.base import Base, Identified, Json
from app.store.database import ReadSession, WriteSession
from app.store.identity import Account, session_ended_at
from app.store.readers import Reader
from app.store.statements import Statement, columns, given, many

# More than this many unplaced events are placed by the next readers: one reader's transaction stays short.
_BATCH = 1000


def emit(
    session: WriteSession,
    *,
    feed: str,
    audience: str,
    kind: str,
    subject_id: UUID,
    data: dict[str, str | int],
    now: datetime,
    trace_id: str | None = None,
) -> None:
    """Note a change for a feed, in the transaction that makes it. It has no position until it is committed and
    placed. `trace_id`: the trace of the request that makes it."""
    session.add(
        FeedEvent(
            feed=feed,
            audience=audience,
            kind=kind,
            subject_id=subject_id,
            data=data,
            trace_id=trace_id,
            created_at=now,
            position=None,
        )
    )


async def place(session: WriteSession, *, feed: str) -> None:
    """Give positions to the committed events that have none. Whoever places holds the feed's head."""
    head = (await session.execute(select(FeedHead).where(FeedHead.feed == feed).with_for_update())).scalar_one()
    query = (
        select(FeedEvent)
        .where(FeedEvent.feed == feed, FeedEvent.position.is_(None))
        .order_by(FeedEvent.id)
        .limit(literal_column(str(_BATCH)))
    )
    for event in (await session.execute(query)).scalars():
        head.position += 1
        event.position = head.position
    await session.flush()


async def unplaced(session: ReadSession, *, feed: str) -> bool:
    """Whether anything waits for a position: a reader that finds nothing need not write."""
    return (await session.execute(_UNPLACED, {"feed": feed})).first() is not None


async def end(session: ReadSession, *, feed: str) -> int:
    """The last position given."""
    return (await session.execute(_END, {"feed": feed})).scalar_one()


async def after(
    session: ReadSession, *, feed: str, audience: str | None, position: int, limit: int
) -> Sequence[FeedEvent]:
    """Events after a position, in order; `audience` narrows to what this partner may see."""
    query = (
        select(FeedEvent)
        .where(FeedEvent.feed == feed, FeedEvent.position > position)
        .order_by(FeedEvent.position)
        .limit(literal_column(str(limit)))
    )
    if audience is not None:
        query = query.where(FeedEvent.audience == audience)
    return (await session.execute(query)).scalars().all()


class FeedEvent(Identified):
    """One change in a feed. `position` is given after commit, under a lock: a reader's cursor skips nothing."""

    __tablename__ = "feed_events"
    __table_args__ = (
        UniqueConstraint("feed", "position"),
        Index("ix_feed_events_audience", "feed", "audience", "position"),
        Index("ix_feed_events_feed", "feed", "id"),
    )

    feed: Mapped[str]
    audience: Mapped[str]
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    data: Mapped[dict[str, str | int]] = mapped_column(Json)
    # Which trace it goes on (W3C Trace Context), where a request has made it.
    trace_id: Mapped[str | None]
    position: Mapped[int | None]


class FeedHead(Base):
    """The last position given in a feed."""

    __tablename__ = "feed_heads"

    feed: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class FeedStanding(NamedTuple):
    """The account that reads a feed as it stands, the last position given, and whether anything waits for one."""

    role: Role
    unit_id: UUID | None
    deactivated_at: datetime | None
    tokens_valid_from: datetime
    session_ended_at: datetime | None
    end: int
    unplaced: bool


async def standing(reader: Reader, *, account_id: UUID, session_id: UUID, feed: str) -> FeedStanding | None:
    """How a feed and the account that reads it stand; None where there is no such account."""
    return await reader.row(_STANDING, {"account": account_id, "session": session_id, "feed": feed})


class EventLine(NamedTuple):
    """A change that has its position."""

    position: int
    kind: str
    subject_id: UUID
    data: dict[str, str | int]
    created_at: datetime


async def page(reader: Reader, *, feed: str, audience: str, position: int, limit: int) -> Sequence[EventLine]:
    """As `after`."""
    given_values = {"feed": feed, "audience": audience, "position": position}
    return await reader.rows(_PAGE, given_values, limit=limit)


_STANDING = Statement(
    select(
        Account.role,
        Account.unit_id,
        Account.deactivated_at,
        Account.tokens_valid_from,
        session_ended_at(),
        FeedHead.position,
        exists().where(FeedEvent.feed == given("feed"), FeedEvent.position.is_(None)),
    )
    .join_from(Account, FeedHead, FeedHead.feed == given("feed"))
    .where(Account.id == given("account")),
    FeedStanding,
)
_PAGE = Statement(
    many(
        select(*columns(EventLine, FeedEvent))
        .where(
            FeedEvent.feed == given("feed"),
            FeedEvent.audience == given("audience"),
            FeedEvent.position > given("position"),
        )
        .order_by(FeedEvent.position)
    ),
    EventLine,
)


_UNPLACED = (
    select(FeedEvent.id).where(FeedEvent.feed == given("feed"), FeedEvent.position.is_(None)).limit(literal_column("1"))
)
_END = select(FeedHead.position).where(FeedHead.feed == given("feed"))
