"""Working days of the mainland calendar. Holiday years are imported data; a year without data is unknown.

The notice of a year settles the days around its New Year as well: the last ones of the December before may be off, or
worked (2018-12-29). So they are known only with the next year's notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.measures.findings import Finding, fails, passes
from app.measures.reasons import Reason
from app.measures.registry import rule

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
# From here to the year's end the next year's notice may have its say; none has reached further back.
_SETTLED_BY_THE_NEXT = (12, 28)
# Statutory holidays with a fixed solar date: a list of a year that lacks one of them is not that year's list.
_FIXED_HOLIDAYS = ((1, 1), (5, 1), (10, 1))
# Those that move, by the days between which they fall in every year, and how many days off there are at least:
# Spring Festival, Qingming, the Dragon Boat Festival. The Mid-Autumn Festival may lie in the National Day holiday.
_MOVING_HOLIDAYS = (
    ("spring_festival", (1, 20), (2, 23), 3),
    ("qingming", (4, 4), (4, 6), 1),
    ("dragon_boat_festival", (5, 25), (6, 27), 1),
)


class UnknownYear(LookupError):
    """No holiday data for `year`: whether a day of it is a working day is not known, and is never guessed."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no holiday data for {year}")  # house: sentences
        self.year = year


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """One published year: days off (`holidays`), make-up working days (`workdays`), the notice they come from. The last
    days of the December before may be among them, as they are in the notice."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    source: str


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The holiday years known to the service, by calendar year."""

    years: Mapping[int, HolidayYear]

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is a working day; raises `UnknownYear` where a year that settles it has no data."""
        settling = (day.year, day.year + 1) if _at_the_years_end(day) else (day.year,)
        for year in settling:
            if year not in self.years:
                raise UnknownYear(year)
        notices = [self.years[year] for year in settling]
        if any(day in notice.workdays for notice in notices):
            return True
        return day.weekday() < _SATURDAY and not any(day in notice.holidays for notice in notices)

    def working_day_on_or_after(self, day: date) -> date:
        """`day` itself when it is a working day, else the next one. Raises `UnknownYear`."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`. Raises `UnknownYear`."""
        return self.working_day_on_or_after(day + _ONE_DAY)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself does not count. Raises `UnknownYear`."""
        for _ in range(count):
            day = self.next_working_day(day)
        return day


@rule("art21.publicity")
def holiday_year_usable(*, year: int, data: HolidayYear) -> list[Finding]:
    """Whether an imported holiday year can carry the counting of Art. 21: its own year's with the days before its New
    Year, no statutory holiday forgotten (but for the Mid-Autumn Festival, see above), no contradiction."""
    findings: list[Finding] = []
    foreign = sorted(
        day.isoformat()
        for day in data.holidays | data.workdays
        if day.year != year and not (day.year == year - 1 and _at_the_years_end(day))
    )
    if foreign:
        findings.append(fails("art21.publicity", Reason.DAYS_OUTSIDE_YEAR, year=year, days=foreign))
    both = sorted(day.isoformat() for day in data.holidays & data.workdays)
    if both:
        findings.append(fails("art21.publicity", Reason.HOLIDAY_AND_WORKDAY, year=year, days=both))
    weekdays = sorted(day.isoformat() for day in data.workdays if day.weekday() < _SATURDAY)
    if weekdays:
        findings.append(fails("art21.publicity", Reason.WORKDAY_NOT_WEEKEND, year=year, days=weekdays))
    findings += _forgotten(year, data)
    if not data.source.strip():
        findings.append(fails("art21.publicity", Reason.SOURCE_MISSING, year=year))
    return findings or [
        passes("art21.publicity", Reason.HOLIDAYS_USABLE, year=year),
    ]


def _forgotten(year: int, data: HolidayYear) -> list[Finding]:
    """Statutory holidays that the list does not have."""
    findings: list[Finding] = []
    missing = [
        date(year, month, day).isoformat()
        for month, day in _FIXED_HOLIDAYS
        if date(year, month, day) not in data.holidays
    ]
    if missing:
        findings.append(fails("art21.publicity", Reason.HOLIDAYS_MISSING, year=year, days=missing))
    for name, first, last, days_off in _MOVING_HOLIDAYS:
        listed = [day for day in data.holidays if day.year == year and first <= (day.month, day.day) <= last]
        if len(listed) < days_off:
            findings.append(
                fails(
                    "art21.publicity",
                    Reason.FESTIVAL_MISSING,
                    year=year,
                    window=[date(year, *first).isoformat(), date(year, *last).isoformat()],
                    days_off=days_off,
                    holiday=name,
                )
            )
    return findings


def _at_the_years_end(day: date) -> bool:
    return (day.month, day.day) >= _SETTLED_BY_THE_NEXT
