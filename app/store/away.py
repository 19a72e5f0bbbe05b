"""Whether a database that failed is only busy or away: for whoever answers, and whoever tries again by itself."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# By SQLSTATE: begun again, the same may go well.
_PASSING = frozenset({"40001", "40P01", "53000", "53100", "53200", "53300", "55P03", "57014"})
_PASSING_CLASSES = ("08", "57P")


def database_away(error: BaseException) -> bool:
    """Whether the database is busy or gone, and not we in the wrong: a lost connection, a lock or a pool waited for too
    long, a deadlock, a serialisation failure."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # SQLite has no states; of PostgreSQL it is a connection that was never made or broke.
        return error.connection_invalidated or isinstance(error, OperationalError)
    return error.connection_invalidated or state in _PASSING or state.startswith(_PASSING_CLASSES)
