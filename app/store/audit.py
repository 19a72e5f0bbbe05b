"""Appending to and walking the audit chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.store.database import ReadSession, WriteSession
from app.store.ledger import AuditEntry, AuditHead

GENESIS = "0" * 64
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the chain does not hold, and why."""

    seq: int
    reason: str


def chain_hash(previous_hash: str, fields: dict[str, Any]) -> str:
    """SHA-256 over the previous hash and the entry's fields as canonical JSON."""
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous_hash}\n{canonical}".encode()).hexdigest()


async def append(
    session: WriteSession, *, at: datetime, actor_id: UUID | None, actor_role: str, request_id: str,
    entries: list[dict[str, Any]],
) -> None:
    """Add entries to the end of the chain. Locks the head until the transaction ends."""
    head = (await session.execute(select(AuditHead).with_for_update())).scalar_one()
    for entry in entries:
        row = AuditEntry(
            seq=head.seq + 1, at=at, actor_id=actor_id, actor_role=actor_role, request_id=request_id,
            previous_hash=head.hash, **entry,
        )
        row.hash = chain_hash(head.hash, _fields(row))
        session.add(row)
        head.seq, head.hash = row.seq, row.hash
    await session.flush()


async def verify(session: ReadSession) -> tuple[int, str, list[Fault]]:
    """Walk the chain: number of entries, hash of the head, faults (altered, missing or cut-off entries)."""
    faults: list[Fault] = []
    previous, expected_seq = GENESIS, 1
    async for row in _walk(session):
        if row.seq != expected_seq:
            faults.append(Fault(expected_seq, f"missing up to {row.seq - 1}"))
        if row.previous_hash != previous:
            faults.append(Fault(row.seq, "does not follow the entry before it"))
        if chain_hash(row.previous_hash, _fields(row)) != row.hash:
            faults.append(Fault(row.seq, "altered"))
        previous, expected_seq = row.hash, row.seq + 1
    head = (await session.execute(select(AuditHead))).scalar_one()
    if (head.seq, head.hash) != (expected_seq - 1, previous):
        faults.append(Fault(head.seq, "the end of the chain is cut off or the head was changed"))
    return expected_seq - 1, previous, faults


async def _walk(session: ReadSession) -> AsyncIterator[AuditEntry]:
    after = 0
    while True:
        query = select(AuditEntry).where(AuditEntry.seq > after).order_by(AuditEntry.seq).limit(_BATCH)
        rows = (await session.execute(query)).scalars().all()
        for row in rows:
            yield row
        if len(rows) < _BATCH:
            return
        after = rows[-1].seq
        session.expunge_all()


def _fields(row: AuditEntry) -> dict[str, Any]:
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
        "details": row.details,
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
