"""Appending to and walking the audit chain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    Table,
    TextClause,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.hashes import canonical_json
from app.store.base import Base, on_days, one_of, page_of
from app.store.beside import Beside
from app.store.database import ReadSession, WriteSession
from app.store.readers import Reader
from app.store.statements import Statement, given
from app.store.unreadable import WHAT, Unread, entries_or_links

GENESIS = "0" * 64


_BATCH = 500
# Entries of one statement; few transactions have more than one.
_AT_ONCE = 200
# The head is locked, each entry is numbered and chained to the one before, and the head moved on, without a word in
# between from the service: from the lock to the commit there is one round trip, whoever waits for it. What is written
# is read from the very text that is hashed.
_CHAIN = """
WITH RECURSIVE
given AS (
    SELECT * FROM unnest(CAST(:before AS text[]), CAST(:after AS text[])) WITH ORDINALITY AS g (before, after, n)
),
head AS (SELECT seq, hash FROM audit_head WHERE id = 1 FOR UPDATE),
chain (n, seq, previous_hash, hash, line) AS (
    SELECT CAST(0 AS bigint), seq, hash, hash, CAST(NULL AS text) FROM head
    UNION ALL
    SELECT given.n, chain.seq + 1, chain.hash,
        encode(sha256(convert_to(chain.hash || chr(10) || before || (chain.seq + 1) || after, 'UTF8')), 'hex'),
        before || (chain.seq + 1) || after
    FROM chain JOIN given ON given.n = chain.n + 1
),
written AS (
    INSERT INTO audit_entries (seq, at, act, actor_id, actor_role, subject_type, subject_id, round_id, request_id,
        origin, session_id, outcome, details, previous_hash, hash)
    SELECT seq, CAST(entry ->> 'at' AS timestamptz), entry ->> 'act', CAST(entry ->> 'actor_id' AS uuid),
        entry ->> 'actor_role', entry ->> 'subject_type', CAST(entry ->> 'subject_id' AS uuid),
        CAST(entry ->> 'round_id' AS uuid), entry ->> 'request_id',
        entry ->> 'origin', CAST(entry ->> 'session_id' AS uuid), entry ->> 'outcome',
        entry -> 'details', previous_hash, hash
    FROM chain, LATERAL (SELECT CAST(line AS jsonb) AS entry OFFSET 0) AS read WHERE n > 0
)
-- beside
UPDATE audit_head SET seq = last.seq, hash = last.hash
FROM (SELECT seq, hash FROM chain ORDER BY n DESC LIMIT 1) AS last
WHERE audit_head.id = 1 RETURNING audit_head.seq
"""


class EntryOutcome(StrEnum):
    """What came of an act."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain does not hold, and why."""

    seq: int
    reason: str


def chain_hash(previous_hash: str, fields: dict[str, object]) -> str:
    """SHA-256 over the previous hash and the entry's fields as canonical JSON."""
    return _linked(previous_hash, canonical_json(fields))


def _linked(previous_hash: str, text: str) -> str:
    return hashlib.sha256(f"{previous_hash}\n{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Note:
    """What one request did, and who it was, from which address and in which session; it may have several entries."""

    at: datetime
    actor_id: UUID | None
    actor_role: str
    request_id: str
    entries: Sequence[Mapping[str, object]]
    origin: str | None = None
    session_id: UUID | None = None


async def append(session: WriteSession, *notes: Note, beside: Sequence[Beside] = ()) -> None:
    """Add entries to the end of the chain, in the order in which they are given, and write what goes beside them. Locks
    the head until the transaction ends: nothing comes after this but the commit."""
    lines = [_Line.of(note, entry) for note in notes for entry in note.entries]
    if not lines:
        raise ValueError("nothing is done without an entry")
    if session.get_bind().dialect.name == "sqlite":
        for item in beside:
            await item.here(session)
        await _append_here(session, lines)
        return
    for start in range(0, len(lines), _AT_ONCE):
        some = lines[start : start + _AT_ONCE]
        last = beside if start + _AT_ONCE >= len(lines) else ()
        values: dict[str, object] = {"before": [line.before for line in some], "after": [line.after for line in some]}
        for item in last:
            values |= item.given()
        # No head, no chain: the act that would not be on record does not happen.
        (await session.execute(_chaining(tuple(item.clause for item in last)), values)).scalar_one()


@cache
def _chaining(clauses: tuple[str, ...]) -> TextClause:
    """The statement with these parts beside it; there are few combinations."""
    return text(_CHAIN.replace("-- beside", "".join(f",\n{clause}" for clause in clauses)))


async def _append_here(session: WriteSession, lines: Sequence[_Line]) -> None:
    """As the one statement does it elsewhere: SQLite neither hashes nor writes two tables at once, and its writer is
    alone anyway."""
    head = await session.row(_HEAD)
    if head is None:
        raise RuntimeError("the chain has no head")
    seq, end = head
    rows = []
    for line in lines:
        seq, previous, end = seq + 1, end, _linked(end, line.text(seq + 1))
        rows.append({**line.values, "seq": seq, "previous_hash": previous, "hash": end})
    await session.execute(_ENTRIES, rows)
    await session.execute(_MOVE_ON, {"last_seq": seq, "last_hash": end})


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry before it has its number: its columns, and its canonical JSON on both sides of the number."""

    values: Mapping[str, object]
    before: str
    after: str

    @classmethod
    def of(cls, note: Note, entry: Mapping[str, object]) -> _Line:
        values = {
            "at": note.at,
            "actor_id": note.actor_id,
            "actor_role": note.actor_role,
            "request_id": note.request_id,
            "origin": note.origin,
            "session_id": note.session_id,
            "outcome": EntryOutcome.DONE,
            **entry,
        }
        # Whatever the number is, the names before it and after it are the same.
        fields = hashed_fields(AuditEntry(seq=0, **values))
        before = canonical_json({name: value for name, value in fields.items() if name < "seq"})
        after = canonical_json({name: value for name, value in fields.items() if name > "seq"})
        return cls(values, f'{before[:-1]},"seq":', f",{after[1:]}")

    def text(self, seq: int) -> str:
        """The canonical JSON with this number."""
        return f"{self.before}{seq}{self.after}"


async def page(
    session: ReadSession,
    *,
    newest_first: bool,
    after: int | None,
    limit: int,
    act: str | None,
    subject_type: str | None,
    subject_id: UUID | None,
    round_id: UUID | None,
    since: date | None,
    until: date | None,
) -> Sequence[AuditEntry]:
    """Entries, newest or oldest first, up to `limit + 1`. `since` and `until` are days in Shanghai, both included."""
    query = page_of(
        select(AuditEntry),
        AuditEntry.seq,
        after=after,
        limit=limit,
        newest_first=newest_first,
        only=[
            (AuditEntry.act, act),
            (AuditEntry.subject_type, subject_type),
            (AuditEntry.subject_id, subject_id),
            (AuditEntry.round_id, round_id),
        ],
    )
    return (await session.execute(query.where(*on_days(AuditEntry.at, since, until)))).scalars().all()


async def verify(session: ReadSession) -> tuple[int, str, list[Fault]]:
    """Walk the chain: number of entries, hash of the head, faults (altered, missing or cut-off entries)."""
    walk = _Walk()
    await walk.go_on(session)
    head_seq, head_hash = await _head(session)
    if head_seq > walk.last_seq:
        # Entries may have come since the walk's last look; the head that names them came with them.
        await walk.go_on(session, until=head_seq)
    if (head_seq, head_hash) != (walk.last_seq, walk.last_hash):
        walk.faults.append(Fault(head_seq, "the end of the chain is cut off or the head was changed"))
    return walk.last_seq, walk.last_hash, walk.faults


# Of a log that was changed throughout, the first faults say enough.
_FAULTS_AT_MOST = 1000


class _Walk:
    """From entry to entry, each compared with the one before it."""

    def __init__(self) -> None:
        self.last_seq, self.last_hash = 0, GENESIS
        self.faults: list[Fault] = []

    async def go_on(self, session: ReadSession, *, until: int | None = None) -> None:
        """Look at every entry after the last one, `until` included."""
        while rows := await _batch(session, after=self.last_seq, until=until):
            for row in rows:
                self._look_at(row)
            session.expunge_all()

    def _look_at(self, row: AuditEntry | Unread) -> None:
        if len(self.faults) < _FAULTS_AT_MOST:
            self.faults += _faults(row, self.last_seq, self.last_hash)
        self.last_seq, self.last_hash = row.seq, row.hash


def _faults(row: AuditEntry | Unread, last_seq: int, last_hash: str) -> Iterator[Fault]:
    if row.seq != last_seq + 1:
        yield Fault(last_seq + 1, f"missing up to {row.seq - 1}")
    if isinstance(row, Unread):
        yield Fault(row.seq, WHAT)
        return
    if row.previous_hash != last_hash:
        yield Fault(row.seq, "does not follow the entry before it")
    if chain_hash(row.previous_hash, hashed_fields(row)) != row.hash:
        yield Fault(row.seq, "altered")


async def _batch(session: ReadSession, *, after: int, until: int | None) -> Sequence[AuditEntry | Unread]:
    within = [AuditEntry.seq > after, *([] if until is None else [AuditEntry.seq <= until])]
    whole = select(AuditEntry).where(*within).order_by(AuditEntry.seq).limit(literal_column(str(_BATCH)))
    links = whole.with_only_columns(AuditEntry.seq, AuditEntry.hash)
    return await entries_or_links(session, whole, links, lambda seq: select(AuditEntry).where(AuditEntry.seq == seq))


async def _head(session: ReadSession) -> tuple[int, str]:
    # Without its head the chain proves nothing: as if its end were cut off.
    return await session.row(_HEAD) or _Head(-1, "")


def hashed_fields(row: AuditEntry) -> dict[str, object]:
    """What of an entry its hash is taken over, with the hash before it."""
    return {
        "seq": row.seq,
        "at": row.at.isoformat(),
        "act": row.act,
        "actor_id": _text(row.actor_id),
        "actor_role": row.actor_role,
        "subject_type": row.subject_type,
        "subject_id": _text(row.subject_id),
        "round_id": _text(row.round_id),
        "request_id": row.request_id,
        "origin": row.origin,
        "session_id": _text(row.session_id),
        "outcome": row.outcome.value,
        "details": row.details,
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


class AuditEntry(Base):
    """One act, chained to the one before by hash. Triggers in the database refuse update and delete."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_type", "subject_id", "seq"),
        Index("ix_audit_entries_round", "round_id", "seq"),
        # What one account has done; most of the public's posts have none.
        Index(
            "ix_audit_entries_actor",
            "actor_id",
            "seq",
            sqlite_where=text("actor_id IS NOT NULL"),
            postgresql_where=text("actor_id IS NOT NULL"),
        ),
        one_of("outcome", EntryOutcome),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    act: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_role: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    round_id: Mapped[UUID | None]
    request_id: Mapped[str]
    # Address and session of a caller who has an account; of the public neither is kept.
    origin: Mapped[str | None]
    session_id: Mapped[UUID | None]
    outcome: Mapped[EntryOutcome]
    details: Mapped[dict[str, object]]
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class AuditHead(Base):
    """The end of the chain: one row, locked by whoever appends, so that entries are numbered without gap."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str]


# The tables themselves: the mapper would look for rows that a session holds, and none holds these.
_ENTRIES = insert(cast(Table, AuditEntry.__table__))
_MOVE_ON = update(cast(Table, AuditHead.__table__)).values(seq=given("last_seq"), hash=given("last_hash"))


class _Head(NamedTuple):
    seq: int
    hash: str


_HEAD = Statement(select(AuditHead.seq, AuditHead.hash), _Head)


class _End(NamedTuple):
    hash: str


_END = Statement(select(AuditHead.hash).where(AuditHead.id == 1), _End)


async def end_of_the_chain(reader: Reader) -> str:
    """The hash of the last entry: it names all that has happened."""
    end = await reader.row(_END)
    if end is None:
        raise RuntimeError("the chain has no end")
    return end.hash


class AuditCheckpoint(Base):
    """The end of the chain as it was at an instant, signed. Triggers in the database refuse update and delete."""

    __tablename__ = "audit_checkpoints"

    # The number of entries; `head` is the hash of the last of them.
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    head: Mapped[str]
    at: Mapped[datetime]
    # Of the key that has signed it; `signed` is the whole statement, a compact JWS.
    kid: Mapped[str]
    signed: Mapped[str]


async def end(session: ReadSession) -> tuple[int, str]:
    """Number of the last entry and its hash, as the head tells them; -1 where the head is gone."""
    return await _head(session)


async def last_checkpoint(session: ReadSession) -> AuditCheckpoint | None:
    """The newest checkpoint that the database holds."""
    query = select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(literal_column("1"))
    return (await session.execute(query)).scalar_one_or_none()


async def checkpoints_page(session: ReadSession, *, before: int | None, limit: int) -> Sequence[AuditCheckpoint]:
    """Checkpoints, newest first, up to `limit + 1`."""
    query = page_of(select(AuditCheckpoint), AuditCheckpoint.size, after=before, limit=limit, newest_first=True)
    return (await session.execute(query)).scalars().all()


async def checkpoints_after(session: ReadSession, size: int, *, limit: int) -> Sequence[AuditCheckpoint]:
    """Checkpoints of a larger size, oldest first, up to `limit`."""
    query = select(AuditCheckpoint).where(AuditCheckpoint.size > size).order_by(AuditCheckpoint.size)
    return (await session.execute(query.limit(literal_column(str(limit))))).scalars().all()


async def hashes_at(session: ReadSession, numbers: Sequence[int]) -> dict[int, str]:
    """The hashes of the entries with these numbers, of those that are there."""
    query = select(AuditEntry.seq, AuditEntry.hash).where(AuditEntry.seq.in_(numbers))
    return {row.seq: row.hash for row in (await session.execute(query)).all()}


async def keep_checkpoint(session: WriteSession, size: int, *, head: str, at: datetime, kid: str, signed: str) -> None:
    """Keep a checkpoint; where one of this size is there already, that one stays."""
    row = {"size": size, "head": head, "at": at, "kid": kid, "signed": signed}
    if session.get_bind().dialect.name != "sqlite":
        await session.execute(postgresql.insert(AuditCheckpoint).values(row).on_conflict_do_nothing())
    elif not await checkpoints_known(session, [size]):
        # There a guard refuses a key that is known, in whatever words it comes.
        await session.execute(insert(AuditCheckpoint).values(row))


async def checkpoints_known(session: ReadSession, sizes: Sequence[int]) -> set[int]:
    """Which of these sizes the database has a checkpoint of."""
    query = select(AuditCheckpoint.size).where(AuditCheckpoint.size.in_(sizes))
    return set((await session.execute(query)).scalars())


async def entries_after(
    session: ReadSession, seq: int, *, limit: int, since: datetime | None, until: datetime | None
) -> Sequence[AuditEntry]:
    """Entries after this number in their order, up to `limit`; of an instant not before `since` and before `until`."""
    query = select(AuditEntry).where(AuditEntry.seq > seq).order_by(AuditEntry.seq)
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    if until is not None:
        query = query.where(AuditEntry.at < until)
    return (await session.execute(query.limit(literal_column(str(limit))))).scalars().all()


def told(entry: AuditEntry) -> dict[str, object]:
    """An entry as it leaves the service: what is hashed, and both hashes, so that whoever has it can chain it anew."""
    return {**hashed_fields(entry), "previous_hash": entry.previous_hash, "hash": entry.hash}
