"""A database brought to a revision in this process, without the command line."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

_ROOT = Path(__file__).parent.parent


def migrate(sync_url: str, target: str = "head") -> None:
    """Bring the database at `sync_url`, an address with a synchronous driver, to the revision `target`. A SQLite file
    that is missing is made, its folder is not; what the database or a migration refuses is raised as it comes."""
    config = Config(str(_ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(_ROOT / "alembic"))
    engine = create_engine(sync_url)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, target)
    engine.dispose()
