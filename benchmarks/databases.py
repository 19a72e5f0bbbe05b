"""An empty database of either kind for one measurement, gone afterwards."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg

from sandbox import postgres

KINDS = ("sqlite", "postgresql")
# What a small server of its own would be given. Durability is untouched: every commit reaches the disk. All who are
# measured side by side are connected at once.
_SETTINGS = (
    "shared_buffers=1GB",
    "effective_cache_size=3GB",
    "max_wal_size=4GB",
    "random_page_cost=1.1",
    "max_connections=200",
)


@contextlib.contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a fresh database, as the service's settings take it."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    with postgres.server(_SETTINGS) as server:
        name = f"award_bench_{os.getpid()}"
        postgres.execute(server, f"CREATE DATABASE {name}")
        try:
            yield postgres.with_name(server, name).replace("postgresql://", "postgresql+psycopg://")
        finally:
            postgres.execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def version(url: str) -> str:
    """The database's name and version, and what decides how a commit is written."""
    if url.startswith("sqlite"):
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
        row = connection.execute("SELECT current_setting('server_version'), current_setting('fsync')").fetchone()
    return f"PostgreSQL {str(row[0]).split()[0]} (fsync {row[1]})" if row else "PostgreSQL"
