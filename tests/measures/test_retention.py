"""How long data that leads to persons is kept: both sides of each period, and a data file that is whole."""

from datetime import date, timedelta

import pytest

from app.measures.retention import (
    DataClass,
    anonymised_mark,
    due_on,
    handler,
    is_due,
    kept_for_good,
    last_day_kept,
    purposes,
    retention_periods,
    rights,
)

EVENT = date(2024, 5, 31)
YEARS = {item: 1 if item is DataClass.WEBHOOK else 5 for item in DataClass}


@pytest.mark.parametrize("data_class", list(DataClass))
def test_the_last_day_is_kept_and_the_next_is_due(data_class: DataClass) -> None:
    last = date(2024 + YEARS[data_class], 5, 31)
    assert last_day_kept(data_class, EVENT) == last
    assert due_on(data_class, EVENT) == last + timedelta(days=1)
    assert not is_due(data_class, EVENT, today=last)
    assert is_due(data_class, EVENT, today=last + timedelta(days=1))


def test_a_leap_day_ends_with_february_and_the_calendar_has_an_end() -> None:
    assert last_day_kept(DataClass.REVIEWER, date(2024, 2, 29)) == date(2029, 2, 28)
    assert due_on(DataClass.REVIEWER, date(2024, 2, 29)) == date(2029, 3, 1)
    assert due_on(DataClass.REVIEWER, date(9999, 1, 1)) == date.max
    assert not is_due(DataClass.REVIEWER, date(9999, 1, 1), today=date.max)


def test_every_class_has_its_period_and_every_period_its_purpose() -> None:
    periods = retention_periods()
    assert list(periods) == list(DataClass)
    assert {key: item.years for key, item in periods.items()} == YEARS
    assert all(key is item.data_class for key, item in periods.items())
    named = [item for purpose in purposes() for item in purpose.periods]
    assert sorted(named) == sorted(DataClass)


def test_every_text_is_said_in_both_languages() -> None:
    texts = [handler()]
    for period in retention_periods().values():
        texts += [period.what, period.event, period.becomes, period.ground]
    for kept in kept_for_good():
        texts += [kept.what, kept.ground]
    for purpose in purposes():
        texts += [purpose.what, purpose.purpose, purpose.ground, purpose.readers]
    for right in rights():
        texts += [right.right, right.article]
    assert len(texts) == 1 + 8 * 4 + 4 * 2 + 4 * 4 + 3 * 2
    for text in texts:
        assert any("\u4e00" <= char <= "\u9fff" for char in text.zh)
        assert text.en and all(char < "\u4e00" for char in text.en)
    assert {right.path for right in rights()} == {"/v1/me/data", "/v1/me/rectification", "/v1/retention-periods"}
    assert anonymised_mark() == "（已匿名化）" and handler().zh == "质量强县办"
