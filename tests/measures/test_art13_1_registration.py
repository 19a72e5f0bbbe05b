"""Art. 13(1): what looks wrong in a registration asks for a person; it never refuses by itself, nor passes unseen."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from app.measures.eligibility import DECIDED_BEFORE, Gate
from app.measures.facts import LegalForm
from app.measures.findings import obstacles
from app.measures.judgement import condition_decidable
from app.measures.organisations import local
from app.measures.registration import address_flags, code_flags, county_named, flagged
from tests.measures.eligibility_samples import FACTS, ORGANISATION, one, organisation
from tests.measures.procedure_samples import PARAMETERS, READINGS, decided
from tests.measures.test_art13_gate import AFTER_SUBMISSION, run

OWN, ELSEWHERE = "360733", "360731"
PERSON, LOCAL = "art13.1.legal_person", "art13.1.local"
DOUBTS: list[tuple[dict[str, Any], str, str]] = [
    ({"uscc_checksum_ok": False}, PERSON, "credit_code_doubtful"),
    ({"uscc": "92360733MA35ABCD1X"}, PERSON, "credit_code_of_other_form"),
    ({"address": "江西省赣州市于都县贡江镇样例路1号"}, LOCAL, "address_in_other_county"),
    (
        {"address": "江西省赣州市会昌县文武坝镇样例路1号", "county_code": ELSEWHERE},
        LOCAL,
        "address_in_other_county",
    ),
]


@pytest.mark.parametrize(("changes", "rule_id", "reason"), DOUBTS)
def test_a_flag_refuses_nobody_at_the_submission(changes: dict[str, Any], rule_id: str, reason: str) -> None:
    found = run(replace(FACTS, organisation=organisation(**changes)), Gate.SUBMISSION)
    assert obstacles(found) == []
    assert [item.rule for item in found if item.reason == reason and item.facts["flagged"]] == [rule_id]


@pytest.mark.parametrize("gate", AFTER_SUBMISSION)
@pytest.mark.parametrize(("changes", "rule_id", "reason"), DOUBTS)
def test_afterwards_it_is_open_until_a_person_has_decided(
    gate: Gate, changes: dict[str, Any], rule_id: str, reason: str
) -> None:
    facts = replace(FACTS, organisation=organisation(**changes))

    def stands(*decisions: Any) -> list[tuple[str, str, str]]:
        made = MappingProxyType({**FACTS.decisions, **{item.rule: item for item in decisions}})
        tested = obstacles(run(replace(facts, decisions=made), gate))
        return [(item.rule, item.outcome.value, item.reason.value) for item in tested]

    left_open = [(rule_id, "needs_decision", reason)]
    assert stands() == left_open
    (flag,) = [*code_flags(facts.organisation), *address_flags(facts.organisation, OWN)]
    seen = {"about": (flag.about,)}
    assert stands(decided(rule_id, **seen)) == []
    assert stands(decided(rule_id, "fail", **seen)) == [(rule_id, "fail", "decided_against")]
    assert stands(decided(rule_id, evidence="", **seen)) == [(rule_id, "needs_decision", "decision_incomplete")]
    # A decision on something else, for or against, covers nothing of it.
    for outcome in ("pass", "fail"):
        assert stands(decided(rule_id, outcome, about=("another: flag",))) == left_open


def test_a_decision_covers_the_flags_that_it_saw_and_a_later_one_is_open() -> None:
    first = organisation(uscc_checksum_ok=False)
    (seen,) = code_flags(first)
    decisions = {PERSON: decided(PERSON, about=(seen.about,))}
    both = organisation(uscc_checksum_ok=False, legal_form=LegalForm.FARMERS_COOPERATIVE)
    found = flagged(PERSON, code_flags(both), decisions, {"uscc": both.uscc}, before="issue_decree")
    assert [(item.reason.value, item.outcome.value) for item in found] == [
        ("credit_code_of_other_form", "needs_decision"),
        ("credit_code_doubtful", "pass"),
        ("decided_for", "pass"),
    ]
    assert (found[0].facts["decides"], found[0].facts["before"]) == ("office", "issue_decree")
    assert {item.facts["flagged"] for item in found[:2]} == {True}
    assert seen.about == f"credit_code_doubtful: {first.uscc}"


def test_what_a_flag_is_about_is_what_it_looked_at() -> None:
    """Another form with the same signs, another address in the same county: neither is what was decided on."""
    forms = [LegalForm.FARMERS_COOPERATIVE, LegalForm.PUBLIC_INSTITUTION]
    of_forms = [flag.about for form in forms for flag in code_flags(organisation(legal_form=form))]
    addresses = ["江西省赣州市于都县贡江镇样例路1号", "江西省赣州市于都县贡江镇样例路2号"]
    of_addresses = [flag.about for text in addresses for flag in address_flags(organisation(address=text), OWN)]
    assert [len(set(of)) for of in (of_forms, of_addresses)] == [2, 2]
    assert of_forms[0] == f"credit_code_of_other_form: {ORGANISATION.uscc}, farmers_cooperative"
    assert of_addresses[0] == f"address_in_other_county: {addresses[0]}, 360733"


@pytest.mark.parametrize("gate", AFTER_SUBMISSION)
def test_an_open_flag_says_which_act_it_holds_back(gate: Gate) -> None:
    address = "江西省赣州市于都县贡江镇样例路1号"
    doubtful = organisation(uscc_checksum_ok=False, address=address)
    found = obstacles(run(replace(FACTS, organisation=doubtful), gate))
    assert {item.facts["before"] for item in found} == {DECIDED_BEFORE[gate]} and len(found) == 2


@pytest.mark.parametrize(("changes", "rule_id", "reason"), DOUBTS)
def test_it_is_a_persons_to_decide_only_while_something_is_flagged(
    changes: dict[str, Any], rule_id: str, reason: str
) -> None:
    flagged = run(replace(FACTS, organisation=organisation(**changes)), Gate.CONFIRMATION)
    one(condition_decidable(rule_id=rule_id, passing=True, tested=flagged), rule_id, "pass")
    sound = run(FACTS, Gate.CONFIRMATION)
    for passing in (True, False):
        found = condition_decidable(rule_id=rule_id, passing=passing, tested=sound)
        one(found, rule_id, "fail", "decided_by_facts")


def test_no_decision_stands_in_for_the_missing_personality() -> None:
    trader = organisation(legal_form=LegalForm.SOLE_TRADER, uscc_checksum_ok=False)
    tested = run(replace(FACTS, organisation=trader), Gate.CONFIRMATION)
    one(condition_decidable(rule_id=PERSON, passing=True, tested=tested), PERSON, "fail", "legal_personality_missing")


@pytest.mark.parametrize(
    ("form", "signs", "agrees"),
    [
        ("limited_company", "91", True),
        ("limited_company", "92", False),
        ("limited_company", "11", False),
        ("limited_company", "93", False),
        ("joint_stock_company", "91", True),
        ("farmers_cooperative", "93", True),
        ("farmers_cooperative", "91", False),
        ("collective_enterprise", "91", True),
        ("collective_enterprise", "N2", True),
        ("state_owned_enterprise", "N2", False),
        ("public_institution", "12", True),
        ("public_institution", "11", False),
        ("private_non_enterprise", "52", True),
        ("private_non_enterprise", "51", False),
    ],
)
def test_the_first_two_signs_name_department_and_kind(form: str, signs: str, agrees: bool) -> None:
    flags = code_flags(organisation(legal_form=LegalForm(form), uscc=f"{signs}360733MA35ABCD1X"))
    assert [flag.reason for flag in flags] == ([] if agrees else ["credit_code_of_other_form"])


@pytest.mark.parametrize(
    ("code", "identity"),
    [
        ("11010519491231002X", True),
        ("110105194912310021", False),
        ("11010519490231002X", False),
        ("91010519491231002X", False),
        (ORGANISATION.uscc, False),
        ("", False),
    ],
)
def test_an_identity_number_that_passes_as_a_code_is_flagged(code: str, identity: bool) -> None:
    reasons = [flag.reason for flag in code_flags(organisation(uscc=code))]
    assert ("identity_number_as_code" in reasons) is identity


@pytest.mark.parametrize(
    ("code", "address", "reasons"),
    [
        (OWN, "会昌县文武坝镇样例路1号", ["registered_locally"]),
        (OWN, "文武坝镇样例路1号", ["registered_locally"]),
        (OWN, "", ["registered_locally"]),
        (OWN, "于都县贡江镇样例路1号", ["registered_locally", "address_in_other_county"]),
        (ELSEWHERE, "会昌县文武坝镇样例路1号", ["address_in_other_county"]),
        (ELSEWHERE, "于都县贡江镇样例路1号", ["not_registered_locally"]),
        (ELSEWHERE, "章贡区样例路1号", ["not_registered_locally"]),
        (ELSEWHERE, "贡江镇样例路1号", ["not_registered_locally"]),
        (ELSEWHERE, "", ["not_registered_locally"]),
    ],
)
def test_code_and_address_that_contradict_each_other_over_the_county_are_flagged_either_way(
    code: str, address: str, reasons: list[str]
) -> None:
    found = local(
        organisation=organisation(county_code=code, address=address), parameters=PARAMETERS, readings=READINGS
    )
    assert [item.reason.value for item in found] == reasons
    assert bool(obstacles(found)) is (reasons == ["not_registered_locally"])
    assert {(item.facts["county_code"], item.facts["required"]) for item in found} == {(code, OWN)}


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("江西省赣州市会昌县文武坝镇样例路1号", "会昌县"),
        ("江西省会昌县文武坝镇", "会昌县"),
        ("会昌县文武坝镇样例路1号", "会昌县"),
        ("江西省赣州市会昌工业园区", "会昌县"),
        ("江西省赣州市台商创业园区", None),
        ("文武坝镇南外街道红旗大道", None),
        ("", None),
        ("江西省赣州会昌县文武坝镇", "会昌县"),
        ("江西赣州会昌县文武坝镇", "会昌县"),
        ("江西会昌县文武坝镇", "会昌县"),
        ("赣州会昌文武坝镇", "会昌县"),
        ("石城路1号", None),
        ("江西样例路1号", None),
        ("北京路1号", None),
        ("上海西路1号", None),
        ("福建大道1号", None),
        ("江西省赣州市于都贡江镇", "于都县"),
        ("江西赣州于都县贡江镇", "于都县"),
        ("赣州章贡区水东镇", "章贡区"),
        ("江西省赣州市于都县贡江镇会昌路1号", "于都县"),
        ("于都县贡江镇", "于都县"),
        ("江西省 赣州市 章贡区", "章贡区"),
        ("江西省赣州市瑞金市象湖镇", "瑞金市"),
        ("江西省瑞金市象湖镇", "瑞金市"),
        ("广东省深圳市南山区", "南山区"),
        ("广东省样例路1号", "广东"),
        ("上海浦东新区1号", "上海"),
        ("上海市浦东新区1号", "上海市"),
        ("赣州经济技术开发区1号", "经济技术开发区"),
        ("江西省赣州市经开区样例路1号", "经开区"),
        ("赣州市蓉江新区1号", "蓉江新区"),
    ],
)
def test_the_county_is_named_by_the_address_in_its_own_words(address: str, named: str | None) -> None:
    assert county_named(address, OWN) == named
    assert county_named(address, "000000") is None


@pytest.mark.parametrize(
    "county",
    ["江西省,赣州市,{}", "江西省-赣州市-{}", "江西省／赣州市／{}", "江西省赣州市\u200b{}", "中国江西省赣州市{}"],
)
@pytest.mark.parametrize("name", ["会昌县", "寻乌县"])
def test_signs_between_the_parts_of_an_address_change_no_place(county: str, name: str) -> None:
    assert county_named(f"{county.format(name)}样例镇1号", OWN) == name
    assert county_named(f"中华人民共和国{county.format(name).removeprefix('中国')}样例镇1号", OWN) == name
