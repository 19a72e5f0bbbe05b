"""A database brought to a revision in this process, without the command line."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from alembic.config import Config
from sqlalchemy import create_engine

from alembic import command

_ROOT = Path(__file__).parent.parent


def migrate(sync_url: str, target: str = "head") -> None:
    """Bring the database at `sync_url`, an address with a synchronous driver, to the revision `target`. A SQLite file
    that is missing is made, its folder is not; what the database or a migration refuses is raised as it comes."""
    with _configured(sync_url) as config:
        command.upgrade(config, target)


def demolish(sync_url: str) -> None:
    """Undo every migration of the database at `sync_url`."""
    with _configured(sync_url) as config:
        command.downgrade(config, "base")


@contextlib.contextmanager
def _configured(sync_url: str) -> Iterator[Config]:
    config = Config(str(_ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(_ROOT / "alembic"))
    engine = create_engine(sync_url)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        yield config
    engine.dispose()
