"""Columns that the database keeps and cannot read: sealed with keys that lie outside of it, each value for its table,
its column and its row, so that a value that is moved elsewhere opens no more.

A model has such a column under the name `sealed_…`, and the text under its own name (`SealedText`). Every reader and
writer goes through here: the models, the few statements that name a sealed column, and whoever seals it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Self, TypeVar, cast, overload
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Mapper, QueryContext, object_session

from app.store.base import Base, Identified
from app.store.database import ReadSession
from app.store.readers import Reader
from app.store.seals import Seals

# A text that is always there, or one that may be missing.
Told = TypeVar("Told", str, str | None)

# Beside the columns of a row that was read.
_SEALS = "_seals"


class SealedText(Generic[Told]):
    """A text of a model's row, sealed in the column of the same name. It is opened when it is asked for, and sealed
    when the row is written for the first time, or changed."""

    def __set_name__(self, owner: type[Base], name: str) -> None:
        self._name, self._column = name, f"sealed_{name}"
        self._waiting, self._opened = f"_waiting_{name}", f"_opened_{name}"

    @overload
    def __get__(self, row: None, owner: type[Base]) -> Self: ...

    @overload
    def __get__(self, row: Identified, owner: type[Base]) -> Told: ...

    def __get__(self, row: Identified | None, owner: type[Base]) -> Self | Told:
        if row is None:
            return self
        beside = vars(row)
        if self._waiting in beside:
            return cast(Told, beside[self._waiting])
        sealed: bytes | None = getattr(row, self._column)
        if sealed is None:
            return cast(Told, None)
        known: tuple[bytes, str] | None = beside.get(self._opened)
        if known is None or known[0] is not sealed:
            known = sealed, opened(_seals_of(row), sealed, table=row.__tablename__, column=self._name, row=row.id)
            beside[self._opened] = known
        return known[1]

    def __set__(self, row: Identified, text: Told) -> None:
        if object_session(row) is None:
            # Its keys are known when it is written.
            vars(row)[self._waiting] = text
        elif not self._says(row, text):
            self._seal(row, text)

    def _says(self, row: Identified, text: str | None) -> bool:
        try:
            return bool(self.__get__(row, type(row)) == text)
        except ValueError:
            # Whatever it was that opens no more, it is written anew.
            return False

    def write(self, row: Identified) -> None:
        """Seal what the row was made with."""
        if self._waiting in vars(row):
            self._seal(row, vars(row).pop(self._waiting))

    def _seal(self, row: Identified, text: str | None) -> None:
        beside = vars(row)
        beside.pop(self._waiting, None)
        value = None
        if text is not None:
            value = sealed(_seals_of(row), text, table=row.__tablename__, column=self._name, row=row.id)
            beside[self._opened] = value, text
        setattr(row, self._column, value)


class WithSealed(Identified):
    """A row of which some texts are sealed."""

    __abstract__ = True


@event.listens_for(WithSealed, "load", propagate=True)
def _read(row: WithSealed, context: QueryContext) -> None:
    # It may be asked when its session is over.
    vars(row)[_SEALS] = context.session.info.get("seals")


@event.listens_for(WithSealed, "before_insert", propagate=True)
def _written(_mapper: Mapper[Any], _connection: object, row: WithSealed) -> None:  # Any: of any model.
    for column in vars(type(row)).values():
        if isinstance(column, SealedText):
            column.write(row)


def sealed(seals: Seals, text: str, *, table: str, column: str, row: UUID) -> bytes:
    """The text as the column of this row keeps it."""
    return seals.seal(text.encode(), purpose=f"{table}.{column}", bound=row.bytes)


def sealed_in(seals: Seals, model: type[WithSealed], row: Mapping[str, object]) -> dict[str, object]:
    """A new row of this model by its attributes, as a statement takes it: the texts that are sealed are so by now."""
    texts = {name for name, column in vars(model).items() if isinstance(column, SealedText)}
    written = {name: value for name, value in row.items() if name not in texts}
    for name in texts & row.keys():
        text = cast(str | None, row[name])
        place = {"table": model.__tablename__, "column": name, "row": cast(UUID, row["id"])}
        written[f"sealed_{name}"] = None if text is None else sealed(seals, text, **place)
    return written


def opened(seals: Seals, value: bytes, *, table: str, column: str, row: UUID) -> str:
    """The text that was sealed for this row and column; a `ValueError` where it was sealed for another, or with a key
    that is not there."""
    return seals.open(value, purpose=f"{table}.{column}", bound=row.bytes).decode()


def seals_of(brought: ReadSession | Reader) -> Seals:
    """The keys that this session or reader works with."""
    return _known(brought.seals if isinstance(brought, Reader) else brought.info.get("seals"))


def _seals_of(row: Identified) -> Seals:
    session = object_session(row)
    return _known(vars(row).get(_SEALS) if session is None else session.info.get("seals"))


def _known(seals: object) -> Seals:
    if seals is None:
        raise RuntimeError("a sealed text where nobody has brought the keys")
    return cast(Seals, seals)
