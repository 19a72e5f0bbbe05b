"""Arts. 8, 9, 22, 31: an award that was taken back is told as that, and what it has brought comes back: certificate,
plaque and prize, each on record, the money in the balance of its year."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import acknowledge, confirmation, order, order_body, pay
from sandbox.stages.plaques import handed_over
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art09_appropriation import year
from tests.api.test_art22_found_after_the_decree import enter
from tests.api.test_art28_annulment import annul
from tests.api.test_revocations import FRAUD, QUALITY
from tests.support.pages import opened
from tests.support.problems import refused

DECISION = {"number": "会府字〔2024〕30号", "reason": "样例：经县政府研究"}
PRIZE = 10_000_000


@pytest.fixture
def winner(world: World) -> Winner:
    made = concluded(world, {}).winners[0]
    world.clock.forward(days=5)
    return made


def take_back(world: World, winner: Winner, **changes: Any) -> dict[str, Any]:
    """What stood on the day of the decree is entered, and the government takes the award back."""
    day = ok(world.public.get(f"/v1/awards/{winner.award_id}"))["conferred_on"]
    doubt = ok(enter(world, {"id": winner.award_id}, day), 201)
    return void(world, doubt, **changes)


def void(world: World, doubt: dict[str, Any], **changes: Any) -> dict[str, Any]:
    body = DECISION | {"outcome": "void", "decided_on": str(world.clock.today)} | changes
    return ok(world.government.post(f"/v1/conferral-doubts/{doubt['id']}/decision", body))  # type: ignore[no-any-return]


def balance(world: World) -> tuple[int, int, int]:
    """Of the year: what was ordered, what of it is to come back, what has."""
    told = year(world)
    return told["ordered_fen"], told["to_recover_fen"], told["recovered_fen"]


def claims(world: World) -> dict[str, dict[str, Any]]:
    return {item["item"]: item for item in ok(world.office.get("/v1/recoveries"))["items"]}


def came_back(world: World, claim: dict[str, Any], **changes: Any) -> Any:
    body = {"recovered_on": str(world.clock.today), "evidence": "样例进账单"} | changes
    return world.office.post(f"/v1/recoveries/{claim['id']}/entries", body)


def steps(doubt: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    return [(item["reason"], item["facts"]["next_act"], item["facts"]["next_by"]) for item in doubt["next_steps"]]


def back(*items: str) -> list[tuple[str, str, list[str]]]:
    return [(f"{item}_to_come_back", "record_recovery", ["office"]) for item in items]


def test_art09_a_prize_that_was_paid_comes_back_and_counts_in_the_balance(world: World, winner: Winner) -> None:
    pay(world, order(world, winner))
    assert balance(world) == (PRIZE, 0, 0)
    doubt = take_back(world, winner)
    assert steps(doubt) == back("plaque", "certificate", "prize")
    found = claims(world)
    assert {key: (item["amount_fen"], item["state"]) for key, item in found.items()} == {
        "plaque": (0, "outstanding"),
        "certificate": (0, "outstanding"),
        "prize": (PRIZE, "outstanding"),
    }
    assert {(item["doubt_id"], item["revocation_id"]) for item in found.values()} == {(doubt["id"], None)}
    assert balance(world) == (PRIZE, PRIZE, 0)
    # Its holder reads what it has to give back.
    (told,) = ok(winner.applicant.get(f"/v1/awards/{winner.award_id}/conferral-doubts"))["items"]
    assert steps(told) == back("plaque", "certificate", "prize")
    assert all("交回" in item["message_zh"] or "退回" in item["message_zh"] for item in told["next_steps"])
    assert len(ok(winner.applicant.get("/v1/recoveries"))["items"]) == 3
    # Nothing comes back before it is demanded, and one paper shows one payment.
    early = came_back(world, found["prize"], recovered_on=str(world.clock.today - timedelta(days=1)))
    (why,) = refused(early, 422, "rule_refused", "art22.approval")["violations"]
    assert (why["reason"], why["facts"]["reading"]["key"]) == ("recovered_before_decision", "day_of_recovery")
    ok(came_back(world, found["prize"], amount_fen=4_000_000))
    again = came_back(world, found["prize"], amount_fen=4_000_000)
    (why,) = refused(again, 422, "rule_refused", "art22.approval")["violations"]
    assert why["reason"] == "recovery_entered_already"
    assert balance(world) == (
        PRIZE,
        6_000_000,
        4_000_000,
    )
    (told,) = ok(winner.applicant.get(f"/v1/awards/{winner.award_id}/conferral-doubts"))["items"]
    assert told["next_steps"][2]["facts"]["amount_fen"] == 6_000_000
    ok(came_back(world, found["prize"], evidence="样例进账单二"))
    ok(came_back(world, found["certificate"]))
    (told,) = ok(winner.applicant.get(f"/v1/awards/{winner.award_id}/conferral-doubts"))["items"]
    assert steps(told) == back("plaque")
    assert balance(world) == (PRIZE, 0, PRIZE)
    (why,) = refused(came_back(world, found["prize"], evidence="样例三"), 409, "wrong_state")["violations"]
    assert why["rule"] == "art22.approval"


def next_award(world: World, winner: Winner) -> Winner:
    """An award of the next round to the same organisation, a first one, as the one before was never won."""
    given = {"decreed_on": "2026-06-03", "decree_number": "会府字〔2026〕12号"}
    return concluded(world, {"organisation_id": winner.organisation_id}, year=2026, ordinal=2, **given).winners[0]


def reasons(answer: Any) -> list[str]:
    return [item["reason"] for item in refused(answer, 422, "rule_refused", "art09.disbursement")["violations"]]


def test_art08_art09_the_next_prize_waits_until_the_first_is_back_and_is_then_due(world: World, winner: Winner) -> None:
    pay(world, order(world, winner))
    take_back(world, winner)
    claim = claims(world)["prize"]
    later = next_award(world, winner)
    path = f"/v1/awards/{later.award_id}/disbursement"
    assert reasons(world.office.post(path, order_body(later))) == ["recovery_outstanding"]
    ok(came_back(world, claim, amount_fen=PRIZE - 1))
    assert reasons(world.office.post(path, order_body(later))) == ["recovery_outstanding"]
    ok(came_back(world, claim, evidence="样例二"))
    row = order(world, later)
    assert (row["amount_fen"], row["state"]) == (PRIZE, "payable")
    pay(world, row)
    # The first stays what it was, and says that it counts no more.
    rows = {item["award_id"]: item for item in ok(world.office.get("/v1/disbursements"))["items"]}
    assert (rows[winner.award_id]["state"], rows[winner.award_id]["taken_back_on"]) == ("paid", "2024-06-08")
    assert (rows[later.award_id]["state"], rows[later.award_id]["taken_back_on"]) == ("paid", None)
    # And once more it is not.
    third = concluded(
        world,
        {"organisation_id": winner.organisation_id},
        year=2029,
        ordinal=3,
        decreed_on="2029-06-03",
        decree_number="会府字〔2029〕12号",
    ).winners[0]
    again = world.office.post(f"/v1/awards/{third.award_id}/disbursement", order_body(third))
    assert "disbursed_already" in reasons(again)


@pytest.mark.parametrize("ordered", [True, False])
def test_art09_a_prize_that_never_was_paid_keeps_no_later_one_away(world: World, winner: Winner, ordered: bool) -> None:
    if ordered:
        order(world, winner)
    doubt = take_back(world, winner)
    assert steps(doubt) == back("plaque", "certificate")
    if not ordered:
        body = {"decision": "会府字〔2024〕31号", "reason": "样例：授奖已撤回"}
        ok(world.government.post(f"/v1/awards/{winner.award_id}/prize-decision", body), 201)
    assert [item["state"] for item in ok(world.office.get("/v1/disbursements"))["items"]] == ["cancelled"]
    again = world.government.post(
        f"/v1/awards/{winner.award_id}/prize-decision", {"decision": "会府字〔2024〕32号", "reason": "样例"}
    )
    assert reasons(again) == ["prize_ordered"]
    assert order(world, next_award(world, winner))["state"] == "payable"


def test_art09_money_that_was_on_its_way_is_to_come_back_as_well(world: World, winner: Winner) -> None:
    row = acknowledge(world, order(world, winner))
    take_back(world, winner)
    assert set(claims(world)) == {"plaque", "certificate"}
    assert ok(world.office.get(f"/v1/disbursements/{row['id']}"))["state"] == "cancelled"
    path = f"/v1/disbursements/{row['id']}"
    ok(world.platform.post(f"{path}/payment-confirmation", confirmation(world, row)))
    claim = claims(world)["prize"]
    assert (claim["amount_fen"], claim["state"], claim["revocation_id"]) == (PRIZE, "outstanding", None)
    assert year(world)["to_recover_fen"] == PRIZE
    # What the bank sends back is not owed.
    paid = confirmation(world, row)
    returned = {name: paid[name] for name in ("attempt", "confirmation_number", "amount_fen")}
    returned |= {"returned_on": str(world.clock.today), "reason": "样例：退汇"}
    ok(world.platform.post(f"{path}/payment-return", returned))
    assert claims(world)["prize"]["state"] == "lifted"
    assert (year(world)["to_recover_fen"], year(world)["recovered_fen"]) == (0, 0)


def test_art22_the_plaque_of_an_award_that_was_taken_back_comes_back_with_its_claim(
    world: World, winner: Winner
) -> None:
    made = handed_over(world, winner)
    take_back(world, winner)
    body = {"recovered_on": str(world.clock.today), "evidence": "样例：收回登记表"}
    answer = world.office.post(f"/v1/plaques/{made['id']}/recovery", body)
    (why,) = refused(answer, 422, "rule_refused")["violations"]
    assert (why["reason"], why["facts"]["next_act"]) == ("plaque_claimed", "record_recovery")
    ok(came_back(world, claims(world)["plaque"]))
    assert ok(world.office.get(f"/v1/plaques/{made['id']}"))["state"] == "recovered"


def told(world: World, winner: Winner) -> set[tuple[str, str | None, str | None]]:
    """What register, award and certificate say of it."""
    award = ok(world.public.get(f"/v1/awards/{winner.award_id}"))
    line = next(item for item in ok(world.public.get("/v1/awards"))["items"] if item["id"] == winner.award_id)
    certificate = ok(world.public.get(f"/v1/certificates/{award['certificate_number']}"))
    return {(item["status"], item["revoked_under"], item["revoked_on"]) for item in (award, line, certificate)}


def pages(world: World, winner: Winner) -> list[str]:
    number = ok(world.public.get(f"/v1/awards/{winner.award_id}"))["certificate_number"]
    return [opened(world, path).text for path in ("/register", f"/awards/{winner.award_id}", f"/verify/{number}")]


def test_art31_an_award_that_was_taken_back_is_told_as_that(world: World, winner: Winner) -> None:
    assert told(world, winner) == {("valid", None, None)}
    take_back(world, winner)
    today = str(world.clock.today)
    assert told(world, winner) == {("revoked", "taken_back", today)}
    number = ok(world.public.get(f"/v1/awards/{winner.award_id}"))["certificate_number"]
    certificate = ok(world.public.get(f"/v1/certificates/{number}"))
    assert "撤回" in certificate["message_zh"] and "第二十二条" in certificate["message_zh"]
    assert "taken back" in certificate["message_en"]
    # On the day before it was valid.
    before = ok(world.public.get(f"/v1/certificates/{number}?on={world.clock.today - timedelta(days=1)}"))
    assert (before["status"], before["revoked_under"]) == ("valid", None)
    for page in pages(world, winner):
        assert "授奖已撤回" in page
    for page in pages(world, winner)[1:]:
        assert "第二十二条" in page and "交回" in page
        assert "已撤销" not in page
    # What the title may be used for says why it may not.
    visit = world.office.post(f"/v1/awards/{winner.award_id}/visits", {"planned_on": today, "visitors": ["样例甲"]})
    assert visit.status_code == 422
    assert "conferral_taken_back" in {item["reason"] for item in visit.json().get("violations", [])}


@pytest.mark.parametrize(
    ("case", "under", "article"), [(QUALITY, "grounds", "第二十八条"), (FRAUD, "fraud", "第二十六条")]
)
def test_art26_28_a_revoked_one_names_its_article(
    world: World, winner: Winner, case: dict[str, Any], under: str, article: str
) -> None:
    today = {"event_on": str(world.clock.today), "found_on": str(world.clock.today)}
    stated = {name: today.get(name, value) for name, value in case.items()}
    made = bring_case(world, winner.award_id, winner.applicant, stated)
    decision = DECISION | {"decided_on": str(world.clock.today)}
    ok(world.government.post(f"/v1/revocations/{made['id']}/decision", decision))
    assert told(world, winner) == {("revoked", under, str(world.clock.today))}
    for page in pages(world, winner):
        assert "授奖已撤回" not in page
    for page in pages(world, winner)[1:]:
        assert article in page
    ok(annul(world, made))
    assert told(world, winner) == {("valid", None, None)}


@pytest.mark.parametrize("fraud_first", [True, False])
def test_art22_26_of_both_the_fraud_is_told_and_each_thing_is_demanded_once(
    world: World, winner: Winner, fraud_first: bool
) -> None:
    pay(world, order(world, winner))
    day = ok(world.public.get(f"/v1/awards/{winner.award_id}"))["conferred_on"]
    doubt = ok(enter(world, {"id": winner.award_id}, day), 201)
    case: dict[str, Any] = {}

    def revoke() -> None:
        stated = FRAUD | {"found_on": str(world.clock.today)}
        case.update(bring_case(world, winner.award_id, winner.applicant, stated))
        decision = {"number": "会府字〔2024〕40号", "reason": "样例", "decided_on": str(world.clock.today)}
        ok(world.government.post(f"/v1/revocations/{case['id']}/decision", decision))

    def end_by_doubt() -> None:
        void(world, doubt)

    first, second = (revoke, end_by_doubt) if fraud_first else (end_by_doubt, revoke)
    first()
    first_day = str(world.clock.today)
    world.clock.forward(days=1)
    second()
    assert told(world, winner) == {("revoked", "fraud", first_day)}
    listed = ok(world.office.get("/v1/recoveries"))["items"]
    assert sorted(item["item"] for item in listed) == ["certificate", "plaque", "prize"]
    assert year(world)["to_recover_fen"] == PRIZE
    world.clock.forward(days=1)
    ok(annul(world, case))
    # What a review annuls is the decision on the fraud alone: the award stays taken back, and what it brought demanded.
    voided_on = ok(world.office.get(f"/v1/awards/{winner.award_id}/conferral-doubts"))["items"][0]["decided_on"]
    assert told(world, winner) == {("revoked", "taken_back", voided_on)}
    listed = ok(world.office.get("/v1/recoveries"))["items"]
    standing = [item for item in listed if item["state"] == "outstanding"]
    assert sorted(item["item"] for item in standing) == ["certificate", "plaque", "prize"]
    assert {item["doubt_id"] for item in standing} == {doubt["id"]}
    assert len(listed) == (6 if fraud_first else 3)
    assert year(world)["to_recover_fen"] == PRIZE
