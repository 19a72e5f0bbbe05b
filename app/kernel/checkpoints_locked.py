"""A second place outside for checkpoints: a bucket of an S3-compatible storage with object lock, whose retention by
default keeps whatever is written there from everybody, the service among them, until its time is over."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from app.kernel.files import s3_store, storage_translated
from app.kernel.settings import Settings

if TYPE_CHECKING:
    from obstore.store import S3Store

_NAME = re.compile(r"(\d{12})\.jws")


class LockedCheckpoints:
    """The bucket of the settings. `StorageUnavailable` wherever it does not answer or refuses the service."""

    def __init__(self, opening: Callable[[Mapping[str, str] | None], S3Store], place: str) -> None:
        """`opening`: the bucket, asked with these headers."""
        self._opening, self._store, self.place = opening, opening(None), place
        self._newest: int | None = None

    @classmethod
    def of(cls, settings: Settings) -> LockedCheckpoints | None:
        """None where the settings name none."""
        if settings.checkpoints_url is None:
            return None
        url = urlsplit(settings.checkpoints_url)
        opening = partial(_opened, settings, url)
        return cls(opening, settings.checkpoints_url.rstrip("/"))

    async def newest(self) -> int:
        """The size of the newest one that lies there, 0 where none does."""
        if self._newest is None:
            self._newest = max([size async for size in self.sizes()], default=0)
        return self._newest

    async def sizes(self) -> AsyncIterator[int]:
        """The sizes of those that lie there, smallest first."""
        with storage_translated():
            async for batch in self._store.list():
                for item in batch:
                    if (named := _NAME.fullmatch(item["path"])) is not None:
                        yield int(named[1])

    async def read(self, size: int) -> str:
        """The signed statement of this size, whatever else somebody has put in its place."""
        with storage_translated():
            found = await self._store.get_async(_name(size))
            return bytes(await found.bytes_async()).decode("ascii", "replace")

    async def write(self, size: int, signed: str) -> None:
        """Write it; one that lies there stays as it is."""
        from obstore.exceptions import AlreadyExistsError

        content = f"{signed}\n".encode()
        # A storage takes nothing into a bucket with a retention of which it was not told the checksum, and knows this.
        digest = b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
        with storage_translated(), suppress(AlreadyExistsError):
            store = self._opening({"Content-MD5": digest})
            await store.put_async(_name(size), content, mode="create", use_multipart=False)
        self._newest = max(size, self._newest or 0)

    def place_of(self, size: int) -> str:
        """Where the checkpoint of this size lies, to be told."""
        return f"{self.place}/{_name(size)}"


def _opened(settings: Settings, url: SplitResult, headers: Mapping[str, str] | None) -> S3Store:
    return s3_store(settings, bucket=url.netloc, prefix=url.path.strip("/"), headers=headers)


def _name(size: int) -> str:
    return f"{size:012d}.jws"
