"""Names are compared as people read them (Arts. 3, 9, 12)."""

import pytest

from app.measures.facts import UnitKind
from app.measures.recommendations import jurisdiction, not_itself
from app.measures.text import plain_name, plain_number, same_name
from tests.measures.eligibility_samples import endorsement, one, organisation

NAME = "样例制造（会昌）有限公司"
WRITTEN = [
    NAME,
    "样例制造(会昌)有限公司",
    "样例制造﹙会昌﹚有限公司",
    "样例制造〔会昌〕有限公司",
    "样例制造［会昌］有限公司",
    "样例制造【会昌】有限公司",
    " 样例制造 （会昌）\u3000有限公司\u00a0",
    "样例\u200b制造（会昌）有限公司\ufeff",
]
OTHERS = ["样例制造会昌有限公司", "样例制造（会昌县）有限公司", "样例制造（会昌）有限公司一分公司", "", " "]


@pytest.mark.parametrize("written", WRITTEN)
def test_width_brackets_and_blanks_make_no_other_name(written: str) -> None:
    assert same_name(NAME, written) and same_name(written, NAME)
    assert plain_name(written) == "样例制造(会昌)有限公司"


@pytest.mark.parametrize("written", OTHERS)
def test_another_word_makes_another_name(written: str) -> None:
    assert not same_name(NAME, written)


@pytest.mark.parametrize("nothing", ["", " ", "\u3000", "\u200b"])
def test_nothing_is_nobodys_name(nothing: str) -> None:
    assert not same_name(nothing, nothing)


def test_letters_and_digits_of_full_width_are_the_same() -> None:
    assert same_name("ＡＢＣ样例３公司", "ABC样例3公司")


@pytest.mark.parametrize("written", WRITTEN)
def test_a_unit_does_not_recommend_itself_under_another_writing(written: str) -> None:
    asked = endorsement(unit_kind=UnitKind.ASSOCIATION, unit_uscc=None, unit_name=written, organisation_name=NAME)
    one(not_itself(endorsement=asked), "art03.recommendation", "fail", "itself")


@pytest.mark.parametrize("written", OTHERS)
def test_a_unit_of_another_name_recommends(written: str) -> None:
    asked = endorsement(unit_kind=UnitKind.ASSOCIATION, unit_uscc=None, unit_name=written, organisation_name=NAME)
    one(not_itself(endorsement=asked), "art03.recommendation", "pass")


def test_an_area_is_its_own_under_another_writing() -> None:
    asked = endorsement(unit_kind=UnitKind.TOWNSHIP, unit_area="文武坝\u3000镇")
    one(jurisdiction(endorsement=asked, organisation=organisation(area="文武坝镇")), "art12.jurisdiction", "pass")


@pytest.mark.parametrize("written", ["会财付[2024]0012号", "会财付﹝2024﹞ 0012号", "会财付（２０２４）0012号\u200b"])
def test_art09_a_number_is_one_however_it_is_written(written: str) -> None:
    assert plain_number(written) == plain_number("会财付〔2024〕0012号") == "会财付(2024)0012号"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("PAY-12", "pay–12", True),
        ("PAY-12", "PAY12", False),
        ("PAY-12", "PAY-012", False),
        ("〔2024〕1", "2024 1", False),
    ],
)
def test_art09_dashes_and_size_make_no_other_number_and_digits_do(one: str, other: str, same: bool) -> None:
    assert (plain_number(one) == plain_number(other)) is same
