"""Days that come from people: a record of what has happened is never of tomorrow, and never before what it happened
to; a document that is cited is of a year in which it can have been written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid
from app.measures.dates import to_come
from app.measures.document_numbers import stated_year
from app.measures.text import Text

_YEARS = (1900, 2199)
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


def early_faults(pointer: str, day: date | None, floor: date, told: Text) -> list[FieldError]:
    """A fault, in these words, for a day before the day of what it follows; None is no day."""
    if day is None or day >= floor:
        return []
    return [FieldError(pointer, FieldCode.TOO_EARLY, told)]


def not_before(day: date, floor: date, pointer: str, told: Text) -> None:
    """`Invalid`, at this JSON pointer and in these words, for a day before the day of what it follows."""
    faults = early_faults(pointer, day, floor, told)
    if faults:
        raise Invalid(told, errors=faults)


def cited_faults(pointer: str, number: str | None, *, latest: date, earliest: date | None = None) -> list[FieldError]:
    """A fault for a document that states a year after `latest`, or before `earliest`, the day of what it is about."""
    year = stated_year(number or "")
    if year is None or not _YEARS[0] <= year <= _YEARS[1]:
        # A bank's number has other things in brackets.
        return []
    if year > latest.year:
        text = Text(f"文号年份{year}晚于{latest.year}年", f"The number is of {year}, after {latest.year}")
        return [FieldError(pointer, FieldCode.DATE_IN_FUTURE, text)]
    if earliest is not None and year < earliest.year:
        text = Text(f"文号年份{year}早于{earliest.year}年", f"The number is of {year}, before {earliest.year}")
        return [FieldError(pointer, FieldCode.TOO_EARLY, text)]
    return []


def cited_in_time(pointer: str, number: str | None, *, latest: date, earliest: date | None = None) -> None:
    """`Invalid` where `cited_faults` finds one."""
    faults = cited_faults(pointer, number, latest=latest, earliest=earliest)
    if faults:
        raise Invalid(faults[0].message, errors=faults)


def in_order_faults(place: str, occurred_on: date | None, determined_on: date | None) -> list[FieldError]:
    """A fault for a determination before the event that it determines; `place`: the pointer to the record."""
    if occurred_on is None:
        return []
    told = Text("认定日期早于发生日期", "The determination is before the event")
    return early_faults(f"{place}/determined_on", determined_on, occurred_on, told)
