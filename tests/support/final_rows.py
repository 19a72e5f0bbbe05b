"""Whether what the service writes agrees with what it says of itself: that of a row which is final nothing changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy import inspect as inspected
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Update

from app.measures.retention import anonymised_mark
from app.store import database
from app.store.base import Base
from app.store.final_rows import MADE, NOT_MARKED, Part, final_row
from app.store.identity import ANONYMISED_LOGIN

# What was written past the word of `app/store/final_rows.py` since it was last asked.
_FOUND: list[str] = []


def found() -> list[str]:
    """Changes of what was final; from now on none."""
    told = list(_FOUND)
    _FOUND.clear()
    return told


@contextmanager
def watched() -> Iterator[None]:
    """Every session that writes, and every statement that changes rows, in this process."""
    event.listen(database._Writer, "before_flush", _flushed)
    event.listen(Engine, "before_execute", _executed)
    try:
        yield
    finally:
        event.remove(database._Writer, "before_flush", _flushed)
        event.remove(Engine, "before_execute", _executed)


def _flushed(session: Session, *_: object) -> None:
    for row in session.dirty:
        state = inspected(row)
        if not isinstance(row, Base) or row.__tablename__ in NOT_MARKED:
            continue
        spec = final_row(row.__tablename__)
        columns = {item.columns[0].name: item.key for item in state.mapper.column_attrs}
        for part in spec.parts:
            if part.since is not None and _before(state, columns[part.since]) is None:
                continue
            for name in part.columns:
                new = state.attrs[columns[name]].history.added
                if new and _before(state, columns[name]) != new[0] and not _forgotten(part, name, new[0]):
                    _FOUND.append(f"{row.__tablename__}.{name} was final ({part.name}) and is changed")


def _before(state: Any, key: str) -> Any:
    history = state.attrs[key].history
    if history.deleted:
        return history.deleted[0]
    # Not loaded before it was written: nobody knows.
    return history.added[0] if history.added else state.attrs[key].value


def _forgotten(part: Part, name: str, value: object) -> bool:
    if part.forgotten_as is None:
        return False
    return name.startswith("sealed_") or anonymised_mark() in str(value) or str(value).startswith(ANONYMISED_LOGIN)


def _executed(connection: Connection, statement: object, *_: object) -> None:
    # What a test does past the service is another matter.
    of_the_service = database._WRITER in connection.get_execution_options()
    if not of_the_service or not isinstance(statement, Update):
        return
    name = str(getattr(statement.table, "name", ""))
    if name in NOT_MARKED:
        return
    # What a session writes of its rows is seen above, and names no values here.
    values: Any = statement._values or {}
    made = next(part for part in final_row(name).parts if part.name == MADE)
    for column in values:
        if getattr(column, "name", column) in made.columns:
            _FOUND.append(f"{name}.{getattr(column, 'name', column)} is changed by a statement")
