"""Calendar years and days in Shanghai: corresponding days, last days, ends of days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.measures.dates import SHANGHAI, add_years, end_of_day, last_day_of_years, shanghai_date, to_come


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2021, 3, 10), 3, date(2024, 3, 10)),
        (date(2020, 2, 29), 3, date(2023, 2, 28)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
        (date(2096, 2, 29), 4, date(2100, 2, 28)),
        (date(1996, 2, 29), 4, date(2000, 2, 29)),
        (date(2020, 2, 28), 3, date(2023, 2, 28)),
        (date(2021, 2, 28), 3, date(2024, 2, 28)),
        (date(2020, 3, 29), 1, date(2021, 3, 29)),
        (date(2024, 2, 29), -3, date(2021, 2, 28)),
        (date(2024, 6, 10), -3, date(2021, 6, 10)),
        (date(2024, 6, 10), 0, date(2024, 6, 10)),
    ],
)
def test_years_lead_to_the_corresponding_day_and_29_february_to_the_28th(day: date, years: int, expected: date) -> None:
    assert add_years(day, years) == expected


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(9996, 5, 5), 3, date(9999, 5, 5)),
        (date(9997, 5, 5), 3, date.max),
        (date(4, 5, 5), -3, date(1, 5, 5)),
        (date(3, 5, 5), -3, date.min),
    ],
)
def test_years_beyond_the_calendar_stop_at_its_ends(day: date, years: int, expected: date) -> None:
    assert add_years(day, years) == expected


@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        (date(2025, 3, 10), 3, date(2028, 3, 10)),
        (date(2024, 2, 29), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 10, date(2034, 2, 28)),
        (date(2025, 12, 31), 5, date(2030, 12, 31)),
    ],
)
def test_a_period_of_years_ends_with_the_corresponding_day(start: date, years: int, last: date) -> None:
    assert last_day_of_years(start, years) == last


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2024, 6, 10, 15, 59, 59, tzinfo=UTC), date(2024, 6, 10)),
        (datetime(2024, 6, 10, 16, 0, 0, tzinfo=UTC), date(2024, 6, 11)),
    ],
)
def test_a_day_begins_at_midnight_in_shanghai(instant: datetime, day: date) -> None:
    assert shanghai_date(instant) == day


def test_a_day_ends_at_24_o_clock_in_shanghai() -> None:
    assert end_of_day(date(2024, 6, 10)) == datetime(2024, 6, 10, 16, 0, tzinfo=UTC)
    assert end_of_day(date(2024, 12, 31)).isoformat() == "2025-01-01T00:00:00+08:00"
    assert end_of_day(date(2024, 6, 10)).tzname() == "Asia/Shanghai"
    assert SHANGHAI.utcoffset(None) == timedelta(hours=8)


def test_the_last_day_of_the_calendar_ends_without_an_error() -> None:
    assert end_of_day(date.max) == datetime.max.replace(tzinfo=UTC)
    assert end_of_day(date.max - timedelta(days=1)).date() == date.max


def test_what_is_to_come_is_after_today() -> None:
    days = [date(2024, 6, 11), date(2024, 6, 10), date(2024, 6, 9), date(2025, 1, 1)]
    assert to_come(days, date(2024, 6, 10)) == [date(2024, 6, 11), date(2025, 1, 1)]
    assert to_come([], date(2024, 6, 10)) == []
