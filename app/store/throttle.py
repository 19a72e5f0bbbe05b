"""Attempts counted per minute, for all processes together."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Index, case, delete, literal_column, select, update
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


async def count(session: WriteSession, *, key: str, now: datetime, window: timedelta) -> int:
    """Count one more; answers how many there are in the window, which begins with the first."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    made = dialect.insert(AttemptCounter).values(key=key, window_ends=now + window, attempts=1)
    over = AttemptCounter.window_ends <= now
    statement = made.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "attempts": case((over, 1), else_=AttemptCounter.attempts + 1),
            "window_ends": case((over, made.excluded.window_ends), else_=AttemptCounter.window_ends),
        },
    ).returning(AttemptCounter.attempts)
    attempts: int = (await session.execute(statement)).scalar_one()
    await _sweep(session, now=now)
    return attempts


async def take_back(session: WriteSession, *, key: str) -> None:
    """One attempt fewer."""
    await session.execute(
        update(AttemptCounter)
        .where(AttemptCounter.key == key, AttemptCounter.attempts > 0)
        .values(attempts=AttemptCounter.attempts - 1)
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
