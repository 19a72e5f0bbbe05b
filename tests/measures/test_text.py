"""Whether a person finds something to read in a text, and how an amount is written for people."""

import unicodedata
from datetime import date

import pytest

from app.measures.findings import fails
from app.measures.objections import is_reference
from app.measures.reasons import Reason
from app.measures.sentences import told_amount, told_day
from app.measures.text import Text, readable, trimmed
from app.measures.writers import letters_of


@pytest.mark.parametrize(
    "shown",
    [
        "会",
        "a",
        "7",
        "√",
        "。",
        "¥",
        "ǅ",
        " 会 ",
        "\u200b会\u200b",
        "\U00020000",
        "\U0002fffd",
        "\U00030000",
        "\U0003fffd",
    ],
)
def test_one_letter_digit_or_sign_that_shows_is_something_to_read(shown: str) -> None:
    assert readable(shown)


@pytest.mark.parametrize(
    "hidden",
    [
        "",
        " ",
        "\u3000\t\n",
        "\u200b\u200d\ufeff",
        "\u0301",
        "\ue000",
        "\u0000",
        *map(chr, (0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0xFFFD, 0x1D159, 0x13441, 0x13442)),
        # The planes of Chinese characters end before their two last places; the planes beside them hold none.
        "\U0002fffe",
        "\U0003fffe",
        "\U00040000",
    ],
    ids=lambda text: " ".join(f"{ord(char):04X}" for char in text) or "empty",
)
def test_what_shows_nothing_is_nothing_to_read(hidden: str) -> None:
    assert not readable(hidden)


def test_a_chinese_character_that_the_language_does_not_know_yet_is_read() -> None:
    newer = [char for char in map(chr, range(0x2A6D0, 0x3FFFE)) if unicodedata.category(char) == "Cn"]
    planes = [char for char in newer if ord(char) < 0x2FFFE or ord(char) >= 0x30000]
    assert planes and all(map(readable, planes))


@pytest.mark.parametrize("name", ["\U000323af", "\U000323af\U0002a700", "𠮷田"])
def test_a_chinese_character_that_the_language_does_not_know_yet_names(name: str) -> None:
    assert letters_of(name) == name
    assert is_reference(name)


@pytest.mark.parametrize(
    ("text", "named"), [("12", True), ("收文甲", True), ("—", False), ("无", False), ("匿名", False)]
)
def test_a_paper_is_named_by_a_sign_that_shows_and_is_no_word_for_nothing(text: str, named: bool) -> None:
    assert is_reference(text) is named


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0元", "CNY 0"),
        (5, "0.05元", "CNY 0.05"),
        (100, "1元", "CNY 1"),
        (123_450, "1234.50元", "CNY 1,234.50"),
        (999_900, "9999元", "CNY 9,999"),
        (1_000_000, "1万元", "CNY 10,000"),
        (1_010_000, "1.01万元", "CNY 10,100"),
        (1_010_001, "10100.01元", "CNY 10,100.01"),
        (1_015_000, "10150元", "CNY 10,150"),
        (10_000_000, "10万元", "CNY 100,000"),
        (12_345_679, "123456.79元", "CNY 123,456.79"),
        (1_000_000_000_000, "1000000万元", "CNY 10,000,000,000"),
        (-10_000_050, "-100000.50元", "CNY -100,000.50"),
        (-10_000_000, "-10万元", "CNY -100,000"),
    ],
)
def test_an_amount_is_told_in_the_readers_form(fen: int, zh: str, en: str) -> None:
    assert told_amount(fen) == Text(zh, en)


@pytest.mark.parametrize(
    ("day", "zh", "en"),
    [
        (date(2024, 5, 6), "2024年5月6日", "6 May 2024"),
        (date(2023, 12, 31), "2023年12月31日", "31 December 2023"),
        (date(2025, 1, 1), "2025年1月1日", "1 January 2025"),
    ],
)
def test_a_day_is_told_in_the_readers_form(day: date, zh: str, en: str) -> None:
    assert told_day(day) == Text(zh, en)


def test_days_are_told_so_wherever_a_sentence_names_them() -> None:
    """Single, in lists, at an instant (in Shanghai, whatever zone it came in); what only looks like one is not."""
    revoked = fails("art23.validity", Reason.AWARD_REVOKED, revoked_on="2024-05-06").message
    assert revoked == Text("已于2024年5月6日撤销", "Revoked on 6 May 2024")
    for at in ("2024-06-09T17:05:00+00:00", "2024-06-10T01:05:00+08:00", "2024-06-09T17:05:00Z"):
        told = fails("art21.objections", Reason.DISCLOSURE_STANDS, ends_at=at).message
        assert "2024年6月10日01:05" in told.zh and "01:05 on 10 June 2024" in told.en
    for no_day in ("x2024-05-06", "2024-05-06/1", "20240506", "2023-02-30", "2024-05-06T25:00", "2024-05-06T10:00"):
        assert no_day in fails("art23.validity", Reason.AWARD_REVOKED, revoked_on=no_day).message.zh


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_month_has_its_name(language: str) -> None:
    told = {getattr(told_day(date(2024, month, 1)), language) for month in range(1, 13)}
    assert len(told) == 12 and all("2024" in text for text in told)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("会昌", "会昌"),
        ("\u200b\u3164 会 昌\u2800\u3000", "会 昌"),
        ("\u200b", ""),
        ("", ""),
        # A sign of private use stands for something: there was something to read.
        ("\ue000会", "\ue000会"),
    ],
)
def test_what_shows_nothing_at_either_end_is_taken_off(typed: str, kept: str) -> None:
    assert trimmed(typed) == kept
