"""Calendar arithmetic of the measures: calendar years, days and their ends in Shanghai."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone

# China has kept one offset without summer time since 1992: a fixed one needs no zone database and cannot be ambiguous.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def add_years(day: date, years: int) -> date:
    """The corresponding day `years` later (earlier where negative); 29 February becomes the 28th in a common year.

    Beyond the calendar's ends the answer is `date.max` or `date.min`: a rule compares, it does not raise.
    """
    year = day.year + years
    if year > date.max.year:
        return date.max
    if year < date.min.year:
        return date.min
    if (day.month, day.day) == (2, 29) and not _is_leap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


def last_day_of_years(start: date, years: int) -> date:
    """The last day, included, of a period of calendar years that begins on `start` (Arts. 23, 26, 28).

    The day on which a period begins is not counted, and it ends with the corresponding day of the last year (Arts. 201
    and 202 of the Civil Code): a decree of 2025-03-10 with three years is valid through 2028-03-10.
    """
    return add_years(start, years)


def shanghai_date(instant: datetime) -> date:
    """The calendar day in Shanghai of an aware instant."""
    return instant.astimezone(SHANGHAI).date()


def end_of_day(day: date) -> datetime:
    """24:00 of `day` in Shanghai, exclusive: the first instant of the next day. Aware."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    next_day = day + timedelta(days=1)
    return datetime(next_day.year, next_day.month, next_day.day, tzinfo=SHANGHAI)


def to_come(days: Iterable[date], today: date) -> list[date]:
    """Those of the days that are after today: what has happened is never of tomorrow."""
    return [day for day in days if day > today]


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
