"""What people read: sentences in the two languages that the county speaks to them in, and texts of their own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


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

# What is typed for a bracket and is none to Unicode: signs of comparison, angle quotation marks.
_ANGLES = {"<": "(", "\u2039": "(", "\u00ab": "(", ">": ")", "\u203a": ")", "\u00bb": ")"}

# Chinese characters are added to these planes faster than the language learns of them.
_IDEOGRAPHS = (range(0x20000, 0x2FFFE), range(0x30000, 0x3FFFE))


def same_name(one: str, other: str) -> bool:
    """Whether two names are one as people read them: width, kind of bracket and blanks make no other name (Arts. 3, 9,
    12). Two empty ones are not the same: there is nothing that they name. Shown is what was written."""
    return plain_name(one) == plain_name(other) != ""


def plain_name(name: str) -> str:
    """A name for comparing, never for showing: Unicode's compatible composed form, one kind of bracket, no blanks and
    no signs that show nothing."""
    return "".join(map(_plain, unicodedata.normalize("NFKC", name)))


def plain_number(number: str) -> str:
    """The number of a document or a payment for comparing, never for showing: as `plain_name`, and one kind of dash,
    one size of letters."""
    return "".join("-" if unicodedata.category(char) == "Pd" else char for char in plain_name(number)).casefold()


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


def _plain(char: str) -> str:
    # A register writes tortoise-shell or lenticular brackets where a bank writes round ones.
    category = unicodedata.category(char)
    brackets = {"Ps": "(", "Pe": ")", "Cf": ""}
    return "" if char.isspace() else _ANGLES.get(char) or brackets.get(category, char)


def readable(text: str) -> bool:
    """Whether a person finds something to read in it: one letter, digit or sign that shows. Blanks, controls, joiners,
    signs of private use and marks that have nothing to stand on show nothing."""
    return any(map(_shows, text))


def _shows(char: str) -> bool:
    if char in _BLANK:
        return False
    return unicodedata.category(char)[0] in "LNPS" or any(ord(char) in plane for plane in _IDEOGRAPHS)
