"""Arts. 13, 20 to 22: a meeting or a decree that is dated back is judged by the facts as they stood on its day. What
was settled later does not reach back, and what the registration has become later takes nothing from it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sandbox.stages.applications import Applied
from sandbox.stages.decision import (
    CLOSING,
    Contender,
    Evaluated,
    approval,
    assign_investigator,
    candidates,
    fix_proposed,
    in_publicity,
    objections,
    read_original,
)
from sandbox.stages.parties import verify
from sandbox.stages.qualification import decide_record
from sandbox.world import World, ok
from tests.api.test_applications_renewals import decide, hand_in
from tests.api.test_art13_facts_of_the_day import BACK, ELSEWHERE, approved, change, dissolve, restore, withdraw
from tests.api.test_art13_grounds_after_the_list import verdict
from tests.api.test_art13_verified_anew import patch
from tests.api.test_art22_dated_back import accident, dry
from tests.api.test_art22_decree_in_part import letter
from tests.support.problems import refused

Trouble = Callable[[World, Applied], object]


def record(world: World, applied: Applied, **changes: Any) -> Any:
    """An adverse record of today, on which the organisation has said what it has to say."""
    body = {
        "category": "quality_complaint",
        "fact": "样例：投诉",
        "source": "市场监管局",
        "basis": "样例文书",
        "occurred_on": world.clock.today.isoformat(),
    }
    made = ok(world.office.post(f"/v1/applications/{applied.id}/adverse-records", body | changes), 201)
    ok(applied.applicant.post(f"/v1/adverse-records/{made['id']}/reply", {"reply": "样例陈述"}))
    return made


def deny(world: World, applied: Applied) -> Any:
    (made,) = ok(world.office.get(f"/v1/applications/{applied.id}/adverse-records"))["items"]
    return ok(decide_record(world, made, "denied"))


def verified(world: World, applied: Applied) -> Any:
    return verify(world, ok(world.office.get(f"/v1/organisations/{applied.organisation_id}")))


# What stands in the way on a day, and what settles it.
TROUBLES: dict[str, tuple[Trouble, Trouble]] = {
    "art13.1.local": (
        lambda world, applied: change(world, applied, ELSEWHERE),
        lambda world, applied: change(world, applied, BACK),
    ),
    "art13.1.legal_person": (
        lambda world, applied: ok(dissolve(world, applied)),
        lambda world, applied: ok(restore(world, applied)),
    ),
    "art13.1.identity": (
        lambda world, applied: patch(applied, {"registered_address": "会昌县样例路2号"}),
        verified,
    ),
    "art13.2.compliance": (
        lambda world, applied: ok(verdict(world, applied.id, "art13.2.compliance", "fail"), 201),
        lambda world, applied: ok(verdict(world, applied.id, "art13.2.compliance", "pass"), 201),
    ),
    "art13.6.record": (record, deny),
}


def moved_and_back(world: World) -> tuple[Evaluated, dict[str, Any]]:
    """An approved round whose first name was out of the county on the day of the decree, and is back before it is
    entered; what of the decree's body says so."""
    found, _ = approved(world, Contender(score="800"), Contender(score="700"))
    change(world, found.applied[0], ELSEWHERE)
    dated = world.clock.today.isoformat()
    world.clock.forward(days=1)
    change(world, found.applied[0], BACK)
    return found, {"dated": dated}


def held_that_day(problem: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["facts"]["condition"], item["facts"]["day"]) for item in problem["violations"]]


def refused_for(world: World, round_id: str, dated: str, rule: str) -> None:
    """The decree of that day is refused for what stood on it and was settled since."""
    body = {"number": "会府字〔2024〕12号", "dated": dated}
    told = refused(world.government.post(f"/v1/rounds/{round_id}/decree", body), 422, "rule_refused", "art22.approval")
    assert held_that_day(told) == [(rule, dated)]
    assert {item["reason"] for item in told["violations"]} == {"held_that_day"}
    assert told["violations"][0]["facts"]["next_act"] == "issue_decree"


@pytest.mark.parametrize("rule", sorted(TROUBLES))
def test_art22_a_decree_of_a_day_on_which_something_stood_is_not_cured_by_what_came_later(
    world: World, rule: str
) -> None:
    made, awards = approved(world, Contender(score="800"), Contender(score="700"))
    trouble, settle = TROUBLES[rule]
    before = world.clock.today
    world.clock.forward(days=2)
    trouble(world, made.applied[0])
    world.clock.forward(days=2)
    settle(world, made.applied[0])
    settled_on = world.clock.today
    world.clock.forward(days=3)
    # The day before it began, the last before it was settled, and the day of that.
    assert len(ok(dry(world, made.round_id, str(before)), 201)["awards"]) == 2
    assert len(ok(dry(world, made.round_id, str(before + timedelta(days=1))), 201)["awards"]) == 2
    for day in (before + timedelta(days=2), settled_on - timedelta(days=1)):
        refused_for(world, made.round_id, str(day), rule)
    assert len(ok(dry(world, made.round_id, str(settled_on)), 201)["awards"]) == 2
    # Nothing stands in the way today: it is not withdrawn for it, but left to a later decree of a day that is free.
    award = awards[made.ids[0]]
    refused(withdraw(world, award["id"], rule), 422, "rule_refused", rule)
    body = {"number": "会府字〔2024〕12号", "dated": str(settled_on - timedelta(days=1))}
    left = body | {"deferred": [{"candidate_id": award["candidate_id"], "reason": "样例：当日尚不符合"}]}
    path = f"/v1/rounds/{made.round_id}/decree"
    assert [item["application_id"] for item in ok(world.government.post(path, left), 201)["awards"]] == [made.ids[1]]
    later = {"number": "会府字〔2024〕13号", "dated": str(settled_on)}
    assert [item["application_id"] for item in ok(world.government.post(path, later), 201)["awards"]] == [made.ids[0]]


@pytest.mark.parametrize("rule", ["art13.1.local", "art13.6.record"])
def test_art22_a_meeting_of_such_a_day_leaves_the_name_waiting(world: World, rule: str) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    fix_proposed(world, made.round_id)
    trouble, settle = TROUBLES[rule]
    trouble(world, made.applied[0])
    held_on = str(world.clock.today)
    world.clock.forward(days=2)
    settle(world, made.applied[0])
    settled_on = str(world.clock.today)
    world.clock.forward(days=2)
    path = f"/v1/rounds/{made.round_id}/approval"
    told = ok(world.government.post(f"{path}?dry_run=true", approval(world, meeting_on=settled_on)), 201)
    assert len(told["awards"]) == 2
    told = ok(world.government.post(path, approval(world, meeting_on=held_on)), 201)
    assert [item["application_id"] for item in told["awards"]] == [made.ids[1]]
    assert told["warnings"] == []


def test_art22_where_it_was_the_only_name_the_meeting_is_refused(world: World) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    change(world, made.applied[0], ELSEWHERE)
    held_on = str(world.clock.today)
    world.clock.forward(days=1)
    change(world, made.applied[0], BACK)
    path = f"/v1/rounds/{made.round_id}/approval"
    told = refused(
        world.government.post(path, approval(world, meeting_on=held_on)), 422, "rule_refused", "art22.approval"
    )
    assert held_that_day(told) == [("art13.1.local", held_on)]
    assert told["violations"][0]["facts"]["next_act"] == "approve_awards"
    assert len(ok(world.government.post(path, approval(world)), 201)["awards"]) == 1


AFTERWARDS: dict[str, Trouble] = {
    "art13.1.local": lambda world, applied: change(world, applied, ELSEWHERE),
    "art13.1.legal_person": lambda world, applied: ok(dissolve(world, applied)),
    "art13.1.identity": lambda world, applied: patch(applied, {"registered_address": "会昌县样例路2号"}),
}


def told_since(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What an approval or a decree tells of what has changed since."""
    assert all(item["outcome"] == "pass" for item in answer["warnings"])
    return [(item["reason"], item["facts"]["condition"], item["facts"]["organisation"]) for item in answer["warnings"]]


@pytest.mark.parametrize("rule", sorted(AFTERWARDS))
def test_art22_what_the_registration_becomes_after_the_day_voids_nothing_and_is_told(world: World, rule: str) -> None:
    made, _ = approved(world, Contender(score="800"), Contender(score="700"))
    name = ok(world.office.get(f"/v1/organisations/{made.applied[0].organisation_id}"))["name"]
    world.clock.forward(days=2)
    day = world.clock.today
    # On the day itself it stands in the way of a decree of that day.
    world.clock.forward(days=1)
    AFTERWARDS[rule](world, made.applied[0])
    refused(dry(world, made.round_id, str(day + timedelta(days=1))), 422, "rule_refused", rule)
    world.clock.forward(days=1)
    refused(dry(world, made.round_id, str(day + timedelta(days=1))), 422, "rule_refused", rule)
    body = {"number": "会府字〔2024〕12号", "dated": str(day)}
    told = ok(world.government.post(f"/v1/rounds/{made.round_id}/decree", body), 201)
    assert len(told["awards"]) == 2
    assert told_since(told) == [("changed_since", rule, name)]
    runs = ok(world.office.get(f"/v1/applications/{made.ids[0]}/eligibility-checks"))["items"]
    days = [(item["tested_on"], item["passed"]) for item in runs if item["gate"] == "decree"]
    assert days == [(str(day), True), (str(world.clock.today), False)]


def test_art22_a_meeting_tells_what_has_changed_since_it(world: World) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    day = str(world.clock.today)
    world.clock.forward(days=1)
    change(world, made.applied[0], ELSEWHERE)
    path = f"/v1/rounds/{made.round_id}/approval"
    told = ok(world.government.post(path, approval(world, meeting_on=day)), 201)
    assert [item[:2] for item in told_since(told)] == [("changed_since", "art13.1.local")]
    assert ok(world.office.get(path))["warnings"] == told["warnings"]
    # The decree is of a later day, and asks again.
    refused(dry(world, made.round_id, str(world.clock.today)), 422, "rule_refused", "art13.1.local")


def test_art13_1_whoever_had_ceased_to_exist_by_the_day_had_whenever_that_is_entered(world: World) -> None:
    made, _ = approved(world)
    day = world.clock.today
    world.clock.forward(days=3)
    ok(dissolve(world, made.applied[0], str(day + timedelta(days=1))))
    for shift, free in ((0, True), (1, False), (2, False)):
        answer = dry(world, made.round_id, str(day + timedelta(days=shift)))
        if free:
            assert len(ok(answer, 201)["awards"]) == 1
        else:
            refused(answer, 422, "rule_refused", "art13.1.legal_person")


def test_art13_1_a_dissolution_that_was_a_mistake_never_stood_and_one_that_was_undone_did(world: World) -> None:
    made, _ = approved(world)
    day = world.clock.today
    ok(dissolve(world, made.applied[0]))
    world.clock.forward(days=1)
    path = f"/v1/organisations/{made.applied[0].organisation_id}/dissolution-withdrawal"
    told = {"reason": "样例：登记对象有误", "evidence": "样例：查询单"}
    ok(world.office.post(path, told | {"never_stood": True}))
    assert len(ok(dry(world, made.round_id, str(day)), 201)["awards"]) == 1
    (entry,) = ok(world.auditor.get("/v1/audit-entries?act=withdraw_dissolution"))["items"]
    assert entry["details"]["never_stood"] is True
    # Undone is not unsaid: on the day it stood.
    ok(dissolve(world, made.applied[0]))
    held_on = world.clock.today
    world.clock.forward(days=1)
    ok(world.office.post(path, told))
    refused_for(world, made.round_id, str(held_on), "art13.1.legal_person")
    assert len(ok(dry(world, made.round_id, str(day)), 201)["awards"]) == 1


def test_art13_6_a_record_that_was_entered_after_the_day_and_denied_holds_nobody(world: World) -> None:
    made, _ = approved(world)
    day = world.clock.today
    world.clock.forward(days=1)
    record(world, made.applied[0], occurred_on=str(day))
    refused(dry(world, made.round_id, str(day)), 422, "rule_refused", "art13.6.record")
    world.clock.forward(days=1)
    deny(world, made.applied[0])
    assert len(ok(dry(world, made.round_id, str(day)), 201)["awards"]) == 1
    # Between its entry and its denial it was open.
    refused_for(world, made.round_id, str(day + timedelta(days=1)), "art13.6.record")


def test_art13_6_a_record_of_no_round_that_was_confirmed_on_the_day_and_denied_since(world: World) -> None:
    made, _ = approved(world)
    applied = made.applied[0]
    body = {
        "category": "quality_complaint",
        "fact": "样例：投诉",
        "source": "市场监管局",
        "basis": "样例文书",
        "occurred_on": str(world.clock.today),
    }
    found = ok(world.office.post(f"/v1/organisations/{applied.organisation_id}/adverse-records", body), 201)
    ok(applied.applicant.post(f"/v1/adverse-records/{found['id']}/reply", {"reply": "样例陈述"}))
    ok(decide_record(world, found))
    confirmed_on = str(world.clock.today)
    world.clock.forward(days=2)
    ok(decide_record(world, found, "denied"))
    denied_on = str(world.clock.today)
    world.clock.forward(days=1)
    refused_for(world, made.round_id, confirmed_on, "art13.6.record")
    assert len(ok(dry(world, made.round_id, denied_on), 201)["awards"]) == 1


def test_art13_4_a_certificate_that_had_ended_on_the_day_is_not_renewed_backwards(world: World) -> None:
    ends = {"safety": {"level": 3, "certificate_number": "SAMPLE-S-1", "valid_to": "2024-06-03"}}
    made, _ = approved(world, Contender(content=ends))
    world.clock.go("2024-06-04")
    renewal = ok(hand_in(made.applied[0], "safety"), 201)
    world.clock.go("2024-06-06")
    ok(decide(world, renewal["id"]))
    world.clock.go("2024-06-08")
    assert len(ok(dry(world, made.round_id, "2024-06-03"), 201)["awards"]) == 1
    for day in ("2024-06-04", "2024-06-05"):
        refused_for(world, made.round_id, day, "art13.4.safety")
    assert len(ok(dry(world, made.round_id, "2024-06-06"), 201)["awards"]) == 1


def test_art13_6_what_is_found_after_the_day_still_stops_it(world: World) -> None:
    made, _ = approved(world)
    day = str(world.clock.today)
    world.clock.forward(days=2)
    accident(world, made.applied[0])
    refused(dry(world, made.round_id, day), 422, "rule_refused", "art13.6.record")


def contested(world: World) -> tuple[Evaluated, str]:
    """A proposed name with a formal objection by letter, entered today; the id of the objection."""
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    fix_proposed(world, made.round_id)
    letter(world, candidates(world, made.round_id)[made.ids[0]]["id"])
    return made, objections(world)[0]["id"]


def test_art21_an_objection_that_was_judged_informal_after_the_day_held_the_name_on_it(world: World) -> None:
    made, key = contested(world)
    held_on = world.clock.today
    world.clock.forward(days=3)
    assign_investigator(world, key)
    read_original(world, f"/v1/objections/{key}")
    judged = {"classification": "informal", "lacking": ["facts"], "reason": "样例：未写明具体事实。"}
    ok(world.office.post(f"/v1/objections/{key}/classification", judged))
    judged_on = world.clock.today
    world.clock.forward(days=3)
    path = f"/v1/rounds/{made.round_id}/approval?dry_run=true"
    for day, names in ((held_on, 1), (judged_on - timedelta(days=1), 1), (judged_on, 2)):
        told = ok(world.government.post(path, approval(world, meeting_on=str(day))), 201)
        assert len(told["awards"]) == names, day
    # That it is answered changes nothing.
    ok(world.office.post(f"/v1/objections/{key}/closing", CLOSING))
    told = ok(world.government.post(path, approval(world, meeting_on=str(judged_on))), 201)
    assert len(told["awards"]) == 2
