"""GB/T 4754: which section a code lies in, and which seats of Art. 6 count for it."""

from itertools import pairwise

import pytest

from app.measures.sectors import (
    SeatCategory,
    in_industry,
    industry_as_read,
    seat_category_of,
    section_of,
    sections,
    sector_known,
)
from tests.measures.eligibility_samples import one


def test_the_classification_has_twenty_sections_without_gap_or_overlap() -> None:
    found = list(sections().values())
    assert "".join(sections()) == "ABCDEFGHIJKLMNOPQRST"
    assert [section.letter for section in found] == list(sections())
    assert (found[0].first_division, found[-1].last_division) == (1, 97)
    assert all(later.first_division == earlier.last_division + 1 for earlier, later in pairwise(found))
    assert (sections()["C"].name.zh, sections()["C"].name.en) == ("制造业", "Manufacturing")


@pytest.mark.parametrize(
    ("code", "letter", "seat_category"),
    [
        ("01", "A", SeatCategory.OTHER),
        ("0111", "A", SeatCategory.OTHER),
        ("1200", "B", SeatCategory.OTHER),
        ("13", "C", SeatCategory.MANUFACTURING),
        ("1311", "C", SeatCategory.MANUFACTURING),
        ("4390", "C", SeatCategory.MANUFACTURING),
        ("43", "C", SeatCategory.MANUFACTURING),
        ("44", "D", SeatCategory.OTHER),
        ("4710", "E", SeatCategory.OTHER),
        ("8334", "P", SeatCategory.OTHER),
        ("8411", "Q", SeatCategory.OTHER),
        ("97", "T", SeatCategory.OTHER),
    ],
)
def test_manufacturing_is_section_c_and_everything_else_is_the_other_bucket(
    code: str, letter: str, seat_category: SeatCategory
) -> None:
    section = section_of(code)
    assert section is not None
    assert section.letter == letter
    assert seat_category_of(code) is seat_category
    told = sector_known(code=code)
    one(told, "art06.seats", "pass", section.name.en, sector=code, section=letter, seat_category=seat_category.value)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "1",
        "139",
        "13111",
        "00",
        "98",
        "9800",
        "C1311",
        "１３",
        "1a",
        "13 ",
        " 13",
        "13\n",
    ],
)
def test_a_code_that_the_classification_does_not_have_is_a_finding_and_no_error(code: str) -> None:
    assert section_of(code) is None
    assert seat_category_of(code) is None
    found = one(sector_known(code=code), "art06.seats", "fail", sector=code)
    assert found.remedy is not None
    assert not in_industry(industry="C 13", code=code)


@pytest.mark.parametrize(
    ("industry", "code", "expected"),
    [
        ("C", "1311", True),
        ("13", "1311", True),
        ("131", "1311", True),
        ("1311", "1311", True),
        ("P, 84", "8411", True),
        ("P、84", "8334", True),
        ("A；C", "13", True),
        ("P", "8411", False),
        ("1312", "1311", False),
        ("1311", "13", False),
        ("1", "1311", False),
        ("", "1311", False),
        ("制造业", "1311", False),
    ],
)
def test_a_trade_is_told_by_sections_and_codes(industry: str, code: str, expected: bool) -> None:
    assert in_industry(industry=industry, code=code) is expected


@pytest.mark.parametrize(
    ("written", "kept", "unknown"),
    [
        ("C", "C", []),
        ("c", "C", []),
        ("ｃ，１３", "C, 13", []),
        (" 13、1392 ", "13, 1392", []),
        ("139", "139", []),
        ("食品加工", "食品加工", []),
        ("c 食品加工", "c 食品加工", []),
        ("13925", "13925", []),
        (" ", " ", []),
        ("Z", "Z", ["Z"]),
        ("C 1", "C, 1", ["1"]),
        ("00, C", "00, C", ["00"]),
        ("99", "99", ["99"]),
    ],
)
def test_art12_a_units_industry_is_read_in_one_writing(written: str, kept: str, unknown: list[str]) -> None:
    assert industry_as_read(written) == (kept, unknown)
