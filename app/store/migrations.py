"""Bringing a database to the newest schema, in this process and without a configuration file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url, text

_SCRIPTS = Path(__file__).parent.parent.parent / "alembic"
# Some number, the same for all who migrate this service's databases.
_LOCK = 7_330_733


@cache
def _older() -> frozenset[str]:
    known = ScriptDirectory(str(_SCRIPTS)).walk_revisions()
    return frozenset(item.revision for item in known if not item.is_head)


def outdated(revision: str | None) -> bool:
    """Whether a database of this revision has to be migrated before this service can work on it. One that is unknown
    here is newer: the replicas of the release before go on until they are replaced."""
    return revision is None or revision in _older()


def upgrade(url: str) -> None:
    """Run what is missing. Two at once on PostgreSQL go one after the other; the second finds nothing to do."""
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        target = target.set(drivername="sqlite")
        if target.database and target.database != ":memory:":
            Path(target.database).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    # The configuration's own syntax gives the percent sign a meaning.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = create_engine(target)
    try:
        with engine.connect() as connection:
            if target.get_backend_name() == "postgresql":
                connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
                connection.commit()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
