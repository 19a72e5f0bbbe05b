"""Statements are compiled once for all the engines of a run.

Each test has an application with engines of its own, and an engine compiles every statement anew: that took a quarter
of the time of a test. The service itself has one engine for as long as it runs.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.engine import Compiled
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.store import database
from app.store.postgres_begun import PostgresBegun
from app.store.sqlite_in_loop import SQLiteInLoop

_compiled: dict[Any, Compiled] = {}


@contextlib.contextmanager
def once() -> Iterator[None]:
    """As long as this lasts, engines find what others of the same dialect have compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_async_engine", _engine)
        for dialect in (SQLiteInLoop, PostgresBegun):
            # A compiled statement is filed under its dialect: those of one class, of one server, are one.
            patch.setattr(dialect, "__eq__", lambda one, other: type(one) is type(other), raising=False)
            patch.setattr(dialect, "__hash__", lambda one: hash(type(one)), raising=False)
        yield


# Any: SQLAlchemy's own signature.
def _engine(*args: Any, **options: Any) -> AsyncEngine:
    engine = create_async_engine(*args, **options)
    engine.sync_engine._compiled_cache = _compiled
    return engine
