"""Names are compared as people read them (Arts. 3, 9, 12)."""

import pytest

from app.measures.facts import UnitKind
from app.measures.publicity import corrected_to_its_name
from app.measures.recommendations import not_itself
from app.measures.text import plain_name, plain_number, printed_name, same_document, same_name
from app.measures.units import jurisdiction
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
    "样例制造<会昌>有限公司",
    "样例制造＜会昌＞有限公司",
    "样例制造\u2039会昌\u203a有限公司",
    "样例制造\u00ab会昌\u00bb有限公司",
    "样例制造《会昌》有限公司",
    "样例制造\ufe0f（会昌）有限公司\U000e0101",
    "样例\u3164制造（会\u2800昌）有限\uffa0公司\u034f",
]
OTHERS = [
    "样例制造“会昌”有限公司",
    "样例制造（会昌）有限公司。",
    "樣例製造（會昌）有限公司",
    "样例制造会昌有限公司",
    "样例制造（会昌县）有限公司",
    "样例制造（会昌）有限公司一分公司",
    "",
    " ",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_width_brackets_and_blanks_make_no_other_name(written: str) -> None:
    assert same_name(NAME, written) and same_name(written, NAME)
    assert plain_name(written) == "样例制造(会昌)有限公司"


@pytest.mark.parametrize("written", OTHERS)
def test_another_word_makes_another_name(written: str) -> None:
    assert not same_name(NAME, written)


@pytest.mark.parametrize(
    "written", ["阿·〇一–二公司", "阿•○一—二公司", "阿・◯一-二公司", "阿‧〇一－二公司", "阿･〇一‐二公司"]
)
def test_kinds_of_dots_dashes_and_round_zeros_make_no_other_name(written: str) -> None:
    assert same_name("阿·〇一-二公司", written)
    assert not same_name("阿〇一二公司", written) and not same_name("阿.〇一-二公司", written)


@pytest.mark.parametrize("nothing", ["", " ", "\u3000", "\u200b", "\u3164", "\u2800\u115f"])
def test_nothing_is_nobodys_name(nothing: str) -> None:
    assert not same_name(nothing, nothing)


def test_letters_and_digits_of_full_width_are_the_same() -> None:
    assert same_name("ＡＢＣ样例３公司", "ABC样例3公司")
    assert same_name("abc样例3公司", "ABC样例3公司") and not same_name("ABD样例3公司", "ABC样例3公司")


@pytest.mark.parametrize("written", WRITTEN)
def test_a_unit_does_not_recommend_itself_under_another_writing(written: str) -> None:
    asked = endorsement(unit_kind=UnitKind.ASSOCIATION, unit_uscc=None, unit_name=written, organisation_name=NAME)
    one(not_itself(endorsement=asked), "art03.recommendation", "fail", "itself")


@pytest.mark.parametrize("written", OTHERS)
def test_a_unit_of_another_name_recommends(written: str) -> None:
    asked = endorsement(unit_kind=UnitKind.ASSOCIATION, unit_uscc=None, unit_name=written, organisation_name=NAME)
    one(not_itself(endorsement=asked), "art03.recommendation", "pass")


@pytest.mark.parametrize("code", ["91360733MA00000001", "", " "])
def test_a_unit_whose_code_is_another_is_itself_by_its_name(code: str) -> None:
    asked = endorsement(unit_kind=UnitKind.ASSOCIATION, unit_uscc=code, unit_name=NAME, organisation_name=NAME)
    one(not_itself(endorsement=asked), "art03.recommendation", "fail", "itself")
    other = endorsement(unit_kind=UnitKind.ASSOCIATION, unit_uscc=code, unit_name="样例协会", organisation_name=NAME)
    one(not_itself(endorsement=other), "art03.recommendation", "pass")


@pytest.mark.parametrize("code", ["９１３６０７３３ＭＡ４８Ｃ１９０２Ｆ", "91360733 ma48c1902f"])
def test_a_unit_is_itself_by_its_code_however_it_is_written(code: str) -> None:
    asked = endorsement(
        unit_uscc=code, organisation_uscc="91360733ma48C1902F", unit_name="样例协会", organisation_name=NAME
    )
    one(not_itself(endorsement=asked), "art03.recommendation", "fail", "itself")


@pytest.mark.parametrize(
    ("former", "code", "expected"),
    [
        ([], None, NAME),
        ([NAME, WRITTEN[1]], None, NAME),
        (["样例旧名公司"], None, f"{NAME}（原名：样例旧名公司）"),
        (["样例甲公司", "样例乙公司", "样例甲 公司"], None, f"{NAME}（原名：样例甲公司、样例乙公司）"),
        ([], "A", f"{NAME}（A）"),
        (["样例旧名公司"], "A", f"{NAME}（原名：样例旧名公司）（A）"),
    ],
)
def test_a_name_is_printed_with_its_former_ones_and_its_code(
    former: list[str], code: str | None, expected: str
) -> None:
    assert printed_name(NAME, former=former, code=code) == expected
    assert printed_name(NAME) == NAME


@pytest.mark.parametrize("written", [*WRITTEN, "样例旧名公司", "样例旧名 公司"])
def test_a_correction_is_to_a_name_of_its_own(written: str) -> None:
    found = corrected_to_its_name(published_name=written, legal_name=NAME, former=["样例旧名公司"])
    one(found, "art21.publicity", "pass", legal_name=NAME, published_name=written, former_names=["样例旧名公司"])


@pytest.mark.parametrize("written", OTHERS)
def test_a_correction_is_not_to_the_name_of_another(written: str) -> None:
    found = corrected_to_its_name(published_name=written, legal_name=NAME, former=["样例旧名公司", ""])
    one(found, "art21.publicity", "fail", "is none of the organisation", legal_name=NAME)


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


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("会府字〔二〇二四〕十二号", "会府字(2024)12号"),
        ("会府字﹝二○二四﹞一二号", "会府字(2024)12号"),
        ("会府字〔贰零贰肆〕拾贰号", "会府字(2024)12号"),
        ("会府字〔2О24〕12号", "会府字(2024)12号"),
        ("会府字〔二千零二十四〕二十号", "会府字(2024)20号"),
        ("会府字〔二千零四〕一百零五号", "会府字(2004)105号"),
        ("会府字〔贰仟零贰拾肆〕叁佰号", "会府字(2024)300号"),
        ("会府字〔二千零十〕二百一十号", "会府字(2010)210号"),
        ("会府字〔2024〕012号", "会府字(2024)012号"),
        ("百货字〔2024〕十号", "百货字(2024)10号"),
        ("两千〔2024〕千号", "两千(2024)千号"),
        ("PO-12", "po-12"),
    ],
)
def test_a_number_of_a_document_is_one_in_chinese_numerals_too(written: str, plain: str) -> None:
    assert plain_number(written) == plain
    assert same_document(written, plain)


def test_a_document_without_a_number_is_the_same_as_no_other() -> None:
    assert not same_document("", " ")
    assert not same_document("会府字〔2024〕12号", "会府字〔2024〕13号")
