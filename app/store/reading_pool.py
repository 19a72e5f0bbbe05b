"""Connections to PostgreSQL that only read, lent for one statement each.

The driver's own pool makes two tasks, a timer and a stand-in for the connection each time that it lends one, which is
more work than the statement. Here one that lies idle is taken and put back; only who finds none waits.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg

# What somebody who waits is given: a connection, or the place for one of his own.
_Given = asyncio.Future["asyncpg.Connection | None"]


class ReadingPool:
    """At most `size` connections, made by `connect` when they are needed; whoever waits is served in his turn."""

    def __init__(self, connect: Callable[[], Awaitable[asyncpg.Connection]], *, size: int) -> None:
        self._connect = connect
        self._places = size
        self._idle: list[asyncpg.Connection] = []
        self._lent: set[asyncpg.Connection] = set()
        self._expired: set[asyncpg.Connection] = set()
        self._waiting: deque[_Given] = deque()
        self._ended = False

    async def acquire(self, patience: float | None = None) -> asyncpg.Connection:
        """A connection, the one that was used last; `TimeoutError` where none comes free within these seconds. It is to
        be given back whatever happens."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                self._lent.add(connection)
                return connection
            self._places += 1
        if self._places:
            self._places -= 1
            return await self._opened()
        given = await self._turn(patience)
        return await self._opened() if given is None else given

    def release(self, connection: asyncpg.Connection) -> None:
        """Give it back. One that is closed, or older than the last `expire`, makes room for another."""
        self._lent.discard(connection)
        if self._ended or connection in self._expired:
            self._expired.discard(connection)
            connection.terminate()
        if connection.is_closed():
            self._vacate()
        elif (waiter := self._next()) is not None:
            self._lent.add(connection)
            waiter.set_result(connection)
        else:
            self._idle.append(connection)

    def expire(self) -> None:
        """End every connection: those that are lent when they come back."""
        self._expired |= self._lent
        idle, self._idle = self._idle, []
        for connection in idle:
            connection.terminate()
            self._vacate()

    def terminate(self) -> None:
        """End every connection at once, for good."""
        self._ended = True
        for connection in self._lent:
            connection.terminate()
        self.expire()

    async def _opened(self) -> asyncpg.Connection:
        """A new connection in a place that is ours already; it is given on where none can be had."""
        try:
            connection = await self._connect()
        except BaseException:
            self._vacate()
            raise
        self._lent.add(connection)
        return connection

    async def _turn(self, patience: float | None) -> asyncpg.Connection | None:
        waiter: _Given = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(patience):
                return await waiter
        except BaseException:
            # It may have been given something in the same moment.
            if waiter.done() and not waiter.cancelled():
                given = waiter.result()
                if given is None:
                    self._vacate()
                else:
                    self.release(given)
            raise

    def _vacate(self) -> None:
        waiter = self._next()
        if waiter is None:
            self._places += 1
        else:
            waiter.set_result(None)

    def _next(self) -> _Given | None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                return waiter
        return None
