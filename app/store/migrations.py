"""Bringing a database to the newest schema, in this process and without a configuration file."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

from app.measures.text import Text

_SCRIPTS = Path(__file__).parent.parent.parent / "alembic"
# Some number, the same for all who migrate this service's databases.
_LOCK = 7_330_733
# For another process that migrates: it is soon done.
_PATIENCE_SECONDS = 60


# The revisions of the releases before 0.3, which no database in service ever had.
_GIVEN_UP = frozenset(f"{number:04d}" for number in range(1, 7))


class NotOfThisLine(Exception):
    """The database's revision is none that an upgrade can start from; nothing was changed. `message` says why."""

    def __init__(self, revision: str, message: Text) -> None:
        super().__init__(revision)
        self.message = message


class ChainWouldBeLost(Exception):
    """A downgrade would drop a log that has entries."""

    def __init__(self) -> None:
        super().__init__("the audit log has entries: restore a backup instead of going back")


@cache
def _line() -> tuple[str, ...]:
    """The revisions that are known here, the newest first: each is named as its file, by its number in the line."""
    return tuple(sorted((path.stem for path in (_SCRIPTS / "versions").glob("*.py")), reverse=True))


def is_known(revision: str) -> bool:
    """Whether a database of this revision is this release's, or can be made so."""
    return revision in _line()


def hindrance(revision: str | None) -> Text | None:
    """Why this service cannot work on a database of this revision; None where it can. One that is unknown here is
    newer: the replicas of the release before go on until they are replaced. None of them is started on it anew (see
    `not_of_this_line`)."""
    if revision is None or revision in _line()[1:]:
        return Text(
            "数据库结构尚未升级，请先运行 migrate", "The database's schema is not up to date: run `migrate` first"
        )
    if revision in _GIVEN_UP:
        return Text(
            f"数据库由 0.3 之前的版本建立（修订号 {revision}），无法升级：请另建空数据库后运行 migrate",
            f"The database is of a release before 0.3 (revision {revision}), which is not upgraded:"
            " run `migrate` on an empty one",
        )
    return None


def not_of_this_line(revision: str | None) -> Text | None:
    """Why nothing of this release begins on a database of this revision; None where it is empty or of a known one."""
    if revision is None or is_known(revision):
        return None
    newer = Text(
        f"数据库的修订号 {revision} 不为本版本所知，很可能出自更新的版本：未作任何改动",
        f"The database's revision {revision} is unknown to this release, most likely of a newer one:"
        " nothing was changed",
    )
    return hindrance(revision) or newer


def migrating(url: str) -> Engine:
    """An engine for migrations. On SQLite the transaction begins with the first statement, DDL or not, and takes the
    one writer's lock at once: what is broken off leaves nothing behind."""
    target = make_url(url)
    if target.get_backend_name() != "sqlite":
        return create_engine(target)
    target = target.set(drivername="sqlite")
    if target.database and target.database != ":memory:":
        Path(target.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Its owner's alone, whoever makes it; SQLite gives its log and index the mode of the database.
        with suppress(FileExistsError, IsADirectoryError):
            os.close(os.open(target.database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    engine = create_engine(target, connect_args={"timeout": _PATIENCE_SECONDS})

    @event.listens_for(engine, "connect")
    def by_hand(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def upgrade(url: str) -> Path | None:
    """Run what is missing, all of it or nothing; answers where the copy lies that was made of an embedded database
    before, None where none was needed. Raises `NotOfThisLine` where the database's revision is unknown here. Two at
    once go one after the other; the second finds nothing to do."""
    # The tool comes with half of what a service that is migrated would otherwise load.
    from alembic.config import Config

    from alembic import command

    config = Config()
    # The configuration's own syntax gives the percent sign a meaning.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = migrating(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
                connection.commit()
            revision = _check(connection)
            copy = None if revision in (None, _line()[0]) else _copy(engine, str(revision))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            return copy
    finally:
        engine.dispose()


def _copy(engine: Engine, revision: str) -> Path | None:
    """A copy of an embedded database beside it, readable by its owner alone. A server's is its operator's to make."""
    source = engine.url.database
    if engine.dialect.name != "sqlite" or source is None:
        return None
    target = Path(f"{source}.before-{revision}")
    draft = target.with_name(f"{target.name}.draft")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(draft)) as written:
        read.backup(written)
    draft.replace(target)
    return target


def _check(connection: Connection) -> str | None:
    from alembic.migration import MigrationContext

    revision = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    why_not = not_of_this_line(revision)
    if why_not is not None:
        raise NotOfThisLine(str(revision), why_not)
    return revision
