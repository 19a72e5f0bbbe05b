"""Arts. 26, 28: a decision can be annulled on review whatever has become of the prize and of what was demanded back."""

from itertools import product
from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import acknowledge, confirmation, order, pay
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art09_came_back import OTHER, now, reissue, returned, told
from tests.api.test_art09_messages import DECISION
from tests.api.test_art28_annulment import annul, award, exclusions, prize, recoveries, revoked
from tests.api.test_revocations import FRAUD, QUALITY, decide
from tests.support.problems import refused

# What had become of the prize before the decision; what happened to it after it; what had come back of it.
BEFORE = ("not_ordered", "payable", "acknowledged", "failed", "paid", "returned")
AFTER = ("nothing", "paid", "returned", "own_decision")
BACK = (None, 4_000_000, 10_000_000, "given_back")


def _possible(before: str, after: str, back: int | str | None) -> bool:
    if after == "paid" and before != "acknowledged":
        return False
    if after == "returned" and before not in ("paid", "acknowledged"):
        return False
    if after == "own_decision" and before in ("paid", "acknowledged"):
        return False
    # Only what was paid, and is demanded at that moment, can come back; it is given back after the bank's return.
    demanded = before == "paid" or after in ("paid", "returned")
    return back is None or (demanded and (back != "given_back" or after == "returned"))


FRAUDS = [item for item in product(BEFORE, AFTER, BACK) if _possible(*item) and item[:2] != ("failed", "own_decision")]


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def ordered(world: World, winner: Winner, before: str) -> dict[str, Any] | None:
    if before == "not_ordered":
        return None
    row = order(world, winner)
    if before in ("acknowledged", "failed"):
        acknowledge(world, row)
    if before == "failed":
        ok(told(world, row, "payment-failure", {"attempt": 1, "reason": "样例：退票"}))
    if before in ("paid", "returned"):
        pay(world, row)
    return returned(world, row) if before == "returned" else now(world, row)


def afterwards(world: World, winner: Winner, row: dict[str, Any] | None, after: str, back: int | str | None) -> None:
    """What happens between the decision and its annulment, the money that is paid back before the bank returns it."""
    if after == "own_decision":
        path = f"/v1/disbursements/{row['id']}/cancellation" if row else f"/v1/awards/{winner.award_id}/prize-decision"
        answer = world.government.post(path, DECISION)
        # Fraud has cancelled an order already.
        refused(answer, 409, "wrong_state") if row else ok(answer, 201)
    if row and after in ("paid", "returned") and row["state"] == "acknowledged":
        ok(told(world, row, "payment-confirmation", confirmation(world, row)))
    if back is not None:
        items = {item["item"]: item["id"] for item in ok(world.office.get("/v1/recoveries"))["items"]}
        amount = 10_000_000 if back == "given_back" else back
        came = {"recovered_on": world.clock.today.isoformat(), "evidence": "样例进账单", "amount_fen": amount}
        ok(world.office.post(f"/v1/recoveries/{items['prize']}/entries", came))
    if row and after == "returned":
        returned(world, row)
    if back == "given_back":
        given = {"given_back_on": world.clock.today.isoformat(), "evidence": "样例回单"}
        ok(world.office.post(f"/v1/recoveries/{items['prize']}/giving-back", given))


@pytest.mark.slow
@pytest.mark.parametrize(("before", "after", "back"), FRAUDS)
def test_art26_a_fraud_is_annulled_whatever_has_become_of_the_prize(
    world: World, winner: Winner, before: str, after: str, back: int | str | None
) -> None:
    row = ordered(world, winner, before)
    decided = revoked(world, winner, FRAUD)
    afterwards(world, winner, row, after, back)
    offered = ok(world.government.get(f"/v1/revocations/{decided['id']}"))["available_actions"]
    assert ("annul_revocation", True) in [(item["act"], item["allowed"]) for item in offered]
    ok(annul(world, decided))
    assert award(world, winner)["status"] == "valid"
    assert exclusions(world) == []
    ended = recoveries(world)
    assert {ended[item][0] for item in ("plaque", "certificate")} == {"lifted"}
    wanted = ("given_back", 10_000_000) if back == "given_back" else ("owed_back" if back else "lifted", back or 0)
    assert ended.get("prize", ("lifted", 0)) == wanted
    if row is None and after == "nothing":
        row = order(world, winner)
    # Whatever there is of it can be paid to its end, once.
    state = prize(world)
    if state["state"] == "acknowledged":
        ok(told(world, state, "payment-confirmation", confirmation(world, state)))
    if state["state"] in ("failed", "returned", "unordered"):
        state = ok(reissue(world, state, winner, bank_account=OTHER))
    if state["state"] == "payable":
        pay(world, state)
    assert prize(world)["state"] == "paid"


# On a prize that is paid there is nothing to decide.
@pytest.mark.parametrize("before", [item for item in BEFORE if item != "paid"])
@pytest.mark.parametrize("own", [True, False])
def test_art28_the_governments_own_decision_stands_while_the_award_is_revoked(
    world: World, winner: Winner, before: str, own: bool
) -> None:
    """A fraud that is annulled takes back what it had done, and not what was decided on the prize before it."""
    row = ordered(world, winner, before)
    grounds = revoked(world, winner, QUALITY)
    if own:
        path = f"/v1/disbursements/{row['id']}/cancellation" if row else f"/v1/awards/{winner.award_id}/prize-decision"
        ok(world.government.post(path, DECISION), 200 if row else 201)
    fraud = decide(world, bring_case(world, winner.award_id, winner.applicant, FRAUD), "会府字〔2025〕8号")
    ok(annul(world, fraud))
    if own:
        assert (prize(world)["state"], prize(world)["hold_reason"]) == ("cancelled", DECISION["reason"])
    elif row:
        assert prize(world)["state"] == "suspended"
    else:
        assert ok(world.office.get("/v1/disbursements"))["items"] == []
    # With the last decision the ground of the government's own is gone.
    ok(annul(world, grounds, number="赣市府行复〔2025〕7号"))
    state = prize(world)["state"] if row or own else "unordered"
    assert state == {"payable": "payable", "not_ordered": "unordered"}.get(before, before)
