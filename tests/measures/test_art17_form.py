"""Art. 17: the form is held against what the round's rules ask for, no more and no less."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.measures.asks import (
    AskedOf,
    Asks,
    DecreeDetail,
    FormField,
    Indicator,
    IndicatorUnit,
    InternalNoticePeriod,
    NoticeCounting,
    ProductDetail,
    SectionLength,
)
from app.measures.findings import Finding
from app.measures.form import (
    Evidence,
    FormFacts,
    IndicatorValue,
    InternalNotice,
    Product,
    asked_for_given,
    characters,
    form_as_asked,
    internal_notice_given,
)
from app.measures.working_days import HolidayYear, WorkingCalendar
from tests.measures.procedure_samples import READINGS, only, reading, rules

RULE = "art17.qualification"
YEARS = [2021, 2022, 2023]
RATE = Indicator("rate", "满意度", "Satisfaction", IndicatorUnit.PERCENT, Decimal(0), Decimal(100))
COUNT = Indicator("count", "件数", "Cases", IndicatorUnit.COUNT)


def held(
    facts: FormFacts, *, operating: bool = True, due: tuple[int, ...] = tuple(YEARS), **asks: Any
) -> list[Finding]:
    return form_as_asked(facts=facts, rules=rules(asks=Asks(**asks)), years=YEARS, due=due, operating=operating)


def values(*told: Any, code: str = "rate") -> tuple[IndicatorValue, ...]:
    return tuple(
        IndicatorValue(code, year, None if value is None else Decimal(value), f"/indicators/{number}")
        for number, (year, value) in enumerate(zip(YEARS, told, strict=False))
    )


def test_a_round_that_asks_for_nothing_takes_a_form_without_it() -> None:
    assert held(FormFacts()) == []
    asked = held(FormFacts(given=frozenset({"staff"})), form_fields=(FormField.STAFF,))
    assert only(asked, RULE, "pass").reason == "form_as_asked"


def test_parts_that_are_missing_are_named() -> None:
    asked: dict[str, Any] = {"form_fields": (FormField.STAFF, FormField.QUALITY_OFFICER)}
    found = only(held(FormFacts(given=frozenset({"staff"})), **asked), RULE, "fail")
    assert dict(found.facts) == {"of": "form", "missing": ["quality_officer"]}
    assert "质量负责人" in found.message.zh
    passed = only(held(FormFacts(given=frozenset({"staff", "quality_officer"})), **asked), RULE, "pass")
    assert passed.facts["asked"] == ["staff", "quality_officer"]


def test_each_product_has_its_details() -> None:
    whole = Product("甲", frozenset(ProductDetail), "/main_products/0")
    bare = Product("乙", frozenset({ProductDetail.CUSTOMERS}), "/main_products/1")
    asked: dict[str, Any] = {
        "product_details": (ProductDetail.STANDARDS, ProductDetail.CUSTOMERS, ProductDetail.COMPETITORS)
    }
    found = only(held(FormFacts(products=(whole, bare)), **asked), RULE, "fail")
    assert (found.facts["product"], found.facts["missing"]) == ("乙", ["standards", "competitors"])
    assert (found.at, found.reason) == ("/main_products/1", "product_detail_missing")
    only(held(FormFacts(products=(whole,)), **asked), RULE, "pass")


def test_an_indicator_is_stated_for_every_year_or_its_blank_explained() -> None:
    only(held(FormFacts(indicators=values("90", None, "93.5")), indicators=(RATE,)), RULE, "pass")
    found = only(held(FormFacts(indicators=values("90")), indicators=(RATE,)), RULE, "fail")
    assert (found.reason, found.facts["years"], found.at) == ("indicator_missing", [2022, 2023], "/indicators")
    assert found.facts["code"] == "rate"


@pytest.mark.parametrize("asked_of", AskedOf)
@pytest.mark.parametrize("operating", [True, False])
def test_an_indicator_is_asked_of_those_whom_it_concerns(asked_of: AskedOf, operating: bool) -> None:
    outcome = "fail" if replace(RATE, asked_of=asked_of).concerns(operating=operating) else "pass"
    only(held(FormFacts(), operating=operating, indicators=(replace(RATE, asked_of=asked_of),)), RULE, outcome)


@pytest.mark.parametrize("year", [2019, 2020, 2024])
def test_an_indicator_is_of_the_years_of_the_figures(year: int) -> None:
    beside = (*values("90", "91", "92"), IndicatorValue("rate", year, Decimal(90), "/indicators/3"))
    found = only(held(FormFacts(indicators=beside), indicators=(RATE,)), RULE, "fail")
    assert (found.reason, found.at) == ("indicator_of_another_year", "/indicators/3")
    assert (found.facts["year"], found.facts["years"], found.facts["code"]) == (year, YEARS, "rate")


def test_an_indicator_of_a_year_before_the_organisation_is_not_due_and_may_be_stated() -> None:
    later = (2022, 2023)
    only(held(FormFacts(indicators=values("90", "91", "92")), due=later, indicators=(RATE,)), RULE, "pass")
    only(held(FormFacts(indicators=values("90", "91", "92")[1:]), due=later, indicators=(RATE,)), RULE, "pass")
    found = only(held(FormFacts(indicators=values("90", "91")), due=later, indicators=(RATE,)), RULE, "fail")
    assert (found.reason, found.facts["years"]) == ("indicator_missing", [2023])


def test_an_indicator_that_is_not_asked_or_stated_twice_is_told() -> None:
    found = only(held(FormFacts(indicators=values("90"))), RULE, "fail")
    assert (found.reason, found.facts["code"], found.at) == ("indicator_not_asked", "rate", "/indicators/0")
    twice = (*values("90", "91", "92"), IndicatorValue("rate", 2021, Decimal(90), "/indicators/3"))
    found = only(held(FormFacts(indicators=twice), indicators=(RATE,)), RULE, "fail")
    assert (found.reason, found.facts["year"], found.at) == ("indicator_duplicated", 2021, "/indicators/3")
    beside = (*values("90", "91", "92"), *values("1", "2", "3", code="count"))
    only(held(FormFacts(indicators=beside), indicators=(RATE, COUNT)), RULE, "pass")
    first = (IndicatorValue("other", 2021, None, "/indicators/0"), *values("90", "91", "92"))
    assert only(held(FormFacts(indicators=first), indicators=(RATE,)), RULE, "fail").reason == "indicator_not_asked"


@pytest.mark.parametrize("value", ["0", "100", "62.5"])
def test_bounds_belong_to_what_they_bound(value: str) -> None:
    only(held(FormFacts(indicators=values(value, None, None)), indicators=(RATE,)), RULE, "pass")


@pytest.mark.parametrize("value", ["-0.0001", "100.01"])
def test_a_value_out_of_its_bounds_is_refused(value: str) -> None:
    stated = FormFacts(indicators=values(None, value, None))
    found = only(held(stated, indicators=(RATE,)), RULE, "fail")
    assert (found.reason, found.at) == ("indicator_out_of_bounds", "/indicators/1")
    assert dict(found.facts) == {
        "code": "rate",
        "indicator_zh": "满意度",
        "indicator_en": "Satisfaction",
        "year": 2022,
        "value": value,
        "counted_in": "percent",
        "at_least": "0",
        "at_most": "100",
    }


def test_what_is_counted_one_by_one_has_no_fraction_and_without_bounds_any_size() -> None:
    only(held(FormFacts(indicators=values("-7", "0", "9000", code="count")), indicators=(COUNT,)), RULE, "pass")
    found = only(held(FormFacts(indicators=values("1.5", "0", "1", code="count")), indicators=(COUNT,)), RULE, "fail")
    assert (found.facts["value"], found.facts["at_least"], found.facts["at_most"]) == ("1.5", None, None)


@pytest.mark.parametrize(
    ("length", "reason"), [(9, "section_too_short"), (10, None), (20, None), (21, "section_too_long")]
)
def test_a_text_keeps_to_its_length(length: int, reason: str | None) -> None:
    asked: dict[str, Any] = {"section_lengths": (SectionLength("profile", 10, 20),)}
    found = held(FormFacts(lengths={"profile": length}), **asked)
    if reason is None:
        only(found, RULE, "pass")
        return
    told = only(found, RULE, "fail")
    assert (told.reason, told.at, told.facts["characters"]) == (reason, "/sections/profile", length)
    assert (told.facts["at_least"], told.facts["at_most"]) == (10, 20)
    assert "组织概述" in told.message.zh and told.facts["section_en"] == "Profile of the organisation"


def test_a_text_without_bounds_or_without_a_text_is_not_measured() -> None:
    open_ended = (SectionLength("profile", None, None), SectionLength("results", 5, None))
    only(held(FormFacts(lengths={"profile": 10**6}), section_lengths=open_ended), RULE, "pass")
    later = (SectionLength("profile", 5, None), SectionLength("results", 5, None))
    assert only(held(FormFacts(lengths={"results": 1}), section_lengths=later), RULE, "fail").at == "/sections/results"


def test_blanks_do_not_lengthen_a_text() -> None:
    assert characters(" 一 二\n\n三\u3000四\t") == 4
    assert characters("") == 0


def test_the_evidence_catalogue_numbers_once_and_names_files_that_are_there() -> None:
    there = (Evidence("1", "a", "/evidence/0"), Evidence("2", None, "/evidence/1"))
    assert held(FormFacts(evidence=there, files=frozenset({"a"}))) == []
    again = only(
        held(FormFacts(evidence=(*there, Evidence("2", "a", "/evidence/2")), files=frozenset({"a"}))), RULE, "fail"
    )
    assert (again.reason, again.at, again.facts["number"]) == ("evidence_number_duplicated", "/evidence/2", "2")
    gone = only(held(FormFacts(evidence=there)), RULE, "fail")
    assert (gone.reason, gone.at, gone.facts["number"]) == ("evidence_file_missing", "/evidence/0", "1")


def test_several_faults_are_told_together() -> None:
    facts = FormFacts(products=(Product("甲", frozenset()),), lengths={"profile": 5}, evidence=(Evidence("1", "gone"),))
    found = held(
        facts,
        form_fields=(FormField.STAFF,),
        product_details=(ProductDetail.STANDARDS,),
        indicators=(RATE,),
        section_lengths=(SectionLength("profile", None, 4),),
    )
    assert [item.reason.value for item in found] == [
        "asked_for_missing",
        "product_detail_missing",
        "indicator_missing",
        "section_too_long",
        "evidence_file_missing",
    ]


def test_an_act_brings_what_the_round_asks_of_it() -> None:
    asked = (DecreeDetail.ISSUER, DecreeDetail.ADDRESSEES)
    assert asked_for_given(rule_id="art22.approval", asked=(), given=()) == []
    missing = only(asked_for_given(rule_id="art22.approval", asked=asked, given={"issuer"}), "art22.approval", "fail")
    assert (missing.reason, dict(missing.facts)) == ("asked_for_missing", {"missing": ["addressees"]})
    given = asked_for_given(rule_id="art22.approval", asked=asked, given={"issuer", "addressees"})
    told = only(given, "art22.approval", "pass")
    assert (told.reason, dict(told.facts)) == ("asked_for_given", {"asked": ["issuer", "addressees"]})


# 2024-03-01 is a Friday.
FRIDAY = date(2024, 3, 1)
CALENDAR = WorkingCalendar({2024: HolidayYear(frozenset({date(2024, 3, 6)}), frozenset({date(2024, 3, 9)}), "样例")})


def noticed(days: int = 5, *, to: date, on: date, counted: str = "calendar_days", **more: Any) -> list[Finding]:
    return internal_notice_given(
        notice=InternalNotice(more.pop("first", FRIDAY), to),
        asked=InternalNoticePeriod(days, NoticeCounting(counted)),
        on=on,
        calendar=CALENDAR,
        readings=more.pop("readings", READINGS),
    )


def test_no_internal_notice_is_needed_where_none_is_asked() -> None:
    for notice in (None, InternalNotice(FRIDAY, FRIDAY)):
        found = internal_notice_given(notice=notice, asked=None, on=FRIDAY, calendar=CALENDAR, readings=READINGS)
        assert found == []


def test_a_missing_internal_notice_is_told_with_its_days() -> None:
    found = only(
        internal_notice_given(
            notice=None, asked=InternalNoticePeriod(5), on=FRIDAY, calendar=CALENDAR, readings=READINGS
        ),
        RULE,
        "fail",
    )
    assert (found.reason, dict(found.facts)) == (
        "internal_notice_missing",
        {"days": 5, "counted": "calendar_days"},
    )


@pytest.mark.parametrize(
    ("counted", "days", "last"),
    [
        ("calendar_days", 5, date(2024, 3, 5)),
        ("calendar_days", 1, FRIDAY),
        # The 6th is a holiday, Saturday the 9th is worked.
        ("working_days", 5, date(2024, 3, 8)),
        ("working_days", 6, date(2024, 3, 9)),
        ("working_days", 1, FRIDAY),
    ],
)
def test_an_internal_notice_runs_for_all_its_days(counted: str, days: int, last: date) -> None:
    after = last + timedelta(days=1)
    given = only(noticed(days, to=last, on=after, counted=counted), RULE, "pass")
    assert (given.reason, given.facts["due_to"]) == ("internal_notice_given", last.isoformat())
    assert given.facts["reading"] == READINGS.cite("internal_notice")
    early = only(noticed(days, to=last - timedelta(days=1), on=after, counted=counted), RULE, "fail")
    assert (early.reason, early.at) == ("internal_notice_too_short", "/internal_notice/to_day")
    assert (early.facts["from_day"], early.facts["due_to"]) == ("2024-03-01", last.isoformat())
    running = only(noticed(days, to=last, on=last, counted=counted), RULE, "fail")
    assert (running.reason, running.at) == ("internal_notice_running", "/internal_notice/to_day")
    assert (running.facts["on"], running.facts["to_day"]) == (last.isoformat(), last.isoformat())


def test_working_days_begin_with_the_first_one_and_an_unknown_year_is_refused() -> None:
    saturday = date(2024, 3, 2)
    found = only(
        noticed(1, first=saturday, to=date(2024, 3, 4), on=date(2024, 3, 5), counted="working_days"), RULE, "pass"
    )
    assert found.facts["due_to"] == "2024-03-04"
    unknown = only(
        noticed(1, first=date(2025, 3, 3), to=date(2025, 3, 3), on=date(2025, 3, 4), counted="working_days"),
        RULE,
        "fail",
    )
    assert (unknown.reason, unknown.facts["year"]) == ("holidays_unknown", 2025)
    only(noticed(1, first=date(2025, 3, 3), to=date(2025, 3, 3), on=date(2025, 3, 4)), RULE, "pass")


@pytest.mark.parametrize(("counted", "due"), [("calendar_days", "2024-03-06"), ("working_days", "2024-03-09")])
def test_the_first_day_is_left_out_where_it_is_read_so(counted: str, due: str) -> None:
    excluded = reading("internal_notice", "first_day_excluded")
    found = only(noticed(to=date(2024, 3, 31), on=date(2024, 4, 1), counted=counted, readings=excluded), RULE, "pass")
    assert found.facts["due_to"] == due
