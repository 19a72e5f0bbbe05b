"""A refusal because of what was done before cites its rule and names the act that comes next (Arts. 9 to 29)."""

from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.stages.applications import apply, begin, register_applicant
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.decision import Contender, after_publicity, approve, fix_proposed, in_publicity
from sandbox.stages.money import acknowledge, confirmation, order, order_body
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_revocations import FRAUD, MEDIA, QUALITY, decide, submit
from tests.support.problems import refused

Cited = tuple[str, str, str | None]


def cited(response: Any, code: str) -> Cited:
    """Rule, reason and next act of the one violation, which says what to do."""
    (violation,) = refused(response, 409, code)["violations"]
    assert violation["article"] and violation["remedy_zh"] and violation["remedy_en"], violation
    return violation["rule"], violation["reason"], violation["facts"]["next_act"]


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def payment(world: World, order_id: str, act: str, body: dict[str, Any]) -> Any:
    return world.platform.post(f"/v1/disbursements/{order_id}/{act}", body)


def test_art09_a_held_order_is_not_told_to_be_acknowledged(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    path, said = f"/v1/disbursements/{ordered['id']}", confirmation(world, ordered)
    early = world.platform.post(f"{path}/payment-confirmation", said)
    assert cited(early, "wrong_state") == ("art09.disbursement", "act_missing", "acknowledge")
    world.clock.go("2025-06-01")
    case = submit(world, winner, FRAUD)
    held = world.platform.post(f"{path}/payment-confirmation", said)
    assert cited(held, "not_acknowledged") == ("art09.disbursement", "prize_held", "decide")
    assert "决定撤销" in held.json()["violations"][0]["remedy_zh"]
    decide(world, case)
    (violation,) = refused(world.platform.post(f"{path}/payment-confirmation", said), 409, "not_acknowledged")[
        "violations"
    ]
    assert (violation["reason"], violation["facts"]["next_act"]) == ("state_passed", None)


def test_art09_what_the_platform_says_too_late_or_twice(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    other = payment(world, taken["id"], "payment-failure", {"attempt": 2, "reason": "样例"})
    assert cited(other, "attempt_mismatch") == ("art09.disbursement", "attempt_mismatch", "report_paid")
    again = world.office.post(f"/v1/awards/{winner.award_id}/disbursement", order_body(winner))
    assert cited(again, "already_ordered") == ("art09.disbursement", "already_ordered", None)
    pay_body = confirmation(world, taken)
    ok(payment(world, taken["id"], "payment-confirmation", pay_body))
    second = payment(world, taken["id"], "payment-confirmation", {**pay_body, "confirmation_number": "PAY-OTHER"})
    assert cited(second, "already_paid") == ("art09.disbursement", "already_paid", None)


def test_art09_a_failed_attempt_waits_for_its_release_or_is_over(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    world.clock.go("2025-06-01")
    case = submit(world, winner, FRAUD)
    ok(payment(world, taken["id"], "payment-failure", {"attempt": 1, "reason": "样例：退票"}))
    said = confirmation(world, taken)
    rule, reason = "art09.disbursement", "attempt_already_failed"
    held = payment(world, taken["id"], "payment-confirmation", said)
    assert cited(held, "attempt_already_failed") == (rule, reason, "decide")
    decide(world, case)
    over = payment(world, taken["id"], "payment-confirmation", said)
    assert cited(over, "attempt_already_failed") == (rule, reason, None)


def test_art26_nobody_is_told_to_pay_a_cancelled_order(world: World, winner: Winner) -> None:
    ordered = order(world, winner)
    world.clock.go("2025-06-01")
    decide(world, submit(world, winner, FRAUD))
    returned = {
        "attempt": 1,
        "confirmation_number": "PAY-1",
        "amount_fen": ordered["amount_fen"],
        "returned_on": "2025-06-01",
        "reason": "样例：退汇",
    }
    decision = {"decision": "会府字〔2025〕9号", "reason": "样例：已经取消"}
    path = f"/v1/disbursements/{ordered['id']}"
    for answer, rule in (
        (world.platform.post(f"{path}/acknowledgement", {"attempt": 1}), "art09.disbursement"),
        (world.platform.post(f"{path}/payment-return", returned), "art09.disbursement"),
        (world.government.post(f"{path}/cancellation", decision), "art08.prize"),
    ):
        (violation,) = refused(answer, 409, "wrong_state")["violations"]
        told = (violation["rule"], violation["reason"], violation["facts"]["next_act"])
        assert told == (rule, "state_passed", None)


def test_art09_a_failed_order_is_reissued_first(world: World, winner: Winner) -> None:
    taken = acknowledge(world, order(world, winner))
    ok(payment(world, taken["id"], "payment-failure", {"attempt": 1, "reason": "样例：退票"}))
    said = {**confirmation(world, taken), "returned_on": "2025-03-20", "reason": "样例：退汇"}
    said.pop("paid_on")
    back = payment(world, taken["id"], "payment-return", said)
    assert cited(back, "wrong_state") == ("art09.disbursement", "act_missing", "reissue")


def test_art26_what_is_found_after_the_decree_is_heard_as_a_case(world: World, winner: Winner) -> None:
    ground = {
        "ground": "art26.fraud",
        "found_on": world.clock.today.isoformat(),
        "reason": "样例",
        "evidence": "样例：复函",
    }
    late = world.government.post(f"/v1/awards/{winner.award_id}/withdrawal", ground)
    assert cited(late, "wrong_state") == ("art26.fraud", "act_replaced", "open_revocation")


@pytest.mark.parametrize(
    ("ground", "event", "following"),
    [
        ("art26.fraud", None, "open_revocation"),
        ("art21.objections", None, "open_revocation"),
        ("art28.grounds", 0, "open_revocation"),
        ("art28.grounds", 1, "open_revocation"),
        ("art28.grounds", -1, "raise_conferral_doubt"),
        ("art13.6.record", None, "raise_conferral_doubt"),
        ("art13.1.local", None, "raise_conferral_doubt"),
        ("art06.seats", None, "raise_conferral_doubt"),
        ("exclusions", None, "raise_conferral_doubt"),
    ],
)
def test_art22_what_takes_the_place_of_a_withdrawal_goes_by_its_ground(
    world: World, winner: Winner, ground: str, event: int | None, following: str
) -> None:
    conferred_on = date.fromisoformat(ok(world.public.get(f"/v1/awards/{winner.award_id}"))["conferred_on"])
    world.clock.forward(days=3)
    body: dict[str, Any] = {"ground": ground, "found_on": str(world.clock.today), "reason": "样例", "evidence": "样例"}
    if event is not None:
        body |= {"item": "4", "event_on": str(conferred_on + timedelta(days=event))}
    late = world.government.post(f"/v1/awards/{winner.award_id}/withdrawal", body)
    (found,) = refused(late, 409, "wrong_state")["violations"]
    assert (found["rule"], found["reason"], found["facts"]["next_act"]) == (ground, "act_replaced", following)
    assert found["facts"]["next_by"] == ["office"]
    named = {"open_revocation": "立案撤销奖项", "raise_conferral_doubt": "登记授奖存疑情形"}[following]
    assert named in found["message_zh"] and named in found["remedy_zh"]


@pytest.mark.parametrize(("case", "rule"), [(FRAUD, "art26.fraud"), (QUALITY, "art28.grounds")])
def test_art28_before_the_decree_the_name_is_withdrawn(world: World, case: dict[str, Any], rule: str) -> None:
    made = in_publicity(world, Contender(score="800"))
    after_publicity(world, made.round_id)
    fix_proposed(world, made.round_id)
    (award,) = approve(world, made.round_id)["awards"]
    path = f"/v1/awards/{award['id']}/revocations"
    assert cited(world.office.post(path, dated(world, case)), "not_conferred") == (
        rule,
        "not_conferred_yet",
        "withdraw_award",
    )
    ground = {
        "ground": "art26.fraud",
        "found_on": world.clock.today.isoformat(),
        "reason": "样例",
        "evidence": "样例：复函",
    }
    ok(world.government.post(f"/v1/awards/{award['id']}/withdrawal", ground))
    (violation,) = refused(world.office.post(path, dated(world, case)), 409, "not_conferred", rule)["violations"]
    assert (violation["reason"], violation["facts"]["next_act"]) == ("award_withdrawn", None)


def dated(world: World, case: dict[str, Any]) -> dict[str, Any]:
    """The case with its days set to today."""
    return {name: world.clock.today.isoformat() if name.endswith("_on") else value for name, value in case.items()}


def test_art22_an_award_is_taken_back_by_the_government(world: World) -> None:
    made = in_publicity(world, Contender(score="800"))
    after_publicity(world, made.round_id)
    fix_proposed(world, made.round_id)
    approve(world, made.round_id)
    body = {"ground": "art26.fraud", "reason": "样例", "evidence": "样例", "found_on": world.clock.today.isoformat()}
    path = f"/v1/applications/{made.ids[0]}/removal"
    assert cited(world.office.post(path, body), "already_awarded") == (
        "art22.approval",
        "already_awarded",
        "withdraw_award",
    )


def test_art28_one_case_at_a_time(world: World, winner: Winner) -> None:
    submit(world, winner, FRAUD)
    second = world.office.post(f"/v1/awards/{winner.award_id}/revocations", FRAUD)
    assert cited(second, "revocation_pending") == ("art26.fraud", "revocation_pending", "decide")


def test_art26_one_notice_is_enough(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-01")
    case = submit(world, winner, FRAUD)
    decide(world, case)
    world.clock.go("2025-06-02")
    path = f"/v1/revocations/{case['id']}/notice"
    ok(world.office.post(path, MEDIA))
    assert cited(world.office.post(path, MEDIA), "already_published") == ("art26.fraud", "already_published", None)


def test_art13_6_a_reply_after_its_time(world: World) -> None:
    applied = apply(world, open_round(world))
    body = {
        "category": "failed_inspection",
        "fact": "样例：抽查不合格。",
        "source": "市场监督管理局",
        "basis": "样例文书1号",
        "occurred_on": "2023-06-01",
    }
    record = ok(world.office.post(f"/v1/applications/{applied.id}/adverse-records", body), 201)
    path, reply = f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例"}
    world.clock.go("2024-03-20")
    late = applied.applicant.post(path, reply)
    assert cited(late, "reply_deadline_passed") == ("art13.6.record", "reply_deadline_passed", None)


def test_art16_a_second_application_is_led_back_to_the_first(world: World) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    begin(world, round_id, applicant)
    again = applicant.post("/v1/applications", {"round_id": round_id})
    assert cited(again, "application_exists") == ("art16.call", "application_exists", "request_recommendation")
    applied = apply(world, round_id)
    again = applied.applicant.post("/v1/applications", {"round_id": round_id})
    assert cited(again, "application_exists") == ("art16.call", "application_exists", None)
