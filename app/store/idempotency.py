"""Claiming idempotency keys."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, Table, UniqueConstraint, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from app.store.base import Identified, new_id
from app.store.beside import Beside, rows_beside
from app.store.database import ReadSession, WriteSession
from app.store.statements import columns, given

# An answer is kept for so long, for whoever lost it on the way.
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Named:
    """A key and within what it is one."""

    scope: str
    key: str


class Earlier(NamedTuple):
    """What is on record of a key that was used before."""

    fingerprint: str
    standing: str
    status: int | None
    headers: dict[str, object] | None
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer that the request with this key gets, its body sealed."""

    named: Named
    status: int
    headers: dict[str, str]
    body: bytes


async def claim(
    session: WriteSession, named: Named, *, fingerprint: str, standing: str, now: datetime
) -> Earlier | None:
    """Take the key for this transaction, a new one or one whose time is over; what is on record where it is taken
    already.

    On PostgreSQL the insertion waits for another transaction that has just inserted the same key.
    """
    statement = _TAKEN_SQLITE if session.get_bind().dialect.name == "sqlite" else _TAKEN_POSTGRESQL
    fresh = {"created_at": now, "fingerprint": fingerprint, "standing": standing, "over": now - KEPT_FOR}
    taken = await session.execute(statement, {"id": new_id(), "scope": named.scope, "key": named.key, **fresh})
    if taken.first() is not None:
        return None
    return Earlier._make((await session.execute(select(*columns(Earlier, IdempotencyRecord)).where(*_is(named)))).one())


async def answered(session: ReadSession, named: Named, *, now: datetime) -> Earlier | None:
    """What is on record of this key with its answer, None where none is kept."""
    query = select(*columns(Earlier, IdempotencyRecord)).where(
        *_is(named), IdempotencyRecord.status.is_not(None), IdempotencyRecord.created_at >= now - KEPT_FOR
    )
    found = (await session.execute(query)).one_or_none()
    return None if found is None else Earlier._make(found)


async def earlier(session: WriteSession, keys: Collection[Named], *, now: datetime) -> dict[Named, Earlier]:
    """What is on record of these keys. Those whose time is over are free again."""
    if not keys:
        return {}
    record = IdempotencyRecord
    query = select(record.scope, record.key, record.created_at, *columns(Earlier, record)).where(
        tuple_(record.scope, record.key).in_([(named.scope, named.key) for named in keys])
    )
    found, over = {}, []
    for scope, key, created_at, *rest in (await session.execute(query)).all():
        if created_at < now - KEPT_FOR:
            over.append((scope, key))
        else:
            found[Named(scope, key)] = Earlier._make(rest)
    if over:
        await session.execute(delete(record).where(tuple_(record.scope, record.key).in_(over)))
    return found


async def keep(session: WriteSession, answered: Answered) -> None:
    """Store the answer with its key, which this transaction has taken."""
    values = {"status": answered.status, "headers": answered.headers, "body": answered.body}
    await session.execute(update(IdempotencyRecord).where(*_is(answered.named)).values(values))


def kept_beside(answered: Answered) -> Beside:
    """The same, in the statement that chains the entries."""
    values = {
        "scope": answered.named.scope,
        "key": answered.named.key,
        "status": answered.status,
        "headers": json.dumps(answered.headers),
        "body": answered.body,
    }
    return Beside(_ANSWERED, lambda: values, partial(keep, answered=answered))


def taken_beside(answers: Sequence[tuple[Answered, str, str]], *, now: datetime) -> Beside:
    """Keys that are taken and answered at once, each with the fingerprint of its request and the standing of its
    caller. Where another transaction has taken one meanwhile, the statement fails."""
    rows = [
        {
            "id": new_id(),
            "created_at": now,
            "scope": answered.named.scope,
            "key": answered.named.key,
            "fingerprint": fingerprint,
            "standing": standing,
            "status": answered.status,
            "headers": answered.headers,
            "body": answered.body,
        }
        for answered, fingerprint, standing in answers
    ]
    return rows_beside(IdempotencyRecord, rows)


_ANSWERED = """answer_kept AS (
    UPDATE idempotency_records
    SET status = CAST(:status AS bigint), headers = CAST(:headers AS jsonb), body = CAST(:body AS bytea)
    WHERE scope = CAST(:scope AS text) AND key = CAST(:key AS text)
)"""


def _is(named: Named) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return IdempotencyRecord.scope == named.scope, IdempotencyRecord.key == named.key


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


# The table itself: the mapper would look for rows that a session holds, and none holds these.
_RECORDS = cast(Table, IdempotencyRecord.__table__)


def _taken(insertion: postgresql.Insert | sqlite.Insert) -> ReturningInsert[UUID]:
    """Write a new key, or one whose time is over anew."""
    fresh = {name: insertion.excluded[name] for name in ("created_at", "fingerprint", "standing")}
    emptied: dict[str, object] = {"status": None, "headers": None, "body": None}
    return insertion.on_conflict_do_update(
        index_elements=["scope", "key"], set_={**fresh, **emptied}, where=_RECORDS.c.created_at < given("over")
    ).returning(_RECORDS.c.id)


_TAKEN_SQLITE, _TAKEN_POSTGRESQL = (_taken(dialect.insert(_RECORDS)) for dialect in (sqlite, postgresql))
