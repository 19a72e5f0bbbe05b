"""Arts. 13, 21, 22, 26, 28: an approval or a decree that is dated back is tested on its own day and on the day of its
recording."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.stages.applications import Applied
from sandbox.stages.awarded import concluded, excluded
from sandbox.stages.decision import (
    Contender,
    Evaluated,
    approval,
    approve,
    candidates,
    close_objection,
    fix_proposed,
    in_publicity,
    objections,
)
from sandbox.stages.parties import Registered, succeed
from sandbox.stages.qualification import decide_record
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import approved, decree_refused, withdraw
from tests.api.test_art22_decree_in_part import decreed, letter
from tests.support.problems import refused


def accident(world: World, applied: Applied) -> None:
    """An accident of today, for which it is found responsible today."""
    body = {
        "category": "fatal_accident",
        "fact": "样例事故",
        "source": "应急管理局",
        "basis": "样例文书",
        "occurred_on": world.clock.today.isoformat(),
    }
    record = ok(world.office.post(f"/v1/applications/{applied.id}/adverse-records", body), 201)
    ok(applied.applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例陈述"}))
    ok(decide_record(world, record, attributable=True))


def dry(world: World, round_id: str, dated: str) -> Any:
    body = {"number": "会府字〔2024〕12号", "dated": dated}
    return world.government.post(f"/v1/rounds/{round_id}/decree?dry_run=true", body)


def test_art13_6_an_accident_after_the_stated_day_stops_the_decree(world: World) -> None:
    made, awards = approved(world, Contender(score="800"), Contender(score="700"))
    meeting = world.clock.today
    world.clock.forward(days=5)
    # Dated back, with nothing known against anybody.
    ok(dry(world, made.round_id, meeting.isoformat()), 201)
    accident(world, made.applied[0])
    today = world.clock.today.isoformat()
    decree_refused(world, made.round_id, "art13.6.record")
    told = decree_refused(world, made.round_id, "art13.6.record", dated=meeting.isoformat())
    (found,) = told["violations"]
    assert found["facts"]["tested_on"] == today
    ok(withdraw(world, awards[made.ids[0]]["id"], "art13.6.record"))
    assert len(ok(dry(world, made.round_id, meeting.isoformat()), 201)["awards"]) == 1


def test_art13_6_an_accident_after_the_meeting_stops_its_recording(world: World) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    meeting = world.clock.today.isoformat()
    world.clock.forward(days=1)
    path = f"/v1/rounds/{made.round_id}/approval"
    ok(world.government.post(f"{path}?dry_run=true", approval(world, meeting_on=meeting)), 201)
    accident(world, made.applied[0])
    for day in (meeting, world.clock.today.isoformat()):
        refused(world.government.post(path, approval(world, meeting_on=day)), 422, "rule_refused", "art13.6.record")


@pytest.mark.slow
@pytest.mark.parametrize(("from_back", "last_back"), [(0, -1000), (1000, 1)])
def test_art26_an_exclusion_on_either_day_stops_the_decree(world: World, from_back: int, last_back: int) -> None:
    """It begins on the day of recording, or ended the day before: either way it runs on one of the two days."""
    past = concluded(world, {}, year=2012, ordinal=1, decreed_on="2012-06-03", decree_number="会府字〔2012〕1号")
    for year, ordinal in ((2015, 2), (2018, 3)):
        decreed = {"decreed_on": f"{year}-06-03", "decree_number": f"会府字〔{year}〕1号"}
        concluded(world, {}, year=year, ordinal=ordinal, **decreed)
    made, _ = approved(world)
    meeting = world.clock.today
    world.clock.forward(days=3)
    before = past.winners[0]
    succeed(
        world,
        Registered(made.applied[0].organisation_id, made.applied[0].applicant),
        Registered(before.organisation_id, before.applicant),
    )
    ok(dry(world, made.round_id, meeting.isoformat()), 201)
    days = [world.clock.today - timedelta(days=back) for back in (from_back, last_back)]
    excluded(world, before, from_day=days[0].isoformat(), last_day=days[1].isoformat())
    decree_refused(world, made.round_id, "exclusions", dated=meeting.isoformat())
    today = dry(world, made.round_id, world.clock.today.isoformat())
    if last_back > 0:
        # Its own day is the day of recording, and the exclusion is over.
        ok(today, 201)
    else:
        refused(today, 422, "rule_refused", "exclusions")


def test_art22_both_days_are_on_record(world: World) -> None:
    made, _ = approved(world)
    meeting = world.clock.today.isoformat()
    world.clock.forward(days=2)
    body = {"number": "会府字〔2024〕12号", "dated": meeting}
    ok(world.government.post(f"/v1/rounds/{made.round_id}/decree", body), 201)
    runs = ok(world.office.get(f"/v1/applications/{made.ids[0]}/eligibility-checks"))["items"]
    told = [(item["tested_on"], item["passed"]) for item in runs if item["gate"] == "decree"]
    assert told == [(meeting, True), (world.clock.today.isoformat(), True)]


def dismissed_since(world: World) -> tuple[Evaluated, dict[str, Any]]:
    """An approved round with a case closed since, and what of its decree's body lies before that."""
    found, awards = approved(world, Contender(score="800"), Contender(score="700"))
    dated = world.clock.today.isoformat()
    letter(world, awards[found.ids[0]]["candidate_id"])
    world.clock.forward(days=1)
    close_objection(world, objections(world)[0]["id"], "dismissed")
    return found, {"dated": dated}


def contested(world: World) -> tuple[Evaluated, list[str], str, str]:
    """Two proposed names, a letter to the first of them entered since and its case closed five days after: the ids of
    the candidates, the day on which the case was open, and the day of its closing."""
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    fix_proposed(world, made.round_id)
    listed = candidates(world, made.round_id)
    ids = [listed[item]["id"] for item in made.ids]
    letter(world, ids[0])
    world.clock.forward(days=1)
    before = world.clock.today.isoformat()
    world.clock.forward(days=5)
    close_objection(world, objections(world)[0]["id"], "dismissed")
    closed_on = world.clock.today.isoformat()
    world.clock.forward(days=10)
    return made, ids, before, closed_on


def test_art21_a_name_whose_case_was_open_on_the_day_of_the_meeting_waits(world: World) -> None:
    made, (first, second), before, closed_on = contested(world)
    path = f"/v1/rounds/{made.round_id}/approval"
    told = ok(world.government.post(f"{path}?dry_run=true", approval(world, meeting_on=closed_on)), 201)
    assert {item["candidate_id"] for item in told["awards"]} == {first, second}
    told = ok(world.government.post(path, approval(world, meeting_on=before)), 201)
    assert [item["candidate_id"] for item in told["awards"]] == [second]
    ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    # The meeting that has decided is on record, whatever day is stated for it, and decides nothing once more.
    for number in ("样例第45次县政府常务会议", "样例 第四十五次县政府常务会议"):
        for day in (before, world.clock.today.isoformat()):
            repeated = approval(world, meeting_number=number, meeting_on=day)
            problem = refused(world.government.post(path, repeated), 422, "rule_refused", "art22.approval")
            (why,) = [item for item in problem["violations"] if item["reason"] == "meeting_recorded_already"]
            assert (why["facts"]["meeting_number"], why["facts"]["meeting_date"]) == (
                "样例第45次县政府常务会议",
                before,
            )
            assert why["facts"]["reading"]["key"] == "one_approval_a_meeting"
    again = approval(world, meeting_number="样例第46次县政府常务会议")
    assert len(ok(world.government.post(path, again), 201)["awards"]) == 2


def test_art21_where_all_of_them_wait_the_meeting_is_refused(world: World) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    before = world.clock.today.isoformat()
    letter(world, candidates(world, made.round_id)[made.ids[0]]["id"])
    world.clock.forward(days=5)
    close_objection(world, objections(world)[0]["id"], "dismissed")
    closed_on = world.clock.today.isoformat()
    path = f"/v1/rounds/{made.round_id}/approval"
    body = approval(world, meeting_on=before)
    (found,) = refused(world.government.post(path, body), 422, "rule_refused", "art21.objections")["violations"]
    assert found["reason"] == "objection_open_then"
    assert (found["facts"]["day"], found["facts"]["closed_on"]) == (before, closed_on)
    ok(world.government.post(path, approval(world, meeting_on=closed_on)), 201)


@pytest.mark.parametrize("in_part", [False, True])
def test_art21_a_decree_takes_a_name_from_the_day_on_which_its_case_is_closed(world: World, in_part: bool) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    fix_proposed(world, made.round_id)
    awards = {item["application_id"]: item for item in approve(world, made.round_id)["awards"]}
    first = awards[made.ids[0]]["candidate_id"]
    letter(world, first)
    before = world.clock.today.isoformat()
    if in_part:
        assert len(ok(decreed(world, made, 1, first), 201)["awards"]) == 1
    world.clock.forward(days=5)
    close_objection(world, objections(world)[0]["id"], "dismissed")
    closed_on = world.clock.today.isoformat()
    world.clock.forward(days=10)
    path = f"/v1/rounds/{made.round_id}/decree"
    body: dict[str, Any] = {"number": "会府字〔2024〕12号", "dated": before}
    (found,) = refused(world.government.post(path, body), 422, "rule_refused", "art21.objections")["violations"]
    assert (found["reason"], found["facts"]["closed_on"]) == ("objection_open_then", closed_on)
    if not in_part:
        # It is left to a later one, as a name whose case is open today.
        left = body | {"deferred": [{"candidate_id": first, "reason": "样例：异议当日尚未办结"}]}
        assert len(ok(world.government.post(f"{path}?dry_run=true", left), 201)["awards"]) == 1
    told = ok(world.government.post(path, body | {"dated": closed_on}), 201)
    assert first in {item["candidate_id"] for item in told["awards"]}
