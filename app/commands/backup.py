"""Backups: the database as it is at one instant, the files that it names, its checkpoints, and which keys it takes.

A folder of backups holds the files once, by their hashes, and each backup as a folder of its own, which gets its name
when it is whole. The keys themselves are in no backup: it says which they are and where they lie.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from app import __version__
from app.commands.operator import looking
from app.kernel.checkpoints import write_checkpoint
from app.kernel.clock import SystemClock
from app.kernel.context import ReadContext
from app.kernel.errors import Collision, DomainError, Unavailable
from app.kernel.files import FileMissing, StorageUnavailable
from app.kernel.security.checkpoint_keys import CheckpointKeys
from app.kernel.security.fingerprints import KeyFile, key_file
from app.kernel.settings import Settings
from app.measures.text import Text
from app.store import audit, consistency, copies
from app.store.consistency import FileRow

# `typ` of the signed manifest.
PURPOSE = "backup-manifest+jws"
FILES = "files"
_DRAFT = ".draft-"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a backup: its name, size in bytes, SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `entries` and `head`: the end of the log. `damaged`: stored files that could not be backed
    up as their rows know them."""

    service: str
    version: str
    revision: str
    made_at: datetime
    kind: str
    entries: int
    head: str
    database: Part
    file_list: Part
    files: int
    checkpoints: int
    keys: list[KeyFile]
    damaged: list[str] = field(default_factory=list)

    def to_json(self) -> bytes:
        """For people and programs; hashed and signed as it is."""
        told = {**asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(told, ensure_ascii=False, indent=2).encode()

    @classmethod
    def of_json(cls, content: bytes) -> Manifest:
        """What was written; `ValueError`, `KeyError` or `TypeError` for anything else."""
        told = json.loads(content)
        return cls(
            **{
                **told,
                "made_at": datetime.fromisoformat(told["made_at"]),
                "database": Part(**told["database"]),
                "file_list": Part(**told["file_list"]),
                "keys": [KeyFile(**item) for item in told["keys"]],
            }
        )


def back_up(settings: Settings, folder: Path, *, keep: int | None) -> tuple[Path, Manifest]:
    """Make a backup in this folder while the service runs; answers where it lies and what it holds. `keep`: how many
    stay, the oldest go. One at a time; what a killed one left behind is removed."""
    os.umask(0o077)
    with alone_in(folder, Text("此文件夹正在进行另一次备份", "Another backup is being made into this folder")):
        for leftover in folder.glob(f"{_DRAFT}*"):
            shutil.rmtree(leftover)
        now = SystemClock().now()
        draft = folder / f"{_DRAFT}{uuid4().hex}"
        try:
            (draft / "checkpoints").mkdir(parents=True)
            manifest = asyncio.run(_fill(settings, folder, draft, now))
            _sign(settings, draft, manifest)
            target = folder / now.astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
            draft.rename(target)
            _flush(folder)
        except copies.CopyFailed as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise Unavailable(error.message) from error
        except (SQLAlchemyError, OSError) as error:
            shutil.rmtree(draft, ignore_errors=True)
            raise refused(error) from error
        except DomainError:
            # A storage that is away, or keys that are missing: told as it is.
            shutil.rmtree(draft, ignore_errors=True)
            raise
        if keep is not None:
            _thin_out(folder, keep)
        return target, manifest


def _sign(settings: Settings, draft: Path, manifest: Manifest) -> None:
    content = manifest.to_json()
    _write(draft / "manifest.json", content)
    digest = hashlib.sha256(content).hexdigest().encode()
    signed = CheckpointKeys(settings.checkpoint_keys).sign(digest, purpose=PURPOSE)
    _write(draft / "manifest.jws", signed.encode())
    _flush(draft)


def refused(error: Exception) -> Unavailable:
    """What a database or a disk has said, in one line."""
    said = " ".join(str(getattr(error, "orig", None) or error).split())
    return Unavailable(Text(f"未能完成：{said}", f"It could not be done: {said}"))


def backups(folder: Path) -> list[Path]:
    """The whole backups of a folder, oldest first."""
    return sorted(path.parent for path in folder.glob("2*Z/manifest.jws"))


def stored_under(folder: Path, sha256: str) -> Path:
    """Where the folder of backups keeps a file with this hash."""
    return folder / FILES / sha256[:2] / sha256


def measured(path: Path) -> Part:
    """A file with its size and hash."""
    with path.open("rb") as file:
        return Part(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


async def _fill(settings: Settings, folder: Path, draft: Path, now: datetime) -> Manifest:
    """Copy the database, then whatever the copy names."""
    async with _copied(settings, draft) as (context, name):
        entries, head = await audit.end(context.session)
        revision = await consistency.revision(context.session)
        checkpoints = await _checkpoints(context, draft / "checkpoints")
        files, damaged = await _files(context, folder, draft / "files.jsonl")
    public = json.dumps(CheckpointKeys(settings.checkpoint_keys).jwks).encode()
    _write(draft / "checkpoint-keys.public.json", public)
    return Manifest(
        service=settings.issuer,
        version=__version__,
        revision=revision,
        made_at=now,
        kind=copies.kind_of(settings.database_url),
        entries=entries,
        head=head,
        database=measured(draft / name),
        file_list=measured(draft / "files.jsonl"),
        files=files,
        checkpoints=checkpoints,
        keys=[key_file(path) for path in (settings.keys_file, settings.data_keys, settings.checkpoint_keys)],
        damaged=damaged,
    )


@asynccontextmanager
async def _copied(settings: Settings, draft: Path) -> AsyncIterator[tuple[ReadContext, str]]:
    """A context that sees what the copy of the database holds, and the copy's name."""
    if copies.kind_of(settings.database_url) == "sqlite":
        name = "database.sqlite"
        await asyncio.to_thread(copies.copy_sqlite, settings.database_url, draft / name)
        beside = settings.model_copy(update={"database_url": f"sqlite:///{draft / name}"})
        async with looking(beside) as context:
            yield context, name
        return
    name = "database.dump"
    async with looking(settings) as context:
        await consistency.one_snapshot(context.session)
        snapshot = await copies.exported_snapshot(context.session)
        url, target = settings.database_url, draft / name
        await asyncio.to_thread(lambda: copies.dump_postgresql(url, target, snapshot=snapshot))
        yield context, name


async def _checkpoints(context: ReadContext, folder: Path) -> int:
    count, after = 0, 0
    while rows := await audit.checkpoints_after(context.session, after, limit=_BATCH):
        for row in rows:
            write_checkpoint(folder, row.size, row.signed)
        count, after = count + len(rows), rows[-1].size
        context.session.expunge_all()
    return count


async def _files(context: ReadContext, folder: Path, listing: Path) -> tuple[int, list[str]]:
    """Every file that a row names, copied where its hash is not there yet; how many, and which were damaged."""
    count, damaged = 0, []
    with listing.open("w", encoding="utf-8") as lines:
        async for row in consistency.file_rows(context.session):
            there = stored_under(folder, row.sha256)
            # One that lies there is looked at anew: what has rotted since is no copy any more.
            if not await asyncio.to_thread(_is_whole, there, row) and not await _fetched(context, row, there):
                damaged.append(row.storage_key)
                continue
            count += 1
            line = {"key": row.storage_key, "sha256": row.sha256, "size": row.size}
            lines.write(json.dumps(line, separators=(",", ":")) + "\n")
        lines.flush()
        os.fsync(lines.fileno())
    return count, damaged


def _is_whole(there: Path, row: FileRow) -> bool:
    return there.exists() and there.stat().st_size == row.size and measured(there).sha256 == row.sha256


async def _fetched(context: ReadContext, row: FileRow, target: Path) -> bool:
    """Copy one file; False where it is missing or another than its row knows."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{_DRAFT}{uuid4().hex}")
    digest = hashlib.sha256()
    try:
        with draft.open("xb") as file:
            async for piece in await context.files.open_stream(row.storage_key):
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != row.sha256:
            return False
        draft.rename(target)
        return True
    except (FileMissing, ValueError):
        return False
    except StorageUnavailable:
        if not context.files.lies_here:
            raise
        # One that its disk does not give any more keeps no other from being copied.
        return False
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def alone_in(folder: Path, otherwise: Text) -> Iterator[None]:
    """Whoever else writes into this folder is refused meanwhile, with these words; it is made where it is missing."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The folder itself: whoever carries away what lies in it finds nothing else.
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise refused(error) from error
    try:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Collision(otherwise) from error
        yield
    finally:
        os.close(place)


def _thin_out(folder: Path, keep: int) -> None:
    for old in backups(folder)[:-keep]:
        # First it is none any more, then it goes.
        gone = folder / f"{_DRAFT}{uuid4().hex}"
        old.rename(gone)
        shutil.rmtree(gone)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    """What was made, and its names, are on the disk."""
    for path in (*(item for item in folder.glob("database.*")), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
