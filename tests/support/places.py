"""The PostgreSQL database in which a worker runs one test after another.

Copying a database, dropping it and connecting anew were a great part of the time of a test on PostgreSQL. So the
database stays: what it is to hold is put into its tables, when somebody looks at it, and not at all where it holds that
already. It is copied anew from the template where a test has changed more than rows, and after so many tests that the
dead rows of those before would be felt.
"""

import inspect
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from sandbox import postgres
from tests.support import kept_connections, writes

# Of these fixtures it is known that they look at the database through the service alone, or not at all.
_LATE = frozenset({"settings", "client", "world"})
# What the tables hold, as `COPY` writes it; empty ones are left out.
Rows = dict[str, bytes]
# How often the tables are filled before the database is copied anew.
_FILLED_AT_MOST = 100
# The rows of tests are put in as they were: they were checked when they were written.
_OPTIONS = "-c session_replication_role=replica -c lock_timeout=2000"
# Changes with whatever is more than a row: each names its last transaction, and how many there are.
_CATALOGUES = ("pg_class", "pg_attribute", "pg_trigger", "pg_constraint", "pg_index", "pg_proc", "pg_db_role_setting")
_TABLES: LiteralString = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
)


class PostgresPlace:
    """A database of a fixed name that holds, one after the other, what is asked for."""

    def __init__(self, server_url: str, name: str, template: str) -> None:
        self._name, self._template = name, template
        self._wanted, self._due = template, True
        # What it holds, as long as nobody has written since.
        self._held: tuple[str, int] | None = None
        self._kept: dict[str, Rows] = {}
        # Whoever takes the address looks when he likes.
        self._watched = True
        self._suspect = False
        self._filled = 0
        self._server: psycopg.Connection[Any] | None = None
        self._inside: psycopg.Connection[Any] | None = None
        self._shape: tuple[Any, ...] = ()
        self._tables: list[str] = []
        self._near = postgres.by_socket(server_url)
        self._addresses = [
            postgres.with_name(url, name).replace("postgresql://", "postgresql+psycopg://")
            for url in (server_url, self._near)
        ]

    @property
    def url(self) -> str:
        """The address for the test that has begun: who looks past the service may look at the wire as well."""
        return self._addresses[not self._watched]

    def begin(self, *, watched: bool) -> None:
        """A test begins: it wants the template. `watched`: it may look past the service, so everything is made at
        once."""
        self._wanted, self._due, self._watched = self._template, True, watched
        kept_connections.keep(None if watched else self._name)
        if watched:
            self.make()

    def spoil(self) -> None:
        """Somebody may have written to it unseen: in another process, or by a connection of his own."""
        self._held, self._suspect = None, True

    def make(self) -> None:
        """Let the database hold what is wanted, once: from then on it is what the test makes of it."""
        if not self._due:
            return
        self._due = False
        if self._held == (self._wanted, writes.counted()):
            return
        try:
            self._hold()
        except psycopg.OperationalError:
            # A test has ended the connections of others, or has left a transaction open.
            self.close()
            self._hold()

    def _hold(self) -> None:
        if not self._fits():
            self._copy()
        if self._held != (self._wanted, writes.counted()):
            self._fill(self._kept[self._wanted])
        self._held = (self._wanted, writes.counted())

    def keep(self, name: str) -> None:
        """Keep what it holds under a name."""
        self.make()
        self._kept[name] = self._rows()
        self._wanted, self._held = name, (name, writes.counted())

    def put_back(self, name: str) -> None:
        """Let it hold what was kept under a name."""
        self._wanted, self._due = name, True
        if self._watched:
            self.make()

    def drop(self, name: str) -> None:
        """Forget what was kept under a name."""
        del self._kept[name]

    def close(self) -> None:
        """Let go of the server."""
        for connection in (self._inside, self._server):
            if connection is not None:
                connection.close()
        self._inside = self._server = None

    def _fits(self) -> bool:
        """Whether its tables need only be filled."""
        if self._inside is None or self._inside.closed or self._filled >= _FILLED_AT_MOST:
            return False
        if self._suspect and self._catalogued() != self._shape:
            return False
        self._suspect = False
        return True

    def _copy(self) -> None:
        """Copy it anew from the template."""
        kept_connections.forget()
        if self._inside is not None:
            self._inside.close()
        if self._server is None:
            self._server = psycopg.connect(self._near, autocommit=True)
        self._server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self._name)))
        postgres.copy_over(self._server, self._template, self._name)
        address = postgres.with_name(self._near, self._name)
        self._inside = psycopg.connect(address, autocommit=True, options=_OPTIONS)
        self._shape, self._suspect, self._filled = self._catalogued(), False, 0
        self._tables = [name for (name,) in self._inside.execute(_TABLES)]
        if self._template not in self._kept:
            self._kept[self._template] = self._rows()
        self._held = (self._template, writes.counted())

    def _fill(self, rows: Rows) -> None:
        assert self._inside is not None
        self._filled += 1
        with self._inside.transaction(), self._inside.cursor() as cursor:
            if used := self._used(cursor):
                cursor.execute(
                    sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in used)
                )
            for table, written in rows.items():
                into = sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table))
                with cursor.copy(into) as copying:
                    copying.write(written)

    def _rows(self) -> Rows:
        assert self._inside is not None
        found: Rows = {}
        with self._inside.transaction(), self._inside.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for table in self._used(cursor):
                with cursor.copy(sql.SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(sql.Identifier(table))) as copying:
                    found[table] = b"".join(copying)
        return found

    def _used(self, cursor: psycopg.Cursor[Any]) -> list[str]:
        """The tables that are not empty."""
        asked = (sql.SQL("EXISTS (SELECT FROM {})").format(sql.Identifier(name)) for name in self._tables)
        told = cursor.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(asked))).fetchone()
        return [name for name, used in zip(self._tables, told or (), strict=True) if used]

    def _catalogued(self) -> tuple[Any, ...]:
        assert self._inside is not None
        last = "(SELECT (count(*), max(xmin::text::bigint))::text FROM {})"
        asked = (sql.SQL(last).format(sql.Identifier(name)) for name in _CATALOGUES)
        return tuple(self._inside.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(asked))).fetchone() or ())


class Late:
    """The service's database, which is made when the service first looks at it."""

    # Any: it stands for an object whatever its attributes are.
    def __init__(self, database: Any, place: PostgresPlace) -> None:
        self._database, self._place = database, place

    def __getattr__(self, name: str) -> Any:
        if name not in ("close", "is_sqlite"):
            self._place.make()
        return getattr(self._database, name)


def looks_itself(request: pytest.FixtureRequest) -> bool:
    """Whether a test, or a fixture of its own, takes the address of the database: it may look at it past the
    service."""
    addresses = {"settings", "database_url"}
    if addresses & inspect.signature(request.function).parameters.keys():
        return True
    fixtures = request.node._fixtureinfo.name2fixturedefs
    return any(
        addresses & set(found.argnames) for name, known in fixtures.items() if name not in _LATE for found in known
    )
