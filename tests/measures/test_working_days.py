"""Working days in the counting of Art. 21 (art21.publicity): holiday years are data; an unknown year is unknown."""

from __future__ import annotations

from datetime import date

import pytest

from app.measures.working_days import HolidayYear, UnknownYear, WorkingCalendar, holiday_year_usable
from tests.measures.procedure_samples import calendar, only, refused

NATIONAL_DAY = [date(2024, 10, day) for day in range(1, 8)]
MAKE_UP = [date(2024, 9, 29), date(2024, 10, 12)]
KNOWN = calendar(2024, holidays=NATIONAL_DAY, workdays=MAKE_UP)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2024, 9, 27), True),
        (date(2024, 9, 28), False),
        (date(2024, 9, 29), True),
        (date(2024, 9, 30), True),
        (date(2024, 10, 1), False),
        (date(2024, 10, 7), False),
        (date(2024, 10, 12), True),
        (date(2024, 10, 13), False),
    ],
)
def test_weekends_and_holidays_are_off_and_make_up_days_are_worked(day: date, working: bool) -> None:
    assert KNOWN.is_working_day(day) is working


def test_a_year_without_data_is_unknown() -> None:
    with pytest.raises(UnknownYear) as caught:
        KNOWN.is_working_day(date(2025, 1, 2))
    assert caught.value.year == 2025
    with pytest.raises(UnknownYear):
        KNOWN.next_working_day(date(2024, 12, 31))
    assert WorkingCalendar({}).years == {}


def test_the_next_working_day_is_after_the_day() -> None:
    assert KNOWN.working_day_on_or_after(date(2024, 9, 30)) == date(2024, 9, 30)
    assert KNOWN.next_working_day(date(2024, 9, 30)) == date(2024, 10, 8)
    assert KNOWN.working_day_on_or_after(date(2024, 10, 1)) == date(2024, 10, 8)
    assert KNOWN.add_working_days(date(2024, 9, 27), 0) == date(2024, 9, 27)
    assert KNOWN.add_working_days(date(2024, 9, 27), 3) == date(2024, 10, 8)


YEAR = HolidayYear(
    frozenset({date(2024, 1, 1), date(2024, 5, 1), *NATIONAL_DAY}), frozenset(MAKE_UP), "国办发明电〔2023〕7号"
)


def test_a_whole_holiday_year_can_be_used() -> None:
    assert only(holiday_year_usable(year=2024, data=YEAR), "art21.publicity", "pass").facts["year"] == 2024


def test_every_defect_of_a_holiday_year_is_told() -> None:
    bad = HolidayYear(
        frozenset({date(2024, 1, 1), date(2023, 12, 31), date(2024, 10, 12)}),
        frozenset({date(2024, 10, 12), date(2024, 10, 10)}),
        " ",
    )
    findings = holiday_year_usable(year=2024, data=bad)
    assert refused(findings, "art21.publicity") == [
        "Dates outside 2024",
        "A date is both a holiday and a working day",
        "A make-up working day must fall on a weekend",
        "Statutory holidays are missing",
        "The source is not stated",
    ]
    assert [item.facts.get("days") for item in findings] == [
        ["2023-12-31"],
        ["2024-10-12"],
        ["2024-10-10"],
        ["2024-05-01", "2024-10-01"],
        None,
    ]
