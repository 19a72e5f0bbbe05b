"""Art. 13(1): what looks wrong in a registration asks for a person; it never refuses by itself, nor passes unseen."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from app.measures.eligibility import Gate
from app.measures.facts import LegalForm
from app.measures.findings import obstacles
from app.measures.judgement import condition_decidable
from app.measures.registration import code_flags, other_county
from tests.measures.eligibility_samples import FACTS, ORGANISATION, one, organisation
from tests.measures.procedure_samples import decided
from tests.measures.test_art13_gate import AFTER_SUBMISSION, run

PERSON, LOCAL = "art13.1.legal_person", "art13.1.local"
DOUBTS: list[tuple[dict[str, Any], str, str]] = [
    ({"uscc_checksum_ok": False}, PERSON, "credit_code_doubtful"),
    ({"uscc": "92360733MA35ABCD1X"}, PERSON, "credit_code_of_other_form"),
    ({"address": "江西省赣州市于都县贡江镇样例路1号"}, LOCAL, "address_in_other_county"),
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

    assert stands() == [(rule_id, "needs_decision", reason)]
    assert stands(decided(rule_id)) == []
    assert stands(decided(rule_id, "fail")) == [(rule_id, "fail", "decided_against")]
    assert stands(replace(decided(rule_id), evidence="")) == [(rule_id, "needs_decision", "decision_incomplete")]


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
    assert [reason for reason, _ in flags] == ([] if agrees else ["credit_code_of_other_form"])


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
    reasons = [reason for reason, _ in code_flags(organisation(uscc=code))]
    assert ("identity_number_as_code" in reasons) is identity


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("江西省赣州市会昌县文武坝镇样例路1号", None),
        ("江西省会昌县文武坝镇", None),
        ("会昌县文武坝镇样例路1号", None),
        ("江西省赣州市会昌工业园区", None),
        ("江西省赣州市台商创业园区", None),
        ("文武坝镇南外街道红旗大道", None),
        ("", None),
        ("江西省赣州市于都县贡江镇会昌路1号", "于都县"),
        ("于都县贡江镇", "于都县"),
        ("江西省 赣州市 章贡区", "章贡区"),
        ("江西省赣州市瑞金市象湖镇", "瑞金市"),
        ("江西省瑞金市象湖镇", "瑞金市"),
        ("广东省深圳市南山区", "南山区"),
    ],
)
def test_an_address_that_names_another_county_is_told(address: str, named: str | None) -> None:
    assert other_county(organisation(address=address)) == named
    assert other_county(organisation(address=address, county_code="360731")) is None
