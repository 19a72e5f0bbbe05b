"""The log for whoever looks over the office's shoulder: entries by filter, and whether the chain holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.context import ReadContext
from app.kernel.paging import Page, PageRequest
from app.store import audit as store
from app.store.audit import AuditCheckpoint, AuditEntry
from app.store.sorting import Sort


@dataclass(frozen=True, slots=True)
class Filter:
    """What the entries are about, and from which day to which they are; None: anything."""

    act: str | None = None
    subject_type: str | None = None
    subject_id: UUID | None = None
    round_id: UUID | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """Number of entries, the hash of the last one, and where the chain does not hold."""

    entries: int
    head_hash: str
    faults: list[store.Fault]

    @property
    def intact(self) -> bool:
        return not self.faults


async def list_entries(context: ReadContext, *, request: PageRequest, wanted: Filter, sort: Sort) -> Page[AuditEntry]:
    """Entries, newest or oldest first."""
    filters = {
        "act": wanted.act,
        "subject_type": wanted.subject_type,
        "subject_id": wanted.subject_id,
        "round_id": wanted.round_id,
        "since": wanted.since,
        "until": wanted.until,
        "sort": sort,
    }
    rows = await store.page(
        context.session,
        newest_first=sort is not Sort.OLDEST,
        after=request.after_number(**filters),
        limit=request.limit,
        act=wanted.act,
        subject_type=wanted.subject_type,
        subject_id=wanted.subject_id,
        round_id=wanted.round_id,
        since=wanted.since,
        until=wanted.until,
    )
    return request.page(rows, key=lambda row: row.seq, **filters)


async def list_checkpoints(context: ReadContext, *, request: PageRequest) -> Page[AuditCheckpoint]:
    """Signed checkpoints, newest first."""
    rows = await store.checkpoints_page(context.session, before=request.after_number(), limit=request.limit)
    return request.page(rows, key=lambda row: row.size)


async def verify_chain(context: ReadContext) -> Verified:
    """Walk the whole chain. The head's hash, kept elsewhere, also shows a chain that was rewritten as a whole."""
    return Verified(*await store.verify(context.session))
