"""The service's connections to PostgreSQL stay from one test to the next.

A new connection is a new process of the server, which looks everything up anew, and every statement is prepared anew
over it: that was a third of the time of a test on PostgreSQL. The service itself opens its connections once.

Only those to the database in which one test runs after another are kept (`tests.support.places`), and none of a test
that looks at the database past the service: it may be about connections.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy.util import await_only

from app.store.postgres_begun import PostgresBegun
from app.store.readers import PostgresReader
from app.store.reading_pool import ReadingPool

# Any: the adapter of SQLAlchemy, whose attributes are its own.
_idle: list[Any] = []
_readers: dict[int, ReadingPool] = {}
_lost: list[asyncpg.Connection | ReadingPool] = []
# The ids of those connections that were told before how JSON is read.
_told: set[int] = set()
_database: str | None = None


def keep(database: str | None) -> None:
    """From here on connections to the database of this name are kept; to none, where it is None."""
    global _database
    _database = database


def forget() -> None:
    """The database is to go, and with it the server's side of every connection. Ours is ended in its loop."""
    _lost.extend([*(connection._connection for connection in _idle), *_readers.values()])
    _idle.clear()
    _readers.clear()
    _told.clear()


async def end() -> None:
    """End every connection that is kept, in the loop that they belong to."""
    forget()
    while _lost:
        _lost.pop().terminate()


@contextlib.contextmanager
def kept() -> Iterator[None]:
    """As long as this lasts, engines and readers find the connections that others have let go of."""
    connect, close, on_connect = PostgresBegun.connect, PostgresBegun.do_close, PostgresBegun.on_connect
    opened, closed = PostgresReader._open, PostgresReader.close

    def connecting(self: PostgresBegun, *given: Any, **named: Any) -> Any:
        while _idle and _is_kept(named["dsn"]):
            connection = _idle.pop()
            if not connection._connection.is_closed():
                return connection
        return connect(self, *given, **named)

    def telling(self: PostgresBegun) -> Callable[[Any], None]:
        tell: Callable[[Any], None] = on_connect(self)  # type: ignore[no-untyped-call]

        def once(connection: Any) -> None:
            if id(connection) not in _told:
                tell(connection)
            _told.discard(id(connection))

        return once

    def closing(self: PostgresBegun, connection: Any) -> None:
        driver = connection._connection
        if driver.is_closed() or driver._params.database != _database:
            close(self, connection)  # type: ignore[no-untyped-call]
            return
        connection.rollback()
        await_only(driver.reset())
        _told.add(id(connection))
        _idle.append(connection)

    async def opening(self: PostgresReader) -> ReadingPool:
        if self._pool is None and _is_kept(self._address):
            self._pool = _readers.pop(self._size, None)
        return await opened(self)

    async def putting_away(self: PostgresReader) -> None:
        if self._pool is None or not _is_kept(self._address):
            await closed(self)
            return
        _readers[self._size], self._pool = self._pool, None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PostgresBegun, "connect", connecting)
        patch.setattr(PostgresBegun, "do_close", closing)
        patch.setattr(PostgresBegun, "on_connect", telling)
        patch.setattr(PostgresReader, "_open", opening)
        patch.setattr(PostgresReader, "close", putting_away)
        yield


def _is_kept(address: str) -> bool:
    return _database is not None and address.partition("?")[0].rpartition("/")[2] == _database
