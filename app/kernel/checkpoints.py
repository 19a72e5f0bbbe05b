"""Checkpoints of the audit log: how long it was at an instant, and the hash of its last entry, signed.

A chain in a database proves nothing against whoever can write the whole of it. So its end is signed with a key that
lies outside, written into a folder outside, and published: one old copy in anybody's hands shows a rewritten past. What
has become final in any table since the last one is marked first (`app/kernel/row_marking.py`), and signed with it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import structlog
from anyio import to_thread

from app.kernel.checkpoints_locked import LockedCheckpoints
from app.kernel.clock import Clock
from app.kernel.errors import Collision
from app.kernel.row_marking import mark_final_rows
from app.kernel.security.checkpoint_keys import CheckpointKeys
from app.kernel.security.tokens import NotSigned
from app.kernel.settings import Settings
from app.kernel.sweeping import tell_lost_turn
from app.measures.hashes import canonical_json
from app.measures.text import Text
from app.store import audit, row_marks
from app.store.database import Database, ReadSession
from app.store.sweeps import take_turn

# `typ` of the signed statement.
PURPOSE = "audit-checkpoint+jws"
_NAME = re.compile(r"(\d{12})\.jws")
_BATCH = 500
# A start is busy enough without it.
_FIRST_AFTER = timedelta(minutes=1)

_log = structlog.get_logger("checkpoints")


class Contradicted(Collision):
    """The log is not the one that the newest checkpoint outside, of `size`, tells of: nothing more is signed."""

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(
            Text(
                f"日志与已签署的检查点（{size} 条）不符，未再签署：请运行 verify-audit",
                f"The log contradicts the newest checkpoint outside, of {size} entries; nothing was signed: run"
                " `verify-audit`",
            )
        )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log of `service` had `size` entries at this instant, and `head` was the hash of the last of them. `rows` and
    `rows_head`: how many marks of final rows there were, and the hash of the last."""

    service: str
    size: int
    head: str
    at: datetime
    rows: int
    rows_head: str

    @property
    def content(self) -> bytes:
        """What is signed: canonical JSON."""
        told = {"service": self.service, "size": self.size, "head": self.head, "at": self.at.isoformat()}
        return canonical_json({**told, "rows": self.rows, "rows_head": self.rows_head}).encode()

    @classmethod
    def opened(cls, signed: str, keys: CheckpointKeys) -> Checkpoint:
        """The checkpoint in a signed statement; `NotSigned` where no key of these has signed it or it is none."""
        return cls.of(keys.opened(signed.strip(), purpose=PURPOSE))

    @classmethod
    def of(cls, content: bytes) -> Checkpoint:
        """The checkpoint in what was signed; `NotSigned` where it is none."""
        try:
            told = json.loads(content)
            at = datetime.fromisoformat(told["at"])
            marked = int(told["rows"]), str(told["rows_head"])
            return cls(str(told["service"]), int(told["size"]), str(told["head"]), at, *marked)
        except (ValueError, KeyError, TypeError) as error:
            raise NotSigned("no checkpoint") from error


class Checkpointer:
    """Makes checkpoints: by itself in a process that serves, one process at a time, or when it is asked."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._service, self._folder = settings.issuer, settings.checkpoints
        self._every = timedelta(seconds=settings.checkpoint_seconds)
        self._keys = CheckpointKeys(settings.checkpoint_keys)
        self._locked = LockedCheckpoints.of(settings)

    async def run(self) -> None:
        """Make one as often as the setting says, until cancelled."""
        pause = _FIRST_AFTER
        while True:
            await asyncio.sleep(pause.total_seconds())
            pause = self._every
            try:
                made = await self.in_turn()
            except Contradicted as error:
                _log.error("checkpoint_contradicted", checkpoint=error.size)
                continue
            except Exception as error:
                tell_lost_turn(_log, "checkpoint", error)
                continue
            if made is not None:
                _log.info("checkpoint", size=made.size, head=made.head)

    async def in_turn(self) -> Checkpoint | None:
        """Make one where it is due and this process's turn, and the log has grown; None otherwise."""
        return await self._make() if await self._due() else None

    async def now(self) -> Checkpoint | None:
        """Make one now where the log has grown since the last; None otherwise. Files that are missing are written in
        either case. `Contradicted` where the log is not the one that was signed before."""
        return await self._make()

    async def _due(self) -> bool:
        async with self._database.writing() as session:
            due = await take_turn(session, "checkpoint", now=self._clock.now(), every=self._every)
            await session.commit()
            return due

    async def _make(self) -> Checkpoint | None:
        made = None
        async with self._database.reading() as session:
            size, head = await audit.end(session)
            last = await audit.last_checkpoint(session)
            await self._compare(session, size)
        if size > (last.size if last is not None else 0):
            rows = await mark_final_rows(self._database, self._clock)
            made = Checkpoint(self._service, size, head, self._clock.now(), rows.position, rows.hash)
            content = made.content
            signed = await to_thread.run_sync(lambda: self._keys.sign(content, purpose=PURPOSE))
            async with self._database.writing() as session:
                await audit.keep_checkpoint(session, size, head=head, at=made.at, kid=self._keys.kid, signed=signed)
                await session.commit()
        # After the commit: what lies outside is never ahead of the database for want of a commit.
        await self._write_missing()
        return made

    async def _compare(self, session: ReadSession, size: int) -> None:
        """`Contradicted` where the log is not the one that the newest checkpoint outside tells of, or that one is not
        to be believed. What has happened is the operator's to find out."""
        newest = await to_thread.run_sync(lambda: max(listed(self._folder), default=None))
        if newest is None:
            return
        outside, path = newest
        try:
            said = Checkpoint.opened(await to_thread.run_sync(text_of, path), self._keys)
        except NotSigned as error:
            raise Contradicted(outside) from error
        found = await audit.hashes_at(session, [outside])
        marks = await row_marks.hashes_at(session, [said.rows])
        same = found.get(outside) == said.head and marks.get(said.rows) == said.rows_head
        if not (said.size == outside <= size and same):
            raise Contradicted(outside)

    async def _write_missing(self) -> None:
        """Write every checkpoint of the database that came after the newest in the folder, and in the bucket: a process
        may have been killed between the two, or the place was away."""
        newest = max((size for size, _ in listed(self._folder)), default=0)
        async for size, signed in self._after(newest):
            await to_thread.run_sync(write_checkpoint, self._folder, size, signed)
        if self._locked is not None:
            async for size, signed in self._after(await self._locked.newest()):
                await self._locked.write(size, signed)

    async def _after(self, newest: int) -> AsyncIterator[tuple[int, str]]:
        """The database's checkpoints of a larger size. What a hand has put into the table is not carried outside."""
        while True:
            async with self._database.reading() as session:
                rows = await audit.checkpoints_after(session, newest, limit=_BATCH)
            if not rows:
                return
            for row in rows:
                newest = row.size
                with suppress(NotSigned):
                    if Checkpoint.opened(row.signed, self._keys).size == row.size:
                        yield row.size, row.signed


def listed(folder: Path) -> Iterator[tuple[int, Path]]:
    """The checkpoints of a folder by size, smallest first."""
    if not folder.is_dir():
        return
    names = sorted(path.name for path in folder.iterdir() if _NAME.fullmatch(path.name))
    yield from ((int(name[:12]), folder / name) for name in names)


def file_of(folder: Path, size: int) -> Path:
    """Where a checkpoint of this size lies in the folder."""
    return folder / f"{size:012d}.jws"


def text_of(path: Path) -> str:
    """A signed statement as it lies there, whatever else somebody has put in its place."""
    return path.read_text(encoding="ascii", errors="replace")


def write_checkpoint(folder: Path, size: int, signed: str) -> None:
    """Write it, whole or not at all; one that lies there stays as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = file_of(folder, size)
    draft = folder / f".{uuid4().hex}.draft"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{signed}\n")
            file.flush()
            os.fsync(file.fileno())
        if not target.exists():
            os.link(draft, target)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
