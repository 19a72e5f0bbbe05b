"""Lists whose order the caller chooses: the same on both databases, and the same from one page to the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, func, literal_column, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.store.base import Only, Query, page_of

# Longer than any legal name, and short enough to stand in a cursor, whatever the signs: of two names that begin alike
# for so long, the one that came first is told first.
_LEADING = 120


class Sort(StrEnum):
    """The orders in which lists are told; each list knows some of them. What is equal is told as it came in."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    NUMBER = "number"
    EXPIRY = "expiry"


# After which row a page begins: its key, or what it is sorted by and its key.
Place = UUID | int | tuple[str | date, UUID] | None


class _InCodePoints(FunctionElement[str]):
    """A text in the order of its characters' numbers. PostgreSQL would ask for the alphabet that the database was made
    with, which is another one elsewhere; SQLite knows no other order."""

    name = "in_code_points"
    type = String()
    inherit_cache = True


@compiles(_InCodePoints)
def _as_it_is(element: _InCodePoints, compiler: SQLCompiler, **how: object) -> str:
    return compiler.process(element.clauses, **how)


@compiles(_InCodePoints, "postgresql")
def _collated(element: _InCodePoints, compiler: SQLCompiler, **how: object) -> str:
    return f'({compiler.process(element.clauses, **how)} COLLATE "C")'


def by_text(column: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[str]:
    """A column of text by which a list is sorted; `leading` has the same of a row."""
    return _InCodePoints(func.substr(column, 1, _LEADING))


def leading(text: str) -> str:
    """What of a text its place in a sorted list follows from."""
    return text[:_LEADING]


# By what each order sorts, but those of age.
Values = Mapping[Sort, ColumnElement[str] | ColumnElement[date]]


def sorted_page_of(
    query: Query,
    key: InstrumentedAttribute[UUID],
    *,
    sort: Sort,
    values: Values,
    after: Place,
    limit: int,
    only: Only = (),
) -> Query:
    """One page of a query as `page_of` gives it, in the order that is asked for. `after`: the key of the last row
    before; in an order by a value that value and the key."""
    value = values.get(sort)
    if value is None:
        newest = sort is not Sort.OLDEST
        return page_of(query, key, after=_of_age(after), limit=limit, newest_first=newest, only=only)
    query = query.order_by(value, key).limit(literal_column(str(limit + 1)))
    if isinstance(after, tuple):
        query = query.where(beyond(value, key, *after))
    return query.where(*(column == wanted for column, wanted in only if wanted is not None))


def _of_age(after: Place) -> UUID | int | None:
    if isinstance(after, tuple):
        raise TypeError("an order of age goes on after a key alone")
    return after


def beyond(
    value: ColumnElement[str] | ColumnElement[date],
    key: InstrumentedAttribute[UUID],
    reached: object,
    last: object,
) -> ColumnElement[bool]:
    """Rows that come after that value, or have it and come after that key; both may be parameters."""
    return or_(value > reached, and_(value == reached, key > last))
