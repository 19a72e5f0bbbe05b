"""Whose turn it is to sweep: one process at a time, however many serve."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base
from app.store.database import WriteSession


class SweepTurn(Base):
    """When a kind of sweep is due next."""

    __tablename__ = "sweep_turns"

    kind: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]


async def take_turn(session: WriteSession, kind: str, *, now: datetime, every: timedelta) -> bool:
    """Whether it is due; if so it is this transaction's, and due again after `every`."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(SweepTurn)
        .values(kind=kind, due_at=now + every)
        .on_conflict_do_update(index_elements=["kind"], set_={"due_at": now + every}, where=SweepTurn.due_at <= now)
        .returning(SweepTurn.kind)
    )
    return (await session.execute(statement)).first() is not None
