"""Whether a person finds something to read in a text, and how an amount is written for people."""

import unicodedata

import pytest

from app.measures.objections import is_reference
from app.measures.sentences import yuan
from app.measures.text import readable
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
    ("fen", "written"), [(0, "0.00"), (5, "0.05"), (99, "0.99"), (100, "1.00"), (10_000_000, "100000.00")]
)
def test_an_amount_is_written_in_yuan(fen: int, written: str) -> None:
    assert yuan(fen) == written
