"""Claiming idempotency keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import LargeBinary, UniqueConstraint, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Identified, new_id
from app.store.database import ReadSession, WriteSession

# An answer is kept for so long, for whoever lost it on the way.
KEPT_FOR = timedelta(days=7)


async def claim(
    session: WriteSession, *, scope: str, key: str, fingerprint: str, standing: str, now: datetime
) -> tuple[IdempotencyRecord, bool]:
    """The record of this key and whether it is this transaction's: a new one, or one whose time is over.

    On PostgreSQL the insertion waits for another transaction that has just inserted the same key.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    fresh = {"created_at": now, "fingerprint": fingerprint, "standing": standing}
    emptied: dict[str, object] = {"status": None, "headers": None, "body": None}
    statement = (
        dialect.insert(IdempotencyRecord)
        .values(id=new_id(), scope=scope, key=key, **fresh)
        .on_conflict_do_update(
            index_elements=["scope", "key"],
            set_={**fresh, **emptied},
            where=IdempotencyRecord.created_at < now - KEPT_FOR,
        )
        .returning(IdempotencyRecord.id)
    )
    made = (await session.execute(statement)).first() is not None
    query = select(IdempotencyRecord).where(IdempotencyRecord.scope == scope, IdempotencyRecord.key == key)
    return (await session.execute(query)).scalar_one(), made


async def answered(session: ReadSession, *, scope: str, key: str, now: datetime) -> IdempotencyRecord | None:
    """The record of this key with its answer, None where none is kept."""
    query = select(IdempotencyRecord).where(
        IdempotencyRecord.scope == scope,
        IdempotencyRecord.key == key,
        IdempotencyRecord.status.is_not(None),
        IdempotencyRecord.created_at >= now - KEPT_FOR,
    )
    return (await session.execute(query)).scalar_one_or_none()


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
    # A keyed hash, whose key lies outside of the database.
    fingerprint: Mapped[str]
    # Whom the caller acted for, and as what.
    standing: Mapped[str]
    status: Mapped[int | None]
    headers: Mapped[dict[str, object] | None]
    # Sealed.
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
