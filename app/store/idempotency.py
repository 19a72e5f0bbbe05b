"""Claiming idempotency keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import LargeBinary, UniqueConstraint, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Identified, new_id
from app.store.database import WriteSession


async def claim(
    session: WriteSession, *, scope: str, key: str, fingerprint: str, now: datetime
) -> tuple[IdempotencyRecord, bool]:
    """The record of this key and whether this transaction made it.

    On PostgreSQL the insertion waits for another transaction that has just inserted the same key.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(IdempotencyRecord)
        .values(id=new_id(), created_at=now, scope=scope, key=key, fingerprint=fingerprint)
        .on_conflict_do_nothing(index_elements=["scope", "key"])
        .returning(IdempotencyRecord.id)
    )
    made = (await session.execute(statement)).first() is not None
    query = select(IdempotencyRecord).where(IdempotencyRecord.scope == scope, IdempotencyRecord.key == key)
    return (await session.execute(query)).scalar_one(), made


async def purge(session: WriteSession, *, now: datetime, older_than: timedelta) -> int:
    """Forget answers older than this; answers how many."""
    statement = delete(IdempotencyRecord).where(IdempotencyRecord.created_at < now - older_than)
    return len((await session.execute(statement.returning(IdempotencyRecord.id))).all())


class IdempotencyRecord(Identified):
    """An `Idempotency-Key` and the answer that it got, written in the transaction of the effect."""

    __tablename__ = "idempotency_records"
    __table_args__ = (UniqueConstraint("scope", "key"),)

    scope: Mapped[str]
    key: Mapped[str]
    fingerprint: Mapped[str]
    status: Mapped[int | None]
    headers: Mapped[dict[str, object] | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
