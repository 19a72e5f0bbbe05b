"""The payment platform's side of the prize (Art. 9): messages repeated, claims, money that comes back, bank writing."""

from typing import Any
from uuid import UUID

import pytest

from app.measures.roles import Role
from app.store.base import new_id
from app.store.identity import Account
from sandbox.callers import Caller
from sandbox.seed import PASSWORD_HASH
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import ACCOUNT, BANK_NUMBER, acknowledge, confirmation, order, order_body, pay
from sandbox.world import World, ok
from tests.support.problems import refused

FAILURE = {"attempt": 1, "reason": "样例：户名账号不符"}
CORRECTED = {
    "bank_name": "样例银行",
    "bank_number": BANK_NUMBER,
    "bank_account": "6222000000009999",
    "reason": "样例：更正账号",
}


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def say(world: World, row: dict[str, Any], what: str, body: dict[str, Any], *, by: Caller | None = None) -> Any:
    return (by or world.platform).post(f"/v1/disbursements/{row['id']}/{what}", body)


def reissue(world: World, row: dict[str, Any], **changes: Any) -> Any:
    return world.office.post(
        f"/v1/disbursements/{row['id']}/reissue", {**CORRECTED, "payee_name": row["payee_name"], **changes}
    )


def read(world: World, row: dict[str, Any], by: Caller | None = None) -> dict[str, Any]:
    return ok((by or world.office).get(f"/v1/disbursements/{row['id']}"))  # type: ignore[no-any-return]


def kinds(world: World) -> list[tuple[str, int]]:
    return [(item["kind"], item["attempt"]) for item in ok(world.platform.get("/v1/disbursement-feed"))["items"]]


def came_back(world: World, paid: dict[str, Any], **changes: Any) -> dict[str, Any]:
    body = {
        "attempt": paid["attempt"],
        "confirmation_number": paid["confirmation_number"],
        "amount_fen": paid["amount_fen"],
        "returned_on": world.clock.today.isoformat(),
        "reason": "样例：银行退汇",
    }
    return body | changes


def second_account(world: World) -> UUID:
    """Another account of the platform; operators make them, on the command line."""
    with world.past_the_service() as session:
        row = Account(
            id=new_id(),
            created_at=world.clock.now(),
            login="second.platform",
            kind="machine",
            role="payment_platform",
            display_name="样例平台二",
            secret_hash=PASSWORD_HASH,
            tokens_valid_from=world.clock.now(),
        )
        session.add(row)
        session.commit()
        return row.id


def test_art09_a_failure_again_is_answered_as_before_in_whatever_words(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    first = ok(say(world, taken, "payment-failure", FAILURE))
    for reason in (FAILURE["reason"], "样例：另一原因"):
        assert ok(say(world, taken, "payment-failure", {**FAILURE, "reason": reason})) == first
    (report,) = read(world, taken)["reports"]
    assert report["failure_reason"] == FAILURE["reason"]
    # Late, when the next attempt is out: it is about the first one, and changes nothing.
    again = ok(reissue(world, taken))
    for reason in (FAILURE["reason"], "样例：另一原因"):
        assert ok(say(world, taken, "payment-failure", {**FAILURE, "reason": reason}))["state"] == "payable"
    # What contradicts it is no repetition: money that left, a failure of an attempt that nobody has made.
    refused(say(world, taken, "payment-confirmation", confirmation(world, taken)), 409, "attempt_mismatch")
    later = {**FAILURE, "attempt": 3}
    refused(say(world, taken, "payment-failure", later), 409, "attempt_mismatch", "art09.disbursement")
    assert read(world, taken)["version"] == again["version"]


@pytest.mark.parametrize("outcome", ["paid", "failed"])
def test_art09_an_acknowledgement_again_is_answered_also_after_the_outcome(
    world: World, winner: Winner, outcome: str
) -> None:
    taken = acknowledge(world, order(world, winner))
    assert acknowledge(world, taken) == taken
    if outcome == "paid":
        ok(say(world, taken, "payment-confirmation", confirmation(world, taken)))
    else:
        ok(say(world, taken, "payment-failure", FAILURE))
    assert acknowledge(world, taken)["state"] == outcome


def test_art09_an_acknowledgement_is_the_claim_of_one_account(world: World, winner: Winner) -> None:
    second_id = second_account(world)
    second = world.account(second_id, Role.PAYMENT_PLATFORM)
    ordered = order(world, winner)
    assert ordered["acknowledged_by"] is None
    taken = acknowledge(world, ordered)
    assert taken["acknowledged_by"] == str(world.id("account:payment_platform"))
    refused(
        say(world, taken, "acknowledgement", {"attempt": 1}, by=second), 409, "claimed_by_another", "art09.disbursement"
    )
    assert acknowledge(world, taken) == taken
    # The next attempt is anybody's.
    ok(say(world, taken, "payment-failure", FAILURE))
    again = ok(reissue(world, taken))
    assert again["acknowledged_by"] is None
    claimed = ok(say(world, again, "acknowledgement", {"attempt": 2}, by=second))
    assert claimed["acknowledged_by"] == str(second_id)
    refused(say(world, again, "acknowledgement", {"attempt": 2}), 409, "claimed_by_another", "art09.disbursement")


def test_art09_a_payment_that_came_back_is_unpaid_and_paid_once_more(world: World, winner: Winner) -> None:
    paid = pay(world, order(world, winner))
    world.clock.go("2024-06-05")
    body = came_back(world, paid)
    returned = ok(say(world, paid, "payment-return", body))
    assert (returned["state"], returned["paid_on"], returned["confirmation_number"]) == ("returned", None, None)
    assert kinds(world) == [("payable", 1), ("returned", 1)]
    # Repeated, in whatever words, each message is answered as before; one of another day or payment conflicts.
    for reason in (body["reason"], "样例：另一原因"):
        assert ok(say(world, paid, "payment-return", {**body, "reason": reason}))["version"] == returned["version"]
    for other in ({"returned_on": "2024-06-04"}, {"confirmation_number": "PAY-OTHER"}, {"amount_fen": 9_999_999}):
        refused(say(world, paid, "payment-return", body | other), 409, "wrong_state", "art09.disbursement")
    late = confirmation(world, paid, paid_on="2024-06-03")
    assert ok(say(world, paid, "payment-confirmation", late))["state"] == "returned"
    again = ok(reissue(world, paid))
    assert (again["state"], again["attempt"]) == ("payable", 2)
    # The number of the payment that came back is no other payment's.
    taken = acknowledge(world, again)
    known = confirmation(world, taken, confirmation_number=paid["confirmation_number"])
    refused(say(world, taken, "payment-confirmation", known), 422, "rule_refused", "art09.disbursement")
    ok(
        say(
            world, taken, "payment-confirmation", confirmation(world, taken, confirmation_number="会财付〔2024〕0013号")
        )
    )
    now = read(world, paid)
    assert [(item["attempt"], item["outcome"]) for item in now["reports"]] == [
        (1, "paid"),
        (1, "returned"),
        (2, "paid"),
    ]
    assert (now["reports"][1]["returned_on"], now["reports"][1]["failure_reason"]) == ("2024-06-05", body["reason"])
    assert ok(say(world, paid, "payment-return", body))["state"] == "paid"
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"returned_on": "2024-06-02"}, "/returned_on"),
        ({"returned_on": "2024-06-06"}, "/returned_on"),
        ({"amount_fen": 9_999_999}, "/amount_fen"),
        ({"confirmation_number": "PAY-OTHER"}, "/confirmation_number"),
    ],
)
def test_art09_what_came_back_is_that_payment(
    world: World, winner: Winner, changes: dict[str, Any], pointer: str
) -> None:
    paid = pay(world, order(world, winner))
    world.clock.go("2024-06-05")
    problem = refused(
        say(world, paid, "payment-return", came_back(world, paid, **changes)),
        422,
        "rule_refused",
        "art09.disbursement",
    )
    assert [item["pointer"] for item in problem["errors"]] == [pointer]
    assert read(world, paid)["state"] == "paid"


def test_art09_nothing_comes_back_that_was_not_paid(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    body = came_back(world, {**taken, "confirmation_number": "PAY-NEVER"})
    refused(say(world, taken, "payment-return", body), 409, "wrong_state")
    paid = ok(say(world, taken, "payment-confirmation", confirmation(world, taken)))
    refused(say(world, paid, "payment-return", came_back(world, paid), by=world.office), 403)


def test_art09_a_wrong_account_is_corrected_before_the_platform_takes_it_over(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    refused(reissue(world, ordered, payee_name="样例另一企业"), 422, rule="art09.disbursement")
    again = ok(reissue(world, ordered))
    assert (again["state"], again["attempt"], again["bank_account_ending"]) == ("payable", 2, "9999")
    assert kinds(world) == [("payable", 1), ("payable", 2)]
    refused(say(world, ordered, "acknowledgement", {"attempt": 1}), 409, "attempt_mismatch", "art09.disbursement")
    taken = acknowledge(world, again)
    refused(reissue(world, taken), 409, "wrong_state")


def test_art09_what_is_offered_has_an_operation(world: World, winner: Winner) -> None:
    def offered(row: dict[str, Any], by: Caller) -> set[str]:
        return {item["act"] for item in read(world, row, by)["available_actions"]}

    ordered = order(world, winner)
    assert offered(ordered, world.office) == {"reissue"}
    assert offered(ordered, world.government) == {"cancel"}
    assert offered(ordered, world.platform) == {"acknowledge"}
    acknowledge(world, ordered)
    assert offered(ordered, world.office) == set()
    assert offered(ordered, world.platform) == {"report_paid", "report_failed"}
    ok(say(world, ordered, "payment-confirmation", confirmation(world, ordered)))
    assert offered(ordered, world.platform) == {"report_returned"}


def test_art09_an_order_says_whom_what_for_and_how_much_in_words(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    organisation = ok(winner.applicant.get(f"/v1/organisations/{winner.organisation_id}"))
    told = {
        "payee_uscc": organisation["uscc"],
        "decree_dated": "2024-06-03",
        "award_year": 2024,
        "amount_in_words": "人民币壹拾万元整",
    }
    item = ok(world.platform.get("/v1/disbursement-feed"))["items"][0]["disbursement"]
    listed = ok(world.office.get("/v1/disbursements"))["items"][0]
    for shown in (ordered, item, listed):
        assert shown | told == shown


@pytest.mark.parametrize(
    "written", ["6222 0000 0000 1234", "6222-0000-0000-1234", "６２２２０００００００01234", ACCOUNT]
)
def test_art09_an_account_is_read_as_people_write_it(world: World, winner: Winner, written: str) -> None:
    order(world, winner, bank_account=written)
    item = ok(world.platform.get("/v1/disbursement-feed"))["items"][0]["disbursement"]
    assert item["bank_account"] == ACCOUNT


@pytest.mark.parametrize("written", ["NRA6222000000001234", "nra 6222-0000 0000 1234", "ＮＲＡ6222000000001234"])
def test_art09_letters_that_a_bank_puts_before_the_digits_are_kept(world: World, winner: Winner, written: str) -> None:
    made = order(world, winner, bank_account=written)
    item = ok(world.platform.get("/v1/disbursement-feed"))["items"][0]["disbursement"]
    assert (item["bank_account"], made["bank_account_ending"]) == (f"NRA{ACCOUNT}", ACCOUNT[-4:])


@pytest.mark.parametrize(
    "written", ["6222 000", "62220000O0001234", "- -", "NRA6222 000", "ABCDE62220000", "6222000000001234NRA"]
)
def test_art09_what_is_no_account_is_refused(world: World, winner: Winner, written: str) -> None:
    path = f"/v1/awards/{winner.award_id}/disbursement"
    problem = refused(world.office.post(path, order_body(winner, bank_account=written)), 422)
    assert [item["pointer"] for item in problem["errors"]] == ["/bank_account"]


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("会财付〔2024〕0012号", True),
        ("会财付（2024）12号", True),
        ("PAY/2024.0012_A", True),
        ("a b c d", False),
        ("付款号", False),
    ],
)
def test_art09_a_confirmation_number_is_written_as_banks_do(
    world: World, winner: Winner, number: str, right: bool
) -> None:
    taken = acknowledge(world, order(world, winner))
    answer = say(world, taken, "payment-confirmation", confirmation(world, taken, confirmation_number=number))
    if right:
        assert ok(answer)["confirmation_number"] == number
    else:
        assert refused(answer, 422)["errors"][0]["pointer"] == "/confirmation_number"
