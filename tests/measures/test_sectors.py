"""GB/T 4754: which section a code lies in, and which seats of Art. 6 count for it."""

from itertools import pairwise

import pytest

from app.measures.sectors import Bucket, bucket_of, in_trade, section_of, sections, sector_known
from tests.measures.eligibility_samples import one


def test_the_classification_has_twenty_sections_without_gap_or_overlap() -> None:
    found = list(sections().values())
    assert "".join(sections()) == "ABCDEFGHIJKLMNOPQRST"
    assert [section.letter for section in found] == list(sections())
    assert (found[0].first_division, found[-1].last_division) == (1, 97)
    assert all(later.first_division == earlier.last_division + 1 for earlier, later in pairwise(found))
    assert (sections()["C"].name.zh, sections()["C"].name.en) == ("制造业", "Manufacturing")


@pytest.mark.parametrize(
    ("code", "letter", "bucket"),
    [
        ("01", "A", Bucket.OTHER),
        ("0111", "A", Bucket.OTHER),
        ("1200", "B", Bucket.OTHER),
        ("13", "C", Bucket.MANUFACTURING),
        ("1311", "C", Bucket.MANUFACTURING),
        ("4390", "C", Bucket.MANUFACTURING),
        ("43", "C", Bucket.MANUFACTURING),
        ("44", "D", Bucket.OTHER),
        ("4710", "E", Bucket.OTHER),
        ("8334", "P", Bucket.OTHER),
        ("8411", "Q", Bucket.OTHER),
        ("97", "T", Bucket.OTHER),
    ],
)
def test_manufacturing_is_section_c_and_everything_else_is_the_other_bucket(
    code: str, letter: str, bucket: Bucket
) -> None:
    section = section_of(code)
    assert section is not None
    assert section.letter == letter
    assert bucket_of(code) is bucket
    told = sector_known(code=code)
    one(told, "art06.seats", "pass", section.name.en, sector=code, section=letter, bucket=bucket.value)


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
    assert bucket_of(code) is None
    found = one(sector_known(code=code), "art06.seats", "fail", sector=code)
    assert found.remedy is not None
    assert not in_trade(trade="C 13", code=code)


@pytest.mark.parametrize(
    ("trade", "code", "expected"),
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
def test_a_trade_is_told_by_sections_and_codes(trade: str, code: str, expected: bool) -> None:
    assert in_trade(trade=trade, code=code) is expected
