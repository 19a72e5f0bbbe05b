"""Connections that only read, for the reads that are asked often: no transaction to begin and end, no look whether the
connection lives. A dead one is replaced and the read repeated once."""

from __future__ import annotations

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.store.reading_pool import ReadingPool
from app.store.seals import Seals
from app.store.sqlite_in_loop import SQLiteInLoop
from app.store.statements import Row, Statement

if TYPE_CHECKING:
    import asyncpg

# What the library of PostgreSQL itself reads in an address and the server does not know.
CLIENT_ONLY = ("connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count")


class Reader(ABC):
    """Reads statements, each in a snapshot of its own."""

    dialect: Dialect

    def __init__(self) -> None:
        # Told of each statement that goes to the database: tests count them.
        self.listeners: list[Callable[[str], None]] = []
        # The keys for what is sealed, as the sessions have them.
        self.seals: Seals | None = None

    async def rows(
        self, statement: Statement[Row], given: Mapping[str, object] | None = None, *, limit: int | None = None
    ) -> list[Row]:
        """The rows of a statement. `given`: the values of its parameters; `limit`: of a query of `many`, how many rows
        at most. `DBAPIError` and `TimeoutError` of SQLAlchemy where the database fails."""
        sql, made = statement.made(self.dialect, limit)
        for listen in self.listeners:
            listen(sql)
        return made.rows(await self.fetch(sql, made.arguments(given or {})))

    async def row(self, statement: Statement[Row], given: Mapping[str, object] | None = None) -> Row | None:
        """The one row of a statement, None where there is none."""
        found = await self.rows(statement, given)
        return found[0] if found else None

    @abstractmethod
    async def fetch(self, sql: str, arguments: Sequence[object]) -> Sequence[Iterable[object]]:
        """What the driver brings."""

    @abstractmethod
    async def close(self) -> None:
        """Close every connection."""


class PostgresReader(Reader):
    """A pool of connections whose transactions are read-only."""

    def __init__(self, url: URL, *, size: int, patience: float, settings: Mapping[str, str]) -> None:
        """`patience`: seconds that a read waits for a connection; `settings`: of the server, for each connection."""
        super().__init__()
        # The embedded database does without.
        from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

        self.dialect = PGDialect_asyncpg()  # type: ignore[no-untyped-call]
        address = url.set(drivername="postgresql").difference_update_query(CLIENT_ONLY)
        self._address = address.render_as_string(hide_password=False)
        self._size, self._patience = size, patience
        self._settings = {**settings, "default_transaction_read_only": "on"}
        self._pool: ReadingPool | None = None

    async def fetch(self, sql: str, arguments: Sequence[object]) -> Sequence[Iterable[object]]:
        try:
            return await self._once(sql, arguments)
        except DBAPIError as error:
            if not error.connection_invalidated or self._pool is None:
                raise
            self._pool.expire()
        return await self._once(sql, arguments)

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.terminate()

    async def _once(self, sql: str, arguments: Sequence[object]) -> Sequence[Iterable[object]]:
        import asyncpg

        try:
            pool = self._pool or await self._open()
            connection = await pool.acquire(self._patience)
            try:
                found: Sequence[Iterable[object]] = await connection.fetch(sql, *arguments)
                return found
            except asyncio.CancelledError:
                # Nobody waits for what it was asked, and the next one is not to.
                connection.terminate()
                raise
            finally:
                pool.release(connection)
        except TimeoutError as error:
            raise PoolTimeout("no connection came free") from error
        except (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            raise OperationalError(None, None, error, hide_parameters=True, connection_invalidated=True) from error
        except asyncpg.PostgresError as error:
            lost = (error.sqlstate or "").startswith(("08", "57P"))
            raise DBAPIError(None, None, error, hide_parameters=True, connection_invalidated=lost) from error

    async def _open(self) -> ReadingPool:
        if self._pool is None:
            self._pool = ReadingPool(self._connected, size=self._size)
        return self._pool

    async def _connected(self) -> asyncpg.Connection:
        import asyncpg

        connection = await asyncpg.connect(self._address, timeout=5, server_settings=self._settings)
        try:
            await _prepare(connection)
        except BaseException:
            connection.terminate()
            raise
        return connection


class SqliteReader(Reader):
    """One connection, asked in the event loop: a read is done before another begins."""

    def __init__(self, url: URL, *, pragmas: Sequence[str]) -> None:
        """`pragmas`: what a connection is told first."""
        super().__init__()
        self.dialect = SQLiteInLoop()
        names, self._options = self.dialect.create_connect_args(url)
        self._name, self._pragmas = str(names[0]), pragmas
        self._connection: sqlite3.Connection | None = None

    async def fetch(self, sql: str, arguments: Sequence[object]) -> Sequence[Iterable[object]]:
        try:
            return self._once(sql, arguments)
        except sqlite3.Error:
            await self.close()
        try:
            return self._once(sql, arguments)
        except sqlite3.Error as error:
            raise OperationalError(None, None, error, hide_parameters=True) from error

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _once(self, sql: str, arguments: Sequence[object]) -> Sequence[Iterable[object]]:
        if self._connection is None:
            self._connection = self._open()
        found: list[tuple[object, ...]] = self._connection.execute(sql, arguments).fetchall()
        return found

    def _open(self) -> sqlite3.Connection:
        if self._name != ":memory:":
            Path(self._name).parent.mkdir(parents=True, exist_ok=True)
        options = {**self._options, "check_same_thread": False, "isolation_level": None, "cached_statements": 512}
        connection: sqlite3.Connection = sqlite3.connect(self._name, **options)
        for pragma in self._pragmas:
            connection.execute(f"PRAGMA {pragma}").close()
        return connection


async def _prepare(connection: asyncpg.Connection) -> None:
    # JSON as its bytes, without the number of the format in front: what is handed on is not read.
    await connection.set_type_codec(
        "jsonb", encoder=bytes, decoder=lambda stored: stored[1:], schema="pg_catalog", format="binary"
    )
