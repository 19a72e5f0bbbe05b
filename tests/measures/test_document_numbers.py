"""Document numbers (art22.approval, art33.in_force): missing or of another year refused, malformed warned of."""

from __future__ import annotations

from datetime import date

import pytest

from app.measures.document_numbers import (
    Document,
    document_number,
    letter_fits,
    meeting_of_its_own,
    meetings_in_order,
    number_to_check,
    one_document,
    well_formed,
)
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
        "会府字〔\u200b2024〕12号",
        "会府字⟨2024⟩12号",
        "会府字❲2024❳12号",
        "会府字⁅2024⁆12号",
        "会府字⦗ 2024 年⦘12号",
        "会府字〔2024年度〕12号",
        "会府字〔2 0 2 4〕12号",
        "会府字〔二 〇 二 四〕12号",
        "会府字︹2024︺12号",
        "会府字〔二О二四〕12号",
        "会府字〔二o二四〕12号",
        "会府字〔二千零二十四〕12号",
        "会府字二千零二十四年第12号",
        "会府字〔贰零贰肆〕12号",
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


@pytest.mark.parametrize(
    ("written", "year"),
    [
        *(("二千年", 2000), ("二千零九年", 2009), ("二千零一十年", 2010), ("二千十三年", 2013)),
        *(("二千零二十年", 2020), ("二千零二十五年", 2025), ("二千九年", 2009)),
    ],
)
def test_a_year_that_is_spelt_out_is_that_year(written: str, year: int) -> None:
    findings = document_number(number=f"会府字{written}12号", day=date(1999, 1, 1), readings=READINGS)
    assert only(findings, "art22.approval", "fail").facts["year"] == year


def test_a_blank_parts_a_year_from_the_number_before_it() -> None:
    findings = document_number(number="会府字12 2023年", day=DAY, readings=READINGS)
    assert only(findings, "art22.approval", "fail").facts["year"] == 2023


@pytest.mark.parametrize(
    "number",
    ["会Ｏ府字12号", "会oo字12号", "会府字20O5号", "会府字〔20 241〕号", "会府字〔202 4-2〕号", "两千零二十四年"],
)
def test_what_is_no_year_is_none(number: str) -> None:
    only(document_number(number=number, day=DAY, readings=READINGS), "art22.approval", "pass")


CALL, SIGNED = date(2024, 12, 20), date(2024, 12, 30)


@pytest.mark.parametrize("number", [None, "文府字〔2024〕15号", "推荐函第15号"])
def test_art03_a_letter_of_the_year_in_which_it_was_signed_fits(number: str | None) -> None:
    for day in (CALL, SIGNED):
        finding = only(
            letter_fits(number=number, earliest=day, latest=day, not_before=CALL), "art03.recommendation", "pass"
        )
        assert (finding.facts["number"], finding.facts["day"]) == (number, day.isoformat())


def test_art03_a_letter_of_another_year_or_signed_before_the_call_does_not() -> None:
    day = date(2024, 12, 19)
    findings = letter_fits(number="文府字〔2023〕15号", earliest=day, latest=day, not_before=CALL)
    assert refused(findings, "art03.recommendation") == ["signed_before_the_call", "document_number_year_differs"]
    assert findings[0].facts["not_before"] == "2024-12-20"
    assert findings[1].facts["year"] == 2023
    later = letter_fits(number="文府字〔2025〕15号", earliest=SIGNED, latest=SIGNED, not_before=CALL)
    assert refused(later, "art03.recommendation") == ["document_number_year_differs"]


@pytest.mark.parametrize(("year", "fits"), [(2023, False), (2024, True), (2025, True), (2026, False)])
def test_art17_a_letter_without_a_day_is_of_a_year_between_the_call_and_today(year: int, fits: bool) -> None:
    findings = letter_fits(
        number=f"会市监函〔{year}〕1号",
        earliest=CALL,
        latest=date(2025, 1, 10),
        not_before=CALL,
        rule_id="art17.qualification",
    )
    assert only(findings, "art17.qualification", "pass" if fits else "fail").facts["day"] == "2025-01-10"


@pytest.mark.parametrize("rule_id", ["art03.recommendation", "art09.disbursement", "art17.qualification"])
@pytest.mark.parametrize("number", ["第2024003号", "会府字[2024]12号", "2024-12号", "会府字〔2024〕012号", "〔24〕"])
def test_whoever_sends_a_malformed_number_is_told(rule_id: str, number: str) -> None:
    finding = only(number_to_check(number=number, rule_id=rule_id), rule_id, "pass")
    assert finding.reason == "document_number_to_check"
    assert finding.facts == {"malformed": True, "number": number}


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("会府字〔2024〕12号", True),
        ("会质强办〔2024〕3号", True),
        ("会府字〔2024〕012号", False),
        ("会府字[2024]12号", False),
        ("<b>假</b>〔2024〕1号", False),
        ("会府字〔2024〕12号 ", False),
        ("", False),
    ],
)
def test_what_is_written_as_the_number_of_a_document(number: str, fits: bool) -> None:
    assert well_formed(number) is fits


@pytest.mark.parametrize("number", [None, "会府字〔2024〕12号"])
@pytest.mark.parametrize("rule_id", ["art26.fraud", "art28.grounds"])
def test_of_a_number_in_its_form_or_of_none_nothing_is_told(number: str | None, rule_id: str) -> None:
    assert number_to_check(number=number, rule_id=rule_id) == []


@pytest.mark.parametrize(
    ("number", "known"),
    [
        ("第45次县政府常务会议", "第45次县政府常务会议"),
        ("第四十五次 县政府常务会议", "第45次县政府常务会议"),
        ("第46次县政府常务会议", None),
        ("第4次县政府常务会议", None),
    ],
)
def test_art22_the_approval_of_a_meeting_is_recorded_once(number: str, known: str | None) -> None:
    recorded = {"第45次县政府常务会议": date(2024, 6, 3), "第44次县政府常务会议": date(2024, 5, 6)}
    found = meeting_of_its_own(number=number, recorded=recorded, readings=READINGS)
    if known is None:
        assert found == []
    else:
        told = only(found, "art22.approval", "fail")
        assert told.reason == "meeting_recorded_already"
        assert (told.facts["meeting_number"], told.facts["meeting_date"]) == (known, "2024-06-03")
        assert told.facts["reading"] == READINGS.cite("one_approval_a_meeting")
    assert meeting_of_its_own(number=number, recorded={}, readings=READINGS) == []


MEETINGS = [
    ("第45次县政府常务会议", date(2024, 6, 3)),
    ("县政府第四十二次常务会议", date(2024, 4, 8)),
    ("样例会议", date(2024, 1, 1)),
]


@pytest.mark.parametrize(
    ("number", "held_on", "beside"),
    [
        # A smaller ordinal on a later day, a greater one on an earlier day, the same one on another day.
        ("第44次县政府常务会议", date(2024, 6, 4), "第45次县政府常务会议"),
        ("第四十四次县政府常务会议", date(2024, 6, 4), "第45次县政府常务会议"),
        ("第 ４４ 次会议", date(2024, 6, 4), "第45次县政府常务会议"),
        ("第46次县政府常务会议", date(2024, 6, 2), "第45次县政府常务会议"),
        ("第四十五次县政府常务会议", date(2024, 6, 4), "第45次县政府常务会议"),
        ("第43次县政府常务会议", date(2024, 4, 7), "县政府第四十二次常务会议"),
        # In order, on one day too.
        ("第44次县政府常务会议", date(2024, 6, 3), None),
        ("第44次县政府常务会议", date(2024, 4, 8), None),
        ("第46次县政府常务会议", date(2024, 6, 3), None),
        ("第45次县政府常务会议", date(2024, 6, 3), None),
        ("第41次县政府常务会议", date(2024, 4, 7), None),
        # Another way of counting, or none.
        ("第十九届人民政府第1次常务会议", date(2024, 6, 4), None),
        ("2024年第3次常务会议", date(2024, 6, 4), None),
        ("会府常纪〔2024〕9号", date(2024, 6, 4), None),
        ("样例会议", date(2024, 6, 4), None),
    ],
)
def test_art22_the_ordinal_of_a_meeting_goes_with_its_day(number: str, held_on: date, beside: str | None) -> None:
    found = meetings_in_order(number=number, held_on=held_on, recorded=MEETINGS, readings=READINGS)
    if beside is None:
        assert found == []
        return
    told = only(found, "art22.approval", "pass")
    assert told.reason == "meeting_out_of_order"
    assert told.facts == {
        "meeting_number": number,
        "meeting_date": held_on.isoformat(),
        "other_number": beside,
        "other_date": dict(MEETINGS)[beside].isoformat(),
        "reading": READINGS.cite("order_of_meetings"),
    }


@pytest.mark.parametrize("term", ["第十八届县人民政府", "2024年"])
def test_art22_meetings_that_count_alike_are_compared(term: str) -> None:
    recorded = [(f"{term}第5次常务会议", date(2024, 6, 3))]
    for number, held_on, reasons in (
        (f"{term}第4次常务会议", date(2024, 6, 4), ["meeting_out_of_order"]),
        (f"{term}第6次常务会议", date(2024, 6, 4), []),
        ("第4次常务会议", date(2024, 6, 4), []),
    ):
        found = meetings_in_order(number=number, held_on=held_on, recorded=recorded, readings=READINGS)
        assert [item.reason for item in found] == reasons


NEXT = date(2025, 3, 11)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ((Document.DECISION, DAY), (Document.DECISION, DAY), True),
        ((Document.DECISION, DAY), (Document.DECISION, NEXT), False),
        ((Document.DECISION, None), (Document.DECISION, NEXT), True),
        ((Document.DECISION, DAY), (Document.MINUTES, DAY), True),
        ((Document.MINUTES, DAY), (Document.DECISION, NEXT), False),
        ((Document.REVIEW, DAY), (Document.REVIEW, DAY), True),
        ((Document.REVIEW, DAY), (Document.REVIEW, NEXT), False),
        ((Document.REVIEW, DAY), (Document.DECISION, DAY), False),
        ((Document.APPROPRIATION, DAY), (Document.APPROPRIATION, DAY), True),
        ((Document.APPROPRIATION, DAY), (Document.DECISION, DAY), False),
        ((Document.DECREE, DAY), (Document.DECREE, DAY), False),
        ((Document.DECREE, DAY), (Document.DECISION, DAY), False),
        ((Document.INSTRUMENT, None), (Document.DECREE, DAY), False),
    ],
)
def test_one_document_decides_what_one_can_on_its_day(
    one: tuple[Document, date | None], other: tuple[Document, date | None], shared: bool
) -> None:
    assert one_document(one, other) is one_document(other, one) is shared
