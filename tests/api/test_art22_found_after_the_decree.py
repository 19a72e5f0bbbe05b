"""Arts. 3, 13, 22: what stood against an award on the day of its decree and is found since puts it in doubt; who
withdrew on that day or later, and was entered before the decree, is told of."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.stages.decision import Contender, approve, decree, fix_proposed, in_publicity
from sandbox.stages.money import order, order_body
from sandbox.world import World, ok
from tests.api.test_art22_awards_in_doubt import LETTER, conferred, decide, next_act, winner_of
from tests.api.test_revocations import QUALITY
from tests.support.problems import refused

FOUND = {
    "rule": "art13.6.record",
    "reference": "会应急函〔2024〕9号",
    "reason": "样例：通报表彰前发生死亡事故",
    "evidence": "样例：调查报告",
}


def enter(world: World, award: dict[str, Any], stood_on: object, **changes: Any) -> Any:
    body = FOUND | {"stood_on": str(stood_on)} | changes
    return world.office.post(f"/v1/awards/{award['id']}/conferral-doubts", body)


def reasons(problem: dict[str, Any]) -> list[tuple[str, object]]:
    return [(item["reason"], item["facts"].get("next_act")) for item in problem["violations"]]


@pytest.mark.parametrize("shift", [-1, 0])
def test_art22_what_stood_on_the_day_of_the_decree_is_the_governments_to_decide(world: World, shift: int) -> None:
    made, award, day = conferred(world)
    winner, stood_on = winner_of(made, award), day + timedelta(days=shift)
    path = f"/v1/awards/{award['id']}"
    if shift < 0:
        # A case under Art. 28 is not for what was there before; it names what is.
        event = {"event_on": str(stood_on), "found_on": str(world.clock.today)}
        told = refused(world.office.post(f"{path}/revocations", QUALITY | event), 422, "rule_refused")
        assert ("event_before_conferral", "raise_conferral_doubt") in reasons(told)
    doubt = ok(enter(world, award, stood_on), 201)
    assert {name: doubt[name] for name in FOUND} == FOUND
    assert (doubt["ground"], doubt["since_day"], doubt["state"]) == ("finding", str(stood_on), "open")
    assert next_act(doubt) == [("void_conferral", ["government"])]
    told = refused(world.office.post(f"{path}/disbursement", order_body(winner)), 422, rule="art09.disbursement")
    assert reasons(told) == [("conferral_in_doubt", "void_conferral")]
    # The same document is entered once for a condition.
    assert reasons(refused(enter(world, award, stood_on), 422, rule="art22.approval")) == [("doubt_known", None)]
    assert ok(decide(world, doubt, "void"))["state"] == "voided"
    shown = ok(world.public.get(path))
    assert (shown["state"], shown["revoked_on"]) == ("revoked", str(world.clock.today))
    refused(enter(world, award, stood_on, rule="art13.1.local"), 409, "wrong_state")


def test_art22_an_upheld_award_has_its_prize(world: World) -> None:
    made, award, day = conferred(world)
    row = order(world, winner_of(made, award))
    doubt = ok(enter(world, award, day, rule="art13.1.legal_person"), 201)
    assert ok(world.office.get(f"/v1/disbursements/{row['id']}"))["state"] == "suspended"
    ok(decide(world, doubt, "uphold"))
    assert ok(world.office.get(f"/v1/disbursements/{row['id']}"))["state"] == "payable"


def test_art26_28_what_came_up_later_and_fraud_are_heard_as_cases(world: World) -> None:
    made, award, day = conferred(world)
    after = enter(world, award, day + timedelta(days=1))
    assert reasons(refused(after, 422, rule="art22.approval")) == [("stood_after_the_decree", "open_revocation")]
    fraud = enter(world, award, day, rule="art26.fraud")
    assert reasons(refused(fraud, 422, rule="art22.approval")) == [("fraud_heard_as_a_case", "open_revocation")]
    refused(enter(world, award, world.clock.today + timedelta(days=1)), 422, "invalid")
    assert ok(world.office.get(f"/v1/awards/{award['id']}/conferral-doubts"))["items"] == []
    order(world, winner_of(made, award))


def test_art22_before_the_decree_nothing_is_in_doubt(world: World) -> None:
    made = in_publicity(world, Contender(score="800"))
    fix_proposed(world, made.round_id)
    (award,) = approve(world, made.round_id)["awards"]
    refused(enter(world, award, world.clock.today), 409, "wrong_state")


@pytest.mark.parametrize(("online", "shift", "told"), [(True, 3, True), (False, 0, True), (False, -1, False)])
def test_art03_a_decree_entered_after_a_withdrawal_says_who_renounced_it(
    world: World, online: bool, shift: int, told: bool
) -> None:
    """The round's only name: it is commended as it would be were the decree entered first, unless it had withdrawn
    before its day; the answer says so."""
    made = in_publicity(world, Contender(score="800"))
    fix_proposed(world, made.round_id)
    approve(world, made.round_id)
    world.clock.forward(days=2)
    day = world.clock.today
    world.clock.forward(days=3)
    path, reason = f"/v1/applications/{made.ids[0]}", {"reason": "样例：自愿退出"}
    if online:
        ok(made.applied[0].applicant.post(f"{path}/withdrawal", reason))
    else:
        received_on = str(day + timedelta(days=shift))
        ok(world.office.post(f"{path}/withdrawal-letter", LETTER | {"received_on": received_on}))
    answer = decree(world, made.round_id, dated=str(day))
    assert [item["application_id"] for item in answer["awards"]] == (made.ids if told else [])
    assert answer["round_state"] == "concluded"
    found = [(item["reason"], item["facts"]["withdrawn_on"]) for item in answer["warnings"]]
    assert found == ([("withdrawn_meanwhile", str(day + timedelta(days=shift)))] if told else [])
