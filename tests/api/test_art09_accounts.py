"""Art. 8, 9: a prize goes to an account of the winner's own, which is no other winner's."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import ACCOUNT, acknowledge, order, order_body, pay
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art09_came_back import OTHER, reissue, returned, told
from tests.api.test_revocations import FRAUD, decide
from tests.support.problems import refused

RULE = "art09.disbursement"


@pytest.fixture
def pair(world: World) -> tuple[Winner, Winner]:
    first, second = concluded(world, {}, {}).winners
    return first, second


def ordered(world: World, winner: Winner, account: str) -> Any:
    return world.office.post(f"/v1/awards/{winner.award_id}/disbursement", order_body(winner, bank_account=account))


def reasons(answer: Any) -> list[str]:
    problem = refused(answer, 422, "rule_refused", RULE)
    assert all(item["remedy_zh"] for item in problem["violations"])
    return [item["reason"] for item in problem["violations"]]


@pytest.mark.parametrize("written", [ACCOUNT, "6222 0000-0000 1234", f"NRA{ACCOUNT}"])
def test_art09_one_account_is_not_that_of_two_winners(world: World, pair: tuple[Winner, Winner], written: str) -> None:
    first, second = pair
    row = order(world, first)
    assert row["bank_account_ending"] == ACCOUNT[-4:]
    problem = refused(ordered(world, second, written), 422, "rule_refused", RULE)
    (violation,) = problem["violations"]
    assert (violation["reason"], violation["facts"]["account_ending"]) == ("account_of_another", ACCOUNT[-4:])
    assert violation["facts"]["reading"]["key"] == "account_of_two_winners"
    assert ACCOUNT not in str(problem)
    # One digit further it is another account.
    made = ok(ordered(world, second, f"{ACCOUNT[:-1]}5"), 201)
    assert reasons(reissue(world, made, second, bank_account=ACCOUNT)) == ["account_of_another"]
    assert pay(world, row)["state"] == pay(world, made)["state"] == "paid"


def test_art09_two_orders_at_once_to_one_account_are_one(world: World, pair: tuple[Winner, Winner]) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda winner: ordered(world, winner, ACCOUNT), pair))
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    (late,) = (answer for answer in answers if answer.status_code == 422)
    assert reasons(late) == ["account_of_another"]


@pytest.mark.parametrize("state", ["payable", "acknowledged", "paid"])
def test_art09_an_account_is_in_use_while_a_prize_goes_there(
    world: World, pair: tuple[Winner, Winner], state: str
) -> None:
    first, second = pair
    row = order(world, first)
    if state != "payable":
        {"acknowledged": acknowledge, "paid": pay}[state](world, row)
    assert reasons(ordered(world, second, ACCOUNT)) == ["account_of_another"]


@pytest.mark.parametrize("how", ["corrected", "failed", "returned", "cancelled"])
def test_art09_an_account_found_wrong_is_free_for_whose_it_is(
    world: World, pair: tuple[Winner, Winner], how: str
) -> None:
    first, second = pair
    row = order(world, first)
    if how == "corrected":
        ok(reissue(world, row, first, bank_account=OTHER))
    elif how == "failed":
        ok(told(world, acknowledge(world, row), "payment-failure", {"attempt": 1, "reason": "样例：户名不符"}))
    elif how == "returned":
        returned(world, pay(world, row))
    else:
        decide(world, bring_case(world, first.award_id, first.applicant, FRAUD), "会府字〔2024〕70号", "2024-06-03")
    assert pay(world, ok(ordered(world, second, ACCOUNT), 201))["state"] == "paid"


def test_art09_an_account_of_zeros_is_none(world: World, pair: tuple[Winner, Winner]) -> None:
    first, _ = pair
    for written in ("00000000", "NRA00000000", "0000 0000 0000 0000", "００００００００", "0" * 32):
        assert reasons(ordered(world, first, written)) == ["account_has_no_number"]
    made = ok(ordered(world, first, "00000001"), 201)
    assert reasons(reissue(world, made, first, bank_account="0000000000")) == ["account_has_no_number"]
