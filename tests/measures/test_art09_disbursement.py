"""Art. 9: paid on the decree, to the winner itself, the exact amount, once, for a first award that stands."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.measures.disbursements import DisbursementFacts, disbursement_payable
from app.measures.findings import Finding
from app.measures.prize import (
    cancellable,
    holder_exists,
    nothing_to_recover,
    payee_receives,
    payment_decidable,
    recipient_decidable,
)
from app.measures.state_machines import AWARD, AwardState, DisbursementState
from app.measures.text import Text
from tests.measures.eligibility_samples import one, said
from tests.measures.procedure_samples import PARAMETERS

RULE = "art09.disbursement"
PAYABLE = DisbursementFacts(
    decree_number="会府字〔2025〕12号",
    decree_date=date(2025, 3, 10),
    award_state=AwardState.CONFERRED,
    payee_name="会昌县某某食品有限公司",
    organisation_name="会昌县某某食品有限公司",
    amount_fen=10_000_000,
    budget_year=2025,
    earlier_disbursement=False,
    first=True,
)


def pay(**changes: Any) -> list[Finding]:
    return disbursement_payable(facts=replace(PAYABLE, **changes), parameters=PARAMETERS)


def test_a_first_prize_is_payable_on_the_recorded_decree() -> None:
    one(
        pay(),
        RULE,
        "pass",
        decree_number="会府字〔2025〕12号",
        amount_fen=10_000_000,
        budget_year=2025,
        payee_name="会昌县某某食品有限公司",
    )


@pytest.mark.parametrize("change", [{"decree_number": None}, {"decree_number": " "}, {"decree_date": None}])
def test_not_before_the_decrees_number_and_date_are_recorded(change: dict[str, Any]) -> None:
    told = {"decree_number": "会府字〔2025〕12号", "decree_date": "2025-03-10", **change}
    assert one(pay(**change), RULE, "fail", "decree_not_recorded", **told).remedy is not None


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("approved", "decree_outstanding"),
        ("withdrawn", "award_withdrawn"),
        ("revoked", "award_revoked"),
        ("suspended", "award_suspended"),
        ("unordered", "award_not_conferred"),
    ],
)
def test_never_while_the_award_does_not_stand(state: str, message: str) -> None:
    one(pay(award_state=state), RULE, "fail", message, award_state=state)


def test_every_state_of_an_award_but_conferred_refuses() -> None:
    refusing = [state for state in AWARD.states if pay(award_state=state)[0].outcome.value == "fail"]
    assert refusing == [state for state in AWARD.states if state != "conferred"]


def test_never_for_a_repeated_award_or_after_a_revoked_one() -> None:
    one(pay(first=False), RULE, "fail", "not_first_award", first=False)


def test_once_per_legal_person_ever() -> None:
    one(pay(earlier_disbursement=True), RULE, "fail", "disbursed_already", earlier_disbursement=True)


@pytest.mark.parametrize("payee", ["会昌县某某食品有限公司一分公司", "张三", "", "  "])
def test_to_the_winner_itself(payee: str) -> None:
    found = one(pay(payee_name=payee), RULE, "fail", "payee_not_winner", payee_name=payee)
    assert found.facts["organisation_name"] == "会昌县某某食品有限公司"
    assert found.remedy is not None


def test_a_blank_name_matches_nothing() -> None:
    one(pay(payee_name=" ", organisation_name=" "), RULE, "fail", "payee_not_winner")


def test_spaces_around_the_name_are_no_other_name() -> None:
    one(pay(payee_name=" 会昌县某某食品有限公司 "), RULE, "pass")
    one(pay(organisation_name="会昌县某某食品有限公司 "), RULE, "pass")


@pytest.mark.parametrize("amount", [0, 9_999_999, 10_000_001, 20_000_000, -10_000_000])
def test_the_exact_amount(amount: int) -> None:
    found = one(pay(amount_fen=amount), RULE, "fail", "amount_not_the_prize", amount_fen=amount, prize_fen=10_000_000)
    assert found.message.zh == "奖金应为10万元"


def test_the_amount_is_the_instruments() -> None:
    found = disbursement_payable(facts=PAYABLE, parameters=replace(PARAMETERS, prize_fen=12_345_679))
    one(found, RULE, "fail", "CNY 123,456.79", prize_fen=12_345_679)


@pytest.mark.parametrize(("year", "right"), [(2023, False), (2024, False), (2025, True), (2026, True), (2027, False)])
def test_the_budget_is_that_of_the_decrees_year_or_of_the_next(year: int, right: bool) -> None:
    if right:
        one(pay(budget_year=year), RULE, "pass")
    else:
        told = {"budget_year": year, "decree_date": "2025-03-10"}
        assert one(pay(budget_year=year), RULE, "fail", "budget_year_impossible", **told).remedy is not None


def test_each_disbursement_carries_its_budget_year() -> None:
    assert one(pay(budget_year=None), RULE, "fail", "budget_year_missing", budget_year=None).remedy is not None


def test_every_defect_is_told() -> None:
    wrong = {
        "decree_number": None,
        "award_state": "revoked",
        "earlier_disbursement": True,
        "payee_name": "",
        "amount_fen": 1,
        "budget_year": None,
    }
    said(pay(**wrong), *[(RULE, "fail")] * 6)
    # Where no prize is due, no amount would be right, and none is asked for.
    said(pay(**wrong, first=False), *[(RULE, "fail")] * 6)


@pytest.mark.parametrize("payee", ["样例(会昌)有限公司", "样例 （会昌） 有限公司", "样例（会昌）有限公司\u3000"])
def test_the_width_of_brackets_and_spaces_make_no_other_name(payee: str) -> None:
    one(pay(payee_name=payee, organisation_name="样例（会昌）有限公司"), RULE, "pass")
    one(pay(payee_name=payee, organisation_name="样例会昌有限公司"), RULE, "fail", "payee_not_winner")


def test_an_order_made_under_a_former_name_is_still_the_winners() -> None:
    one(pay(payee_name="样例旧名有限公司"), RULE, "fail", "payee_not_winner")
    one(pay(payee_name="样例旧名有限公司", former_names=("样例旧名有限公司",)), RULE, "pass")


@pytest.mark.parametrize(
    "state", [*(state for state in AwardState if state is not AwardState.REVOKED), DisbursementState.SUSPENDED]
)
def test_only_the_prize_of_a_revoked_award_is_cancelled(state: AwardState | DisbursementState) -> None:
    refused = one(cancellable(award_state=state), "art08.prize", "fail", "award_stands")
    assert refused.remedy == Text("先就撤销作出决定", "Decide on a revocation first")
    assert dict(refused.facts) == {"award_state": state}
    one(cancellable(award_state=AwardState.REVOKED), "art08.prize", "pass")


def test_the_prize_of_a_standing_award_is_cancelled_where_nobody_is_left_to_receive_it() -> None:
    found = one(
        cancellable(award_state=AwardState.CONFERRED, nobody_since=date(2025, 4, 1)),
        "art08.prize",
        "pass",
        "nobody_receives",
    )
    assert dict(found.facts) == {"dissolved_on": "2025-04-01"}
    (found,) = holder_exists(dissolved_on=date(2025, 4, 1), recipient=None, ends_by="cancel")
    assert (found.reason, found.facts["next_act"], found.facts["next_by"]) == (
        "holder_dissolved",
        "cancel",
        ["government"],
    )


@pytest.mark.parametrize(
    ("state", "remedy"),
    [
        (AwardState.APPROVED, Text("待通报表彰文件登记后办理", "Wait for the decree")),
        (
            DisbursementState.SUSPENDED,
            Text("待县政府就撤销提请作出决定", "Wait for the government's decision on the case"),
        ),
        (AwardState.WITHDRAWN, Text("该组织可在下一届申报", "It may apply in the next round")),
        (
            AwardState.REVOKED,
            Text(
                "不再拨付；已经拨付的，由质量强县办依撤销决定办理收回",
                "Nothing is paid any more; what was paid is recovered under the decision, by the office",
            ),
        ),
    ],
)
def test_an_award_that_does_not_stand_says_what_it_waits_for(
    state: AwardState | DisbursementState, remedy: Text
) -> None:
    refused = one(
        disbursement_payable(facts=replace(PAYABLE, award_state=state), parameters=PARAMETERS), RULE, "fail", "he award"
    )
    assert refused.remedy == remedy and refused.facts["award_state"] == state


def test_of_a_dissolved_winner_somebody_is_decided_on_who_receives_its_prize() -> None:
    assert holder_exists(dissolved_on=None, recipient=None) == []
    assert holder_exists(dissolved_on=None, recipient="样例承继公司") == []
    (found,) = holder_exists(dissolved_on=date(2025, 4, 1), recipient=None)
    assert (found.rule, found.outcome.value, found.reason) == (RULE, "fail", "holder_dissolved")
    assert found.facts["dissolved_on"] == "2025-04-01"
    assert (found.facts["next_act"], found.facts["next_by"]) == ("decide_recipient", ["government"])
    (found,) = holder_exists(dissolved_on=date(2025, 4, 1), recipient="样例承继公司")
    assert (found.outcome.value, found.reason, found.facts["payee_name"]) == (
        "pass",
        "recipient_decided",
        "样例承继公司",
    )


_NAMED = {"payee_name": "样例承继公司"}
_NOBODY: dict[str, Any] = {**_NAMED, "next_act": None}


@pytest.mark.parametrize(
    ("changes", "reason", "told"),
    [
        ({}, "recipient_decided", {**_NAMED, "dissolved_on": "2025-04-01"}),
        ({"prize_fen": 1}, "recipient_decided", {**_NAMED, "dissolved_on": "2025-04-01"}),
        ({"dissolved_on": None}, "winner_exists", _NAMED),
        ({"prize_fen": 0}, "no_prize_due", {"prize_fen": 0}),
        ({"continues": False}, "recipient_no_successor", _NOBODY),
        ({"recipient_dissolved_on": date(2025, 5, 1)}, "recipient_no_successor", _NOBODY),
        (
            {"continues": False, "ends_by": "decide_prize_not_ordered"},
            "recipient_no_successor",
            {**_NAMED, "next_act": "decide_prize_not_ordered", "next_by": ["government"]},
        ),
    ],
)
def test_the_recipient_of_a_prize_continues_a_winner_that_is_no_more(
    changes: dict[str, Any], reason: str, told: dict[str, Any]
) -> None:
    facts: dict[str, Any] = {"dissolved_on": date(2025, 4, 1), "prize_fen": 10_000_000, "recipient": "样例承继公司"}
    (found,) = recipient_decidable(**{**facts, "continues": True, "recipient_dissolved_on": None, **changes})
    assert (found.rule, found.reason, dict(found.facts)) == (RULE, reason, told)
    assert (found.outcome.value == "pass") is (reason == "recipient_decided")


def test_an_order_names_the_recipient_by_one_of_its_names() -> None:
    assert payee_receives(payee_name="样例承继 公司", names=["样例承继公司", "样例前名公司"]) == []
    assert payee_receives(payee_name="样例前名公司", names=["样例承继公司", "样例前名公司"]) == []
    (found,) = payee_receives(payee_name="样例获奖公司", names=["样例承继公司", "样例前名公司"])
    assert (found.rule, found.reason, found.facts["organisation_name"]) == (RULE, "payee_not_winner", "样例承继公司")


@pytest.mark.parametrize(
    ("outstanding", "decided", "found"),
    [
        (0, None, None),
        (0, 5, None),
        (1, None, "recovery_outstanding"),
        (5, 5, "paid_beside_recovery"),
        (4, 5, "paid_beside_recovery"),
        (6, 5, "recovery_outstanding"),
        (1, 0, "recovery_outstanding"),
    ],
)
def test_a_prize_beside_a_recovery_waits_or_is_decided_on(
    outstanding: int, decided: int | None, found: str | None
) -> None:
    told = nothing_to_recover(outstanding_fen=outstanding, decided_fen=decided)
    assert [item.reason for item in told] == ([] if found is None else [found])
    assert all((item.outcome.value == "pass") is (found == "paid_beside_recovery") for item in told)
    assert all(item.rule == RULE and item.facts["amount_fen"] == outstanding for item in told)


@pytest.mark.parametrize(
    ("prize", "outstanding", "reason"),
    [(0, 1, "no_prize_due"), (1, 0, "nothing_to_recover"), (1, 1, "paid_beside_recovery")],
)
def test_there_is_something_to_decide_beside_a_recovery(prize: int, outstanding: int, reason: str) -> None:
    (found,) = payment_decidable(prize_fen=prize, outstanding_fen=outstanding)
    assert (found.rule, found.reason, found.outcome.value == "pass") == (RULE, reason, reason == "paid_beside_recovery")
    told = {"no_prize_due": {"prize_fen": 0}, "nothing_to_recover": {}, "paid_beside_recovery": {"amount_fen": 1}}
    assert {key: value for key, value in found.facts.items() if not key.startswith("next_")} == told[reason]
