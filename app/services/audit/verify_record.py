"""Whether the whole record holds: the chain of the log, its checkpoints, stored files, money, seats, decisions
(Art. 2, 8, 9, 10, 19, 22, 29), rows that are final in all their columns, the guards of the database, and what is
sealed. What does not is told with what it is, and from which entry on the log is in doubt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from anyio import to_thread

from app.kernel.checkpoints import Checkpoint, file_of, listed, text_of
from app.kernel.checkpoints_locked import LockedCheckpoints
from app.kernel.context import ReadContext
from app.kernel.files import FileMissing, StorageUnavailable
from app.kernel.security.checkpoint_keys import CheckpointKeys
from app.kernel.security.tokens import NotSigned
from app.services.audit.verify_rows import Marks
from app.services.audit.verify_rows import faults as row_faults
from app.store import audit as store
from app.store import consistency, replaced_rows, row_marks, unreadable
from app.store.sealed_values import closed

Item = TypeVar("Item")

_BATCH = 500
# Faults that are told one by one; of a log that was changed throughout the first ones say enough.
_TOLD_AT_MOST = 1000


class Part(StrEnum):
    """What was looked at."""

    CHAIN = "chain"
    CHECKPOINTS = "checkpoints"
    FILES = "files"
    MONEY = "money"
    SEATS = "seats"
    DECISIONS = "decisions"
    ROWS = "rows"
    GUARDS = "guards"
    SEALED = "sealed"


# Of which part the rows of a table are; all others are decisions.
_PART_OF = {
    **{"awards": Part.SEATS, "disbursements": Part.MONEY, "payment_reports": Part.MONEY},
    **dict.fromkeys(
        (
            *("anonymisations", "attachments", "objection_files", "stamped_opinions", "statement_files"),
            "withdrawal_letter_files",
        ),
        Part.FILES,
    ),
}


@dataclass(frozen=True, slots=True)
class RecordFault:
    """What does not hold: in which part, where (an entry's number, a row, a file), and what it is."""

    part: Part
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class GivenCheckpoint:
    """A checkpoint that somebody kept: where it was read, and its statement as it was signed."""

    source: str
    signed: str


@dataclass(slots=True)
class RecordVerified:
    """What was looked at, and what of it does not hold. `last_good`: the newest checkpoint that the log still agrees
    with, before the first fault of the chain; what came after it is in doubt where the log is."""

    entries: int = 0
    head_hash: str = ""
    checkpoints: int = 0
    files: int = 0
    # Parts of rows that were marked as final.
    marks: int = 0
    last_good: Checkpoint | None = None
    faults: list[RecordFault] = field(default_factory=list)
    fault_count: int = 0
    first_bad_entry: int | None = None
    # By key that is not in the file: how many values nobody can open until it is put back.
    closed: dict[str, int] = field(default_factory=dict)

    @property
    def intact(self) -> bool:
        return not self.fault_count

    def add(self, part: Part, where: str, what: str, *, entry: int | None = None) -> None:
        """Note a fault; `entry`: the first entry of the log that it puts in doubt."""
        self.fault_count += 1
        if len(self.faults) < _TOLD_AT_MOST:
            self.faults.append(RecordFault(part, where, what))
        if entry is not None and (self.first_bad_entry is None or entry < self.first_bad_entry):
            self.first_bad_entry = entry

    @contextmanager
    def going_on(self, part: Part) -> Iterator[None]:
        """A value that cannot be read is a fault of this part, of which nothing more is looked at."""
        try:
            yield
        except Exception as error:
            if not unreadable.cannot_be_read(error):
                raise
            what = f"{unreadable.WHAT} ({type(error).__name__}): what comes after it was not looked at"
            self.add(part, "a row", what)

    def note_other_end(self, expected: int) -> None:
        """The log does not end where it must."""
        self.add(Part.CHAIN, f"entry {self.entries}", f"the log must end with entry {expected} and its hash", entry=1)


async def verify_record(
    context: ReadContext, *, given: Sequence[GivenCheckpoint] = (), keys_file: Path | None = None
) -> RecordVerified:
    """Look at all of it, in one snapshot of the database and with bounded memory. `given`: checkpoints that somebody
    kept elsewhere. `keys_file`: the keys that verify them, a published JWKS; the service's own where it is None."""
    await consistency.one_snapshot(context.session)
    found = RecordVerified()
    session = context.session
    keys = CheckpointKeys(keys_file or context.settings.checkpoint_keys)
    with found.going_on(Part.CHAIN):
        await _chain(context, found)
    await _checkpoints(context, found, given, keys)
    with found.going_on(Part.FILES):
        await _files(context, found)
    for part, items in (
        (None, consistency.gone(session)),
        (Part.FILES, consistency.anonymised(session)),
        (Part.MONEY, consistency.money(session)),
        (Part.SEATS, consistency.seats(session)),
        (Part.DECISIONS, consistency.decisions(session)),
        (Part.DECISIONS, replaced_rows.replaced(session)),
        (Part.GUARDS, consistency.guards(session)),
    ):
        with found.going_on(part or Part.DECISIONS):
            async for item in items:
                where = f"{item.table} {item.id}"
                found.add(part or _PART_OF.get(item.table, Part.DECISIONS), where, item.what)
    with found.going_on(Part.ROWS):
        await _rows(context, found)
    with found.going_on(Part.SEALED):
        await _sealed(context, found)
    return found


async def _chain(context: ReadContext, found: RecordVerified) -> None:
    found.entries, found.head_hash, faults = await store.verify(context.session)
    for fault in faults:
        # Of a head that does not fit nothing is known but that something after the last entry is missing or added.
        entry = min(max(fault.seq, 1), found.entries + 1)
        found.add(Part.CHAIN, f"entry {fault.seq}", fault.reason, entry=entry)


async def _checkpoints(
    context: ReadContext, found: RecordVerified, given: Sequence[GivenCheckpoint], keys: CheckpointKeys
) -> None:
    """Every checkpoint, wherever it lies, against the entries that the log has now."""
    look = _Look(found, keys, context.settings.issuer)
    with found.going_on(Part.CHECKPOINTS):
        await _in_the_database(context, look)
    with found.going_on(Part.CHECKPOINTS):
        await _outside(context, look)
    for some in _batches(given):
        await look.at(context, some)
    before = found.entries + 1 if found.first_bad_entry is None else found.first_bad_entry
    found.last_good = max(
        (item for item in look.good.values() if item.size < before), key=lambda item: item.size, default=None
    )


async def _in_the_database(context: ReadContext, look: _Look) -> None:
    folder, after, bucket = context.settings.checkpoints, 0, LockedCheckpoints.of(context.settings)
    locked = set() if bucket is None else {size async for size in bucket.sizes()}
    # Written after the commit: the newest may still be on its way.
    patience = 2 * timedelta(seconds=context.settings.checkpoint_seconds)
    *_, (newest, _path) = (0, folder), *await to_thread.run_sync(lambda: list(listed(folder)))
    while rows := await store.checkpoints_after(context.session, after, limit=_BATCH):
        after = rows[-1].size
        said = await look.at(context, [GivenCheckpoint(f"audit_checkpoints {row.size}", row.signed) for row in rows])
        for row, one in zip(rows, said, strict=True):
            where = f"audit_checkpoints {row.size}"
            if one is not None and (one.size, one.head, one.at) != (row.size, row.head, row.at):
                look.found.add(Part.CHECKPOINTS, where, "the row is not what was signed")
            expected = row.size < newest or context.now - row.at > patience
            if expected and not file_of(folder, row.size).exists():
                look.found.add(Part.CHECKPOINTS, where, f"its file in {folder} is missing")
            if expected and bucket is not None and row.size not in locked:
                look.found.add(Part.CHECKPOINTS, where, f"it is missing in {bucket.place}")
        context.session.expunge_all()


async def _outside(context: ReadContext, look: _Look) -> None:
    folder, bucket = context.settings.checkpoints, LockedCheckpoints.of(context.settings)
    for files in _batches(await to_thread.run_sync(lambda: list(listed(folder)))):
        kept = [(size, GivenCheckpoint(str(path), await to_thread.run_sync(text_of, path))) for size, path in files]
        await _kept_outside(context, look, kept)
    if bucket is not None:
        for sizes in _batches([size async for size in bucket.sizes()]):
            there = [(size, GivenCheckpoint(bucket.place_of(size), await bucket.read(size))) for size in sizes]
            await _kept_outside(context, look, there)


async def _kept_outside(context: ReadContext, look: _Look, some: Sequence[tuple[int, GivenCheckpoint]]) -> None:
    """Checkpoints that lie outside, each by the size that it is named for."""
    known = await store.checkpoints_known(context.session, [size for size, _ in some])
    for (size, item), one in zip(some, await look.at(context, [item for _, item in some]), strict=True):
        if one is not None and one.size != size:
            look.found.add(Part.CHECKPOINTS, item.source, f"it is named for {size} entries and signed for {one.size}")
        if size not in known:
            what = "the database has it no more"
            look.found.add(Part.CHECKPOINTS, item.source, what, entry=_none_before(look, size))


def _none_before(look: _Look, size: int) -> int | None:
    """A checkpoint that still fits puts no entry in doubt, only the list that it is missing from."""
    return None if size in look.good else size


class _Look:
    """Opens checkpoints, and compares them with the log."""

    def __init__(self, found: RecordVerified, keys: CheckpointKeys, service: str) -> None:
        self.found, self._keys, self._service = found, keys, service
        # Those that the log agrees with, by size.
        self.good: dict[int, Checkpoint] = {}

    async def at(self, context: ReadContext, given: Sequence[GivenCheckpoint]) -> list[Checkpoint | None]:
        """What each of them says; None where it cannot be believed."""
        opened = [self._opened(item) for item in given]
        sizes = {item.size for item in opened if item is not None}
        hashes = await store.hashes_at(context.session, sorted(sizes))
        marks = await row_marks.hashes_at(context.session, {item.rows for item in opened if item is not None})
        for item, said in zip(given, opened, strict=True):
            self.found.checkpoints += 1
            if said is not None:
                self._compare(item.source, said, hashes.get(said.size))
                if marks.get(said.rows) != said.rows_head:
                    what = f"the marks of final rows are not those of {said.at.isoformat(timespec='seconds')}"
                    self.found.add(Part.CHECKPOINTS, item.source, what)
        return opened

    def _opened(self, given: GivenCheckpoint) -> Checkpoint | None:
        try:
            said = Checkpoint.opened(given.signed, self._keys)
        except NotSigned as error:
            self.found.add(Part.CHECKPOINTS, given.source, f"not a checkpoint that a known key has signed: {error}")
            return None
        if said.service != self._service:
            self.found.add(Part.CHECKPOINTS, given.source, f"of another service: {said.service}")
            return None
        return said

    def _compare(self, source: str, said: Checkpoint, there: str | None) -> None:
        at = said.at.isoformat(timespec="seconds")
        if said.size > self.found.entries:
            what = (
                f"the log had {said.size} entries at {at} and has {self.found.entries}: its end was cut off, or the"
                " database was set back to an older copy"
            )
            self.found.add(Part.CHECKPOINTS, source, what, entry=self.found.entries + 1)
        elif there != said.head:
            what = f"entry {said.size} is not the one of {at}: the log was rewritten there or before"
            self.found.add(Part.CHECKPOINTS, source, what, entry=said.size)
        else:
            self.good[said.size] = said


async def _sealed(context: ReadContext, found: RecordVerified) -> None:
    async for value in closed(context.session):
        if value.missing_key is not None:
            found.closed[value.missing_key] = found.closed.get(value.missing_key, 0) + 1
        else:
            what = f"{value.column} is not what was sealed for this row"
            found.add(Part.SEALED, f"{value.table} {value.row}", what)


async def _rows(context: ReadContext, found: RecordVerified) -> None:
    """Every row that is final, in all its columns, against its mark."""
    marks = Marks(0, found.closed)
    async for item in row_faults(context.session, marks):
        found.add(Part.ROWS, item.where, item.what)
    found.marks = marks.count


async def _files(context: ReadContext, found: RecordVerified) -> None:
    """Every stored file, byte by byte, against its row, and the row against the log."""
    async for row in consistency.file_rows(context.session):
        found.files += 1
        where = f"{row.table} {row.id}"
        if row.sha256 not in row.on_record:
            found.add(Part.FILES, where, "the log does not tell of a file with the hash that its row has")
        try:
            size, digest = await _hashed(context, row.storage_key)
        except (FileMissing, ValueError):
            found.add(Part.FILES, where, f"the file {row.storage_key} is missing")
            continue
        except StorageUnavailable:
            if not context.files.lies_here:
                raise
            # The folder answers, and this one does not: something else lies in its place, or its disk is broken there.
            found.add(Part.FILES, where, f"the file {row.storage_key} cannot be read")
            continue
        if (size, digest) != (row.size, row.sha256):
            found.add(Part.FILES, where, f"the file {row.storage_key} was changed: {size} bytes, SHA-256 {digest}")


async def _hashed(context: ReadContext, key: str) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    async for piece in await context.files.open_stream(key):
        size += len(piece)
        digest.update(piece)
    return size, digest.hexdigest()


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
