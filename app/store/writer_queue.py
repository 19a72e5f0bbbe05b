"""SQLite's writers, one after the other: in a process in the order in which they came, between processes in turn.

SQLite itself only says that another one writes. Who then sleeps and looks again finds a busy process back at work
already, and may wait for seconds while that one writes a hundred times. Here a process that has written goes to the end
of the line: it takes the place of the next one only when whoever stood there has begun to write.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator

from sqlalchemy.exc import TimeoutError as PoolTimeout

# Seconds between two looks at another process. It ends its turn after some milliseconds.
_PAUSE = 0.001


class WriterQueue:
    """The queue of one database, as one process sees it."""

    def __init__(self, path: str | None, *, patience: float) -> None:
        """`path`: the database's file, None for one in memory. `patience`: seconds after which a writer gives up."""
        self._path, self._patience = path, patience
        self._here = asyncio.Lock()
        # The place of the next writer, and that of the one who writes. A process that dies leaves both.
        self._next, self._writing = -1, -1

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Write alone. `PoolTimeout` where the wait takes too long."""
        held = False
        try:
            try:
                async with asyncio.timeout(self._patience):
                    await self._here.acquire()
                    held = True
                    await self._come_first()
            except TimeoutError as error:
                raise PoolTimeout("others wrote all the while") from error
            yield
        finally:
            if held:
                if self._writing >= 0:
                    fcntl.flock(self._writing, fcntl.LOCK_UN)
                self._here.release()

    def close(self) -> None:
        """Leave for good."""
        for place in (self._next, self._writing):
            if place >= 0:
                os.close(place)
        self._next, self._writing = -1, -1

    async def _come_first(self) -> None:
        if self._path is None:
            return
        if self._writing < 0:
            self._next, self._writing = (
                os.open(f"{self._path}-{place}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                for place in ("next", "writing")
            )
        await _taken(self._next)
        try:
            await _taken(self._writing)
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)


async def _taken(place: int) -> None:
    while True:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            await asyncio.sleep(_PAUSE)
