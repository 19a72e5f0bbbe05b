"""A read that is asked often: its SQL made once for each database, its rows plain and typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Generic, TypeVar, cast

import orjson
from sqlalchemy import JSON, BindParameter, ColumnElement, Select, Text, bindparam, literal_column, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

# Where the number of rows is put in. It stands in the SQL, so that the planner knows it; it is a number of ours.
_LIMIT = "this_many_rows"

Process = Callable[[object], object]


# A `NamedTuple`, whose fields are the columns in their order.
Given = TypeVar("Given")
Row = TypeVar("Row", bound=tuple[object, ...])


class AsStored(TypeDecorator[bytes]):
    """JSON as the database gives it, for an answer that holds it as it is; None also for JSON's own null. Text on
    SQLite, bytes on PostgreSQL."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | bytes | None, dialect: Dialect) -> bytes | None:
        found = value.encode() if isinstance(value, str) else value
        return None if found == b"null" else found


def as_stored(column: ColumnElement[object] | object) -> ColumnElement[bytes]:
    """A JSON column, not read but handed on."""
    return type_coerce(column, AsStored())


def given(name: str, kind: TypeEngine[Given] | None = None) -> BindParameter[Given]:
    """A value that comes with the call. `kind`: its type, where it is compared with nothing that has one."""
    return bindparam(name, type_=kind, required=False)


def many(query: Select[*tuple[object, ...]]) -> Select[*tuple[object, ...]]:
    """A query with a place for the number of rows, which `Statement.made` then takes."""
    return query.limit(literal_column(_LIMIT))


def columns(line: type[Row], model: type[object], **others: object) -> list[ColumnElement[object]]:
    """The columns of a row, in its order: the model's of the same name, or the one that is named here."""
    names: tuple[str, ...] = line._fields  # type: ignore[attr-defined]
    return [cast(ColumnElement[object], others[name] if name in others else getattr(model, name)) for name in names]


class Made(Generic[Row]):
    """A statement as a driver takes it."""

    __slots__ = ("_line", "_plan", "_results", "sql")

    def __init__(self, query: Select[*tuple[object, ...]], line: type[Row], dialect: Dialect) -> None:
        compiled = query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.sql = str(compiled)
        self._line = line
        self._plan = [_place(name, compiled.params, compiled.binds, dialect) for name in compiled.positiontup or ()]
        processes = [(place, _reading(column.type, dialect)) for place, column in enumerate(query.selected_columns)]
        self._results = [(place, process) for place, process in processes if process is not None]

    def arguments(self, given: Mapping[str, object]) -> list[object]:
        """The values in the order of their places; `KeyError` where one is missing."""
        return [
            constant if name is None else given[name] if process is None else process(given[name])
            for name, process, constant in self._plan
        ]

    def rows(self, found: Sequence[Iterable[object]]) -> list[Row]:
        """What the driver brought, as rows."""
        line, results = self._line, self._results
        lines = []
        for record in found:
            values = list(record)
            for place, process in results:
                values[place] = process(values[place])
            lines.append(tuple.__new__(line, values))
        return lines


class Statement(Generic[Row]):
    """A SELECT with its row's type. What changes from call to call has a name (`given`)."""

    def __init__(self, query: Select[*tuple[object, ...]], line: type[Row]) -> None:
        self._query, self._line = query, line
        self._made: dict[tuple[str, int | None], tuple[str, Made[Row]]] = {}

    def made(self, dialect: Dialect, limit: int | None) -> tuple[str, Made[Row]]:
        """The SQL for this database and, of a query of `many`, this number of rows; each is made once. There are few of
        them: a page has a hundred rows at most."""
        key = (dialect.name, limit)
        found = self._made.get(key)
        if found is None:
            plain = self._made.get((dialect.name, None))
            made = plain[1] if plain else Made(self._query, self._line, dialect)
            self._made[(dialect.name, None)] = (made.sql, made)
            found = (made.sql if limit is None else made.sql.replace(_LIMIT, str(int(limit))), made)
            self._made[key] = found
        return found


def _place(
    name: str, constants: Mapping[str, object], binds: Mapping[str, ColumnElement[object]], dialect: Dialect
) -> tuple[str | None, Process | None, object]:
    bind = binds.get(name)
    process: Process | None = None if bind is None else bind.type.dialect_impl(dialect).bind_processor(dialect)
    constant = constants.get(name)
    if constant is None:
        return name, process, None
    if process is not None:
        return None, None, process(constant)
    return None, None, constant.value if isinstance(constant, Enum) else constant


def _reading(kind: TypeEngine[object], dialect: Dialect) -> Process | None:
    # One driver gives JSON as bytes and the other as text, and the library has it decoded by one of them only.
    if isinstance(kind, JSON):
        return _from_json
    process: Process | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return process


def _from_json(value: object) -> object:
    return None if value is None else orjson.loads(value)  # type: ignore[arg-type]
