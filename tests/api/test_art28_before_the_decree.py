"""Art. 28, 26, 22: between approval and decree the government withdraws a name by what the item of Art. 28 asks, and a
record that is being heard is decided first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.stages.decision import Contender, approve, decree, fix_proposed, in_publicity
from sandbox.stages.qualification import decide_record
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import approved, withdraw
from tests.support.problems import refused

RULE = "art28.grounds"
LARGER = {"responsible": True, "dead": 3}


def test_art28_an_event_before_the_decree_withdraws_and_excludes_nobody(world: World) -> None:
    made, awards = approved(world)
    award_id, today = awards[made.ids[0]]["id"], world.clock.today.isoformat()
    refused(withdraw(world, award_id, "art06.cycle"), 422, "invalid")
    refused(withdraw(world, award_id, "art13.6.higher_award"), 422, "rule_refused", "art13.6.higher_award")
    unnamed = refused(withdraw(world, award_id, RULE), 422, "invalid")
    assert [item["pointer"] for item in unnamed["errors"]] == ["/item", "/event_on"]
    undated = refused(withdraw(world, award_id, RULE, item="4"), 422, "invalid")
    assert [item["pointer"] for item in undated["errors"]] == ["/event_on"]
    beside = {"item": "2", "event_on": today, "accident": LARGER, "penalised_or_proven": True}
    surplus = refused(withdraw(world, award_id, "art26.fraud", **beside), 422, "invalid")
    assert [item["pointer"] for item in surplus["errors"]] == [
        "/item",
        "/event_on",
        "/accident",
        "/penalised_or_proven",
    ]
    refused(withdraw(world, award_id, RULE, item="6", event_on=today), 422, "invalid")
    told = ok(withdraw(world, award_id, RULE, item="4", event_on=today))
    assert (told["state"], told["withdrawn_ground"], told["withdrawn_item"]) == ("withdrawn", RULE, 4)
    assert ok(world.public.get("/v1/exclusions"))["items"] == []
    assert decree(world, made.round_id)["awards"] == []


@pytest.mark.parametrize(
    ("item", "event", "reason"),
    [
        ("1", {}, "accident_facts_missing"),
        ("1", {"accident": {"responsible": True, "dead": 2}}, "below_larger_class"),
        ("1", {"accident": {"dead": 3}}, "responsibility_open"),
        ("1", {"accident": LARGER}, None),
        ("2", {}, "neither_penalised_nor_proven"),
        ("2", {"penalised_or_proven": True}, None),
        ("3", {"event_on": None}, "no_validity_yet"),
        ("5", {"event_on": "2021-05-20"}, "event_outside_record_years"),
        ("5", {}, None),
    ],
)
def test_art28_each_item_asks_before_the_decree_what_it_asks_in_a_case(
    world: World, item: str, event: dict[str, Any], reason: str | None
) -> None:
    made, awards = approved(world)
    body = {"item": item, "event_on": world.clock.today.isoformat()} | event
    answered = withdraw(world, awards[made.ids[0]]["id"], RULE, **body)
    if reason is None:
        assert ok(answered)["withdrawn_item"] == int(item)
        return
    problem = refused(answered, 422, "rule_refused", RULE)
    assert [found["reason"] for found in problem["violations"]] == [reason]
    assert problem["violations"][0]["remedy_zh"]


def test_art28_an_event_of_tomorrow_is_told_as_one_to_come(world: World) -> None:
    made, awards = approved(world)
    tomorrow = (world.clock.today + timedelta(days=1)).isoformat()
    answered = withdraw(world, awards[made.ids[0]]["id"], RULE, item="4", event_on=tomorrow)
    errors = refused(answered, 422, "invalid")["errors"]
    assert [(item["pointer"], item["code"]) for item in errors] == [("/event_on", "date_in_future")]


def test_art28_a_record_that_is_being_heard_is_decided_before_the_name_is_withdrawn_on_it(world: World) -> None:
    made, awards = approved(world)
    award_id, today = awards[made.ids[0]]["id"], world.clock.today.isoformat()
    accident = {"category": "fatal_accident", "fact": "样例事故", "source": "应急管理局", "basis": "样例文书"}
    path = f"/v1/applications/{made.ids[0]}/adverse-records"
    record = ok(world.office.post(path, accident | {"occurred_on": today}), 201)
    event = {"item": "1", "event_on": today, "accident": LARGER}
    problem = refused(withdraw(world, award_id, RULE, **event), 422, "rule_refused", RULE)
    (found,) = problem["violations"]
    assert (found["reason"], found["outcome"]) == ("record_undecided", "needs_decision")
    assert found["facts"]["next_act"] == "confirm_adverse_record"
    # Another matter waits for nothing.
    ok(world.government.post(f"/v1/awards/{award_id}/withdrawal?dry_run=true", body_of(world, item="2")))
    ok(made.applied[0].applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例陈述"}))
    ok(decide_record(world, record, attributable=True))
    assert ok(withdraw(world, award_id, RULE, **event))["withdrawn_item"] == 1


@pytest.mark.parametrize("ground", ["art26.fraud", RULE])
def test_art26_nothing_is_found_before_the_application_was_submitted(world: World, ground: str) -> None:
    made = in_publicity(world, Contender())
    applied = made.applied[0]
    receipt = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["submission_receipt"]
    submitted = date.fromisoformat(receipt["submitted_at"][:10])
    before = (submitted - timedelta(days=1)).isoformat()
    removal = {"ground": "art26.fraud", "reason": "样例：审计报告系伪造", "evidence": "样例复函"}
    path = f"/v1/applications/{applied.id}/removal"
    early = refused(world.office.post(path, removal | {"found_on": before}), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in early["errors"]] == [("/found_on", "too_early")]
    ok(world.office.post(path + "?dry_run=true", removal | {"found_on": submitted.isoformat()}))
    fix_proposed(world, made.round_id)
    award_id = approve(world, made.round_id)["awards"][0]["id"]
    event = {} if ground != RULE else {"item": "5", "event_on": before}
    early = refused(withdraw(world, award_id, ground, **event, found_on=before), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in early["errors"]] == [("/found_on", "too_early")]
    ok(withdraw(world, award_id, ground, **event, found_on=submitted.isoformat()))


def body_of(world: World, **event: Any) -> dict[str, Any]:
    """The withdrawal on a quality problem that an authority has penalised."""
    today = world.clock.today.isoformat()
    body = {"ground": RULE, "reason": "样例：已查证", "evidence": "样例处罚决定", "found_on": today, "event_on": today}
    return body | {"penalised_or_proven": True} | event
