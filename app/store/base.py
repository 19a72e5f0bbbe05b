"""Base of the models: identifiers, column types, the shapes that several aggregates share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    MetaData,
    Select,
    String,
    Uuid,
    event,
    literal_column,
)
from sqlalchemy import inspect as inspected
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, TypeResolve, mapped_column
from sqlalchemy.types import NullType, TypeDecorator

from app.measures.dates import end_of_day
from app.measures.state_machines import StateMachine
from app.measures.text import plain_number


def new_id() -> UUID:
    """A time-ordered identifier (UUID version 7): pages by id are pages by creation."""
    return uuid_utils.compat.uuid7()


def set_fields(row: Base, values: Mapping[str, object]) -> None:
    """Give the row what is told by the names of its columns. Not its state, which its machine alone moves."""
    if "state" in values:
        raise ValueError("only a state machine moves a state")
    for name, value in values.items():
        setattr(row, name, value)


def plain_key(context: DefaultExecutionContext) -> str:
    """The default of a column that holds a row's `number` for comparing."""
    # The library has not typed it: the row's other values, by column.
    values: dict[str, str] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return plain_number(values["number"])


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """One word of an enumeration, kept as text: a member goes in and comes out. Another word is a defect of ours, which
    `ValueError` tells before the database does."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words
        self._by_value: dict[str, StrEnum] = {word.value: word for word in words}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        # Found by its value, which is faster than asking the enumeration; that tells what is none of its words.
        return None if value is None else self._by_value.get(value) or self.words(value)


Json = JSON().with_variant(JSONB(), "postgresql")


@event.listens_for(Column, "before_parent_attach")
def _of_an_id(column: Column[UUID], _table: object) -> None:
    """What refers to another table holds its id. The library would learn that when it comes to that table, which may be
    later than the first statement that asks for the column's type."""
    if column.foreign_keys and isinstance(column.type, NullType):
        column.type = Uuid()


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: Instant(),
        dict[str, object]: Json,
        list[str]: Json,
        UUID: Uuid(),
        str: String(),
        int: BigInteger(),
    }


@event.listens_for(Base, "resolve_type_annotation")
def _word_of(resolve: TypeResolve) -> Word | None:
    """`Mapped[RoundState]` holds a word of that enumeration."""
    kind = resolve.resolved_type
    return Word(kind) if isinstance(kind, type) and issubclass(kind, StrEnum) else None


class Identified(Base):
    """A row with a time-ordered id, which it has from the beginning, and the instant of its making."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime]

    # Any: the columns of any model.
    def __init__(self, **values: Any) -> None:
        super().__init__(**{"id": new_id(), **values})


def is_changed(row: object) -> bool:
    """Whether a row of the database was changed since it was read or last written."""
    return isinstance(row, Base) and bool(inspected(row).modified)


# Any: a query of whatever columns.
Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


# Columns and what they hold.
# Any: columns of whatever types.
Only = Iterable[tuple[InstrumentedAttribute[Any], object]]


def page_of(
    query: Query,
    # Any: a column of whatever type.
    key: InstrumentedAttribute[Any],
    *,
    after: UUID | int | None,
    limit: int,
    newest_first: bool = False,
    only: Only = (),
) -> Query:
    """One page of a query in the order of its key, up to `limit + 1` rows: the last of them says that another page
    follows. `only`: columns and what they hold, where the caller names it (not None)."""
    query = query.order_by(key.desc() if newest_first else key).limit(literal_column(str(limit + 1)))
    if after is not None:
        query = query.where(key < after if newest_first else key > after)
    return query.where(*(column == value for column, value in only if value is not None))


def on_days(
    column: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    since: date | None,
    until: date | None,
) -> list[ColumnElement[bool]]:
    """That an instant lies on these days in Shanghai, both included, where they are named."""
    found: list[ColumnElement[bool]] = []
    if since is not None:
        found.append(column >= end_of_day(since - timedelta(days=1)))
    if until is not None:
        found.append(column < end_of_day(until))
    return found


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds one of these words: an enumeration, or some of its members."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def state_of(machine: StateMachine) -> CheckConstraint:
    """The state column holds a state of this machine."""
    return one_of("state", machine.states)
