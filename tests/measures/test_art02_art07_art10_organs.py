"""Arts. 2, 7, 10: the office proposes, the government decides, nobody asks for a fee."""

from collections.abc import Iterable

import pytest

from app.measures.fees import mentions_fee
from app.measures.organs import DECISIONS, PROPOSALS, SCORING, decider, proposer
from app.measures.roles import Role
from app.measures.state_machines import STATE_MACHINES
from tests.measures.eligibility_samples import one


def acts_guarded_by(rule_id: str) -> set[str]:
    return {item.act for machine in STATE_MACHINES.values() for item in machine.transitions if rule_id in item.guards}


def test_the_acts_are_those_that_the_lives_guard() -> None:
    assert acts_guarded_by("art02.decider") == DECISIONS
    assert acts_guarded_by("art10.proposes") == PROPOSALS
    assert not (DECISIONS | PROPOSALS) & SCORING


def test_no_act_of_another_kind_shares_a_name_with_a_decision_or_a_proposal() -> None:
    for rule_id, acts in (("art02.decider", DECISIONS), ("art10.proposes", PROPOSALS)):
        for machine in STATE_MACHINES.values():
            assert all(rule_id in item.guards for item in machine.transitions if item.act in acts)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", sorted(DECISIONS))
def test_approval_decree_revocation_and_a_suspended_prize_are_the_governments_alone(role: Role, act: str) -> None:
    outcome = "pass" if role is Role.GOVERNMENT else "fail"
    one(decider(role=role, act=act), "art02.decider", outcome, role=role.value, act=act)
    one(proposer(role=role, act=act), "art10.proposes", "pass", role=role.value, act=act)


@pytest.mark.parametrize("act", sorted(PROPOSALS | SCORING))
@pytest.mark.parametrize("role", list(Role))
def test_the_government_neither_scores_nor_proposes(role: Role, act: str) -> None:
    outcome = "fail" if role is Role.GOVERNMENT else "pass"
    one(decider(role=role, act=act), "art02.decider", outcome, role=role.value, act=act)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", sorted(PROPOSALS))
def test_only_the_office_fixes_and_changes_the_lists(role: Role, act: str) -> None:
    outcome = "pass" if role is Role.OFFICE else "fail"
    one(proposer(role=role, act=act), "art10.proposes", outcome, role=role.value, act=act)


@pytest.mark.parametrize("role", list(Role))
def test_an_act_that_is_reserved_to_nobody_is_free(role: Role) -> None:
    one(decider(role=role, act="submit"), "art02.decider", "pass", act="submit")
    one(proposer(role=role, act="submit"), "art10.proposes", "pass", act="submit")


@pytest.mark.parametrize(
    "name",
    [
        "fee",
        "application_fee",
        "fees",
        "applicationFee",
        "ReviewFees",
        "FEE",
        "HTTPFee",
        "unit-price",
        "price_fen",
        "prices",
        "pricing",
        "deposit",
        "deposits",
        "charge",
        "charges",
        "charge_in",
        "surcharge",
        "surcharges",
        "tariff",
        "tariffs",
        "toll",
        "tolls",
        "charge_in_charge",
        "评审费",
        "收费标准",
        "费用",
        "押金",
        "保证金",
        "价格",
        "报名费",
        "申报费",
        "服务费",
        "手续费",
    ],
)
def test_a_name_that_stands_for_a_fee_is_found(name: str) -> None:
    found = one(mentions_fee(names=["amount_fen", name]), "art07.no_fee", "fail", names=[name])
    assert found.remedy is not None


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["prize_fen", "budget_year", "disbursement", "amount_fen"],
        ["person_in_charge", "inCharge"],
        ["discharge"],
        ["feedback", "coffee"],
        ["priceless"],
        ["经费", "消费者"],
        ["payee_name", ""],
    ],
)
def test_names_that_only_look_like_it_are_not(names: Iterable[str]) -> None:
    one(mentions_fee(names=names), "art07.no_fee", "pass")


def test_every_such_name_is_told_once() -> None:
    one(mentions_fee(names=["price", "fee", "name", "fee"]), "art07.no_fee", "fail", names=["fee", "price"])


def test_the_operator_keeps_accounts_and_endpoints_and_does_nothing_of_the_procedure() -> None:
    """Art. 2: who is at the machine's command line is no organ of the award."""
    own = {item.act for machine in STATE_MACHINES.values() for item in machine.transitions if item.operator}
    assert own == {"deactivate_account", "activate_account", "give_up_webhook"}
