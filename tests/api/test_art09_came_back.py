"""Art. 9: what came back, what failed while it was held, a prize that was never ordered; every message of the platform
twice; each with its event in the feed and its place in the balance."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import acknowledge, confirmation, order, order_body, pay
from sandbox.stages.parties import Registered, rename
from sandbox.stages.revocations import open_case
from sandbox.world import World, ok
from tests.api.test_revocations import FRAUD, QUALITY, decide, submit
from tests.support.problems import refused

OTHER = "6222000000009999"


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def told(world: World, row: dict[str, Any], what: str, body: dict[str, Any]) -> Any:
    return world.platform.post(f"/v1/disbursements/{row['id']}/{what}", body)


def reissue(world: World, row: dict[str, Any], winner: Winner, **changes: Any) -> Any:
    body = order_body(winner, reason="样例：更正账号", **changes)
    del body["budget_year"]
    return world.office.post(f"/v1/disbursements/{row['id']}/reissue", body)


def returned(world: World, row: dict[str, Any]) -> dict[str, Any]:
    """The payment of this order came back."""
    paid = confirmation(world, row)
    body = {
        "attempt": row["attempt"],
        "confirmation_number": paid["confirmation_number"],
        "amount_fen": row["amount_fen"],
        "returned_on": world.clock.today.isoformat(),
        "reason": "样例：户名不符",
    }
    return ok(told(world, row, "payment-return", body))  # type: ignore[no-any-return]


def kinds(world: World) -> list[str]:
    return [item["kind"] for item in ok(world.platform.get("/v1/disbursement-feed"))["items"]]


def withdraw(world: World, case: dict[str, Any]) -> None:
    ok(world.office.post(f"/v1/revocations/{case['id']}/withdrawal", {"reason": "样例：证据不足"}))


def now(world: World, row: dict[str, Any]) -> dict[str, Any]:
    return ok(world.office.get(f"/v1/disbursements/{row['id']}"))  # type: ignore[no-any-return]


def balance(world: World) -> dict[str, int]:
    year = ok(world.office.get("/v1/budget-years"))["items"][0]
    return {item["state"]: item["amount_fen"] for item in year["by_state"]}


def test_art09_a_payment_is_not_sent_again_to_the_account_it_came_back_from(world: World, winner: Winner) -> None:
    row = returned(world, pay(world, order(world, winner)))
    problem = refused(reissue(world, row, winner), 422, "rule_refused", "art09.disbursement")
    assert [item["reason"] for item in problem["violations"]] == ["account_came_back"]
    assert "6222000000001234" not in str(problem)
    # Letters before the digits make no other account.
    refused(reissue(world, row, winner, bank_account="NRA6222000000001234"), 422, "rule_refused", "art09.disbursement")
    again = ok(reissue(world, row, winner, bank_account=OTHER))
    failed = ok(told(world, acknowledge(world, again), "payment-failure", {"attempt": 2, "reason": "样例：系统故障"}))
    # What failed may have failed for another reason; what came back has shown that the account is wrong.
    refused(reissue(world, failed, winner), 422, "rule_refused", "art09.disbursement")
    assert acknowledge(world, ok(reissue(world, failed, winner, bank_account=OTHER)))["attempt"] == 3


def test_art09_a_wrong_account_is_corrected_while_payable(world: World, winner: Winner) -> None:
    row = order(world, winner)
    corrected = ok(reissue(world, row, winner, bank_account=OTHER))
    assert (corrected["state"], corrected["attempt"], corrected["bank_account_ending"]) == ("payable", 2, "9999")
    items = ok(world.platform.get("/v1/disbursement-feed"))["items"]
    assert [(item["kind"], item["attempt"]) for item in items] == [("payable", 1), ("payable", 2)]
    refused(told(world, row, "acknowledgement", {"attempt": 1}), 409, "attempt_mismatch")
    assert balance(world) == {"payable": 10_000_000}


@pytest.mark.parametrize("how", ["failed", "returned"])
@pytest.mark.parametrize("before", [True, False])
def test_art09_what_failed_or_came_back_is_not_released_by_itself(
    world: World, winner: Winner, how: str, before: bool
) -> None:
    row = order(world, winner)
    if how == "returned":
        row = returned(world, pay(world, row))
        case = open_case(world, winner.award_id, FRAUD)
    else:
        acknowledge(world, row)
        failure = {"attempt": 1, "reason": "样例：户名不符"}
        if before:
            ok(told(world, row, "payment-failure", failure))
        case = open_case(world, winner.award_id, FRAUD)
        if not before:
            ok(told(world, row, "payment-failure", failure))
    assert now(world, row)["state"] == "suspended"
    withdraw(world, case)
    after = now(world, row)
    assert (after["state"], after["attempt"]) == (how, 1)
    assert kinds(world)[-1] == how
    assert balance(world) == {how: 10_000_000}
    if how == "returned":
        refused(reissue(world, row, winner), 422, "rule_refused", "art09.disbursement")
    assert acknowledge(world, ok(reissue(world, row, winner, bank_account=OTHER)))["attempt"] == 2


def test_art28_the_prize_that_nobody_ordered_has_its_decision(world: World, winner: Winner) -> None:
    path = f"/v1/awards/{winner.award_id}/prize-decision"
    body = {"decision": "会府字〔2025〕9号", "reason": "样例：奖项已撤销"}
    refused(world.government.post(path, body), 422, "rule_refused", "art28.grounds")
    world.clock.go("2025-06-01")
    case = submit(world, winner, QUALITY)
    refused(world.government.post(path, body), 422, "rule_refused", "art28.grounds")
    decide(world, case)
    refused(world.office.post(path, body), 403, rule="art02.decider")
    decided = ok(world.government.post(path, body), 201)
    assert (decided["state"], decided["attempt"], decided["bank_account_ending"]) == ("cancelled", 0, None)
    assert kinds(world) == ["cancelled"]
    year = ok(world.office.get("/v1/budget-years"))["items"][0]
    assert (year["never_ordered_fen"], year["ordered_fen"]) == (10_000_000, 0)
    refused(world.government.post(path, body), 422, "rule_refused", "art09.disbursement")
    refused(world.office.post(f"/v1/awards/{winner.award_id}/disbursement", order_body(winner)), 409)
    assert ok(winner.applicant.get(f"/v1/disbursements/{decided['id']}"))["hold_reason"] == body["reason"]


def test_art28_it_is_ordered_after_all_when_the_revocation_is_annulled(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-01")
    case = decide(world, submit(world, winner, QUALITY))
    body = {"decision": "会府字〔2025〕9号", "reason": "样例：奖项已撤销"}
    row = ok(world.government.post(f"/v1/awards/{winner.award_id}/prize-decision", body), 201)
    annulment = {
        "body": "样例复议机关",
        "number": "赣市府行复〔2025〕6号",
        "decided_on": "2025-06-01",
        "reason": "样例",
        "evidence": "样例",
    }
    ok(world.government.post(f"/v1/revocations/{case['id']}/annulment", annulment))
    assert now(world, row)["state"] == "unordered"
    assert kinds(world) == ["cancelled", "suspended", "unordered"]
    tight = {"amount_fen": 9_999_999, "document_number": "会财预〔2025〕3号", "document_date": "2025-02-05"}
    ok(world.office.post("/v1/budget-years/2024/appropriations", tight), 201)
    refused(reissue(world, row, winner), 422, "rule_refused", "art09.disbursement")
    room = tight | {"amount_fen": 10_000_000, "document_number": "会财预〔2025〕4号"}
    ok(world.office.post("/v1/budget-years/2024/appropriations", room), 201)
    ordered = ok(reissue(world, row, winner))
    assert (ordered["state"], ordered["attempt"]) == ("payable", 1)
    assert pay(world, ordered)["state"] == "paid"


@pytest.mark.parametrize(("part", "state"), [(None, "lifted"), (4_000_000, "owed_back")])
def test_art26_a_prize_that_the_bank_sent_back_is_not_owed(
    world: World, winner: Winner, part: int | None, state: str
) -> None:
    row = pay(world, order(world, winner))
    decide(world, submit(world, winner, FRAUD), "会府字〔2024〕70号", "2024-06-03")
    items = {item["item"]: item["id"] for item in ok(winner.applicant.get("/v1/recoveries"))["items"]}
    if part is not None:
        came = {"recovered_on": "2024-06-03", "evidence": "样例进账单", "amount_fen": part}
        ok(world.office.post(f"/v1/recoveries/{items['prize']}/entries", came))
    returned(world, row)
    claim = ok(winner.applicant.get(f"/v1/recoveries/{items['prize']}"))
    assert claim["state"] == state
    if part is not None:
        back = {"given_back_on": "2024-06-03", "evidence": "样例回单"}
        given = ok(world.office.post(f"/v1/recoveries/{items['prize']}/giving-back", back))
        assert given["state"] == "given_back"
    refused(reissue(world, row, winner, bank_account=OTHER), 422, "rule_refused", "art09.disbursement")
    decision = {"decision": "会府字〔2024〕71号", "reason": "样例：奖项已撤销"}
    ok(world.government.post(f"/v1/disbursements/{row['id']}/cancellation", decision))
    assert balance(world) == {"cancelled": 10_000_000}


@pytest.mark.parametrize("repeated", [True, False])
def test_art08_the_prize_of_a_later_award_is_refused_under_6_and_8(world: World, repeated: bool) -> None:
    later = concluded(world, {"first_award": False, "repeat_award": repeated}).winners[0]
    answer = world.office.post(f"/v1/awards/{later.award_id}/disbursement", order_body(later))
    problem = refused(answer, 422, "rule_refused", "art08.prize")
    articles = {item["article"] for item in problem["violations"]}
    assert articles == ({"6", "8", "9"} if repeated else {"8", "9"})
    world.clock.go("2025-06-01")
    decide(world, submit(world, later, QUALITY))
    body = {"decision": "会府字〔2025〕9号", "reason": "样例"}
    path = f"/v1/awards/{later.award_id}/prize-decision"
    refused(world.government.post(path, body), 422, "rule_refused", "art09.disbursement")


def _held(world: World, winner: Winner, row: dict[str, Any]) -> None:
    open_case(world, winner.award_id, FRAUD)


def _released(world: World, winner: Winner, row: dict[str, Any]) -> None:
    withdraw(world, open_case(world, winner.award_id, FRAUD))


def _cancelled(world: World, winner: Winner, row: dict[str, Any]) -> None:
    decide(world, submit(world, winner, FRAUD), "会府字〔2024〕70号", "2024-06-03")


def _renamed(world: World, winner: Winner, row: dict[str, Any]) -> None:
    rename(world, Registered(winner.organisation_id, winner.applicant), "样例更名后企业")


@pytest.mark.slow
@pytest.mark.parametrize("meanwhile", [_held, _released, _cancelled, _renamed])
@pytest.mark.parametrize("outcome", [None, "failed", "paid", "returned"])
def test_art09_every_message_again_is_answered_as_before(
    world: World, winner: Winner, outcome: str | None, meanwhile: Callable[[World, Winner, dict[str, Any]], None]
) -> None:
    """Whatever happened since, an answer that was lost on its way can be asked for again, and nothing happens twice."""
    row = order(world, winner)
    paid = confirmation(world, row)
    back = {
        "attempt": 1,
        "confirmation_number": paid["confirmation_number"],
        "amount_fen": row["amount_fen"],
        "returned_on": "2024-06-03",
        "reason": "样例：户名不符",
    }
    messages: list[tuple[str, dict[str, Any]]] = [("acknowledgement", {"attempt": 1})]
    if outcome == "failed":
        messages.append(("payment-failure", {"attempt": 1, "reason": "样例：退票"}))
    if outcome in ("paid", "returned"):
        messages.append(("payment-confirmation", paid))
    if outcome == "returned":
        messages.append(("payment-return", back))
    for what, body in messages:
        ok(told(world, row, what, body))
    meanwhile(world, winner, row)
    before, reported = now(world, row), kinds(world)
    for what, body in messages:
        assert ok(told(world, row, what, body))["state"] == before["state"]
    assert (now(world, row), kinds(world)) == (before, reported)


def test_art09_an_order_that_waits_is_not_issued_anew_without_a_correction(world: World, winner: Winner) -> None:
    row = order(world, winner)
    problem = refused(reissue(world, row, winner), 422, "rule_refused", "art09.disbursement")
    assert [item["reason"] for item in problem["violations"]] == ["nothing_corrected"]
    again = ok(reissue(world, row, winner, bank_account=OTHER))
    assert (again["state"], again["attempt"]) == ("payable", 2)
    # After a failure the same account may be right.
    taken = acknowledge(world, again)
    ok(world.platform.post(f"/v1/disbursements/{row['id']}/payment-failure", {"attempt": 2, "reason": "样例：限额"}))
    assert ok(reissue(world, taken, winner, bank_account=OTHER))["attempt"] == 3
