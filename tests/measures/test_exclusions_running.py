"""Arts. 26, 28 (rule `exclusions`): no application and no review while an exclusion of the legal person runs."""

from datetime import date

import pytest

from app.measures.exclusions import not_excluded
from app.measures.facts import Exclusion
from tests.measures.eligibility_samples import one

FIVE = Exclusion(date(2022, 6, 10), date(2027, 6, 10), "28")
TEN = Exclusion(date(2023, 1, 5), date(2033, 1, 5), "26")


@pytest.mark.parametrize(
    ("test_date", "outcome"),
    [
        (date(2022, 6, 9), "pass"),
        (date(2022, 6, 10), "fail"),
        (date(2027, 6, 10), "fail"),
        (date(2027, 6, 11), "pass"),
    ],
)
def test_it_runs_from_the_decision_through_its_last_day(test_date: date, outcome: str) -> None:
    found = one(
        not_excluded(exclusions=[FIVE], test_date=test_date),
        "exclusions",
        outcome,
        test_date=test_date.isoformat(),
    )
    if outcome == "fail":
        assert found.facts["last_day"] == "2027-06-10"
        assert found.facts["articles"] == ["28"]
        assert "10 June 2027" in found.message.en


@pytest.mark.parametrize("exclusions", [(FIVE, TEN), (TEN, FIVE)])
def test_of_two_the_later_end_counts(exclusions: tuple[Exclusion, ...]) -> None:
    found = not_excluded(exclusions=exclusions, test_date=date(2024, 6, 10))
    one(found, "exclusions", "fail", "5 January 2033", last_day="2033-01-05", articles=["26", "28"])


def test_one_that_has_ended_is_not_told_beside_one_that_runs() -> None:
    found = not_excluded(exclusions=[FIVE, TEN], test_date=date(2030, 1, 1))
    one(found, "exclusions", "fail", last_day="2033-01-05", articles=["26"])


def test_without_any_it_passes() -> None:
    one(not_excluded(exclusions=[], test_date=date(2024, 6, 10)), "exclusions", "pass")
