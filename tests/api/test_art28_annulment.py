"""Arts. 26, 28: a decision annulled on review (行政复议) is an act with evidence, and what stood stands again."""

from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import acknowledge, confirmation, order, order_body, pay
from sandbox.stages.parties import register
from sandbox.stages.revocations import bring_case, open_case
from sandbox.world import World, ok
from tests.api.test_revocations import FRAUD, QUALITY, decide
from tests.support.problems import refused

ANNULMENT = {
    "body": "样例复议机关",
    "number": "赣市府行复〔2025〕6号",
    "decided_on": "2025-09-01",
    "reason": "样例：事实不清",
    "evidence": "样例：复议决定书存档",
}


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def revoked(world: World, winner: Winner, case: dict[str, Any]) -> dict[str, Any]:
    """Revoked on 2025-06-01."""
    world.clock.go("2025-06-01")
    return decide(world, bring_case(world, winner.award_id, winner.applicant, case))  # type: ignore[no-any-return]


def annul(world: World, case: dict[str, Any], **changes: Any) -> Any:
    world.clock.go(max(world.clock.today.isoformat(), "2025-09-01"))
    return world.government.post(f"/v1/revocations/{case['id']}/annulment", ANNULMENT | changes)


def award(world: World, winner: Winner) -> dict[str, Any]:
    return ok(world.public.get(f"/v1/awards/{winner.award_id}"))  # type: ignore[no-any-return]


def exclusions(world: World) -> list[str]:
    return [item["article"] for item in ok(world.public.get("/v1/exclusions"))["items"]]


def recoveries(world: World) -> dict[str, tuple[str, int]]:
    items = ok(world.office.get("/v1/recoveries"))["items"]
    return {item["item"]: (item["state"], item["recovered_fen"]) for item in items}


def prize(world: World) -> dict[str, Any]:
    return ok(world.office.get("/v1/disbursements"))["items"][0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("case", [FRAUD, QUALITY])
def test_art28_an_annulled_decision_restores_award_validity_and_exclusion(
    world: World, winner: Winner, case: dict[str, Any]
) -> None:
    before = award(world, winner)
    decided = revoked(world, winner, case)
    assert award(world, winner)["status"] == "revoked"
    assert len(exclusions(world)) == 1
    told = ok(annul(world, decided))
    assert (told["state"], told["annulled_by_body"], told["annulled_on"]) == ("annulled", "样例复议机关", "2025-09-01")
    after = award(world, winner)
    for name in ("status", "valid_until", "conferred_on", "certificate_number", "revoked_on", "prize_fen"):
        assert after[name] == before[name]
    shown = ok(world.public.get(f"/v1/certificates/{before['certificate_number']}"))
    assert (shown["status"], shown["revoked_on"]) == ("valid", None)
    assert exclusions(world) == []
    assert ok(world.public.get("/v1/exclusions?on=2025-07-01"))["items"] == []
    assert ok(winner.applicant.get(f"/v1/revocations/{decided['id']}"))["annulled_evidence"]
    entries = ok(world.auditor.get("/v1/audit-entries", params={"limit": 100}))["items"]
    found = next(item for item in entries if item["act"] == "annul_revocation")
    assert found["details"]["evidence"] == ANNULMENT["evidence"]


def test_art26_what_was_demanded_is_lifted_and_what_came_back_is_owed(world: World, winner: Winner) -> None:
    pay(world, order(world, winner))
    decided = revoked(world, winner, FRAUD)
    items = {item["item"]: item["id"] for item in ok(world.office.get("/v1/recoveries"))["items"]}
    part = {"recovered_on": "2025-06-01", "evidence": "样例进账单", "amount_fen": 4_000_000}
    ok(world.office.post(f"/v1/recoveries/{items['prize']}/entries", part))
    ok(world.office.post(f"/v1/recoveries/{items['plaque']}/entries", part | {"amount_fen": None}))
    back = {"given_back_on": "2025-09-02", "evidence": "样例回单"}
    refused(world.office.post(f"/v1/recoveries/{items['prize']}/giving-back", back), 409, "wrong_state")
    ok(annul(world, decided))
    assert recoveries(world) == {
        "prize": ("owed_back", 4_000_000),
        "plaque": ("owed_back", 0),
        "certificate": ("lifted", 0),
    }
    refused(world.office.post(f"/v1/recoveries/{items['prize']}/entries", part), 409, "wrong_state")
    world.clock.go("2025-09-02")
    early = back | {"given_back_on": "2025-08-31"}
    refused(world.office.post(f"/v1/recoveries/{items['prize']}/giving-back", early), 422, rule="art26.fraud")
    tomorrow = back | {"given_back_on": "2025-09-03"}
    refused(world.office.post(f"/v1/recoveries/{items['prize']}/giving-back", tomorrow), 422, "invalid")
    on_the_day = back | {"given_back_on": "2025-09-01"}
    assert ok(world.office.post(f"/v1/recoveries/{items['plaque']}/giving-back", on_the_day))["state"] == "given_back"
    given = ok(world.office.post(f"/v1/recoveries/{items['prize']}/giving-back", back))
    assert (given["state"], given["given_back_on"]) == ("given_back", "2025-09-02")
    assert ok(winner.applicant.get(f"/v1/recoveries/{items['prize']}"))["given_back_evidence"] == "样例回单"
    # The award can be revoked anew, on another decision; the prize is then demanded again.
    again = {"number": "会府字〔2025〕70号", "on": "2025-09-02"}
    decide(world, bring_case(world, winner.award_id, winner.applicant, FRAUD), again["number"], again["on"])
    states = [item["state"] for item in ok(world.office.get("/v1/recoveries"))["items"] if item["item"] == "prize"]
    assert states == ["given_back", "outstanding"]


@pytest.mark.parametrize(("case", "state"), [(FRAUD, "cancelled"), (QUALITY, "suspended")])
def test_art09_an_unpaid_prize_is_due_again(world: World, winner: Winner, case: dict[str, Any], state: str) -> None:
    order(world, winner)
    decided = revoked(world, winner, case)
    stopped = prize(world)
    assert stopped["state"] == state
    # No case is open any more: what holds it is told.
    assert ("依第二十八条撤销" in stopped["hold_reason"]) is (state == "suspended")
    ok(annul(world, decided))
    now = prize(world)
    assert (now["state"], now["attempt"], now["hold_reason"]) == ("payable", 2, None)
    assert pay(world, now)["state"] == "paid"
    kinds = [item["kind"] for item in ok(world.platform.get("/v1/disbursement-feed"))["items"]]
    restored = ["suspended"] if case is FRAUD else []
    held = ["payable", "suspended"] + (["cancelled"] if case is FRAUD else [])
    assert kinds == [*held, *restored, "payable"]


def test_art09_money_that_may_be_on_its_way_goes_on_as_it_was(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    decided = revoked(world, winner, FRAUD)
    ok(annul(world, decided))
    now = prize(world)
    assert (now["state"], now["attempt"]) == ("acknowledged", 1)
    body = confirmation(world, taken, paid_on="2025-06-01")
    assert ok(world.platform.post(f"/v1/disbursements/{taken['id']}/payment-confirmation", body))["state"] == "paid"
    assert all(state == "lifted" for state, _ in recoveries(world).values())


def test_art26_28_another_decision_that_stands_keeps_the_award_revoked(world: World, winner: Winner) -> None:
    pay(world, order(world, winner))
    first = revoked(world, winner, QUALITY)
    world.clock.go("2025-07-01")
    fraud = bring_case(world, winner.award_id, winner.applicant, FRAUD)
    fraud = decide(world, fraud, "会府字〔2025〕8号", "2025-07-01")
    ok(annul(world, first))
    assert (award(world, winner)["status"], award(world, winner)["revoked_on"]) == ("revoked", "2025-07-01")
    assert exclusions(world) == ["26"]
    assert recoveries(world)["prize"][0] == "outstanding"
    ok(annul(world, fraud, number="赣市府行复〔2025〕7号"))
    assert award(world, winner)["status"] == "valid"
    assert exclusions(world) == []


def test_art26_28_fraud_annulled_leaves_what_art_28_had_decided(world: World, winner: Winner) -> None:
    order(world, winner)
    revoked(world, winner, QUALITY)
    fraud = decide(world, bring_case(world, winner.award_id, winner.applicant, FRAUD), "会府字〔2025〕8号")
    assert prize(world)["state"] == "cancelled"
    ok(annul(world, fraud))
    assert (award(world, winner)["status"], award(world, winner)["revoked_on"]) == ("revoked", "2025-06-01")
    # The prize is held again, as Art. 28 had left it.
    assert prize(world)["state"] == "suspended"
    assert exclusions(world) == ["28"]


def test_art09_an_open_case_holds_the_prize_of_an_annulled_one(world: World, winner: Winner) -> None:
    order(world, winner)
    decided = revoked(world, winner, QUALITY)
    open_case(world, winner.award_id, FRAUD)
    ok(annul(world, decided))
    assert award(world, winner)["status"] == "valid"
    assert prize(world)["state"] == "suspended"
    refused(world.office.post(f"/v1/awards/{winner.award_id}/disbursement", order_body(winner)), 409)


@pytest.mark.parametrize(
    ("changes", "right"),
    [
        ({}, True),
        ({"decided_on": "2025-06-01"}, True),
        ({"decided_on": "2025-05-31"}, False),
        ({"decided_on": "2025-09-02"}, False),
        ({"number": "赣市府行复〔2024〕6号"}, False),
        ({"evidence": " "}, False),
        ({"body": "　"}, False),
        ({"body": "赣州市人民政府"}, True),
        ({"body": "会昌县人民政府"}, False),
        ({"body": "县政府"}, False),
        ({"body": "会昌县司法局"}, False),
        ({"body": "样例制造有限公司"}, False),
        ({"body": "会昌县人民法院"}, True),
        ({"number": "会府字 (2025) 7 号"}, False),
    ],
)
def test_art28_an_annulment_has_its_decision_its_day_and_its_evidence(
    world: World, winner: Winner, changes: dict[str, Any], right: bool
) -> None:
    decided = revoked(world, winner, QUALITY)
    answer = annul(world, decided, **changes)
    if right:
        assert ok(answer)["state"] == "annulled"
    else:
        refused(answer, 422)
        assert award(world, winner)["status"] == "revoked"


def test_art02_the_annulment_is_put_on_record_by_the_government_once(world: World, winner: Winner) -> None:
    decided = revoked(world, winner, QUALITY)
    world.clock.go("2025-09-01")
    path = f"/v1/revocations/{decided['id']}/annulment"
    refused(world.office.post(path, ANNULMENT), 403, rule="art02.decider")
    offered = ok(world.government.get(f"/v1/revocations/{decided['id']}"))["available_actions"]
    assert [item["act"] for item in offered] == ["annul_revocation"]
    ok(world.government.post(path, ANNULMENT))
    refused(world.government.post(path, ANNULMENT), 409, "wrong_state")
    refused(world.office.post(f"/v1/revocations/{decided['id']}/notice", {"title": "样例", "media": []}), 422)


def test_art06_a_reinstated_award_counts_as_any_other(world: World, winner: Winner) -> None:
    decided = revoked(world, winner, QUALITY)
    ok(annul(world, decided))
    stranger = register(world)
    assert ok(stranger.applicant.get("/v1/revocations"))["items"] == []
    assert ok(world.public.get("/v1/awards", params={"status": "revoked"}))["items"] == []
    assert [item["id"] for item in ok(world.public.get("/v1/awards", params={"status": "valid"}))["items"]] == [
        winner.award_id
    ]
