"""What people read: sentences in the two languages that the county speaks to them in, and texts of their own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Chinese and in English."""

    zh: str
    en: str


# Letters and symbols of Unicode that show nothing: fillers of Korean syllables, blank Braille, a note without a head,
# blank hieroglyphs, and what stands where something else was lost.
_BLANK = frozenset(
    map(chr, (0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0xFFFD, 0x1D159, 0x13441, 0x13442)),
)

# Of these, what stands for something lost: there was something to read, and nobody knows what.
_LOST = frozenset("\ufffc\ufffd")

# What is typed for a bracket and is none to Unicode: signs of comparison, angle quotation marks.
_ANGLES = {"<": "(", "\u2039": "(", "\u00ab": "(", ">": ")", "\u203a": ")", "\u00bb": ")"}

_BRACKETS = {"Ps": "(", "Pe": ")"}
# Signs that look alike and are typed for each other: the dot between the parts of a name, the round zero.
_ALIKE = str.maketrans("•・‧∙⋅○◯", "·····〇〇")  # house: sentences

_TITLE_MARKS = str.maketrans("", "", "《》〈〉")  # house: sentences

_NUMERALS = "〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖"  # house: sentences
_CHINESE_DIGITS = str.maketrans(_NUMERALS, "000123456789123456789")
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}  # house: sentences
# A letter that looks like the zero of Chinese numerals, and is typed for it.
_ROUND_LETTER = re.compile(r"(?<=[0-9])[OoОоΟο](?=[0-9])")
# A number that is spelt out: units, each with how many of them; a ten alone is one.
_UNIT = "(?:[0-9]{1,2}[百佰千仟]|[0-9]{0,2}[十拾])"  # house: sentences
_SPELT_OUT = re.compile(rf"{_UNIT}+[0-9]{{0,2}}")

# What says in which form the sign before it is drawn, or joined, and shows nothing itself.
_VARIANTS = frozenset([0x034F, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])

# Chinese characters are added to these planes faster than the language learns of them.
_IDEOGRAPHS = (range(0x20000, 0x2FFFE), range(0x30000, 0x3FFFE))


def same_name(one: str, other: str) -> bool:
    """Whether two names are one as people read them: width, kind of bracket, size of letters and blanks make no other
    name (Arts. 3, 9, 12), nor do the kind of dash and of the dot between its parts. Two empty ones are not the same:
    they name nothing. Shown is what was written."""
    return plain_name(one) == plain_name(other) != ""


def plain_name(name: str) -> str:
    """A name for comparing, never for showing: Unicode's compatible composed form, one kind of bracket, dash and
    dot, one size of letters, no blanks and no signs that show nothing."""
    return "".join(map(_plain, unicodedata.normalize("NFKC", name).translate(_ALIKE))).casefold()


def plain_medium(name: str) -> str:
    """The name of a medium for comparing, never for showing: as `plain_name`, without the marks in which people write
    the title of a newspaper."""
    return plain_name(unicodedata.normalize("NFKC", name).translate(_TITLE_MARKS))


def plain_number(number: str) -> str:
    """The number of a document or a payment for comparing, never for showing: as `plain_name`, and Chinese numerals as
    digits."""
    return in_digits(plain_name(number))


def same_document(one: str, other: str) -> bool:
    """Whether two numbers of documents are one as people read them (Arts. 22, 33); two empty ones are not."""
    return plain_number(one) == plain_number(other) != ""


def one_bracket(text: str) -> str:
    """The text with every kind of bracket as a round one."""
    return "".join(_ANGLES.get(char) or _BRACKETS.get(unicodedata.category(char), char) for char in text)


def in_digits(text: str) -> str:
    """The text with its Chinese numerals as digits, read out one by one or spelt out with tens, hundreds and
    thousands; a letter between digits that looks like a zero is one."""
    digits = _ROUND_LETTER.sub("0", text.translate(_CHINESE_DIGITS))
    return _SPELT_OUT.sub(_counted, digits)


def _counted(found: re.Match[str]) -> str:
    """What a number comes to that is spelt out."""
    total, held = 0, ""
    for char in found[0]:
        if char in _UNITS:
            # Nothing before a ten: one of them.
            total += (int(held or 0) or 1) * _UNITS[char]
            held = ""
        else:
            held += char
    return str(total + int(held or 0))


def printed_name(name: str, *, former: Iterable[str] = (), code: str | None = None) -> str:
    """A legal person's name as lists, decree, register and certificate print it (Arts. 17, 21, 22, 31): `name`, its
    legal name of the day; in brackets the former names under which the public would look for it (those that are
    another name, each once, in their order); then its credit `code`, where another of the round or register reads the
    same."""
    others: dict[str, str] = {}
    for item in former:
        if not same_name(item, name):
            others.setdefault(plain_name(item), item)
    before = f"（原名：{'、'.join(others.values())}）" if others else ""  # house: sentences
    return f"{name}{before}" if code is None else f"{name}{before}（{code}）"  # house: sentences


@lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    # A register writes tortoise-shell or lenticular brackets where a bank writes round ones.
    if _trimmed_off(char) or ord(char) in _VARIANTS:
        return ""
    return "-" if unicodedata.category(char) == "Pd" else one_bracket(char)


def readable(text: str) -> bool:
    """Whether a person finds something to read in it: one letter, digit or sign that shows. Blanks, controls, joiners,
    signs of private use and marks that have nothing to stand on show nothing."""
    return any(map(_shows, text))


def trimmed(text: str) -> str:
    """The text without what shows nothing at its beginning and end: blanks, signs of zero width, fillers. Kept are
    signs of private use and what stands for something lost: there was something to read."""
    start, end = 0, len(text)
    while start < end and _trimmed_off(text[start]):
        start += 1
    while end > start and _trimmed_off(text[end - 1]):
        end -= 1
    return text[start:end]


def _trimmed_off(char: str) -> bool:
    filler = char in _BLANK and char not in _LOST
    return filler or char.isspace() or unicodedata.category(char) == "Cf"


def _shows(char: str) -> bool:
    if char in _BLANK:
        return False
    return unicodedata.category(char)[0] in "PS" or is_letter(char) or is_digit(char)


def is_letter(char: str) -> bool:
    """Whether it is a letter or a Chinese character, of those that the language does not know yet too."""
    return unicodedata.category(char)[0] == "L" or any(ord(char) in plane for plane in _IDEOGRAPHS)


def is_digit(char: str) -> bool:
    """Whether it is a digit or another sign for a number."""
    return unicodedata.category(char)[0] == "N"
