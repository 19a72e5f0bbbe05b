"""The migrations, one after the other, make the database that the models speak of."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from app.store import migrations, models
from app.store.base import Base


def test_the_migrated_database_is_that_of_the_models(database_url: str) -> None:
    assert models.__all__
    engine = create_engine(database_url.replace("sqlite+aiosqlite", "sqlite"))
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    assert found == []


def test_there_is_one_line_of_revisions_numbered_in_order() -> None:
    line = list(ScriptDirectory(str(migrations._SCRIPTS)).walk_revisions())
    numbers = [item.revision for item in reversed(line)]
    assert numbers == [f"{number:04d}" for number in range(1, len(line) + 1)]
    assert [item.down_revision for item in reversed(line)] == [None, *numbers[:-1]]
