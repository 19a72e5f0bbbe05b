"""Art. 9: the prizes of a year stay within its appropriation, also when two are ordered at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import order, order_body, pay
from sandbox.world import World, ok
from tests.api.test_revocations import FRAUD, decide, submit
from tests.support.problems import refused

DOCUMENT = {"amount_fen": 20_000_000, "document_number": "会财预〔2024〕3号", "document_date": "2024-02-05"}


@pytest.fixture
def winners(world: World) -> list[Winner]:
    return concluded(world, {}, {}, {}).winners


def appropriate(world: World, year: int = 2024, **changes: Any) -> Any:
    return world.office.post(f"/v1/budget-years/{year}/appropriations", DOCUMENT | changes)


def ordering(world: World, winner: Winner, **changes: Any) -> Any:
    return world.office.post(f"/v1/awards/{winner.award_id}/disbursement", order_body(winner, **changes))


def year(world: World, number: int = 2024) -> dict[str, Any]:
    items = ok(world.auditor.get("/v1/budget-years"))["items"]
    return next(item for item in items if item["year"] == number)


def test_art09_the_orders_of_a_year_do_not_exceed_its_appropriation(world: World, winners: list[Winner]) -> None:
    ok(appropriate(world), 201)
    for winner in winners[:2]:
        order(world, winner)
    problem = refused(ordering(world, winners[2]), 422, "rule_refused", "art09.disbursement")
    told = next(item for item in problem["violations"] if item["reason"] == "appropriation_exceeded")
    assert (told["facts"]["ceiling_fen"], told["facts"]["ordered_fen"]) == (20_000_000, 20_000_000)
    # The next year's money is the next year's, and a supplementary budget opens this one.
    refused(appropriate(world), 409, "number_taken")
    ok(appropriate(world, document_number="会财预〔2024〕9号", amount_fen=30_000_000), 201)
    order(world, winners[2])
    assert (year(world)["appropriated_fen"], year(world)["ordered_fen"]) == (30_000_000, 30_000_000)
    assert len(year(world)["appropriations"]) == 2


@pytest.mark.parametrize(("amount_fen", "admitted"), [(10_000_000, True), (9_999_999, False)])
def test_art09_to_the_last_fen(world: World, winners: list[Winner], amount_fen: int, admitted: bool) -> None:
    ok(appropriate(world, amount_fen=amount_fen), 201)
    answer = ordering(world, winners[0])
    if admitted:
        ok(answer, 201)
    else:
        refused(answer, 422, "rule_refused", "art09.disbursement")


def test_art09_two_orders_at_once_stay_within_it(world: World, winners: list[Winner]) -> None:
    ok(appropriate(world, amount_fen=10_000_000), 201)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda winner: ordering(world, winner).status_code, winners[:2]))
    assert sorted(answers) == [201, 422]
    assert year(world)["ordered_fen"] == 10_000_000


def test_art09_without_one_on_record_a_year_pays_the_prizes_of_one_round(world: World, winners: list[Winner]) -> None:
    for winner in winners:
        order(world, winner)
    assert (year(world)["appropriated_fen"], year(world)["ordered_fen"]) == (None, 30_000_000)
    later = concluded(world, {}, year=2025, ordinal=2, decreed_on="2025-06-03", decree_number="会府字〔2025〕12号")
    extra = later.winners[0]
    ok(ordering(world, extra, budget_year=2025), 201)
    more = concluded(world, {}, year=2023, ordinal=3, decreed_on="2024-07-03", decree_number="会府字〔2024〕13号")
    problem = refused(ordering(world, more.winners[0], budget_year=2024), 422, "rule_refused", "art09.disbursement")
    assert problem["violations"][0]["facts"]["ceiling_fen"] == 30_000_000


def test_art09_the_register_may_ask_for_one_on_record(world: World, winners: list[Winner]) -> None:
    entry = {
        "key": "appropriation_of_the_year",
        "value": "required",
        "reading_zh": "样例：先登记预算安排。",
        "reading_en": "Sample: the appropriation comes first.",
        "document": "样例解释〔2024〕3号",
        "effective_on": world.clock.today.isoformat(),
    }
    ok(world.office.post("/v1/interpretations", entry), 201)
    problem = refused(ordering(world, winners[0]), 422, "rule_refused", "art09.disbursement")
    assert problem["violations"][0]["reason"] == "appropriation_missing"
    ok(appropriate(world), 201)
    order(world, winners[0])


def test_art09_a_cancelled_order_keeps_its_place(world: World, winners: list[Winner]) -> None:
    """A review may bring the prize back."""
    ok(appropriate(world, amount_fen=10_000_000), 201)
    order(world, winners[0])
    decide(world, submit(world, winners[0], FRAUD), "会府字〔2024〕70号", "2024-06-03")
    shown = year(world)
    assert shown["by_state"] == [{"state": "cancelled", "amount_fen": 10_000_000}]
    refused(ordering(world, winners[1]), 422, "rule_refused", "art09.disbursement")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"document_number": "会财预〔2023〕3号"}, 422),
        ({"document_date": "2024-06-04"}, 422),
        ({"amount_fen": 9_999_999, "document_number": "会财预〔2024〕9号"}, 422),
        ({"amount_fen": 10_000_000, "document_number": "会财预〔2024〕9号"}, 201),
        ({"amount_fen": -1}, 422),
    ],
)
def test_art09_an_appropriation_has_its_document_and_covers_what_is_ordered(
    world: World, winners: list[Winner], changes: dict[str, Any], status: int
) -> None:
    order(world, winners[0])
    assert appropriate(world, **changes).status_code == status


def test_art09_who_records_and_who_reads_it(world: World, winners: list[Winner]) -> None:
    refused(world.government.post("/v1/budget-years/2024/appropriations", DOCUMENT), 403)
    refused(winners[0].applicant.get("/v1/budget-years"), 403)
    refused(world.office.post("/v1/budget-years/2022/appropriations", DOCUMENT), 422)
    pay(world, order(world, winners[0]))
    assert ok(world.platform.get("/v1/budget-years"))["items"][0]["by_state"] == [
        {"state": "paid", "amount_fen": 10_000_000}
    ]
