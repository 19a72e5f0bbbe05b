"""Days that come from people: a record of what has happened is never of tomorrow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.dates import to_come
from app.measures.text import Text

_LATE = Text("日期晚于今天", "The day is in the future")


def future_faults(days: Iterable[tuple[str, date | None]], today: date) -> list[FieldError]:
    """A fault for each day after today; the days come with their JSON pointers, None is no day."""
    told = [(pointer, day) for pointer, day in days if day is not None]
    late = set(to_come((day for _, day in told), today))
    return [FieldError(pointer, FieldCode.DATE_IN_FUTURE, _LATE) for pointer, day in told if day in late]


def not_in_future(day: date, today: date, pointer: str) -> None:
    """`Invalid`, at this JSON pointer, for a day after today."""
    faults = future_faults([(pointer, day)], today)
    if faults:
        raise Invalid(_LATE, errors=faults)
