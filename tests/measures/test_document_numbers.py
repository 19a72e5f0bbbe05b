"""Document numbers (art22.approval, art33.in_force): missing or of another year refused, malformed warned of."""

from __future__ import annotations

from datetime import date

import pytest

from app.measures.document_numbers import document_number
from tests.measures.procedure_samples import READINGS, only, reading, refused
from tests.support.facts import part

DAY = date(2025, 3, 10)


@pytest.mark.parametrize("number", ["会府字〔2025〕12号", "会府办发〔2025〕1号"])
def test_a_number_of_the_dates_year_in_the_usual_form_agrees(number: str) -> None:
    finding = only(document_number(number=number, day=DAY, readings=READINGS), "art22.approval", "pass")
    assert (finding.facts["malformed"], finding.facts["number"], finding.facts["day"]) == (False, number, "2025-03-10")


@pytest.mark.parametrize(
    "number",
    [
        "会府字[2025]12号",
        "会府字（2025）12号",
        "会府字〔２０２５〕12号",
        "会府字2025年12号",
        "会府字〔2025〕012号",
        "会府字﹝2025﹞12号",
        "会府字【2025】12号",
        "会府字〔二〇二五〕12号",
        "会府字﹝二○二五﹞12号",
        "会府字〔2025〕0号",
        "会府字〔2025〕12",
        "府〔2025〕12号",
        "ABC-12",
        "会府字2024-12号",
        " 会府字〔2025〕12号",
    ],
)
def test_a_malformed_number_is_warned_of_not_refused(number: str) -> None:
    finding = only(document_number(number=number, day=DAY, readings=READINGS), "art22.approval", "pass")
    assert finding.facts["malformed"] is True
    assert part(finding.facts, "reading", "value") == "warn_malformed"


@pytest.mark.parametrize(
    "number",
    [
        "会府字〔2024〕12号",
        "会府字[2026]12号",
        "会府字（ 2024 ）12号",
        "会府字2024年12号",
        "会府字〔２０２４〕12号",
        *(
            f"会府字{left}2024{right}12号"
            for left, right in zip("〔﹝[［【〖(（{｛<《〈", "〕﹞]］】〗)）}｝>》〉", strict=True)
        ),
        "会府字〔二〇二四〕12号",
        "会府字﹝二○二四﹞12号",
        "会府字〔二零二四〕十二号",
        "会府字【2024年】12号",
        "会府字二〇二四年第12号",
    ],
)
def test_a_number_of_another_year_is_refused_however_it_is_written(number: str) -> None:
    finding = only(document_number(number=number, day=DAY, readings=READINGS), "art22.approval", "fail")
    assert finding.facts["year"] in (2024, 2026)
    assert finding.remedy is not None


@pytest.mark.parametrize("number", ["", "  "])
def test_no_number_is_refused(number: str) -> None:
    finding = only(document_number(number=number, day=DAY, readings=READINGS), "art22.approval", "fail")
    assert finding.reason == "document_number_missing"


def test_the_register_may_refuse_malformed_numbers() -> None:
    strict = reading("document_numbers", "refuse_malformed")
    only(document_number(number="会府字〔2025〕12号", day=DAY, readings=strict), "art22.approval", "pass")
    finding = only(document_number(number="会府字[2025]12号", day=DAY, readings=strict), "art22.approval", "fail")
    assert finding.facts["malformed"] is True
    both = document_number(number="会府字[2024]12号", day=DAY, readings=strict)
    assert refused(both, "art22.approval") == [
        "document_number_year_differs",
        "document_number_malformed",
    ]


def test_the_number_is_judged_under_the_rule_that_records_it() -> None:
    only(
        document_number(number="会府字〔2025〕12号", day=DAY, readings=READINGS, rule_id="art26.fraud"),
        "art26.fraud",
        "pass",
    )
