"""Attempts counted, for all processes together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Index, case, delete, literal_column, null, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base
from app.store.database import WriteSession

_SWEPT = 100


class AttemptCounter(Base):
    """How many attempts there were under a key, a hash, until its window ends."""

    __tablename__ = "attempt_counters"
    __table_args__ = (Index("ix_attempt_counters_window_ends", "window_ends"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    window_ends: Mapped[datetime]
    attempts: Mapped[int]
    # Nothing under the key is looked at before this instant.
    shut_until: Mapped[datetime | None]


class Counted(NamedTuple):
    """How a counter stands after an attempt."""

    attempts: int
    shut_until: datetime | None


async def count(session: WriteSession, *, key: str, now: datetime, window: timedelta) -> Counted:
    """Count one more, unless the key is shut; answers how many there were, each within `window` of the one before."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    made = dialect.insert(AttemptCounter).values(key=key, window_ends=now + window, attempts=1)
    over, shut = AttemptCounter.window_ends <= now, AttemptCounter.shut_until > now
    statement = made.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "attempts": case((over, 1), (shut, AttemptCounter.attempts), else_=AttemptCounter.attempts + 1),
            "window_ends": case((shut, AttemptCounter.window_ends), else_=made.excluded.window_ends),
            "shut_until": case((over, null()), else_=AttemptCounter.shut_until),
        },
    ).returning(AttemptCounter.attempts, AttemptCounter.shut_until)
    found = (await session.execute(statement)).one()
    await _sweep(session, now=now)
    return Counted(found.attempts, found.shut_until)


async def shut(session: WriteSession, *, key: str, until: datetime) -> None:
    """Nothing under the key is looked at before this instant."""
    await session.execute(update(AttemptCounter).where(AttemptCounter.key == key).values(shut_until=until))


async def forget(session: WriteSession, *, key: str) -> None:
    """As if there had been no attempt."""
    await session.execute(delete(AttemptCounter).where(AttemptCounter.key == key))


async def take_back(session: WriteSession, *, key: str) -> None:
    """One attempt fewer; what it would have shut is open."""
    await session.execute(
        update(AttemptCounter)
        .where(AttemptCounter.key == key, AttemptCounter.attempts > 0)
        .values(attempts=AttemptCounter.attempts - 1, shut_until=None)
    )


async def purge(session: WriteSession, *, now: datetime) -> int:
    """Forget the counters that are over; answers how many."""
    over = delete(AttemptCounter).where(AttemptCounter.window_ends <= now).returning(AttemptCounter.key)
    return len((await session.execute(over)).all())


async def _sweep(session: WriteSession, *, now: datetime) -> None:
    # Guessers make up logins: what is over goes, and nobody waits for a row that another holds.
    over = (
        select(AttemptCounter.key)
        .where(AttemptCounter.window_ends <= now)
        .limit(literal_column(str(_SWEPT)))
        .with_for_update(skip_locked=True)
    )
    await session.execute(
        delete(AttemptCounter).where(AttemptCounter.key.in_(over)).execution_options(synchronize_session=False)
    )
