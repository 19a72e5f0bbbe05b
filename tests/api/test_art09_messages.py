"""Art. 9: every message of the platform in every state of the prize, from the account that has claimed it and from
another."""

from typing import Any

import pytest

from app.measures.acts import whose
from app.measures.roles import Role
from app.measures.state_machines import DisbursementState
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import acknowledge, confirmation, order, pay
from sandbox.stages.revocations import bring_case, open_case
from sandbox.world import World, ok
from tests.api.test_art09_came_back import OTHER, now, reissue, returned, told, withdraw
from tests.api.test_art28_annulment import annul
from tests.api.test_disbursements_platform import second_account
from tests.api.test_revocations import FRAUD, QUALITY, decide
from tests.support.problems import refused

DECISION = {"decision": "会府字〔2025〕9号", "reason": "样例：奖项已撤销"}


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def messages(row: dict[str, Any], number: str = "PAY-000001", day: str = "2024-06-03") -> dict[str, dict[str, Any]]:
    attempt = max(row["attempt"], 1)
    paid = {"attempt": attempt, "confirmation_number": number, "amount_fen": row["amount_fen"]}
    return {
        "acknowledgement": {"attempt": attempt},
        "payment-failure": {"attempt": attempt, "reason": "样例：退票"},
        "payment-confirmation": paid | {"paid_on": day},
        "payment-return": paid | {"returned_on": day, "reason": "样例：户名不符"},
    }


def in_state(world: World, winner: Winner, state: str) -> dict[str, Any]:
    """A prize in this state, untouched by the platform where the state permits it."""
    if state == "unordered":
        world.clock.go("2025-06-01")
        case = decide(world, bring_case(world, winner.award_id, winner.applicant, QUALITY))
        row = ok(world.government.post(f"/v1/awards/{winner.award_id}/prize-decision", DECISION), 201)
        ok(annul(world, case))
        return now(world, row)
    row = order(world, winner)
    if state in ("acknowledged", "failed"):
        acknowledge(world, row)
    if state in ("paid", "returned"):
        pay(world, row)
    if state == "failed":
        ok(told(world, row, "payment-failure", {"attempt": 1, "reason": "样例：另一原因"}))
    if state == "returned":
        returned(world, row)
    if state == "suspended":
        open_case(world, winner.award_id, FRAUD)
    if state == "cancelled":
        case = bring_case(world, winner.award_id, winner.applicant, FRAUD)
        decide(world, case, "会府字〔2024〕70号", "2024-06-03")
    return now(world, row)


@pytest.mark.parametrize("state", list(DisbursementState))
def test_art09_every_message_in_every_state_is_answered(world: World, winner: Winner, state: str) -> None:
    """Taken, or refused with the rule and with what comes next: an act that somebody can do, and whose it is."""
    row = in_state(world, winner, state)
    assert row["state"] == state
    for what, body in messages(row, day=world.clock.today.isoformat()).items():
        answer = world.platform.post(f"/v1/disbursements/{row['id']}/{what}?dry_run=true", body)
        assert answer.status_code in (200, 409, 422), answer.text
        if answer.status_code == 409:
            (violation,) = answer.json()["violations"]
            assert violation["article"] == "9"
            ahead = violation["facts"]["next_act"]
            assert (ahead is None) == (violation["facts"].get("next_by") is None)
            assert ahead is None or whose(ahead, machine="disbursement") == violation["facts"]["next_by"] != []
    assert now(world, row)["version"] == row["version"]


def test_art09_a_prize_that_is_not_ordered_has_no_attempt_to_report_on(world: World, winner: Winner) -> None:
    row = in_state(world, winner, "unordered")
    for what, body in messages(row).items():
        problem = refused(told(world, row, what, body), 409, "attempt_mismatch", "art09.disbursement")
        assert problem["violations"][0]["facts"]["next_act"] == "reissue"
    assert pay(world, ok(reissue(world, row, winner)))["state"] == "paid"


@pytest.mark.parametrize(
    ("case", "decided", "ahead"),
    [(FRAUD, False, "submit_revocation"), (QUALITY, True, "cancel")],
)
def test_art28_a_held_prize_waits_for_somebody_elses_act(
    world: World, winner: Winner, case: dict[str, Any], decided: bool, ahead: str
) -> None:
    row = order(world, winner)
    world.clock.go("2025-06-01")
    if decided:
        decide(world, bring_case(world, winner.award_id, winner.applicant, case))
    else:
        open_case(world, winner.award_id, case)
    for answer in (
        reissue(world, row, winner, bank_account=OTHER),
        told(world, row, "acknowledgement", {"attempt": 1}),
    ):
        (violation,) = refused(answer, 409, "wrong_state", "art09.disbursement")["violations"]
        assert (violation["reason"], violation["facts"]["next_act"]) == ("prize_held", ahead)
        assert violation["remedy_zh"]


def test_art28_a_case_that_is_submitted_waits_for_the_government(world: World, winner: Winner) -> None:
    row = order(world, winner)
    bring_case(world, winner.award_id, winner.applicant, FRAUD)
    (violation,) = refused(reissue(world, row, winner, bank_account=OTHER), 409, "wrong_state")["violations"]
    assert (violation["facts"]["next_act"], violation["facts"]["next_by"]) == ("decide", ["government"])


@pytest.mark.parametrize("what", ["acknowledgement", "payment-failure", "payment-confirmation", "payment-return"])
def test_art09_an_order_that_is_claimed_is_reported_on_by_its_consumer_alone(
    world: World, winner: Winner, what: str
) -> None:
    second = world.account(second_account(world), Role.PAYMENT_PLATFORM)
    row = order(world, winner)
    said = messages(row)
    before = [] if what == "acknowledgement" else ["acknowledgement"]
    if what == "payment-return":
        before.append("payment-confirmation")
    for earlier in before or ["acknowledgement"]:
        ok(told(world, row, earlier, said[earlier]))
    standing = now(world, row)
    answer = second.post(f"/v1/disbursements/{row['id']}/{what}", said[what])
    refused(answer, 409, "claimed_by_another", "art09.disbursement")
    assert now(world, row) == standing
    # What is offered is asked the same: nothing here to the second, all of it to the first.
    reports = {"report_paid", "report_failed", "report_returned", "note_failure"}
    for caller, allowed in ((second, False), (world.platform, True)):
        offered = ok(caller.get(f"/v1/disbursements/{row['id']}"))["available_actions"]
        mine = [item for item in offered if item["act"] in reports]
        assert mine and {item["allowed"] for item in mine} == {allowed}
        blocked = {found["reason"] for item in mine for found in item["blocked_by"]}
        assert blocked == (set() if allowed else {"claimed_by_another"})
    ok(told(world, row, what, said[what]))
    # What is on record is told to its consumer again, and to nobody else.
    refused(second.post(f"/v1/disbursements/{row['id']}/{what}", said[what]), 409, "claimed_by_another")
    ok(told(world, row, what, said[what]))


def test_art09_the_next_attempt_is_anybodys_and_the_last_one_stays_whose_it_was(world: World, winner: Winner) -> None:
    second = world.account(second_account(world), Role.PAYMENT_PLATFORM)
    row = acknowledge(world, order(world, winner))
    failure = {"attempt": 1, "reason": "样例：退票"}
    ok(told(world, row, "payment-failure", failure))
    again = ok(reissue(world, row, winner))
    path = f"/v1/disbursements/{row['id']}"
    ok(second.post(f"{path}/acknowledgement", {"attempt": 2}))
    refused(told(world, again, "payment-confirmation", confirmation(world, again)), 409, "claimed_by_another")
    refused(second.post(f"{path}/payment-failure", failure), 409, "claimed_by_another")
    assert ok(told(world, row, "payment-failure", failure))["attempt"] == 2
    assert ok(second.post(f"{path}/payment-confirmation", confirmation(world, again)))["state"] == "paid"


def test_art09_a_claim_is_kept_while_the_prize_is_held(world: World, winner: Winner) -> None:
    second = world.account(second_account(world), Role.PAYMENT_PLATFORM)
    row = acknowledge(world, order(world, winner))
    case = open_case(world, winner.award_id, FRAUD)
    path = f"/v1/disbursements/{row['id']}"
    refused(second.post(f"{path}/payment-confirmation", confirmation(world, row)), 409, "claimed_by_another")
    withdraw(world, case)
    refused(second.post(f"{path}/payment-confirmation", confirmation(world, row)), 409, "claimed_by_another")
    assert ok(told(world, row, "payment-confirmation", confirmation(world, row)))["state"] == "paid"
