"""Art. 9: the amount of an order in words, as banks have it."""

import pytest

from app.measures.amounts import amount_in_words


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (11, "壹角壹分"),
        (100, "壹元整"),
        (101, "壹元零壹分"),
        (110, "壹元壹角整"),
        (111, "壹元壹角壹分"),
        (1_000, "壹拾元整"),
        (10_001, "壹佰元零壹分"),
        (10_010, "壹佰元壹角整"),
        (100_100, "壹仟零壹元整"),
        (101_000, "壹仟零壹拾元整"),
        (1_000_000, "壹万元整"),
        (1_000_100, "壹万零壹元整"),
        (10_000_000, "壹拾万元整"),
        (10_010_000, "壹拾万零壹佰元整"),
        (10_100_000, "壹拾万壹仟元整"),
        (1_000_000_001, "壹仟万元零壹分"),
        (10_000_000_000, "壹亿元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (10_010_000_000, "壹亿零壹拾万元整"),
        (11_000_000_000, "壹亿壹仟万元整"),
        (1_010_000_000_000, "壹佰零壹亿元整"),
        (100_000_000_000_000, "壹万亿元整"),
        (1_000_000_000_000_001, "壹拾万亿元零壹分"),
        (99_999_999_999_999, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_an_amount_is_written_out_from_zero_to_hundreds_of_millions(fen: int, words: str) -> None:
    assert amount_in_words(fen) == "人民币" + words


@pytest.mark.parametrize("fen", [-1, 10**18])
def test_what_is_no_amount_is_refused(fen: int) -> None:
    with pytest.raises(ValueError, match=str(fen)):
        amount_in_words(fen)
