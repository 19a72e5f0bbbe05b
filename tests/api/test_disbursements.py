"""The prize: only first winners, only on the decree, the exact amount, to the winner itself, once ever (Art. 8, 9)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.kernel.settings import Settings
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import ACCOUNT, acknowledge, confirmation, order, order_body, pay
from sandbox.world import World, ok
from tests.support.killed import killed_at
from tests.support.problems import refused


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def feed(world: World, after: int = 0) -> dict[str, Any]:
    return ok(world.platform.get(f"/v1/disbursement-feed?after={after}"))  # type: ignore[no-any-return]


def read(world: World, disbursement: dict[str, Any]) -> dict[str, Any]:
    return ok(world.office.get(f"/v1/disbursements/{disbursement['id']}"))  # type: ignore[no-any-return]


def test_a_first_winners_prize_goes_from_the_order_to_the_receipt(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    assert ordered["state"] == "payable" and ordered["amount_fen"] == 10_000_000
    pulled = feed(world)
    item = pulled["items"][0]
    assert (item["position"], item["kind"]) == (1, "payable")
    assert item["disbursement"] | {"bank_account": ACCOUNT, "budget_year": 2024} == item["disbursement"]
    assert item["disbursement"]["decree_number"] == ordered["decree_number"] == "会府字〔2024〕12号"
    paid = pay(world, ordered)
    assert (paid["state"], paid["paid_on"]) == ("paid", world.clock.today.isoformat())
    assert read(world, ordered)["reports"][0]["outcome"] == "paid"
    assert feed(world, pulled["next_after"]) == {"items": [], "next_after": pulled["next_after"]}


@pytest.mark.parametrize(
    ("given", "changes"),
    [
        ({"first_award": False, "repeat_award": True}, {}),
        ({"first_award": False}, {}),
        ({}, {"payee_name": "样例另一企业"}),
    ],
)
def test_an_order_that_art_9_does_not_permit(world: World, given: dict[str, Any], changes: dict[str, Any]) -> None:
    other = concluded(world, given).winners[0]
    body = order_body(other, **changes)
    refused(world.office.post(f"/v1/awards/{other.award_id}/disbursement", body), 422, rule="art09.disbursement")
    assert feed(world)["items"] == []


@pytest.mark.parametrize(
    ("budget_year", "right"), [(2023, False), (2024, True), (2025, True), (2026, False), (2199, False)]
)
def test_art09_the_budget_is_that_of_the_decrees_year_or_of_the_next(
    world: World, winner: Winner, budget_year: int, right: bool
) -> None:
    path = f"/v1/awards/{winner.award_id}/disbursement"
    answer = world.office.post(path, order_body(winner, budget_year=budget_year))
    if right:
        assert ok(answer, 201)["budget_year"] == budget_year
    else:
        problem = refused(answer, 422, "rule_refused", "art09.disbursement")
        assert [item["reason"] for item in problem["violations"]] == ["budget_year_impossible"]


def test_the_prize_is_ordered_once(world: World, winner: Winner) -> None:
    order(world, winner)
    again = world.office.post(f"/v1/awards/{winner.award_id}/disbursement", order_body(winner))
    refused(again, 409, "already_ordered", "art09.disbursement")
    assert len(feed(world)["items"]) == 1


def test_two_orders_at_once_make_one(world: World, winner: Winner) -> None:
    path = f"/v1/awards/{winner.award_id}/disbursement"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: world.office.post(path, order_body(winner)), range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(feed(world)["items"]) == 1


def test_a_legal_person_gets_one_prize_ever_also_under_another_award(world: World, winner: Winner) -> None:
    order(world, winner)
    later = concluded(
        world,
        {"organisation_id": winner.organisation_id},
        year=2030,
        ordinal=4,
        decreed_on="2030-06-03",
        decree_number="会府字〔2030〕12号",
    ).winners[0]
    answer = world.office.post(f"/v1/awards/{later.award_id}/disbursement", order_body(later, budget_year=2030))
    refused(answer, 422, rule="art09.disbursement")


def test_two_receipts_at_once_enter_one_payment(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    path = f"/v1/disbursements/{taken['id']}/payment-confirmation"
    bodies = [confirmation(world, taken, confirmation_number=f"PAY-TWICE-{number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda body: world.platform.post(path, body), bodies))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert len(read(world, taken)["reports"]) == 1


def test_the_same_receipt_again_is_answered_alike_and_another_is_refused(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    path = f"/v1/disbursements/{taken['id']}/payment-confirmation"
    body = confirmation(world, taken)
    first, again = world.platform.post(path, body), world.platform.post(path, body)
    assert ok(first) == ok(again)
    refused(
        world.platform.post(path, {**body, "confirmation_number": "PAY-OTHER"}),
        409,
        "already_paid",
        "art09.disbursement",
    )
    refused(world.platform.post(path, {**body, "paid_on": "2024-06-02"}), 409, "already_paid", "art09.disbursement")


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"amount_fen": 9_999_999}, ["/amount_fen"]),
        ({"amount_fen": 10_000_001}, ["/amount_fen"]),
        ({"amount_fen": 0}, ["/amount_fen"]),
        ({"paid_on": "2024-06-02"}, ["/paid_on"]),
        ({"paid_on": "2024-06-04"}, ["/paid_on"]),
        ({"amount_fen": 1, "paid_on": "2024-06-04"}, ["/amount_fen", "/paid_on"]),
    ],
)
def test_a_receipt_of_another_payment_is_refused_under_its_article(
    world: World, winner: Winner, changes: dict[str, Any], pointers: list[str]
) -> None:
    taken = acknowledge(world, order(world, winner))
    path = f"/v1/disbursements/{taken['id']}/payment-confirmation"
    body = refused(
        world.platform.post(path, confirmation(world, taken, **changes)), 422, "rule_refused", "art09.disbursement"
    )
    assert [fault["pointer"] for fault in body["errors"]] == pointers
    assert all(item["remedy_zh"] and item["remedy_en"] for item in body["violations"])
    assert read(world, taken)["state"] == "acknowledged"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_fen": -1},
        {"amount_fen": "10000000.5"},
        {"confirmation_number": "a b"},
    ],
)
def test_a_receipt_that_is_none(world: World, winner: Winner, changes: dict[str, Any]) -> None:
    taken = acknowledge(world, order(world, winner))
    path = f"/v1/disbursements/{taken['id']}/payment-confirmation"
    refused(world.platform.post(path, confirmation(world, taken, **changes)), 422)
    assert read(world, taken)["state"] == "acknowledged"


def test_one_receipt_pays_one_prize(world: World) -> None:
    first, second = concluded(world, {}, {}).winners
    paid = pay(world, order(world, first))
    taken = acknowledge(world, order(world, second))
    body = confirmation(world, taken, confirmation_number=paid["confirmation_number"])
    told = refused(
        world.platform.post(f"/v1/disbursements/{taken['id']}/payment-confirmation", body), 422, "rule_refused"
    )
    assert [fault["pointer"] for fault in told["errors"]] == ["/confirmation_number"]


def test_a_failed_payment_is_offered_again_and_the_old_attempt_is_dead(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    base = f"/v1/disbursements/{taken['id']}"
    failed = ok(world.platform.post(f"{base}/payment-failure", {"attempt": 1, "reason": "户名账号不符"}))
    assert failed["state"] == "failed"
    refused(world.platform.post(f"{base}/payment-confirmation", confirmation(world, taken)), 409, "wrong_state")
    corrected = order_body(winner, bank_account="6222000000009999", reason="更正账号")
    del corrected["budget_year"]
    again = ok(world.office.post(f"{base}/reissue", corrected))
    assert (again["state"], again["attempt"], again["bank_account_ending"]) == ("payable", 2, "9999")
    # The acknowledgement of the first attempt, repeated, is answered with the order as it stands, taken over by nobody.
    repeated = ok(world.platform.post(f"{base}/acknowledgement", {"attempt": 1}))
    assert (repeated["attempt"], repeated["state"], repeated["acknowledged_by"]) == (2, "payable", None)
    assert [item["attempt"] for item in feed(world)["items"]] == [1, 2]
    assert pay(world, again)["state"] == "paid"


def test_the_amount_never_left_without_an_acknowledgement(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    path = f"/v1/disbursements/{ordered['id']}/payment-confirmation"
    refused(world.platform.post(path, confirmation(world, ordered)), 409, "wrong_state")


def test_the_account_is_shown_to_nobody_but_the_platform_and_its_reading_is_on_record(
    world: World, winner: Winner
) -> None:
    ordered = order(world, winner)
    for caller in (world.office, world.government, world.auditor, winner.applicant):
        for path in ("/v1/disbursements", f"/v1/disbursements/{ordered['id']}"):
            text = caller.get(path).text
            assert ACCOUNT not in text and ACCOUNT[-4:] in text
    feed(world)
    entries = ok(world.auditor.get("/v1/audit-entries"))["items"]
    assert "read_disbursement_feed" in {entry["act"] for entry in entries}
    assert ACCOUNT not in str(entries)


def test_another_organisations_disbursement_is_not_found(world: World) -> None:
    first, second = concluded(world, {}, {}).winners
    ordered = order(world, first)
    assert ok(first.applicant.get(f"/v1/disbursements/{ordered['id']}"))["id"] == ordered["id"]
    refused(second.applicant.get(f"/v1/disbursements/{ordered['id']}"), 404)
    assert ok(second.applicant.get("/v1/disbursements"))["items"] == []


def test_a_reader_of_the_feed_skips_nothing_while_orders_are_made(world: World) -> None:
    rounds = [
        concluded(
            world,
            {},
            {},
            {},
            year=2024 + 2 * n,
            ordinal=n + 1,
            decreed_on=f"{2024 + 2 * n}-06-03",
            decree_number=f"会府字〔{2024 + 2 * n}〕12号",
        )
        for n in range(4)
    ]
    winners = [winner for made in rounds for winner in made.winners]
    seen: list[int] = []

    def read_on() -> None:
        after = 0
        for _ in range(60):
            page = feed(world, after)
            seen.extend(item["position"] for item in page["items"])
            after = page["next_after"]
            if len(seen) >= len(winners):
                return

    with ThreadPoolExecutor(5) as pool:
        reader = pool.submit(read_on)
        list(pool.map(lambda winner: order(world, winner), winners))
        reader.result()
    after = seen[-1] if seen else 0
    seen.extend(item["position"] for item in feed(world, after)["items"])
    assert seen == list(range(1, len(winners) + 1))


@pytest.mark.slow
def test_a_process_killed_during_a_receipt_leaves_all_or_nothing(
    world: World, settings: Settings, winner: Winner
) -> None:
    taken = acknowledge(world, order(world, winner))
    path, body = f"/v1/disbursements/{taken['id']}/payment-confirmation", confirmation(world, taken)
    for statement in range(1, 80):
        died = killed_at(statement, settings, world.clock.now(), lambda child: ok(child.platform.post(path, body)))
        now = read(world, taken)
        audited = "report_paid" in world.auditor.get("/v1/audit-entries?act=report_paid").text
        whole = (now["state"], len(now["reports"]), audited)
        assert whole in (("acknowledged", 0, False), ("paid", 1, True)), f"statement {statement}"
        if not died:
            break
    assert not died and now["state"] == "paid"
    assert ok(world.auditor.get("/v1/audit-chain"))["intact"] is True


def test_the_payment_gate_is_kept_with_the_order(world: World, winner: Winner) -> None:
    order(world, winner)
    award = ok(world.public.get(f"/v1/awards/{winner.award_id}"))
    applications = ok(world.office.get("/v1/applications", params={"round_id": award["round_id"]}))["items"]
    runs = ok(world.office.get(f"/v1/applications/{applications[0]['id']}/eligibility-checks"))["items"]
    assert [(run["gate"], run["passed"]) for run in runs] == [("payment", True)]
    assert runs[0]["findings"][0]["rule"] == "art09.disbursement"
