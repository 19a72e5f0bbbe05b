"""Art. 3: what a round may ask of a recommendation beside the endorsement by one unit."""

from __future__ import annotations

from datetime import date

import pytest

from app.measures.asks import Asks, RecommendationDetail
from app.measures.facts import UnitKind
from app.measures.recommendations import (
    county_endorsable,
    county_endorsed,
    county_signed_after,
    county_unit_named,
    opinion_recommends,
    order_free,
    signed_after_the_request,
)
from tests.measures.procedure_samples import RULES, only, rules, stated

RULE = "art03.recommendation"
ASKING = rules(asks=Asks(recommendation=(RecommendationDetail.COUNTY_ENDORSEMENT,)))
OTHERWISE = rules(asks=Asks(recommendation=(RecommendationDetail.LETTER_NUMBER, RecommendationDetail.ORDER)))
AREA_UNITS = (UnitKind.TOWNSHIP, UnitKind.URBAN_COMMUNITY_COMMITTEE)
OTHERS = (UnitKind.DEPARTMENT, UnitKind.ASSOCIATION)


@pytest.mark.parametrize("kind", AREA_UNITS)
def test_after_a_township_a_department_is_named_where_the_round_asks(kind: UnitKind) -> None:
    missing = only(county_unit_named(rules=ASKING, unit_kind=kind, county_kind=None), RULE, "fail")
    assert (missing.reason, dict(missing.facts)) == ("county_unit_missing", {"unit_kind": kind.value})
    for asked in (ASKING, OTHERWISE, RULES):
        named = only(county_unit_named(rules=asked, unit_kind=kind, county_kind=UnitKind.DEPARTMENT), RULE, "pass")
        assert (named.reason, dict(named.facts)) == ("county_unit_named", {"county_unit_kind": "department"})
    for asked in (OTHERWISE, RULES):
        assert county_unit_named(rules=asked, unit_kind=kind, county_kind=None) == []


@pytest.mark.parametrize("county", [*AREA_UNITS, UnitKind.ASSOCIATION])
def test_nobody_but_a_department_endorses_for_the_county(county: UnitKind) -> None:
    unfit = only(county_unit_named(rules=ASKING, unit_kind=UnitKind.TOWNSHIP, county_kind=county), RULE, "fail")
    assert unfit.reason == "county_unit_unfit"
    assert dict(unfit.facts) == {"unit_kind": "township", "county_unit_kind": county.value}


@pytest.mark.parametrize("kind", OTHERS)
def test_a_departments_or_associations_recommendation_needs_no_other(kind: UnitKind) -> None:
    assert county_unit_named(rules=ASKING, unit_kind=kind, county_kind=None) == []
    named = county_unit_named(rules=ASKING, unit_kind=kind, county_kind=UnitKind.DEPARTMENT)
    assert only(named, RULE, "fail").reason == "county_unit_unfit"
    assert county_endorsed(rules=ASKING, unit_kind=kind, given=False) == []


@pytest.mark.parametrize("kind", AREA_UNITS)
def test_the_countys_endorsement_is_there_before_the_submission(kind: UnitKind) -> None:
    missing = only(county_endorsed(rules=ASKING, unit_kind=kind, given=False), RULE, "fail")
    assert (missing.reason, stated(missing)) == ("county_endorsement_missing", {"unit_kind": kind.value})
    given = only(county_endorsed(rules=ASKING, unit_kind=kind, given=True), RULE, "pass")
    assert (given.reason, dict(given.facts)) == ("county_endorsed", {"unit_kind": kind.value})
    for asked in (OTHERWISE, RULES):
        assert county_endorsed(rules=asked, unit_kind=kind, given=False) == []


def test_the_department_endorses_once() -> None:
    assert only(county_endorsable(given=False), RULE, "pass").reason == "county_unit_named"
    assert only(county_endorsable(given=True), RULE, "fail").reason == "county_endorsed_already"


def test_each_has_a_place_of_its_own_in_the_order() -> None:
    assert order_free(order=None, taken={1}) == []
    free = only(order_free(order=2, taken={3, 1}), RULE, "pass")
    assert (free.reason, dict(free.facts)) == ("order_free", {"order": 2})
    taken = only(order_free(order=3, taken={3, 1}), RULE, "fail")
    assert (taken.reason, dict(taken.facts)) == ("order_taken", {"order": 3, "taken": [1, 3]})


@pytest.mark.parametrize(
    ("opinion", "no"),
    [
        ("同意推荐", False),
        ("不同意推荐", True),
        ("不 同 意", True),
        ("无不同意见，同意推荐", False),
        ("不予推荐", True),
        ("暂不推荐", True),
        ("我单位反对", True),
        ("不反对推荐", False),
        ("无反对意见", False),
        ("不支持", True),
        ("支持申报", False),
        ("Do not recommend", True),
        ("We DISAGREE", True),
        ("Recommended", False),
        ("We do not oppose it", False),
        ("We oppose it", True),
        ("", False),
    ],
)
def test_an_opinion_that_says_no_recommends_nothing(opinion: str, no: bool) -> None:
    found = opinion_recommends(opinion=opinion)
    assert [item.reason for item in found] == (["opinion_says_no"] if no else [])
    assert all(item.rule == RULE and item.outcome == "fail" for item in found)


@pytest.mark.parametrize(("day", "before"), [(1, True), (7, True), (8, False), (9, False)])
def test_a_unit_signs_what_it_was_asked_for_and_not_before(day: int, before: bool) -> None:
    found = signed_after_the_request(
        signed_on=date(2024, 3, day), requested_on=date(2024, 3, 8), called_on=date(2024, 3, 1)
    )
    if before:
        told = only(found, RULE, "fail")
        assert (told.reason, dict(told.facts)) == (
            "signed_before_the_request",
            {"day": f"2024-03-0{day}", "requested_on": "2024-03-08"},
        )
    else:
        assert found == []
    # Before the call it is refused by itself.
    earlier = date(2024, 2, 29)
    assert signed_after_the_request(signed_on=earlier, requested_on=date(2024, 3, 8), called_on=date(2024, 3, 1)) == []


@pytest.mark.parametrize(("day", "before"), [(7, True), (8, False), (9, False)])
def test_the_county_signs_on_the_units_day_or_later(day: int, before: bool) -> None:
    found = county_signed_after(signed_on=date(2024, 3, day), recommended_on=date(2024, 3, 8))
    if before:
        told = only(found, RULE, "fail")
        assert (told.reason, dict(told.facts)) == (
            "county_signed_before",
            {"day": "2024-03-07", "recommended_on": "2024-03-08"},
        )
    else:
        assert found == []
    assert county_signed_after(signed_on=date(2024, 3, day), recommended_on=None) == []
