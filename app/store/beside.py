"""What is written in the statement that chains the entries of an act: one round trip for both, and none more while the
chain's end is locked. On SQLite, where nothing travels, the same is written table by table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import orjson
from sqlalchemy import Insert, insert, inspect
from sqlalchemy.dialects.postgresql.base import PGDialect

from app.store.base import Base
from app.store.database import WriteSession

_POSTGRESQL = PGDialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Beside:
    """`clause`: a data-modifying part of a WITH; `given`: its parameters; `here`: the same for SQLite."""

    clause: str
    given: Callable[[], Mapping[str, object]]
    here: Callable[[WriteSession], Awaitable[None]]


def rows_beside(model: type[Base], rows: Sequence[Mapping[str, object]]) -> Beside:
    """New rows of one table by the model's attributes; those that are not named have no value."""

    async def here(session: WriteSession) -> None:
        await session.execute(_insert(model), list(rows))

    def given() -> dict[str, object]:
        # All rows travel as one text, so that the statement is the same for any number of them.
        columns = _columns(model)
        told = [{columns[key][0]: value for key, value in row.items()} for row in rows]
        return {model.__tablename__: orjson.dumps(told, default=_text).decode()}

    return Beside(_insertion(model), given, here)


@cache
def _insert(model: type[Base]) -> Insert:
    return insert(model)


@cache
def _columns(model: type[Base]) -> dict[str, tuple[str, str]]:
    """By attribute: the column's name and its type in SQL."""
    columns = {item.key: item.columns[0] for item in inspect(model).column_attrs}
    return {key: (str(column.name), column.type.compile(dialect=_POSTGRESQL)) for key, column in columns.items()}


@cache
def _insertion(model: type[Base]) -> str:
    name, columns = model.__tablename__, _columns(model).values()
    named = ", ".join(f'"{column}"' for column, _ in columns)
    typed = ", ".join(f'"{column}" {kind}' for column, kind in columns)
    return (
        f"{name}_written AS (INSERT INTO {name} ({named}) SELECT {named}"
        f" FROM jsonb_to_recordset(CAST(:{name} AS jsonb)) AS given ({typed}))"
    )


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return str(value)
