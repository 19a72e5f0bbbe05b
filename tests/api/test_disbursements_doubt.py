"""The prize while something is in doubt (Art. 9, 26, 28): a case, a rename, a merger, money that is on its way."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded, excluded
from sandbox.stages.money import BANK_NUMBER, acknowledge, confirmation, order, order_body, pay
from sandbox.stages.parties import Registered, rename, succeed
from sandbox.world import World, ok
from tests.api.test_revocations import FRAUD, QUALITY, decide, recoveries, submit
from tests.support.problems import refused

DECIDED = {"number": "会府字〔2025〕7号", "decided_on": "2025-06-01", "reason": "样例：不属实"}


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def now(world: World, disbursement: dict[str, Any], *, by: Any = None) -> dict[str, Any]:
    return ok((by or world.office).get(f"/v1/disbursements/{disbursement['id']}"))  # type: ignore[no-any-return]


def reject(world: World, case: dict[str, Any]) -> dict[str, Any]:
    return ok(world.government.post(f"/v1/revocations/{case['id']}/rejection", DECIDED))  # type: ignore[no-any-return]


def report(world: World, disbursement: dict[str, Any], what: str, body: dict[str, Any]) -> Any:
    return world.platform.post(f"/v1/disbursements/{disbursement['id']}/{what}", body)


def may(row: dict[str, Any], act: str) -> tuple[bool, set[str]]:
    """Whether the act is told as allowed, and by which rules it is blocked."""
    found = next(item for item in row["available_actions"] if item["act"] == act)
    return found["allowed"], {item["rule"] for item in found["blocked_by"]}


def test_no_prize_is_ordered_while_a_case_is_open(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-01")
    case = submit(world, winner, QUALITY)
    path = f"/v1/awards/{winner.award_id}/disbursement"
    problem = refused(world.office.post(path, order_body(winner)), 422, "rule_refused", "art09.disbursement")
    assert problem["violations"][0]["facts"]["award_state"] == "suspended"
    refused(world.office.post(f"{path}?dry_run=true", order_body(winner)), 422, rule="art09.disbursement")
    reject(world, case)
    order(world, winner)


def test_a_held_prize_goes_on_only_when_the_case_is_decided(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    world.clock.go("2025-06-01")
    submit(world, winner, QUALITY)
    # It goes on with the government's decision on the case, and has no operation of its own.
    assert acts(now(world, ordered, by=world.government)) == {"cancel"}


def acts(row: dict[str, Any]) -> set[str]:
    return {item["act"] for item in row["available_actions"]}


def report_of(world: World, disbursement: dict[str, Any], what: str, body: dict[str, Any]) -> Any:
    return world.government.post(f"/v1/disbursements/{disbursement['id']}/{what}", body)


def test_an_order_that_was_taken_over_goes_on_as_the_same_attempt(world: World, winner: Winner) -> None:
    """The money may have left under attempt 1 while the case was open. A second attempt would pay it twice."""
    taken = acknowledge(world, order(world, winner))
    world.clock.go("2025-06-01")
    reject(world, submit(world, winner, QUALITY))
    resumed = now(world, taken)
    assert (resumed["state"], resumed["attempt"]) == ("acknowledged", 1)
    feed = ok(world.platform.get("/v1/disbursement-feed"))["items"]
    assert [(item["kind"], item["attempt"]) for item in feed] == [("payable", 1), ("suspended", 1), ("resumed", 1)]
    # It left on the day before the case.
    body = confirmation(world, taken, paid_on="2025-05-31")
    assert ok(report(world, taken, "payment-confirmation", body))["state"] == "paid"
    assert len(now(world, taken)["reports"]) == 1


def test_an_order_that_nobody_took_over_is_a_new_attempt_when_it_goes_on(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    world.clock.go("2025-06-01")
    reject(world, submit(world, winner, QUALITY))
    resumed = now(world, ordered)
    assert (resumed["state"], resumed["attempt"]) == ("payable", 2)
    refused(report(world, ordered, "payment-confirmation", confirmation(world, resumed)), 409, "wrong_state")
    refused(report(world, ordered, "acknowledgement", {"attempt": 1}), 409, "attempt_mismatch", "art09.disbursement")
    assert pay(world, resumed)["state"] == "paid"


def test_a_failure_reported_while_the_prize_is_held_is_not_lost(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    world.clock.go("2025-06-01")
    case = submit(world, winner, QUALITY)
    failure = {"attempt": 1, "reason": "样例：退票"}
    assert ok(report(world, taken, "payment-failure", failure))["state"] == "suspended"
    assert [item["outcome"] for item in now(world, taken)["reports"]] == ["failed"]
    # What has failed cannot have been paid; told again, in whatever words, it is answered as before.
    refused(report(world, taken, "payment-confirmation", confirmation(world, taken)), 409, "attempt_already_failed")
    assert ok(report(world, taken, "payment-failure", failure))["state"] == "suspended"
    other = {**failure, "reason": "样例：另一原因"}
    assert ok(report(world, taken, "payment-failure", other))["state"] == "suspended"
    assert [item["failure_reason"] for item in now(world, taken)["reports"]] == [failure["reason"]]
    reject(world, case)
    # It goes on as what it is: failed, until the office has looked at the account (Art. 9).
    resumed = now(world, taken)
    assert (resumed["state"], resumed["attempt"]) == ("failed", 1)
    body = order_body(winner, reason="样例：更正账号", bank_account="6222000000009999")
    del body["budget_year"]
    again = ok(world.office.post(f"/v1/disbursements/{taken['id']}/reissue", body))
    assert pay(world, again)["state"] == "paid"


def test_a_failure_after_fraud_leaves_nothing_to_recover(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    world.clock.go("2025-06-01")
    decide(world, submit(world, winner, FRAUD))
    assert ok(report(world, taken, "payment-failure", {"attempt": 1, "reason": "样例"}))["state"] == "cancelled"
    refused(report(world, taken, "payment-confirmation", confirmation(world, taken)), 409, "attempt_already_failed")
    assert "prize" not in recoveries(world)


def test_the_prize_of_an_award_that_stands_is_not_cancelled(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    decision = {"decision": "会府字〔2024〕8号", "reason": "样例：不想付"}
    refused(report_of(world, ordered, "cancellation", decision), 422, "rule_refused", "art08.prize")
    assert may(now(world, ordered, by=world.government), "cancel") == (False, {"art08.prize"})
    world.clock.go("2025-06-01")
    submit(world, winner, QUALITY)
    refused(report_of(world, ordered, "cancellation", decision), 422, "rule_refused", "art08.prize")
    decide(world, ok(world.office.get("/v1/revocations"))["items"][0])
    assert may(now(world, ordered, by=world.government), "cancel") == (True, set())
    assert acts(now(world, ordered, by=world.government)) == {"cancel"}
    assert ok(report_of(world, ordered, "cancellation", decision))["state"] == "cancelled"


def test_a_rename_stops_neither_an_order_nor_the_end_of_a_case(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    organisation = Registered(winner.organisation_id, winner.applicant)
    rename(world, organisation, "样例更名后企业")
    assert may(now(world, ordered, by=world.platform), "acknowledge") == (True, set())
    acknowledge(world, ordered)
    world.clock.go("2025-06-01")
    assert reject(world, submit(world, winner, QUALITY))["state"] == "rejected"
    ok(report(world, ordered, "payment-failure", {"attempt": 1, "reason": "样例：户名已变更"}))
    base = f"/v1/disbursements/{ordered['id']}/reissue"
    account = {
        "bank_name": "样例银行",
        "bank_number": BANK_NUMBER,
        "bank_account": "6222000000009999",
        "reason": "样例：更名",
    }
    # A new account is under the present name.
    refused(world.office.post(base, {**account, "payee_name": winner.name}), 422, rule="art09.disbursement")
    again = ok(world.office.post(base, {**account, "payee_name": "样例更名后企业"}))
    assert pay(world, again)["payee_name"] == "样例更名后企业"


def test_a_new_order_after_a_rename_is_to_the_present_name(world: World, winner: Winner) -> None:
    rename(world, Registered(winner.organisation_id, winner.applicant), "样例更名后企业")
    path = f"/v1/awards/{winner.award_id}/disbursement"
    refused(world.office.post(path, order_body(winner)), 422, rule="art09.disbursement")
    ok(world.office.post(path, order_body(winner, payee_name="样例更名后企业")), 201)


@pytest.mark.parametrize(
    ("payee_name", "same"),
    [
        ("样例(会昌)食品有限公司", True),
        ("样例（会昌）食品有限公司", True),
        ("样例 (会昌) 食品有限公司", True),
        ("样例（会昌）食品有限公司　", True),
        ("样例会昌食品有限公司", False),
        ("样例（会昌）食品有限公司第一分公司", False),
    ],
)
def test_brackets_and_spaces_make_no_other_payee(world: World, winner: Winner, payee_name: str, same: bool) -> None:
    rename(world, Registered(winner.organisation_id, winner.applicant), "样例（会昌）食品有限公司")
    answer = world.office.post(f"/v1/awards/{winner.award_id}/disbursement", order_body(winner, payee_name=payee_name))
    if same:
        assert ok(answer, 201)["state"] == "payable"
    else:
        refused(answer, 422, rule="art09.disbursement")


def test_a_successor_of_a_revoked_winner_is_not_first_when_its_prize_is_ordered(world: World) -> None:
    """The link is recorded after the second award was conferred as a first one; no prize had been ordered before."""
    old = concluded(world, {}, year=2020, ordinal=1, decreed_on="2020-06-03", decree_number="会府字〔2020〕1号")
    excluded(world, old.winners[0], from_day="2021-06-01", last_day="2023-06-01")
    new = concluded(world, {}, year=2024, ordinal=2).winners[0]
    parties = [Registered(item.organisation_id, item.applicant) for item in (new, old.winners[0])]
    succeed(world, *parties)
    answer = world.office.post(f"/v1/awards/{new.award_id}/disbursement", order_body(new))
    problem = refused(answer, 422, "rule_refused", "art09.disbursement")
    assert [(item["rule"], item["facts"]["first"]) for item in problem["violations"]] == [
        ("art08.prize", False),
        ("art09.disbursement", False),
    ]


def test_a_payment_is_not_older_than_the_platforms_taking_over(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    world.clock.go("2024-06-10")
    taken = acknowledge(world, ordered)
    refused(
        report(world, taken, "payment-confirmation", confirmation(world, taken, paid_on="2024-06-09")),
        422,
        "rule_refused",
    )
    assert (
        ok(report(world, taken, "payment-confirmation", confirmation(world, taken, paid_on="2024-06-10")))["state"]
        == "paid"
    )


@pytest.mark.parametrize("case", [FRAUD, QUALITY])
def test_a_receipt_and_a_revocation_at_once_leave_no_money_forgotten(
    world: World, winner: Winner, case: dict[str, Any]
) -> None:
    taken = acknowledge(world, order(world, winner))
    world.clock.go("2025-06-01")
    opened = submit(world, winner, case)
    decision = {**DECIDED, "reason": "样例：属实"}
    with ThreadPoolExecutor(2) as pool:
        paid = pool.submit(report, world, taken, "payment-confirmation", confirmation(world, taken))
        decided = pool.submit(world.government.post, f"/v1/revocations/{opened['id']}/decision", decision)
    ok(paid.result())
    ok(decided.result())
    assert now(world, taken)["state"] == "paid"
    assert recoveries(world).get("prize") == (10_000_000 if case is FRAUD else None)
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True


def test_a_receipt_and_a_suspension_at_once_enter_the_payment(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    world.clock.go("2025-06-01")
    with ThreadPoolExecutor(2) as pool:
        paid = pool.submit(report, world, taken, "payment-confirmation", confirmation(world, taken))
        opened = pool.submit(submit, world, winner, QUALITY)
    ok(paid.result())
    assert opened.result()["state"] == "submitted"
    assert now(world, taken)["state"] == "paid"
