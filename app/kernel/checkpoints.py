"""Checkpoints of the audit log: how long it was at an instant, and the hash of its last entry, signed.

A chain in a database proves nothing against whoever can write the whole of it. So its end is signed with a key that
lies outside, written into a folder outside, and published: one old copy in anybody's hands shows a rewritten past.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import structlog
from anyio import to_thread

from app.kernel.clock import Clock
from app.kernel.security.checkpoint_keys import CheckpointKeys
from app.kernel.security.tokens import NotSigned
from app.kernel.settings import Settings
from app.measures.hashes import canonical_json
from app.store import audit
from app.store.database import Database, ReadSession
from app.store.sweeps import take_turn

# `typ` of the signed statement.
PURPOSE = "audit-checkpoint+jws"
_NAME = re.compile(r"(\d{12})\.jws")
_BATCH = 500
# A start is busy enough without it.
_FIRST_AFTER = timedelta(minutes=1)

_log = structlog.get_logger("checkpoints")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log of `service` had `size` entries at this instant, and `head` was the hash of the last of them."""

    service: str
    size: int
    head: str
    at: datetime

    @property
    def content(self) -> bytes:
        """What is signed: canonical JSON."""
        told = {"service": self.service, "size": self.size, "head": self.head, "at": self.at.isoformat()}
        return canonical_json(told).encode()

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
            return cls(str(told["service"]), int(told["size"]), str(told["head"]), at)
        except (ValueError, KeyError, TypeError) as error:
            raise NotSigned("no checkpoint") from error


class Checkpointer:
    """Makes checkpoints: by itself in a process that serves, one process at a time, or when it is asked."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._service, self._folder = settings.issuer, settings.checkpoints
        self._every = timedelta(seconds=settings.checkpoint_seconds)
        self._keys = CheckpointKeys(settings.checkpoint_keys)

    async def run(self) -> None:
        """Make one as often as the setting says, until cancelled."""
        pause = _FIRST_AFTER
        while True:
            await asyncio.sleep(pause.total_seconds())
            pause = self._every
            try:
                made = await self.in_turn()
            except Exception as error:
                # Whatever it is, the service goes on, and the next turn may go better.
                _log.error("checkpoint_failed", error=type(error).__name__)
                continue
            if made is not None:
                _log.info("checkpoint", size=made.size, head=made.head)

    async def in_turn(self) -> Checkpoint | None:
        """Make one where it is due and this process's turn, and the log has grown; None otherwise."""
        return await self._make(every=self._every)

    async def now(self) -> Checkpoint | None:
        """Make one now where the log has grown since the last; None otherwise. Files that are missing are written in
        either case."""
        return await self._make(every=None)

    async def _make(self, *, every: timedelta | None) -> Checkpoint | None:
        made = None
        now = self._clock.now()
        async with self._database.writing() as session:
            if every is not None and not await take_turn(session, "checkpoint", now=now, every=every):
                return None
            size, head = await audit.end(session)
            last = await audit.last_checkpoint(session)
            if await self._contradicted(session, size):
                return None
            if size > (last.size if last is not None else 0):
                made = Checkpoint(self._service, size, head, now)
                signed = await to_thread.run_sync(lambda: self._keys.sign(made.content, purpose=PURPOSE))
                row = audit.AuditCheckpoint(size=size, head=head, at=now, kid=self._keys.kid, signed=signed)
                session.add(row)
            await session.commit()
        # After the commit: what lies outside is never ahead of the database for want of a commit.
        await self._write_missing()
        return made

    async def _contradicted(self, session: ReadSession, size: int) -> bool:
        """Whether the log is not the one that the newest checkpoint outside tells of. Then nothing is signed: what has
        happened is the operator's to find out, with `verify-audit`."""
        *_, (outside, path) = (0, None), *listed(self._folder)
        if path is None:
            return False
        said = Checkpoint.opened(await to_thread.run_sync(path.read_text), self._keys)
        found = await audit.hashes_at(session, [said.size])
        if said.size == outside and found.get(said.size) == said.head and said.size <= size:
            return False
        _log.error("checkpoint_contradicted", checkpoint=outside, entries=size)
        return True

    async def _write_missing(self) -> None:
        """Write every checkpoint of the database that came after the newest in the folder: a process may have been
        killed between the two, or the folder was away."""
        newest = max((size for size, _ in listed(self._folder)), default=0)
        async with self._database.reading() as session:
            while rows := await audit.checkpoints_after(session, newest, limit=_BATCH):
                for row in rows:
                    newest = row.size
                    with suppress(NotSigned):
                        # What a hand has put into the table is not carried outside.
                        if Checkpoint.opened(row.signed, self._keys).size == row.size:
                            await to_thread.run_sync(write_checkpoint, self._folder, row.size, row.signed)


def listed(folder: Path) -> Iterator[tuple[int, Path]]:
    """The checkpoints of a folder by size, smallest first."""
    if not folder.is_dir():
        return
    names = sorted(path.name for path in folder.iterdir() if _NAME.fullmatch(path.name))
    yield from ((int(name[:12]), folder / name) for name in names)


def file_of(folder: Path, size: int) -> Path:
    """Where a checkpoint of this size lies in the folder."""
    return folder / f"{size:012d}.jws"


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
