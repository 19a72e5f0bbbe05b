"""Art. 9: the number of a payment as banks write it, and one payment under however many writings of its number."""

from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import acknowledge, confirmation, order
from sandbox.world import World, ok
from tests.api.test_art09_came_back import now, told
from tests.api.test_disbursements_platform import came_back
from tests.support.problems import refused

NUMBER = "会财付〔2024〕0012号"
THE_SAME = [
    "会财付[2024]0012号",
    "会财付﹝2024﹞0012号",
    "会财付（2024） 0012 号",
    " 会财付【2024】００12号",
    "会财付〔2024〕\u200b0012号",
]


@pytest.fixture
def winners(world: World) -> list[Winner]:
    return concluded(world, {}, {}).winners


def paid(world: World, row: dict[str, Any], number: str) -> Any:
    return told(world, row, "payment-confirmation", confirmation(world, row, confirmation_number=number))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("会财付﹝2024﹞0012号", None),
        ("会财付 2024 0012", None),
        (" 会财付〔2024〕0012号 ", "会财付〔2024〕0012号"),
        ("回单 第0012号（电子）", None),
        ("【0012】", None),
        ("PAY-OTHER", None),
        ("0012", None),
        ("012", False),
        ("付款号", False),
        ("a b c d", False),
        ("----", False),
        ("（）（）", False),
        ("暂无编号", False),
        ("\u3164\u3164\u3164\u3164", False),
        ("9" * 64, None),
        ("9" * 65, False),
        ("会财付\n0012号", False),
    ],
)
def test_art09_a_number_is_taken_and_kept_as_it_is_written(
    world: World, winners: list[Winner], written: str, kept: str | bool | None
) -> None:
    row = acknowledge(world, order(world, winners[0]))
    answer = paid(world, row, written)
    if kept is False:
        assert refused(answer, 422, "invalid")["errors"][0]["pointer"] == "/confirmation_number"
    else:
        assert ok(answer)["confirmation_number"] == (kept or written)


@pytest.mark.parametrize("other", THE_SAME)
def test_art09_another_writing_is_no_other_payment(world: World, winners: list[Winner], other: str) -> None:
    first, second = (acknowledge(world, order(world, winner)) for winner in winners)
    ok(paid(world, first, NUMBER))
    # Of the same prize it is the same message; of another one it is a payment that is entered already.
    assert ok(paid(world, first, other))["confirmation_number"] == NUMBER
    problem = refused(paid(world, second, other), 422, "rule_refused", "art09.disbursement")
    assert [item["reason"] for item in problem["violations"]] == ["confirmation_known_already"]
    assert now(world, second)["state"] == "acknowledged"
    # What comes back is that payment too, and so is its report when it is repeated.
    row = now(world, first)
    back = came_back(world, row, confirmation_number=other)
    ok(told(world, first, "payment-return", back))
    assert ok(told(world, first, "payment-return", back | {"confirmation_number": NUMBER}))["state"] == "returned"


@pytest.mark.parametrize("other", ["会财付〔2024〕0013号", "会财付〔2024〕12号", "会财预〔2024〕0012号"])
def test_art09_another_number_is_another_payment(world: World, winners: list[Winner], other: str) -> None:
    first, second = (acknowledge(world, order(world, winner)) for winner in winners)
    ok(paid(world, first, NUMBER))
    refused(paid(world, first, other), 409, "already_paid", "art09.disbursement")
    assert ok(paid(world, second, other))["state"] == "paid"


def test_art09_one_document_gives_one_appropriation_of_a_year(world: World) -> None:
    body = {"amount_fen": 30_000_000, "document_number": "会财预〔2024〕3号", "document_date": "2024-02-05"}
    path = "/v1/budget-years/2024/appropriations"
    world.clock.go("2024-03-01")
    ok(world.office.post(path, body), 201)
    for same in ("会财预[2024]3号", "会财预﹝2024﹞ 3号"):
        refused(world.office.post(path, body | {"document_number": same}), 409, "number_taken")
    ok(world.office.post(path, body | {"document_number": "会财预〔2024〕4号"}), 201)
