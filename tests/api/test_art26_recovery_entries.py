"""Art. 26: what a fraud had brought comes back in parts; each stands with its day and paper, once, and can be taken
back."""

from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import order, pay
from sandbox.world import World, ok
from tests.api.test_art28_annulment import revoked
from tests.api.test_revocations import FRAUD
from tests.support.problems import refused

PART = {"recovered_on": "2025-06-01", "evidence": "样例进账单1", "amount_fen": 3_000_000}


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


@pytest.fixture
def owed(world: World, winner: Winner) -> dict[str, str]:
    """What a paid winner owes, by what it is."""
    pay(world, order(world, winner))
    revoked(world, winner, FRAUD)
    return {item["item"]: item["id"] for item in ok(world.office.get("/v1/recoveries"))["items"]}


def entry(world: World, recovery_id: str, **changes: Any) -> Any:
    return world.office.post(f"/v1/recoveries/{recovery_id}/entries", PART | changes)


def undo(world: World, recovery_id: str, entry_id: str, reason: str = "样例：误登") -> Any:
    return world.office.post(f"/v1/recoveries/{recovery_id}/entries/{entry_id}/withdrawal", {"reason": reason})


def test_art26_the_debtor_reads_each_part_that_came_back(world: World, winner: Winner, owed: dict[str, str]) -> None:
    ok(entry(world, owed["prize"]))
    ok(entry(world, owed["prize"], evidence="样例进账单2"))
    shown = ok(winner.applicant.get(f"/v1/recoveries/{owed['prize']}"))
    assert (shown["recovered_fen"], shown["state"]) == (6_000_000, "outstanding")
    told = [(item["amount_fen"], item["recovered_on"], item["evidence"]) for item in shown["entries"]]
    assert told == [(3_000_000, "2025-06-01", "样例进账单1"), (3_000_000, "2025-06-01", "样例进账单2")]


def test_art26_the_same_entry_is_taken_once(world: World, owed: dict[str, str]) -> None:
    ok(entry(world, owed["prize"]))
    problem = refused(entry(world, owed["prize"], evidence="样例进账单 １"), 422, "rule_refused", "art26.fraud")
    assert [item["reason"] for item in problem["violations"]] == ["recovery_entered_already"]
    assert ok(world.office.get(f"/v1/recoveries/{owed['prize']}"))["recovered_fen"] == 3_000_000


@pytest.mark.parametrize("item", ["prize", "plaque"])
def test_art26_a_wrong_entry_is_taken_back_and_stays_to_be_read(
    world: World, winner: Winner, owed: dict[str, str], item: str
) -> None:
    done = ok(entry(world, owed[item], amount_fen=None))
    assert (done["state"], done["recovered_on"]) == ("recovered", "2025-06-01")
    (wrong,) = done["entries"]
    now = ok(undo(world, owed[item], wrong["id"]))
    assert (now["state"], now["recovered_fen"], now["recovered_on"], now["evidence"]) == ("outstanding", 0, None, None)
    assert now["entries"][0]["withdrawal_reason"] == "样例：误登" and now["entries"][0]["withdrawn_at"]
    refused(undo(world, owed[item], wrong["id"]), 404)
    refused(undo(world, owed[item], owed[item]), 404)
    # What was taken back stands no more: the right entry may read the same.
    assert ok(entry(world, owed[item], amount_fen=None))["state"] == "recovered"
    acts = [row["act"] for row in ok(world.auditor.get("/v1/audit-entries?limit=100"))["items"]]
    assert acts.count("withdraw_recovery_entry") == 1


def test_art26_nothing_is_taken_back_of_what_is_not_demanded(world: World, owed: dict[str, str]) -> None:
    refused(undo(world, winner_id := owed["prize"], winner_id), 404)
    refused(undo(world, "00000000-0000-7000-8000-000000000000", owed["prize"]), 404)
    made = ok(entry(world, owed["prize"]))["entries"][0]["id"]
    refused(undo(world, owed["prize"], made, reason="-"), 422, "invalid")
