"""PostgreSQL's driver of the reads, for transactions as well: SQLAlchemy's own dialect over asyncpg, with two habits.

A transaction is begun when it is asked for, not with its first statement: BEGIN costs its round trip either way, and so
it shows whether the connection lives before anything has been done over it. And what goes wrong on the way to a
connection is an `OperationalError`, whatever the driver makes of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import URL
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.util import await_only

from app.store.readers import CLIENT_ONLY

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import PoolProxiedConnection


class PostgresBegun(PGDialect_asyncpg):
    """The dialect of `postgresql+begun` addresses."""

    driver = "asyncpg"
    supports_statement_cache = True

    def create_connect_args(self, url: URL) -> tuple[list[str], dict[str, object]]:
        # The whole address is the driver's to read, as it is for the connections that only read.
        address = url.set(drivername="postgresql").difference_update_query(CLIENT_ONLY)
        return [], {"dsn": address.render_as_string(hide_password=False)}

    def connect(self, *given: object, **named: object) -> DBAPIConnection:
        driver = self.loaded_dbapi
        try:
            return super().connect(*given, **named)
        except (OSError, driver.Error) as error:
            raise driver.OperationalError(type(error).__name__) from error

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        # The library's own way to begin, only sooner: it rolls back and commits what it has begun by itself.
        await_only(dbapi_connection._start_transaction())


DRIVER_NAME = "postgresql+begun"
registry.register("postgresql.begun", __name__, "PostgresBegun")
