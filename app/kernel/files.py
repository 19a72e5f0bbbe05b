"""Object storage for attachments: a local folder or S3-compatible storage, chosen by settings.

Keys are made here and never come from a caller. A file is taken whole into a temporary file first, where its size is
counted and its type told by content; only then does it go to the storage, in one atomic step. An upload that is broken
off, too large or of a refused type therefore never reaches the storage.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

import anyio
import anyio.to_thread

from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Invalid, NotFound, TooLarge, Unavailable
from app.kernel.file_types import looked_into
from app.kernel.scanning import Scanner
from app.kernel.settings import Settings
from app.measures.files import file_refused
from app.measures.reasons import Reason
from app.measures.text import Text

if TYPE_CHECKING:
    from obstore.store import LocalStore, S3Config, S3Store


_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}")
# The storage library writes beside the key until the file is whole.
_PIECE = re.compile(_KEY.pattern + r"#\d+")
_PROBE_BYTES = 65_536


_IN_MEMORY = 1 << 20


_PART_BYTES = 8 << 20


_READ_BYTES = 1 << 18


class FileTooLarge(TooLarge):
    """The file is over its limit."""

    code = ProblemCode.FILE_TOO_LARGE

    def __init__(self, limit: int) -> None:
        super().__init__(
            Text(f"文件超过 {limit} 字节的上限", f"The file is over the limit of {limit} bytes"),
            findings=[file_refused(Reason.FILE_TOO_LARGE, limit_bytes=limit)],
        )


class FileEmpty(Invalid):
    """The file has no content."""

    code = ProblemCode.FILE_EMPTY

    def __init__(self) -> None:
        text = Text("文件没有内容", "The file is empty")
        super().__init__(text, findings=[file_refused(Reason.FILE_EMPTY)])


class FileMissing(NotFound):
    """Nothing is stored under this key."""

    code = ProblemCode.FILE_MISSING

    def __init__(self) -> None:
        super().__init__("文件不存在", "The file is not there")


class StorageUnavailable(Unavailable):
    """The storage does not answer or refuses the service."""

    code = ProblemCode.STORAGE_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(Text("文件存储暂时不可用，请稍后重试", "The file storage is away; try again shortly"))


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What was stored: size in bytes, SHA-256 in hexadecimal, media type told by content."""

    size: int
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One object of the storage."""

    key: str
    size: int
    last_modified: datetime


def new_key() -> str:
    """A key that nobody can guess, sharded so that no folder grows without end."""
    name = uuid4().hex
    return f"{name[:2]}/{name[2:4]}/{name}"


class FileStore:
    """The attachments of the service. `opening` is asked for the storage when the first file comes or goes."""

    def __init__(
        self,
        opening: Callable[[], LocalStore | S3Store],
        *,
        folder: Path | None = None,
        scanner: Scanner | None = None,
    ) -> None:
        self._opening, self._folder, self._scanner = opening, folder, scanner

    @property
    def lies_here(self) -> bool:
        """Whether it is a folder of this machine: of a file in it that cannot be read the others say nothing."""
        return self._folder is not None

    @cached_property
    def _store(self) -> LocalStore | S3Store:
        return self._opening()

    @classmethod
    def from_settings(cls, settings: Settings) -> FileStore:
        """`file:folder` or `s3://bucket/prefix`; `ValueError` for anything else."""
        url, scanner = urlsplit(settings.files_url), Scanner.from_settings(settings)
        if url.scheme == "file" and url.path and not url.netloc:
            folder = Path(url.path).absolute()
            # Application files are confidential: nobody else on the machine reads them.
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(lambda: _local(folder), folder=folder, scanner=scanner)
        if url.scheme == "s3" and url.netloc:
            # At once: what is wrong with these settings is said at the start.
            store = s3_store(settings, bucket=url.netloc, prefix=url.path.strip("/"))
            return cls(lambda: store, scanner=scanner)
        raise ValueError("AWARD_FILES_URL is neither file:folder nor s3://bucket/prefix")

    async def put_stream(self, key: str, chunks: AsyncIterable[bytes], limit: int) -> StoredFile:
        """Store what the iterator yields under a key of `new_key`; at most `limit` bytes.

        Raises FileTooLarge, FileEmpty, FileTypeRefused, FileLocked, FileUnreadable, FileTooCostly, FileUnsafe,
        FileInfected, StorageUnavailable, Unavailable, and whatever the iterator raises; after any of them nothing is
        stored.
        """
        _check(key)
        size, digest = 0, hashlib.sha256()
        async with anyio.SpooledTemporaryFile[bytes](max_size=_IN_MEMORY) as spool:
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise FileTooLarge(limit)
                digest.update(chunk)
                await spool.write(chunk)
            if not size:
                raise FileEmpty
            # The process in which it is opened takes a file of the system, not of Python's memory.
            await spool.rollover()
            await self.scan(spool.wrapped)
            media_type = await looked_into(spool.wrapped)
            await spool.seek(0)
            with _translated(missing=StorageUnavailable):
                await self._store.put_async(
                    key,
                    spool.wrapped,
                    chunk_size=_PART_BYTES,
                    max_concurrency=2,
                    attributes=None if self._folder else {"Content-Type": media_type},
                )
        if self._folder:
            await anyio.to_thread.run_sync(_flush, self._folder / key)
        return StoredFile(size, digest.hexdigest(), media_type)

    async def put_back(self, key: str, chunks: AsyncIterable[bytes]) -> None:
        """Store what was stored here once under the same key: it was looked into then. StorageUnavailable where the
        storage takes nothing."""
        _check(key)
        async with anyio.SpooledTemporaryFile[bytes](max_size=_IN_MEMORY) as spool:
            async for chunk in chunks:
                await spool.write(chunk)
            await spool.seek(0)
            with _translated(missing=StorageUnavailable):
                await self._store.put_async(key, spool.wrapped, chunk_size=_PART_BYTES, max_concurrency=2)
        if self._folder:
            await anyio.to_thread.run_sync(_flush, self._folder / key)

    async def scan(self, file: IO[bytes]) -> None:
        """Have the virus scanner look at it, where the settings name one. Raises FileInfected, Unavailable."""
        if self._scanner is not None:
            await self._scanner.scan(file)

    async def open_stream(self, key: str) -> AsyncIterator[bytes]:
        """The content, in pieces: `stream = await files.open_stream(key)`.

        Raises FileMissing or StorageUnavailable before the first piece, so that an answer can still be an error.
        """
        _check(key)
        with _translated():
            found = await self._store.get_async(key)

        async def pieces() -> AsyncIterator[bytes]:
            async for piece in found.stream(min_chunk_size=_READ_BYTES):
                yield bytes(piece)

        return pieces()

    async def delete(self, key: str) -> None:
        """Remove it; that it is gone already is no error."""
        _check(key)
        with suppress(FileMissing), _translated():
            await self._store.delete_async(key)

    async def list_keys(self) -> AsyncIterator[ListedFile]:
        """Everything the service stored here, for the sweep of files that no record names."""
        with _translated(missing=StorageUnavailable):
            async for batch in self._store.list():
                for item in batch:
                    if _KEY.fullmatch(item["path"]):
                        yield ListedFile(item["path"], item["size"], item["last_modified"])

    async def sweep_pieces(self, *, before: datetime) -> int:
        """Remove what uploads left behind whose process was killed, where it is older than this instant; answers how
        many. A storage that is no folder of ours has a rule of its own for that."""
        if self._folder is None:
            return 0
        return await anyio.to_thread.run_sync(_sweep_pieces, self._folder, before.timestamp())

    async def takes_writes(self) -> bool:
        """Whether something can be stored now. What a storage that is no folder of ours takes, its first upload
        tells."""
        return self._folder is None or await anyio.to_thread.run_sync(takes_writes, self._folder)


def _sweep_pieces(folder: Path, before: float) -> int:
    count = 0
    for path in folder.glob("??/??/*#*"):
        with suppress(FileNotFoundError):
            if _PIECE.fullmatch(path.relative_to(folder).as_posix()) and path.stat().st_mtime < before:
                path.unlink()
                count += 1
    return count


def takes_writes(folder: Path) -> bool:
    """Whether a file can be written there: a disk may be full, gone or read-only."""
    try:
        with NamedTemporaryFile(dir=folder, prefix=".probe-") as file:
            file.write(bytes(_PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    return True


def _local(folder: Path) -> LocalStore:
    from obstore.store import LocalStore

    return LocalStore(folder)


def s3_store(settings: Settings, *, bucket: str, prefix: str, headers: Mapping[str, str] | None = None) -> S3Store:
    """A bucket of the storage that the settings name. `headers`: what each request says beside what it must."""
    from obstore.store import S3Store

    config: S3Config = {"region": settings.s3_region, "virtual_hosted_style_request": False}
    if settings.s3_endpoint is not None:
        config["endpoint"] = settings.s3_endpoint
    # Without keys in the settings the storage library looks where its platform keeps them (instance or pod identity).
    if settings.s3_access_key_id is not None and settings.s3_secret_access_key is not None:
        config["access_key_id"] = settings.s3_access_key_id
        config["secret_access_key"] = settings.s3_secret_access_key.get_secret_value()
    return S3Store(
        bucket,
        prefix=prefix or None,
        config=config,
        client_options={
            "allow_http": (settings.s3_endpoint or "").startswith("http://"),
            "connect_timeout": "5s",
            "timeout": "60s",
            **({} if headers is None else {"default_headers": dict(headers)}),
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
    )


def _check(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise ValueError("not a key of new_key()")


@contextmanager
def storage_translated() -> Iterator[None]:
    """`StorageUnavailable` for whatever the storage does not do."""
    with _translated(missing=StorageUnavailable):
        yield


@contextmanager
def _translated(missing: type[FileMissing | StorageUnavailable] = FileMissing) -> Iterator[None]:
    from obstore.exceptions import BaseError

    # Where a write or a listing finds nothing, it is the bucket or the folder that is missing.
    try:
        yield
    except FileNotFoundError as error:
        raise missing from error
    except (BaseError, OSError) as error:
        raise StorageUnavailable from error


def _flush(path: Path) -> None:
    """To the disk with it, before a record names it: a sealed file must survive a power cut as its record does."""
    for target in (path, path.parent):
        handle = os.open(target, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
