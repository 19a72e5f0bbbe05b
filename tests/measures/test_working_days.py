"""Working days in the counting of Art. 21 (art21.publicity): holiday years are data; an unknown year is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from chinese_calendar import constants as published

from app.measures.text import Text
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
    with pytest.raises(UnknownYear):
        WorkingCalendar({2025: KNOWN.years[2024]}).is_working_day(date(2024, 6, 3))
    assert WorkingCalendar({}).years == {}


@pytest.mark.parametrize("day", [date(2024, 12, 28), date(2024, 12, 31)])
def test_the_last_days_of_december_are_known_with_the_next_years_notice_only(day: date) -> None:
    with pytest.raises(UnknownYear) as caught:
        KNOWN.is_working_day(day)
    assert caught.value.year == 2025
    assert KNOWN.is_working_day(date(2024, 12, 27))
    assert calendar(2024, 2025).is_working_day(day) is (day.weekday() < 5)


def test_the_new_year_of_one_notice_reaches_into_the_december_before() -> None:
    # As in the notice for 2019: off from 30 December to 1 January, 29 December worked.
    notice = HolidayYear(
        frozenset({date(2018, 12, 30), date(2018, 12, 31), date(2019, 1, 1)}),
        frozenset({date(2018, 12, 29)}),
        "国办发明电〔2018〕15号",
    )
    around = WorkingCalendar({2018: calendar(2018).years[2018], 2019: notice})
    assert around.is_working_day(date(2018, 12, 29))
    assert not around.is_working_day(date(2018, 12, 31))
    assert around.working_day_on_or_after(date(2018, 12, 30)) == date(2019, 1, 2)


def test_what_a_years_own_data_say_of_its_december_counts_as_well() -> None:
    off, worked = date(2018, 12, 31), date(2018, 12, 29)
    around = calendar(2018, 2019, holidays=[off], workdays=[worked])
    assert not around.is_working_day(off)
    assert around.is_working_day(worked)


def test_the_next_working_day_is_after_the_day() -> None:
    assert KNOWN.working_day_on_or_after(date(2024, 9, 30)) == date(2024, 9, 30)
    assert KNOWN.next_working_day(date(2024, 9, 30)) == date(2024, 10, 8)
    assert KNOWN.working_day_on_or_after(date(2024, 10, 1)) == date(2024, 10, 8)
    assert KNOWN.add_working_days(date(2024, 9, 27), 0) == date(2024, 9, 27)
    assert KNOWN.add_working_days(date(2024, 9, 27), 3) == date(2024, 10, 8)


SPRING = [date(2024, 2, day) for day in range(10, 18)]
MOVING = [*SPRING, date(2024, 4, 4), date(2024, 6, 10)]
YEAR = HolidayYear(
    frozenset({date(2024, 1, 1), date(2024, 5, 1), *MOVING, *NATIONAL_DAY}),
    frozenset(MAKE_UP),
    "国办发明电〔2023〕7号",
)


def test_a_whole_holiday_year_can_be_used() -> None:
    finding = only(holiday_year_usable(year=2024, data=YEAR), "art21.publicity", "pass")
    assert finding.facts["year"] == 2024
    assert finding.message == Text("2024年节假日数据可用", "The holiday data of 2024 can be used")


@pytest.mark.parametrize("year", range(2008, 2027))
def test_every_year_that_was_published_can_be_used(year: int) -> None:
    data = HolidayYear(
        frozenset(day for day in published.holidays if day.year == year),
        frozenset(day for day in published.workdays if day.year == year),
        "国务院办公厅通知",
    )
    only(holiday_year_usable(year=year, data=data), "art21.publicity", "pass")


@pytest.mark.parametrize(
    ("day", "usable"),
    [(date(2023, 12, 28), True), (date(2023, 12, 31), True), (date(2023, 12, 27), False), (date(2022, 12, 31), False)],
)
def test_a_year_may_hold_the_days_before_its_new_year(day: date, usable: bool) -> None:
    findings = holiday_year_usable(year=2024, data=replace(YEAR, holidays=YEAR.holidays | {day}))
    assert [item.facts.get("days") for item in findings] == [None if usable else [day.isoformat()]]
    only(findings, "art21.publicity", "pass" if usable else "fail")


@pytest.mark.parametrize(
    ("holidays", "usable"),
    [
        ([date(2024, 1, 20), date(2024, 2, 22), date(2024, 2, 23)], True),
        ([date(2024, 1, 19), date(2024, 2, 22), date(2024, 2, 23)], False),
        ([date(2024, 1, 20), date(2024, 2, 23), date(2024, 2, 24)], False),
    ],
)
def test_the_spring_festival_has_at_least_three_days_in_its_time(holidays: list[date], usable: bool) -> None:
    data = replace(YEAR, holidays=YEAR.holidays - set(SPRING) | set(holidays))
    finding = only(holiday_year_usable(year=2024, data=data), "art21.publicity", "pass" if usable else "fail")
    if not usable:
        assert finding.message == Text("缺少春节假期", "Days off are missing: Spring Festival")
        assert dict(finding.facts) == {
            "year": 2024,
            "window": ["2024-01-20", "2024-02-23"],
            "days_off": 3,
            "holiday": "spring_festival",
        }


@pytest.mark.parametrize(
    ("forgotten", "days", "name"),
    [
        (date(2024, 4, 4), [date(2024, 4, 4), date(2024, 4, 6)], "Qingming"),
        (date(2024, 6, 10), [date(2024, 5, 25), date(2024, 6, 27)], "the Dragon Boat Festival"),
    ],
)
def test_a_forgotten_festival_is_told(forgotten: date, days: list[date], name: str) -> None:
    without = YEAR.holidays - {forgotten}
    for day in (forgotten, *days):
        only(holiday_year_usable(year=2024, data=replace(YEAR, holidays=without | {day})), "art21.publicity", "pass")
    outside = {days[0] - timedelta(days=1), days[1] + timedelta(days=1), forgotten.replace(year=2023)}
    findings = holiday_year_usable(year=2024, data=replace(YEAR, holidays=without | outside))
    assert refused(findings, "art21.publicity")[-1] == "festival_missing"
    assert findings[-1].message.en == f"Days off are missing: {name}"


def test_every_defect_of_a_holiday_year_is_told() -> None:
    bad = HolidayYear(
        frozenset({date(2024, 1, 1), date(2025, 12, 31), date(2024, 10, 12), *MOVING}),
        frozenset({date(2024, 10, 12), date(2024, 10, 10)}),
        " ",
    )
    findings = holiday_year_usable(year=2024, data=bad)
    assert refused(findings, "art21.publicity") == [
        "days_outside_year",
        "holiday_and_workday",
        "workday_not_weekend",
        "holidays_missing",
        "source_missing",
    ]
    assert [item.facts.get("days") for item in findings] == [
        ["2025-12-31"],
        ["2024-10-12"],
        ["2024-10-10"],
        ["2024-05-01", "2024-10-01"],
        None,
    ]
