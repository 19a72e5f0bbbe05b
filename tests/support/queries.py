"""How many SQL statements a piece of work takes: what must not grow with the number of rows."""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event

from sandbox.world import World


@contextlib.contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """The statements that reach the database inside the block; one entry each, however many rows it carries."""
    database = world.client.app.state.database  # type: ignore[attr-defined]
    engines = {database.engine.sync_engine, database.reading_engine.sync_engine}
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    database.reader.listeners.append(statements.append)
    try:
        yield statements
    finally:
        database.reader.listeners.remove(statements.append)
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
