"""Engines and sessions. One request, one transaction; writers and readers are two types."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import URL, Select, event, inspect, make_url, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session
from sqlalchemy.sql.selectable import GenerativeSelect

from app.store.readers import PostgresReader, Reader, SqliteReader
from app.store.seals import Seals
from app.store.sqlite_in_loop import LoopConnection, begin_immediate
from app.store.statements import Row, Statement, given
from app.store.writer_queue import WriterQueue

Entity = TypeVar("Entity", bound=DeclarativeBase)

_WRITER = "award_writer"
# For each connection to PostgreSQL; times in milliseconds.
_SETTINGS = {"timezone": "UTC", "lock_timeout": "10000", "statement_timeout": "60000"}
# `recursive_triggers`: a row that an `INSERT OR REPLACE` puts out of its way is guarded as a removed one is.
_PRAGMAS = (
    *("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL"),
    *("foreign_keys=ON", "recursive_triggers=ON"),
)
# By SQLSTATE: begun again, the same may go well.
_PASSING = frozenset({"40001", "40P01", "53000", "53100", "53200", "53300", "55P03", "57014"})
_PASSING_CLASSES = ("08", "57P")
# Last, the first of them: the journal's mode is written into a new file, whoever opens it first.
_READ_ONLY = "query_only=ON"
# From here on nothing waits for long in SQLite itself, where the whole service would wait with it.
_NO_WAITING = "busy_timeout=50"


class ReadSession(AsyncSession):
    """A session that may only read: a flush with anything in it is refused here, any other writing by the database."""

    async def by_id(self, model: type[Entity], key: UUID) -> Entity | None:
        """The row with this id: the one that the session holds, or else as the database has it."""
        held = self._held(model, key)
        if held is not None:
            return held
        found: Entity | None = (await self.execute(_by_id(model), {"id": key})).scalar_one_or_none()
        return found

    async def by_ids(self, model: type[Entity], keys: Collection[UUID]) -> dict[UUID, Entity]:
        """As `by_id`, of many in one statement."""
        found = {key: row for key in keys if (row := self._held(model, key)) is not None}
        if missing := [key for key in keys if key not in found]:
            rows = (await self.execute(_by_ids(model), {"ids": missing})).scalars()
            found |= {inspect(row).identity[0]: row for row in rows}
        return found

    def _held(self, model: type[Entity], key: UUID) -> Entity | None:
        row = self.sync_session.identity_map.get(inspect(model).identity_key_from_primary_key((key,)))
        return row if isinstance(row, model) and not inspect(row).expired else None

    async def rows(
        self, statement: Statement[Row], values: Mapping[str, object] | None = None, *, limit: int | None = None
    ) -> list[Row]:
        """As `Reader.rows`, in this transaction and after all that it has written."""
        return await self.run_sync(_rows, statement, values or {}, limit)

    async def row(self, statement: Statement[Row], values: Mapping[str, object] | None = None) -> Row | None:
        """The one row of a statement, None where there is none."""
        found = await self.rows(statement, values)
        return found[0] if found else None


class WriteSession(ReadSession):
    """A session whose transaction may write. Committed by the request, never by a service."""

    def hold(self, row: Entity | None) -> Entity | None:
        """Keep a row that was locked: until the transaction ends it is as it is, and `by_id` has it without a
        statement."""
        self.info.setdefault("held", []).append(row)
        return row

    async def commit(self) -> None:
        await super().commit()
        self.info.pop("held", None)


class Database:
    """The database named by a URL: SQLite (embedded) or PostgreSQL."""

    def __init__(self, url: str, *, pool_size: int = 8, patience: float = 10, seals: Seals | None = None) -> None:
        """`pool_size`: connections for transactions, and as many for plain reads. `patience`: seconds that a request
        waits for a connection, or on SQLite for its turn to write, before it is told to come again. `seals`: the keys
        for what is sealed, without which none of it is read or written (`app/store/sealed.py`)."""
        address = make_url(url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        self._file = address.database if self.is_sqlite and address.database != ":memory:" else None
        self.reader: Reader = (
            SqliteReader(address, pragmas=(*_PRAGMAS, _READ_ONLY, _NO_WAITING))
            if self.is_sqlite
            else PostgresReader(address, size=pool_size, patience=patience, settings=_SETTINGS)
        )
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url, pool_size, patience)
        # Waiting here is fair, waiting in SQLite's busy handler is not.
        self._queue = WriterQueue(_file_of(address), patience=patience) if self.is_sqlite else None
        # A connection to SQLite is read-only for as long as it lives, a transaction of PostgreSQL for itself.
        self.reading_engine = _sqlite_engine(url, read_only=True) if self.is_sqlite else self.engine
        readers = self.reading_engine.execution_options(**({} if self.is_sqlite else {"postgresql_readonly": True}))
        writers = self.engine.execution_options(**{_WRITER: True})
        brought = {"seals": seals}
        self.reader.seals = seals
        self._readers = async_sessionmaker(
            readers, class_=ReadSession, expire_on_commit=False, sync_session_class=_Reader, info=brought
        )
        self._writers = async_sessionmaker(
            writers, class_=WriteSession, expire_on_commit=False, sync_session_class=_Writer, info=brought
        )

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[ReadSession]:
        """A read-only transaction."""
        async with self._readers() as session:
            await self._begin(session)
            yield session

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[WriteSession]:
        """A write transaction. The caller commits; leaving without a commit rolls back."""
        turn = self._queue.turn() if self._queue is not None else contextlib.nullcontext()
        async with turn, self._writers() as session:
            await self._begin(session)
            yield session

    async def _begin(self, session: ReadSession) -> None:
        """Begin the transaction. A connection that has died meanwhile shows itself here: it is replaced, and begun with
        once more. Nothing was done over it yet, so nothing can be done twice."""
        if self.is_sqlite:
            return
        try:
            await session.connection()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            await session.rollback()
            await session.connection()

    async def revision(self) -> str | None:
        """The revision of the database's schema, None where it has none; raises where the database does not answer."""
        async with self.reading() as session:
            connection = await session.connection()
            if not await connection.run_sync(lambda plain: inspect(plain).has_table("alembic_version")):
                return None
            return (await session.execute(text("SELECT version_num FROM alembic_version"))).scalar_one_or_none()

    @property
    def folder(self) -> Path | None:
        """Where the embedded database lies; None for a server's."""
        return Path(self._file).parent if self._file else None

    async def is_replica(self) -> bool:
        """Whether a server takes no write, because it follows another one."""
        if self.is_sqlite:
            return False
        async with self.reading() as session:
            return bool((await session.execute(text("SELECT pg_is_in_recovery()"))).scalar_one())

    async def connections_allowed(self) -> int | None:
        """How many connections a server has for such as we are, all together; None where that is no question."""
        if self.is_sqlite:
            return None
        told = (
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
            " - coalesce(current_setting('reserved_connections', true)::int, 0)"
        )
        async with self.reading() as session:
            return int((await session.execute(text(told))).scalar_one())

    async def close(self) -> None:
        """Close every connection, those for reading first: the last one that may write folds SQLite's log back."""
        await self.reader.close()
        if self.reading_engine is not self.engine:
            await self.reading_engine.dispose()
        await self.engine.dispose()
        if self._queue is not None:
            self._queue.close()


def watch(session: WriteSession, look: Callable[[object, object], None]) -> None:
    """Have `look` called with every row that this session loads or makes from now on."""
    for name in ("loaded_as_persistent", "pending_to_persistent"):
        event.listen(session.sync_session, name, look)


# Made once for each model: to write them takes longer than to ask.
@cache
def _by_id(model: type[Entity]) -> Select[Entity]:
    return select(model).where(inspect(model).primary_key[0] == given("id"))


@cache
def _by_ids(model: type[Entity]) -> Select[Entity]:
    return select(model).where(inspect(model).primary_key[0].in_(given("ids")))


def _rows(session: Session, statement: Statement[Row], values: Mapping[str, object], limit: int | None) -> list[Row]:
    session.flush()
    connection = session.connection()
    sql, made = statement.made(connection.dialect, limit)
    return made.rows(connection.exec_driver_sql(sql, tuple(made.arguments(values))).fetchall())


class _Reader(Session):
    # Any: the library's own type.
    def flush(self, objects: Any = None) -> None:
        if self.new or self.dirty or self.deleted:
            raise RuntimeError("a reading session was asked to write")


class _Writer(Session):
    pass


@event.listens_for(_Writer, "do_orm_execute")
def _read_anew_what_is_locked(asked: ORMExecuteState) -> None:
    # Whoever has waited for a row sees what has become of it meanwhile, whether or not he had read it before.
    if isinstance(asked.statement, GenerativeSelect) and asked.statement._for_update_arg is not None:
        asked.update_execution_options(populate_existing=True)


def _postgresql_engine(url: str, pool_size: int, patience: float) -> AsyncEngine:
    # The embedded database does without.
    from app.store.postgres_begun import DRIVER_NAME

    return create_async_engine(
        make_url(url).set(drivername=DRIVER_NAME),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=patience,
        # An error that is logged must not bring the values along: they are people's.
        hide_parameters=True,
        connect_args={"timeout": 5, "server_settings": _SETTINGS, "prepared_statement_cache_size": 512},
    )


def _file_of(address: URL) -> str | None:
    return address.database if address.database and address.database != ":memory:" else None


def _sqlite_engine(url: str, *, read_only: bool = False) -> AsyncEngine:
    address = make_url(url).set(drivername="sqlite+inloop")
    file = _file_of(address)
    if file is not None:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        address, hide_parameters=True, connect_args={"check_same_thread": False, "factory": LoopConnection}
    )

    @event.listens_for(engine.sync_engine, "connect")
    # Any: the driver's connection, whatever driver it is.
    def configure(connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself: it would begin them deferred, and two readers that turn
        # writer lose an update or fail.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (*_PRAGMAS, *([_READ_ONLY] if read_only else []), _NO_WAITING):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITER):
            begin_immediate(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def spoiled_by_a_row(error: Exception) -> bool:
    """Whether a statement failed on what a row holds or on a row that is there already, and so never came to the
    commit: SQLSTATE classes 22 and 23."""
    if isinstance(error, IntegrityError):
        return True
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return state is not None and state.startswith("22")


def load_driver(url: str) -> None:
    """Import what connections to this database take; none is opened."""
    if make_url(url).get_backend_name() != "sqlite":
        from app.store.postgres_begun import PostgresBegun

        PostgresBegun.import_dbapi()  # type: ignore[no-untyped-call]


def database_away(error: BaseException) -> bool:
    """Whether the database is busy or gone, and not we in the wrong: a lost connection, a lock or a pool waited for too
    long, a deadlock, a serialisation failure."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    sqlstate = getattr(error.orig, "sqlstate", None)
    if sqlstate is None:
        # SQLite has no states; of PostgreSQL it is a connection that was never made or broke.
        return error.connection_invalidated or isinstance(error, OperationalError)
    return error.connection_invalidated or sqlstate in _PASSING or sqlstate.startswith(_PASSING_CLASSES)
