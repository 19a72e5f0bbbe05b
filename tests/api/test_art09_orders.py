"""Art. 9: what an order carries for the bank, and the year whose budget pays it when it is issued again."""

from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import BANK_NUMBER as BANK
from sandbox.stages.money import acknowledge, order, order_body, pay
from sandbox.world import World, ok
from tests.api.test_art09_came_back import OTHER, now, reissue, told
from tests.api.test_art09_messages import in_state
from tests.support.problems import refused


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def feed(world: World) -> dict[str, Any]:
    return ok(world.platform.get("/v1/disbursement-feed"))["items"][-1]["disbursement"]  # type: ignore[no-any-return]


def years(world: World) -> dict[int, int]:
    return {item["year"]: item["ordered_fen"] for item in ok(world.office.get("/v1/budget-years"))["items"]}


@pytest.mark.parametrize("written", [BANK, "1044 2805 0019", "１０４４-2805-0019"])
def test_art09_an_order_carries_the_number_of_the_bank(world: World, winner: Winner, written: str) -> None:
    row = order(world, winner, bank_number=written)
    for shown in (row, now(world, row), feed(world)):
        assert shown["bank_number"] == BANK
    again = ok(reissue(world, row, winner, bank_account=OTHER, bank_number="105428000010"))
    assert (again["bank_number"], feed(world)["bank_number"]) == ("105428000010",) * 2


def test_art09_an_order_states_the_number_of_its_bank(world: World, winner: Winner) -> None:
    body = order_body(winner)
    del body["bank_number"]
    path = f"/v1/awards/{winner.award_id}/disbursement"
    problem = refused(world.office.post(path, body), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/bank_number", "required")]
    row = order(world, winner)
    again = order_body(winner, bank_account=OTHER, reason="样例：更正账户")
    del again["bank_number"], again["budget_year"]
    problem = refused(world.office.post(f"/v1/disbursements/{row['id']}/reissue", again), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/bank_number", "required")]


# A digit that is another, and two that have changed places: the last one tells both.
@pytest.mark.parametrize("wrong", ["104428050018", "104428050029", "104482050019", "000000000000"])
def test_art09_the_check_digit_of_a_banks_number_is_asked(world: World, winner: Winner, wrong: str) -> None:
    path = f"/v1/awards/{winner.award_id}/disbursement"
    problem = refused(world.office.post(path, order_body(winner, bank_number=wrong)), 422, "invalid")
    (fault,) = problem["errors"]
    assert (fault["pointer"], fault["code"]) == ("/bank_number", "wrong_format")
    assert "校验位" in fault["message"]


@pytest.mark.parametrize("wrong", ["10442805001", "1044280500191", "10442805001X", "", 104428050019])
def test_art09_what_is_no_number_of_a_bank_is_refused(world: World, winner: Winner, wrong: object) -> None:
    path = f"/v1/awards/{winner.award_id}/disbursement"
    problem = refused(world.office.post(path, order_body(winner, bank_number=wrong)), 422, "invalid")
    assert [item["pointer"] for item in problem["errors"]] == ["/bank_number"]


def from_year(world: World, row: dict[str, Any], winner: Winner, year: int) -> Any:
    """Issued again, from the budget of this year."""
    body = order_body(winner, budget_year=year, reason="样例：改由本年度预算列支")
    return world.office.post(f"/v1/disbursements/{row['id']}/reissue", body)


def appropriate(world: World, year: int, amount_fen: int, document: str = "会财预〔2025〕3号") -> Any:
    body = {"amount_fen": amount_fen, "document_number": document, "document_date": "2025-02-05"}
    return world.office.post(f"/v1/budget-years/{year}/appropriations", body)


def test_art09_a_prize_that_was_never_ordered_is_paid_from_the_next_years_budget(world: World, winner: Winner) -> None:
    """What the refusal says to do can be done."""
    row = in_state(world, winner, "unordered")
    ok(appropriate(world, 2024, 9_999_999), 201)
    problem = refused(reissue(world, row, winner), 422, "rule_refused", "art09.disbursement")
    assert [item["reason"] for item in problem["violations"]] == ["appropriation_exceeded"]
    refused(from_year(world, row, winner, 2026), 422, "rule_refused", "art09.disbursement")
    ordered = ok(from_year(world, row, winner, 2025))
    assert (ordered["state"], ordered["budget_year"], ordered["attempt"]) == ("payable", 2025, 1)
    assert years(world) == {2024: 0, 2025: 10_000_000}
    assert pay(world, ordered)["state"] == "paid"


def test_art09_an_order_that_failed_moves_to_the_next_year_within_its_appropriation(
    world: World, winner: Winner
) -> None:
    row = acknowledge(world, order(world, winner))
    ok(told(world, row, "payment-failure", {"attempt": 1, "reason": "样例：年终关账"}))
    world.clock.go("2025-03-01")
    ok(appropriate(world, 2025, 9_999_999), 201)
    refused(from_year(world, row, winner, 2025), 422, "rule_refused", "art09.disbursement")
    assert years(world)[2024] == 10_000_000
    ok(appropriate(world, 2025, 10_000_000, "会财预〔2025〕4号"), 201)
    moved = ok(from_year(world, row, winner, 2025))
    assert (moved["budget_year"], moved["attempt"]) == (2025, 2)
    assert years(world) == {2025: 10_000_000}
    # The year that it is counted in already has room for it, whatever else has been ordered.
    acknowledge(world, moved)
    ok(told(world, moved, "payment-failure", {"attempt": 2, "reason": "样例：退票"}))
    assert ok(from_year(world, moved, winner, 2025))["budget_year"] == 2025


@pytest.mark.parametrize(("year", "right"), [(2023, False), (2024, True), (2026, True), (2027, False), (2199, False)])
def test_art09_an_appropriation_is_by_a_document_of_its_time(world: World, year: int, right: bool) -> None:
    world.clock.go("2025-03-01")
    answer = appropriate(world, year, 10_000_000)
    if right:
        assert ok(answer, 201)["year"] == year
    else:
        problem = refused(answer, 422, "rule_refused", "art09.disbursement")
        assert [item["reason"] for item in problem["violations"]] == ["appropriation_of_another_year"]


def test_art09_whoever_orders_and_pays_is_told_that_the_winner_was_dissolved(world: World, winner: Winner) -> None:
    """Nothing is ordered or taken over before it is decided who receives the prize (test_art09_recipients.py); what was
    taken over before is reported."""
    row = order(world, winner)
    dissolved_on = world.clock.today.isoformat()
    body = {"dissolved_on": dissolved_on, "evidence": "样例：准予注销登记通知书"}
    ok(world.office.post(f"/v1/organisations/{winner.organisation_id}/dissolution", body))

    def warned(shown: dict[str, Any]) -> list[tuple[str, Any]]:
        return [(item["reason"], item["facts"]["dissolved_on"]) for item in shown["warnings"]]

    expected = [("holder_dissolved", dissolved_on)]
    shown = ok(world.platform.get(f"/v1/disbursements/{row['id']}"))
    assert warned(now(world, row)) == warned(shown) == expected
    for answer in (
        world.platform.post(f"/v1/disbursements/{row['id']}/acknowledgement", {"attempt": 1}),
        reissue(world, row, winner, bank_account=OTHER),
    ):
        (why,) = refused(answer, 422, "rule_refused", "art09.disbursement")["violations"]
        assert (why["reason"], why["facts"]["dissolved_on"]) == expected[0]
    undone = f"/v1/organisations/{winner.organisation_id}/dissolution-withdrawal"
    ok(world.office.post(undone, {"reason": "样例：误登", "evidence": "样例：登记机关证明"}))
    taken = acknowledge(world, row)
    ok(world.office.post(f"/v1/organisations/{winner.organisation_id}/dissolution", body))
    # What is on its way is reported, and what is paid asks for nothing.
    pay(world, taken)
    assert now(world, row)["warnings"] == []


def test_art09_of_a_winner_that_exists_nothing_is_told(world: World, winner: Winner) -> None:
    row = order(world, winner)
    assert row["warnings"] == now(world, row)["warnings"] == []
