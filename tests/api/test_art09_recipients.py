"""Arts. 8, 9, 26: who receives the prize of a winner that has ceased to exist, and what of a prize whose receiver owes
another one back: the government decides on record, and nothing is paid or set off by itself."""

from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import acknowledge, order, order_body, pay
from sandbox.stages.parties import Registered, register, succeed
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art09_came_back import now
from tests.api.test_organisations_lineage import link, party
from tests.api.test_revocations import FRAUD, decide
from tests.support.problems import refused

RULE = "art09.disbursement"


def dissolve(world: World, organisation_id: str) -> None:
    body = {"dissolved_on": world.clock.today.isoformat(), "evidence": "样例：准予注销登记通知书"}
    ok(world.office.post(f"/v1/organisations/{organisation_id}/dissolution", body))


def decision(world: World, **changes: Any) -> dict[str, Any]:
    today = world.clock.today
    told = {
        "number": f"会府字〔{today.year}〕31号",
        "decided_on": today.isoformat(),
        "reason": "样例：承继全部权利义务",
    }
    return told | {"evidence": "样例：合并协议与注销通知书存档"} | changes


def name_recipient(world: World, winner: Winner, recipient: str, by: Caller | None = None, **changes: Any) -> Any:
    body = decision(world, organisation_id=recipient, **changes)
    return (by or world.government).post(f"/v1/awards/{winner.award_id}/recipient-decision", body)


def reasons(answer: Any) -> list[str]:
    return [item["reason"] for item in refused(answer, 422, "rule_refused", RULE)["violations"]]


def named(world: World, party: Registered) -> str:
    return str(ok(world.office.get(f"/v1/organisations/{party.organisation_id}"))["name"])


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def test_art09_the_prize_of_a_dissolved_winner_waits_for_a_decision_on_its_recipient(
    world: World, winner: Winner
) -> None:
    heir = register(world)
    succeed(world, heir, party(winner))
    dissolve(world, winner.organisation_id)
    path = f"/v1/awards/{winner.award_id}/disbursement"
    answer = world.office.post(path, order_body(winner))
    (why,) = refused(answer, 422, "rule_refused", RULE)["violations"]
    assert (why["reason"], why["facts"]["next_act"], why["facts"]["next_by"]) == (
        "holder_dissolved",
        "decide_recipient",
        ["government"],
    )
    assert "县政府" in why["remedy_zh"]
    made = ok(name_recipient(world, winner, heir.organisation_id), 201)
    assert (made["kind"], made["recipient_id"]) == ("recipient", heir.organisation_id)
    assert ok(world.office.get(f"/v1/awards/{winner.award_id}/prize-decisions"))["items"] == [made]
    # From then on it goes to that organisation, and to no other name.
    assert "payee_not_winner" in reasons(world.office.post(path, order_body(winner)))
    row = order(world, winner, payee_name=named(world, heir))
    holder = ok(world.office.get(f"/v1/organisations/{heir.organisation_id}"))
    assert (row["payee_uscc"], row["organisation_id"]) == (holder["uscc"], winner.organisation_id)
    assert [item["reason"] for item in row["warnings"]] == ["recipient_decided"]
    assert ok(heir.account.get(f"/v1/disbursements/{row['id']}"))["id"] == row["id"]
    assert [item["id"] for item in ok(heir.account.get("/v1/disbursements"))["items"]] == [row["id"]]
    assert pay(world, row)["state"] == "paid"
    assert now(world, row)["warnings"] == []


def test_art09_an_order_of_before_is_not_taken_over_and_is_issued_again_for_the_recipient(
    world: World, winner: Winner
) -> None:
    heir = register(world)
    succeed(world, heir, party(winner))
    row = order(world, winner)
    dissolve(world, winner.organisation_id)
    taking = f"/v1/disbursements/{row['id']}/acknowledgement"
    assert reasons(world.platform.post(taking, {"attempt": 1})) == ["holder_dissolved"]
    assert [item["reason"] for item in now(world, row)["warnings"]] == ["holder_dissolved"]
    ok(name_recipient(world, winner, heir.organisation_id), 201)
    assert reasons(world.platform.post(taking, {"attempt": 1})) == ["payee_not_winner"]
    again = order_body(winner, payee_name=named(world, heir), reason="样例：由承继组织领取")
    issued = ok(world.office.post(f"/v1/disbursements/{row['id']}/reissue", again))
    assert pay(world, issued)["payee_name"] == named(world, heir)


def test_art09_what_is_on_its_way_is_reported_and_a_case_that_ends_does_not_wait(world: World, winner: Winner) -> None:
    row = acknowledge(world, order(world, winner))
    dissolve(world, winner.organisation_id)
    # Repeating it changes nothing; the money may have left.
    assert pay(world, row)["state"] == "paid"


def test_art26_a_rejected_case_lets_the_prize_of_a_dissolved_winner_go_on(world: World, winner: Winner) -> None:
    row = order(world, winner)
    case = bring_case(world, winner.award_id, winner.applicant, FRAUD)
    dissolve(world, winner.organisation_id)
    body = {"number": "会府字〔2024〕33号", "decided_on": world.clock.today.isoformat(), "reason": "样例：证据不足"}
    ok(world.government.post(f"/v1/revocations/{case['id']}/rejection", body))
    assert now(world, row)["state"] == "payable"
    taking = f"/v1/disbursements/{row['id']}/acknowledgement"
    assert reasons(world.platform.post(taking, {"attempt": now(world, row)["attempt"]})) == ["holder_dissolved"]


def test_art09_the_recipient_continues_the_winner_and_exists(world: World, winner: Winner) -> None:
    heir, stranger = register(world), register(world)
    succeed(world, heir, party(winner))
    assert reasons(name_recipient(world, winner, heir.organisation_id)) == ["winner_exists"]
    dissolve(world, winner.organisation_id)
    for wrong in (stranger.organisation_id, winner.organisation_id):
        assert reasons(name_recipient(world, winner, wrong)) == ["recipient_no_successor"]
    refused(name_recipient(world, winner, "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"), 422, "invalid")
    for caller in (world.office, winner.applicant, world.platform):
        refused(name_recipient(world, winner, heir.organisation_id, caller), 403, "forbidden")
    early = refused(name_recipient(world, winner, heir.organisation_id, decided_on="2024-06-02"), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in early["errors"]] == [("/decided_on", "too_early")]
    late = refused(name_recipient(world, winner, heir.organisation_id, decided_on="2024-06-04"), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in late["errors"]] == [("/decided_on", "date_in_future")]
    dissolve(world, heir.organisation_id)
    assert reasons(name_recipient(world, winner, heir.organisation_id)) == ["recipient_no_successor"]


@pytest.fixture
def owing(world: World) -> tuple[Winner, Winner, dict[str, Any], dict[str, Any]]:
    """Two winners that have become one legal person: the prize of the first was paid, and is to come back after a
    fraud; that of the second is ordered. With both: the recovery, the order."""
    old, new = concluded(world, {}, {}).winners
    pay(world, order(world, old))
    row = order(world, new)
    world.clock.go("2025-06-01")
    decide(world, bring_case(world, old.award_id, old.applicant, FRAUD))
    ok(link(world, new.organisation_id, old.organisation_id), 201)
    owed = {item["item"]: item for item in ok(world.office.get("/v1/recoveries"))["items"]}["prize"]
    return old, new, owed, row


def recover(world: World, owed: dict[str, Any], amount_fen: int) -> None:
    part = {
        "recovered_on": world.clock.today.isoformat(),
        "evidence": f"样例进账单{amount_fen}",
        "amount_fen": amount_fen,
    }
    ok(world.office.post(f"/v1/recoveries/{owed['id']}/entries", part))


Owing = tuple[Winner, Winner, dict[str, Any], dict[str, Any]]


def test_art09_art26_a_prize_beside_a_recovery_is_neither_paid_nor_set_off_by_itself(
    world: World, owing: Owing
) -> None:
    _, _, owed, row = owing
    recover(world, owed, 4_000_000)
    taking = f"/v1/disbursements/{row['id']}/acknowledgement"
    (why,) = refused(world.platform.post(taking, {"attempt": 1}), 422, "rule_refused", RULE)["violations"]
    assert (why["reason"], why["facts"]["amount_fen"]) == ("recovery_outstanding", 6_000_000)
    assert (why["facts"]["next_act"], why["facts"]["next_by"]) == ("decide_prize_beside_recovery", ["government"])
    assert "6万元" in why["message_zh"]
    assert [item["reason"] for item in now(world, row)["warnings"]] == ["recovery_outstanding"]
    # What is owed has come back: nothing is left to decide.
    recover(world, owed, 6_000_000)
    assert pay(world, row)["state"] == "paid"


def test_art09_art26_the_government_decides_on_record_that_it_is_paid(world: World, owing: Owing) -> None:
    _, new, owed, row = owing
    path = f"/v1/awards/{new.award_id}/payment-decision"
    for caller in (world.office, new.applicant, world.platform):
        refused(caller.post(path, decision(world)), 403, "forbidden")
    made = ok(world.government.post(path, decision(world)), 201)
    assert (made["kind"], made["outstanding_fen"]) == ("recovery", 10_000_000)
    assert pay(world, row)["state"] == "paid"
    (shown,) = [item for item in ok(world.office.get("/v1/recoveries"))["items"] if item["item"] == "prize"]
    assert (shown["state"], shown["recovered_fen"]) == ("outstanding", 0)
    recover(world, owed, 10_000_000)
    assert reasons(world.government.post(path, decision(world))) == ["nothing_to_recover"]


def test_art09_art26_an_order_tells_of_the_recovery_too(world: World) -> None:
    old, new = concluded(world, {}, {}).winners
    pay(world, order(world, old))
    world.clock.go("2025-06-01")
    decide(world, bring_case(world, old.award_id, old.applicant, FRAUD))
    ok(link(world, new.organisation_id, old.organisation_id), 201)
    path = f"/v1/awards/{new.award_id}/disbursement"
    assert {"disbursed_already", "recovery_outstanding"} <= set(reasons(world.office.post(path, order_body(new))))


def test_art09_art26_a_decision_speaks_of_what_was_owed_then(world: World, owing: Owing) -> None:
    _, new, owed, row = owing
    recover(world, owed, 4_000_000)
    ok(world.government.post(f"/v1/awards/{new.award_id}/payment-decision", decision(world)), 201)
    # An entry was wrong: more is owed than was decided on.
    (entry,) = ok(world.office.get(f"/v1/recoveries/{owed['id']}"))["entries"]
    undo = f"/v1/recoveries/{owed['id']}/entries/{entry['id']}/withdrawal"
    ok(world.office.post(undo, {"reason": "样例：误登"}))
    taking = f"/v1/disbursements/{row['id']}/acknowledgement"
    assert reasons(world.platform.post(taking, {"attempt": 1})) == ["recovery_outstanding"]
    ok(world.government.post(f"/v1/awards/{new.award_id}/payment-decision", decision(world)), 201)
    assert pay(world, row)["state"] == "paid"


ENDED = {"decision": "会府字〔2024〕40号", "reason": "样例：获奖组织已注销，无承继者，不再拨付"}


def test_art09_an_order_that_nobody_receives_is_cancelled_and_takes_nothing_of_its_year(
    world: World, winner: Winner
) -> None:
    row = order(world, winner)
    path = f"/v1/disbursements/{row['id']}/cancellation"
    # While the winner exists, and while anybody continues it, the prize is due.
    assert refused(world.government.post(path, ENDED), 422)["violations"][0]["reason"] == "award_stands"
    heir = register(world)
    succeed(world, heir, party(winner))
    dissolve(world, winner.organisation_id)
    assert refused(world.government.post(path, ENDED), 422)["violations"][0]["reason"] == "award_stands"
    (told,) = now(world, row)["warnings"]
    assert (told["reason"], told["facts"]["next_act"]) == ("holder_dissolved", "decide_recipient")
    dissolve(world, heir.organisation_id)
    (told,) = now(world, row)["warnings"]
    assert (told["facts"]["next_act"], told["facts"]["next_by"]) == ("cancel", ["government"])
    offered = ok(world.government.get(f"/v1/disbursements/{row['id']}"))["available_actions"]
    assert [item["allowed"] for item in offered if item["act"] == "cancel"] == [True]
    refused(world.office.post(path, ENDED), 403, "forbidden")
    assert ok(world.government.post(path, ENDED))["state"] == "cancelled"
    feed = ok(world.platform.get("/v1/disbursement-feed?after=0"))["items"]
    assert (feed[-1]["disbursement"]["id"], feed[-1]["disbursement"]["state"]) == (row["id"], "cancelled")
    year = next(item for item in ok(world.office.get("/v1/budget-years"))["items"] if item["year"] == 2024)
    assert (year["ordered_fen"], year["never_ordered_fen"]) == (0, 10_000_000)


def test_art09_what_the_platform_has_in_hand_is_reported_before_it_is_cancelled(world: World, winner: Winner) -> None:
    row = acknowledge(world, order(world, winner))
    dissolve(world, winner.organisation_id)
    path = f"/v1/disbursements/{row['id']}/cancellation"
    assert refused(world.government.post(path, ENDED), 422)["violations"][0]["reason"] == "award_stands"


def test_art09_a_prize_that_nobody_receives_is_not_ordered_by_decision(world: World, winner: Winner) -> None:
    path = f"/v1/awards/{winner.award_id}/prize-decision"
    assert refused(world.government.post(path, ENDED), 422)["violations"][0]["reason"] == "award_stands"
    dissolve(world, winner.organisation_id)
    answer = world.office.post(f"/v1/awards/{winner.award_id}/disbursement", order_body(winner))
    for told in (answer, name_recipient(world, winner, register(world).organisation_id)):
        (why,) = refused(told, 422, "rule_refused", RULE)["violations"]
        assert (why["facts"]["next_act"], why["facts"]["next_by"]) == ("decide_prize_not_ordered", ["government"])
    made = ok(world.government.post(path, ENDED), 201)
    assert (made["state"], made["amount_fen"]) == ("cancelled", 10_000_000)


def test_art09_while_a_case_is_open_it_decides(world: World, winner: Winner) -> None:
    bring_case(world, winner.award_id, winner.applicant, FRAUD)
    dissolve(world, winner.organisation_id)
    path = f"/v1/awards/{winner.award_id}/prize-decision"
    assert refused(world.government.post(path, ENDED), 422)["violations"][0]["reason"] == "award_stands"
