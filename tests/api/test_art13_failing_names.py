"""Arts. 13, 21, 22: a condition that fails holds its own name alone, at the proposed list, the approval and the decree:
the others go on, it follows when it is cured, or is taken off."""

from typing import Any

import pytest

from sandbox.stages.decision import (
    HOSPITAL,
    Contender,
    Evaluated,
    after_publicity,
    approval,
    approve,
    candidates,
    decree,
    fix_proposed,
    in_publicity,
)
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import BACK, ELSEWHERE, approved, change, decree_refused, remove, withdraw
from tests.api.test_art22_each_refusal import BEFORE
from tests.support.problems import refused

TWO = (Contender(score="800"), Contender(HOSPITAL))
SECOND_MEETING = {"meeting_number": "样例第46次县政府常务会议"}


def ids(items: Any) -> list[str]:
    return [item["application_id"] for item in items]


def listed_as(world: World, made: Evaluated, items: Any) -> list[str]:
    """The applications of names on a list."""
    of = {item["id"]: application_id for application_id, item in candidates(world, made.round_id).items()}
    return [of[item["id"]] for item in items]


def test_art21_a_failing_name_follows_when_it_is_cured(world: World) -> None:
    made = in_publicity(world, *TWO)
    change(world, made.applied[0], ELSEWHERE)
    after_publicity(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}/proposed-list"
    told = ok(world.office.post(path), 201)
    assert listed_as(world, made, told["names"]) == made.ids[1:]
    assert listed_as(world, made, told["waiting"]) == made.ids[:1]
    # What holds it is told to the office and to the organisation.
    for caller in (world.office, made.applied[0].applicant):
        timeline = ok(caller.get(f"/v1/applications/{made.ids[0]}/timeline"))
        assert [item["rule"] for item in timeline["open_today"]] == ["art13.1.local"]
    change(world, made.applied[0], BACK)
    told = ok(world.office.post(path), 201)
    assert (len(told["names"]), told["waiting"]) == (2, [])
    assert len(approve(world, made.round_id)["awards"]) == 2


def test_art21_where_every_name_fails_the_list_is_refused_for_each(world: World) -> None:
    made = in_publicity(world, *TWO)
    for applied in made.applied:
        change(world, applied, ELSEWHERE)
    after_publicity(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}/proposed-list"
    told = refused(world.office.post(path), 422, "rule_refused", "art13.1.local")
    assert len({item["facts"]["organisation"] for item in told["violations"]}) == 2
    for applied in made.applied:
        ok(remove(world, applied.id, "art13.1.local"))
    assert ok(world.office.post(path), 201)["names"] == []


def test_art22_a_failing_name_waits_for_a_meeting_of_its_own(world: World) -> None:
    made = in_publicity(world, *TWO)
    fix_proposed(world, made.round_id)
    change(world, made.applied[0], ELSEWHERE)
    told = approve(world, made.round_id)
    assert (ids(told["awards"]), told["not_approved"]) == (made.ids[1:], [])
    listed = ok(world.office.get(f"/v1/rounds/{made.round_id}/proposed-list"))
    assert listed_as(world, made, listed["names"]) == made.ids[1:]
    assert listed_as(world, made, listed["waiting"]) == made.ids[:1]
    # Never by silence: the decree that would end the round names it.
    refusal = decree_refused(world, made.round_id, "art22.approval")
    assert [item["reason"] for item in refusal["violations"]] == ["names_waiting"]
    change(world, made.applied[0], BACK)
    ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    assert len(approve(world, made.round_id, **SECOND_MEETING)["awards"]) == 2
    assert len(decree(world, made.round_id)["awards"]) == 2


def test_art22_the_meeting_can_leave_a_failing_name_out(world: World) -> None:
    made = in_publicity(world, *TWO)
    fix_proposed(world, made.round_id)
    change(world, made.applied[0], ELSEWHERE)
    listed = candidates(world, made.round_id)[made.ids[0]]
    told = ok(world.government.post(f"/v1/rounds/{made.round_id}/approval", approval(world, [listed["id"]])), 201)
    assert (ids(told["awards"]), len(told["not_approved"])) == (made.ids[1:], 1)
    assert decree(world, made.round_id)["round_state"] == "concluded"


@pytest.mark.parametrize("cured", [True, False])
def test_art22_the_decree_leaves_a_failing_name_to_a_later_one(world: World, cured: bool) -> None:
    made, awards = approved(world, *TWO)
    failing, free = (awards[item] for item in made.ids)
    change(world, made.applied[0], ELSEWHERE)
    # A decree names its names: one that fails is not passed over in silence.
    decree_refused(world, made.round_id, "art13.1.local")
    deferred = [{"candidate_id": failing["candidate_id"], "reason": "样例：正在迁回"}]
    spared = [*deferred, {"candidate_id": free["candidate_id"], "reason": "样例"}]
    refusal = decree_refused(world, made.round_id, "art22.approval", deferred=spared)
    (without,) = [item for item in refusal["violations"] if item["reason"] == "deferred_without_case"]
    assert without["facts"]["names"] == [free["awarded_name"]]
    told = decree(world, made.round_id, deferred=deferred)
    assert (ids(told["awards"]), told["round_state"]) == (made.ids[1:], "approved")
    later = {"number": "会府字〔2024〕13号"}
    decree_refused(world, made.round_id, "art13.1.local", **later)
    if cured:
        change(world, made.applied[0], BACK)
        told = decree(world, made.round_id, **later)
        assert (ids(told["awards"]), told["round_state"]) == (made.ids[:1], "concluded")
    else:
        ok(withdraw(world, failing["id"], "art13.1.local"))
        assert ok(world.office.get(f"/v1/rounds/{made.round_id}"))["state"] == "concluded"


@pytest.mark.parametrize("rule", sorted(BEFORE))
@pytest.mark.parametrize("act", ["proposed-list", "approval"])
def test_art21_art22_beside_another_it_waits_and_its_own_refusal_has_its_act(world: World, act: str, rule: str) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    path = f"/v1/rounds/{made.round_id}"
    if act == "approval":
        fix_proposed(world, made.round_id)
    BEFORE[rule](world, made.applied[0])
    if act == "approval":
        told = ok(world.government.post(f"{path}/approval", approval(world)), 201)
        assert [item["application_id"] for item in told["awards"]] == made.ids[1:]
    else:
        after_publicity(world, made.round_id)
        assert len(ok(world.office.post(f"{path}/proposed-list"), 201)["names"]) == 1
    told = refused(world.office.post(f"{path}/proposed-list"), 422, "rule_refused", rule)
    (violation,) = told["violations"]
    assert (violation["facts"]["next_act"], violation["facts"]["next_by"]) == ("remove", ["office"])
    ok(remove(world, made.ids[0], rule))
    if act == "proposed-list":
        approve(world, made.round_id)
    body = {"number": "会府字〔2024〕12号", "dated": world.clock.today.isoformat()}
    assert ok(world.government.post(f"{path}/decree", body), 201)["round_state"] == "concluded"
