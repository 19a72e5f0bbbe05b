"""Keyset pages with an opaque cursor that is bound to the filter it was made for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import FieldError, Invalid
from app.measures.hashes import canonical_json
from app.measures.text import Text

Item = TypeVar("Item")


Other = TypeVar("Other")


Value = TypeVar("Value")


MAX_LIMIT = 100
# A cursor may hold the beginning of a name (see `store/sorting`).
MAX_CURSOR = 800


# What a place in a list follows from.
Key = UUID | int | tuple[str | date, UUID]


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Items and the cursor of the next page; null at the end."""

    items: Sequence[Item]
    next_cursor: str | None

    def map(self, view: Callable[[Item], Other]) -> Page[Other]:
        return Page([view(item) for item in self.items], self.next_cursor)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the caller asked for. `limit` is 1 to 100."""

    limit: int
    cursor: str | None = None

    def after(self, **filters: object) -> UUID | None:
        """The id after which the page begins; `Invalid` for a cursor of another filter or no cursor at all."""
        return self._position(UUID, filters)

    def after_number(self, **filters: object) -> int | None:
        """As `after`, for lists that are numbered."""
        return self._position(_number, filters)

    def after_value(self, read: Callable[[str], Value], **filters: object) -> tuple[Value, UUID] | None:
        """As `after`, for lists in the order of a value (text, day): that of the last row before, as `read` has it,
        and its id."""
        return self._position(lambda position: (read(_text(position)[_ID:]), UUID(position[:_ID])), filters)

    def _position(self, read: Callable[[str], Other], filters: Mapping[str, object]) -> Other | None:
        if self.cursor is None:
            return None
        try:
            position, bound = json.loads(base64.urlsafe_b64decode(self.cursor.encode("ascii")))
            if bound != _binding(filters):
                raise ValueError("another filter")
            return read(position)
        except (ValueError, TypeError, AttributeError, binascii.Error, UnicodeError, RecursionError) as error:
            message = Text(
                "游标无效或属于另一查询，请从第一页开始", "The cursor is not of this query; start at the first page"
            )
            raise Invalid(
                message,
                code=ProblemCode.INVALID_CURSOR,
                errors=[FieldError("/cursor", FieldCode.INVALID_CURSOR, message)],
            ) from error

    def page(self, rows: Sequence[Item], *, key: Callable[[Item], Key], **filters: object) -> Page[Item]:
        """A page from up to `limit + 1` rows. `key`: the id or number by which they are in order; of those in the order
        of a value that value and the id."""
        if len(rows) <= self.limit:
            return Page(rows, None)
        shown = rows[: self.limit]
        token = json.dumps([_written(key(shown[-1])), _binding(filters)], ensure_ascii=False)
        return Page(shown, base64.urlsafe_b64encode(token.encode()).decode())


# How long an id is, as text; a value stands behind it.
_ID = 36


def _written(key: Key) -> str:
    return f"{key[1]}{key[0]}" if isinstance(key, tuple) else str(key)


def _text(position: object) -> str:
    if not isinstance(position, str):
        raise ValueError("no place")
    return position


def text_value(text: str) -> str:
    """A text in a cursor, as both databases can look for it; `ValueError` for any other."""
    if "\0" in text:
        raise ValueError("no text")
    text.encode()
    return text


def _number(text: str) -> int:
    # Longer ones fit no column, and Python would take its time over very long ones.
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise ValueError("not a number")
    return int(text)


def _binding(filters: Mapping[str, object]) -> str:
    canonical = canonical_json({name: None if value is None else str(value) for name, value in filters.items()})
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
