"""Claiming idempotency keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.store.base import new_id
from app.store.database import WriteSession
from app.store.ledger import IdempotencyRecord


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
