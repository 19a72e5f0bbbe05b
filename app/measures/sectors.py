"""Industries by GB/T 4754-2017, and the two seat categories that Art. 6 makes of them."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from app.measures.findings import Finding, fails, passes
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.shipped import shipped_bytes
from app.measures.text import Text


class SeatCategory(StrEnum):
    """manufacturing: section C. other: every other section together (Art. 6)."""

    MANUFACTURING = "manufacturing"
    OTHER = "other"


class SectorTag(StrEnum):
    """encouraged: smaller firms (Art. 14). preferred: leading ones (Art. 15). A round's rules may add points for it."""

    ENCOURAGED = "encouraged"
    PREFERRED = "preferred"


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the classification: letter, name, the two-digit divisions from first to last, both included."""

    letter: str
    name: Text
    first_division: int
    last_division: int

    @property
    def seat_category(self) -> SeatCategory:
        """Manufacturing is section C; all others share a category (Art. 6)."""
        return SeatCategory.MANUFACTURING if self.letter == "C" else SeatCategory.OTHER


# Three digits are not taken, though groups have them: a class that lost its leading zero (0139) would change
# its seat category.
_CODE = re.compile(r"[0-9]{2}(?:[0-9]{2})?")
_OF_A_CODE = re.compile(r"[A-Z]|[0-9]{1,4}")
_SEPARATORS = re.compile(r"[\s,，、;；/]+")  # house: sentences


@cache
def sections() -> Mapping[str, Section]:
    """The sections by their letters, from the shipped classification."""
    text = shipped_bytes("gbt4754.csv").decode()
    return MappingProxyType(
        {
            row["section"]: Section(
                row["section"],
                Text(row["name_zh"], row["name_en"]),
                int(row["first_division"]),
                int(row["last_division"]),
            )
            for row in csv.DictReader(text.splitlines())
        }
    )


@cache
def divisions() -> Mapping[str, Text]:
    """The divisions by their two digits, each with its name, from the shipped classification."""
    text = shipped_bytes("gbt4754-divisions.csv").decode()
    return MappingProxyType(
        {row["division"]: Text(row["name_zh"], row["name_en"]) for row in csv.DictReader(text.splitlines())}
    )


def section_of(code: str) -> Section | None:
    """The section of a two-digit division or four-digit class; None for anything else."""
    if not _CODE.fullmatch(code):
        return None
    division = int(code[:2])
    return next((item for item in sections().values() if item.first_division <= division <= item.last_division), None)


def seat_category_of(code: str) -> SeatCategory | None:
    """The seat category that the code belongs to; None where the classification has no such code."""
    section = section_of(code)
    return None if section is None else section.seat_category


def industry_as_read(text: str) -> tuple[str, list[str]]:
    """A unit's industry as it is kept (Art. 12), and what of it is in no classification: letters of sections and
    leading digits of codes in one writing; words as they are written."""
    parts = [part for part in _SEPARATORS.split(unicodedata.normalize("NFKC", text).upper()) if part]
    if not parts or not all(_OF_A_CODE.fullmatch(part) for part in parts):
        return text, []
    unknown = [part for part in parts if part not in sections() and section_of(part[:2]) is None]
    return ", ".join(parts), unknown


def in_industry(*, industry: str, code: str) -> bool:
    """Whether the code lies in `industry`: section letters or leading digits (two or more) of codes, separated by
    commas or spaces. Words of any other kind match nothing, so that a person has to say why."""
    section = section_of(code)
    if section is None:
        return False
    parts = _SEPARATORS.split(industry)
    return any(part == section.letter or (len(part) > 1 and code.startswith(part)) for part in parts)


@rule("art06.seats")
def sector_known(*, code: str) -> list[Finding]:
    """The sector is a division or class of GB/T 4754: without one it is open which seats count (Art. 6)."""
    section = section_of(code)
    if section is None:
        return [fails("art06.seats", Reason.SECTOR_UNKNOWN, sector=code)]
    return [
        passes(
            "art06.seats",
            Reason.SECTOR_KNOWN,
            sector=code,
            section=section.letter,
            seat_category=section.seat_category.value,
            section_zh=section.name.zh,
            section_en=section.name.en,
        )
    ]
