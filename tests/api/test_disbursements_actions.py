"""What the payment platform and the government are told they may do with a prize: no outcome of what was never taken
over or has one already, and one of the two ways in which a held prize goes on; and what is on record of it (Art. 9)."""

from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import acknowledge, order, order_body
from sandbox.world import World, ok
from tests.api.test_revocations import FRAUD, QUALITY, decide, submit

OUTCOMES_OF_HELD = {"report_paid", "note_failure"}


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def told(caller: Caller, key: str) -> set[str]:
    """The acts that the caller is told of, possible now or not."""
    return {item["act"] for item in ok(caller.get(f"/v1/disbursements/{key}"))["available_actions"]}


def fail(world: World, key: str, attempt: int) -> None:
    """The platform reports that the payment of this attempt did not go through."""
    body = {"attempt": attempt, "reason": "样例：退票"}
    ok(world.platform.post(f"/v1/disbursements/{key}/payment-failure", body))


def hold(world: World, winner: Winner) -> None:
    """A case holds the prize."""
    world.clock.go("2025-06-01")
    submit(world, winner, QUALITY)


def test_an_order_is_taken_over_before_it_has_an_outcome(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    key = ordered["id"]
    assert told(world.platform, key) == {"acknowledge"}
    acknowledge(world, ordered)
    assert told(world.platform, key) == {"report_paid", "report_failed"}
    fail(world, key, 1)
    assert told(world.platform, key) == set()


def test_a_held_prize_that_nobody_took_over_has_no_outcome_and_goes_on_as_a_new_attempt(
    world: World, winner: Winner
) -> None:
    key = order(world, winner)["id"]
    hold(world, winner)
    assert told(world.platform, key) == set()
    assert told(world.government, key) == {"cancel"}


def test_a_held_prize_that_was_taken_over_may_have_an_outcome_and_goes_on_as_it_was(
    world: World, winner: Winner
) -> None:
    taken = acknowledge(world, order(world, winner))
    key = taken["id"]
    hold(world, winner)
    assert told(world.platform, key) == OUTCOMES_OF_HELD
    assert told(world.government, key) == {"cancel"}
    fail(world, key, 1)
    # What has failed is over: it has no second outcome, and a new attempt pays the prize.
    assert told(world.platform, key) == set()
    assert told(world.government, key) == {"cancel"}


def test_a_cancelled_prize_has_an_outcome_only_while_its_money_may_be_on_its_way(world: World) -> None:
    winners = concluded(world, {}, {}).winners
    untouched, taken = (order(world, winner) for winner in winners)
    acknowledge(world, taken)
    world.clock.go("2025-06-01")
    for number, winner in enumerate(winners, 21):
        decide(world, submit(world, winner, FRAUD), number=f"会府字〔2025〕{number}号")
    assert told(world.platform, untouched["id"]) == set()
    assert told(world.platform, taken["id"]) == OUTCOMES_OF_HELD
    fail(world, taken["id"], 1)
    assert told(world.platform, taken["id"]) == set()


def test_the_failure_of_one_attempt_ends_no_other(world: World, winner: Winner) -> None:
    key = acknowledge(world, order(world, winner))["id"]
    fail(world, key, 1)
    body = order_body(winner, reason="样例：更正账号")
    del body["budget_year"]
    again = ok(world.office.post(f"/v1/disbursements/{key}/reissue", body))
    assert told(world.platform, key) == {"acknowledge"}
    acknowledge(world, again)
    assert told(world.platform, key) == {"report_paid", "report_failed"}


def test_an_order_taken_over_twice_is_taken_over_once(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    taken = acknowledge(world, ordered)
    entries = len(ok(world.auditor.get("/v1/audit-entries"))["items"])
    world.clock.forward(hours=1)
    assert acknowledge(world, ordered) == taken
    assert len(ok(world.auditor.get("/v1/audit-entries"))["items"]) == entries


def test_what_was_done_with_a_prize_is_on_record_with_its_decision_and_its_case(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    world.clock.go("2025-06-01")
    rejected = submit(world, winner, QUALITY)
    decision = {"number": "会府字〔2025〕8号", "decided_on": "2025-06-01", "reason": "样例：不属实"}
    ok(world.government.post(f"/v1/revocations/{rejected['id']}/rejection", decision))
    fail(world, taken["id"], 1)
    fraud = submit(world, winner, FRAUD)
    decide(world, fraud)
    entries = ok(world.auditor.get("/v1/audit-entries", params={"limit": 100}))["items"]

    def recorded(act: str) -> list[dict[str, Any]]:
        found = [item for item in entries if item["act"] == act]
        assert {item["subject_id"] for item in found} <= {taken["id"], winner.award_id}
        return [
            {key: value for key, value in item["details"].items() if key not in ("findings", "readings")}
            for item in found
        ]

    ordered = {"budget_year": 2024, "amount_fen": 10_000_000, "award_id": winner.award_id}
    assert recorded("order_disbursement") == [ordered | {"decree": "会府字〔2024〕12号"}]
    assert recorded("acknowledge") == [{"attempt": 1}]
    assert recorded("resume_taken") == [{"attempt": 1, "decision": "会府字〔2025〕8号", "reason": "样例：不属实"}]
    assert recorded("report_failed") == [{"attempt": 1, "reason": "样例：退票"}]
    assert recorded("cancel") == [{"decision": "会府字〔2025〕7号", "reason": "样例：情况属实"}]
    demanded = {item["item"]: (item["amount_fen"], item["revocation_id"]) for item in recorded("enter_recovery")}
    assert demanded == {"certificate": (0, fraud["id"]), "plaque": (0, fraud["id"])}
