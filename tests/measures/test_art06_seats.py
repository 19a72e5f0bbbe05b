"""Art. 6: two seats for manufacturing, one for everything else together; they never move, and nothing fills them."""

from dataclasses import replace
from typing import Any

import pytest

from app.measures.findings import Finding
from app.measures.seats import SeatFacts, cap, seats_available, seats_taken, vacancies
from app.measures.sectors import SeatCategory, divisions, sections
from app.measures.text import Text
from tests.measures.eligibility_samples import said
from tests.measures.procedure_samples import PARAMETERS, READINGS
from tests.support.facts import part


def seats(manufacturing: int, other: int, **caps: Any) -> list[Finding]:
    return seats_available(
        facts=SeatFacts(manufacturing, other),
        parameters=replace(PARAMETERS, **caps),
        readings=READINGS,
    )


@pytest.mark.parametrize("manufacturing", range(5))
@pytest.mark.parametrize("other", range(4))
def test_each_bucket_keeps_its_own_cap_whatever_the_other_has_left(manufacturing: int, other: int) -> None:
    found = said(
        seats(manufacturing, other),
        ("art06.seats", "pass" if manufacturing <= 2 else "fail"),
        ("art06.seats", "pass" if other <= 1 else "fail"),
    )
    assert [(item.facts["seat_category"], item.facts["taken"], item.facts["seats"]) for item in found] == [
        ("manufacturing", manufacturing, 2),
        ("other", other, 1),
    ]
    assert all(part(item.facts, "reading", "key") == "seats_at_candidate_list" for item in found)
    assert f"{manufacturing} " in found[0].message.en
    assert "manufacturing" in found[0].message.en


def test_a_refusal_says_that_seats_never_move() -> None:
    manufacturing, other = seats(3, 2)
    assert manufacturing.message.en == "3 names for 2 seats: manufacturing"
    assert other.message.en == "2 names for 1 seats: services, construction and all other industries"
    for item in (manufacturing, other):
        assert item.remedy is not None
        assert "never move" in item.remedy.en


def test_the_caps_are_the_instruments() -> None:
    said(seats(3, 2, seats_manufacturing=3, seats_other=2), ("art06.seats", "pass"), ("art06.seats", "pass"))
    said(seats(2, 1, seats_manufacturing=1, seats_other=3), ("art06.seats", "fail"), ("art06.seats", "pass"))
    assert [cap(seat_category, PARAMETERS) for seat_category in SeatCategory] == [2, 1]


def test_a_repeated_award_takes_no_seat() -> None:
    winners = [
        (SeatCategory.MANUFACTURING, True),
        (SeatCategory.MANUFACTURING, False),
        (SeatCategory.MANUFACTURING, True),
        (SeatCategory.OTHER, False),
        (SeatCategory.OTHER, True),
    ]
    taken = seats_taken(winners)
    assert taken == SeatFacts(manufacturing=2, other=1)
    assert (taken.taken(SeatCategory.MANUFACTURING), taken.taken(SeatCategory.OTHER)) == (2, 1)


@pytest.mark.parametrize(
    ("manufacturing", "other", "vacant"),
    [
        (0, 0, [2, 1]),
        (1, 0, [1, 1]),
        (2, 1, [0, 0]),
        (3, 2, [0, 0]),
    ],
)
def test_seats_may_stay_empty_and_an_empty_list_is_a_valid_decision(
    manufacturing: int, other: int, vacant: list[int]
) -> None:
    found = said(
        vacancies(facts=SeatFacts(manufacturing, other), parameters=PARAMETERS),
        ("art06.vacancy", "pass"),
        ("art06.vacancy", "pass"),
    )
    assert [item.facts["vacant"] for item in found] == vacant
    assert [item.facts["seat_category"] for item in found] == ["manufacturing", "other"]
    assert f"{vacant[0]} vacant" in found[0].message.en


def test_the_divisions_are_those_of_the_sections_and_each_has_both_names() -> None:
    ranges = [range(item.first_division, item.last_division + 1) for item in sections().values()]
    assert list(divisions()) == [f"{number:02d}" for numbers in ranges for number in numbers]
    assert divisions()["13"] == Text("农副食品加工业", "Processing of food from agricultural products")
    assert divisions()["83"] == Text("教育", "Education")
    assert all(name.zh.strip() and name.en.strip() and name.zh != name.en for name in divisions().values())
