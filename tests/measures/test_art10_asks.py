"""Art. 10: what a round asks for beyond the measures is part of its review rules, and frozen with them."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.measures.asks import (
    AskedOf,
    Asks,
    CommitteeDetail,
    DecreeDetail,
    FormField,
    Indicator,
    IndicatorUnit,
    InternalNoticePeriod,
    NoticeCounting,
    OpinionDetail,
    ProductDetail,
    RecommendationDetail,
    ReviewDetail,
    SectionLength,
    shipped_indicators,
)
from app.measures.fees import materials_without_fee
from app.measures.review_rules import ReviewRules, review_rules_complete
from app.measures.shipped import read_as
from tests.measures.procedure_samples import RULES, only, refused, rules

RULE = "art10.review_rules"
SATISFACTION = Indicator(
    "customer_satisfaction", "顾客满意度", "Customer satisfaction", IndicatorUnit.PERCENT, Decimal(0), Decimal(100)
)
EVERYTHING = Asks(
    form_fields=tuple(FormField),
    product_details=tuple(ProductDetail),
    indicators=shipped_indicators(),
    section_lengths=(SectionLength("profile", 100, 3000), SectionLength("results", None, 20000)),
    internal_notice=InternalNoticePeriod(5, NoticeCounting.WORKING_DAYS),
    recommendation=tuple(RecommendationDetail),
    opinions=tuple(OpinionDetail),
    review=tuple(ReviewDetail),
    committee=tuple(CommitteeDetail),
    decree=tuple(DecreeDetail),
)


def asking(**changes: Any) -> ReviewRules:
    return rules(asks=Asks(**changes))


def test_the_shipped_default_asks_for_nothing_more() -> None:
    assert RULES.asks == Asks()
    assert read_as(ReviewRules, {k: v for k, v in RULES.to_mapping().items() if k != "asks"}) == RULES


def test_what_a_round_asks_goes_to_json_and_back_and_into_the_hash() -> None:
    whole = rules(asks=EVERYTHING)
    assert read_as(ReviewRules, json.loads(json.dumps(whole.to_mapping()))) == whole
    assert whole.content_hash != RULES.content_hash
    assert asking(committee=(CommitteeDetail.CHAIR,)).content_hash not in (whole.content_hash, RULES.content_hash)
    only(review_rules_complete(rules=whole), RULE, "pass")
    assert asking(indicators=(SATISFACTION,)).to_mapping()["asks"]["indicators"] == [  # type: ignore[index]
        {
            "code": "customer_satisfaction",
            "zh": "顾客满意度",
            "en": "Customer satisfaction",
            "counted_in": "percent",
            "at_least": "0",
            "at_most": "100",
            "asked_of": "everybody",
        }
    ]


def test_days_are_calendar_days_and_an_indicator_is_everybodys_unless_it_is_said() -> None:
    read = read_as(
        Asks,
        {"internal_notice": {"days": 5}, "indicators": [{"code": "a", "zh": "甲", "en": "A", "counted_in": "count"}]},
    )
    assert read.internal_notice == InternalNoticePeriod(5, NoticeCounting.CALENDAR_DAYS)
    assert read.indicators == (Indicator("a", "甲", "A", IndicatorUnit.COUNT, None, None, AskedOf.EVERYBODY),)


@pytest.mark.parametrize(
    "raw",
    [
        {"committee": ["throne"]},
        {"form_field": ["staff"]},
        {"indicators": [{"code": "a", "zh": "甲", "en": "A", "counted_in": "acres"}]},
        {"internal_notice": {"days": 5, "counted": "moons"}},
        {"section_lengths": [{"code": "profile", "longest": 5}]},
    ],
)
def test_what_is_no_such_thing_is_refused(raw: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        read_as(Asks, raw)


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(TypeError, match=r"no fields of Asks: \['form_field'\]"):
        read_as(Asks, {"form_field": []})


@pytest.mark.parametrize(
    ("changes", "reason", "facts"),
    [
        (
            {"form_fields": (FormField.STAFF,) * 2},
            "field_duplicated",
            {"field": "asks.form_fields", "codes": ["staff"]},
        ),
        (
            {"committee": (CommitteeDetail.CHAIR,) * 2},
            "field_duplicated",
            {"field": "asks.committee", "codes": ["chair"]},
        ),
        (
            {"indicators": (SATISFACTION,) * 2},
            "field_duplicated",
            {"field": "asks.indicators", "codes": ["customer_satisfaction"]},
        ),
        (
            {"section_lengths": (SectionLength("profile"),) * 2},
            "field_duplicated",
            {"field": "asks.section_lengths", "codes": ["profile"]},
        ),
        (
            {"indicators": (replace(SATISFACTION, at_least=Decimal(101)),)},
            "bounds_reversed",
            {"field": "asks", "code": "customer_satisfaction"},
        ),
        (
            {"section_lengths": (SectionLength("profile", 11, 10),)},
            "bounds_reversed",
            {"field": "asks", "code": "profile"},
        ),
        (
            {"section_lengths": (SectionLength("poems", 1, 10),)},
            "section_not_required",
            {"field": "asks.section_lengths", "code": "poems"},
        ),
        (
            {"internal_notice": InternalNoticePeriod(0)},
            "number_not_positive",
            {"field": "asks.internal_notice.days", "value": 0},
        ),
    ],
)
def test_what_makes_no_sense_is_told(changes: dict[str, Any], reason: str, facts: dict[str, Any]) -> None:
    finding = only(review_rules_complete(rules=asking(**changes)), RULE, "fail")
    assert (finding.reason, dict(finding.facts)) == (reason, facts)


@pytest.mark.parametrize(
    "changes",
    [
        {"section_lengths": (SectionLength("profile", 10, 10), SectionLength("results", None, 1))},
        {"indicators": (replace(SATISFACTION, at_least=Decimal(100)), replace(SATISFACTION, code="b", at_least=None))},
        {"section_lengths": (SectionLength("profile", 10, None),), "internal_notice": InternalNoticePeriod(1)},
    ],
)
def test_bounds_may_meet_or_be_open(changes: dict[str, Any]) -> None:
    only(review_rules_complete(rules=asking(**changes)), RULE, "pass")


def test_a_round_that_wants_odd_numbers_has_them_itself() -> None:
    odd = Asks(committee=(CommitteeDetail.ODD_NUMBER,), review=(ReviewDetail.ODD_PANELS,))
    only(review_rules_complete(rules=rules(asks=odd)), RULE, "pass")
    even = {"committee_size": 8, "panel_size_material": 2, "panel_size_onsite": 4}
    found = review_rules_complete(rules=rules(asks=odd, **even))
    assert [dict(item.facts) for item in found] == [{"field": name, "value": size} for name, size in even.items()]
    assert refused(found, RULE) == ["number_not_odd"] * 3
    other = Asks(committee=(CommitteeDetail.CHAIR,), review=(ReviewDetail.CUSTOMER_SURVEY,))
    only(review_rules_complete(rules=rules(asks=other, **even)), RULE, "pass")


def test_the_shipped_indicators_are_about_fifteen_each_its_own() -> None:
    shipped = shipped_indicators()
    assert len({item.code for item in shipped}) == len(shipped) == 18
    assert {item.asked_of for item in shipped} == set(AskedOf)
    for item in shipped:
        assert item.concerns(operating=True) is (item.asked_of is not AskedOf.NON_PROFIT)
        assert item.concerns(operating=False) is (item.asked_of is not AskedOf.OPERATING)


def test_an_indicator_that_proves_a_fee_is_found_as_a_material_would_be() -> None:
    fee = Indicator("paid", "报名费", "Entered", IndicatorUnit.FEN)
    assert refused(materials_without_fee(rules=asking(indicators=(SATISFACTION, fee))), "art07.no_fee")
    assert not refused(materials_without_fee(rules=asking(indicators=(SATISFACTION,))), "art07.no_fee")
