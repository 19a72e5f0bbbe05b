"""SQLite's own driver, called in the event loop.

A statement of the embedded database is done in microseconds; handing each to a thread and back costs several times
that. What may take longer leaves the loop all the same: a commit waits for the disk in a thread, and a writer waits
for another process's transaction by sleeping, not in SQLite's busy handler.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, AsyncAdaptedQueuePool, Pool, StaticPool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.util import await_only

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection

# Seconds that a writer waits for another process, and how long it sleeps between two looks.
PATIENCE = 15.0
_FIRST_LOOK, _LAST_LOOK = 0.002, 0.05


class _Cursor(sqlite3.Cursor):
    """A cursor that SQLAlchemy's asyncio layer takes: it asks those of its own drivers to let go of their thread."""

    async def _async_soft_close(self) -> None:
        return


class LoopConnection(sqlite3.Connection):
    """The driver's connection, as SQLAlchemy's asyncio layer takes it. Used by one request at a time; its commits run
    in a thread, so it must be opened with `check_same_thread=False`."""

    def cursor(self, *_: object) -> _Cursor:  # type: ignore[override]
        return super().cursor(_Cursor)


class SQLiteInLoop(SQLiteDialect_pysqlite):
    """The dialect of `sqlite+inloop` addresses."""

    driver = "inloop"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool if cls._is_url_file_db(url) else StaticPool

    # Any: SQLAlchemy's own signature.
    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        await_only(_at_once())
        cursor.execute(statement, parameters)

    # Any: as above.
    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        await_only(_at_once())
        cursor.executemany(statement, parameters)

    def do_commit(self, dbapi_connection: DBAPIConnection) -> None:
        await_only(asyncio.to_thread(dbapi_connection.commit))


async def _at_once() -> None:
    """SQLAlchemy's asyncio layer takes an execution that awaited nothing for a mistake."""


def begin_immediate(connection: Connection) -> None:
    """Begin a write transaction, waiting for another process's; `OperationalError` when patience ends."""
    until, pause = time.monotonic() + PATIENCE, _FIRST_LOOK
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError as error:
            busy = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > until:
                raise
        await_only(asyncio.sleep(pause))
        pause = min(pause * 2, _LAST_LOOK)


registry.register("sqlite.inloop", __name__, "SQLiteInLoop")
