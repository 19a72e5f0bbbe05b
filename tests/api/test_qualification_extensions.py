"""Arts. 3, 16, 17: a deadline moves as an act: who, why, for whom, from when to when, published."""

from typing import Any
from uuid import uuid4

import pytest

from sandbox.stages.applications import Applied, apply, begin, endorse, request
from sandbox.stages.parties import register
from sandbox.stages.qualification import asked_about, close_applications, consult
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def extend(world: World, application_id: str, step: str, new_deadline: str) -> Any:
    """The office extends one application's step; answers the response."""
    body = {"step": step, "new_deadline": new_deadline, "reason": "样例理由", "channel": "县政府网站"}
    return world.office.post(f"/v1/applications/{application_id}/deadline-extensions", body)


def corrected(world: World, round_id: str) -> Applied:
    """An application to be corrected until 2024-03-06."""
    applied = apply(world, round_id)
    items = [{"pointer": "/content/figures", "request": "样例"}]
    ok(world.office.post(f"/v1/applications/{applied.id}/correction-requests", {"items": items}), 201)
    return applied


def test_a_running_correction_gets_a_later_day_and_everybody_can_read_it(world: World) -> None:
    round_id = open_round(world)
    applied = corrected(world, round_id)
    world.clock.go("2024-03-06", "23:59:59.999999")
    moved = ok(extend(world, applied.id, "correction", "2024-03-08"), 201)
    assert (moved["old_deadline"], moved["new_deadline"]) == ("2024-03-06", "2024-03-08")
    world.clock.go("2024-03-08", "23:59:59.999999")
    ok(applied.applicant.post(f"/v1/applications/{applied.id}/resubmission"))
    (published,) = ok(world.public.get(f"/v1/rounds/{round_id}/deadline-extensions"))["items"]
    assert (published["kind"], published["application_number"]) == ("correction", applied.number)
    assert (published["reason"], published["channel"], published["decided_by"]) == (
        "样例理由",
        "县政府网站",
        "样例 office",
    )


def test_a_correction_whose_time_is_over_is_not_opened_again(world: World) -> None:
    applied = corrected(world, open_round(world))
    world.clock.go("2024-03-07", "00:00:00")
    refused(extend(world, applied.id, "correction", "2024-03-09"), 422, "rule_refused", "art17.qualification")


def test_a_deadline_only_moves_later(world: World) -> None:
    applied = corrected(world, open_round(world))
    refused(extend(world, applied.id, "correction", "2024-03-06"), 422, "rule_refused", "art17.qualification")
    ok(extend(world, applied.id, "correction", "2024-03-07"), 201)


def test_what_does_not_run_cannot_be_extended(world: World) -> None:
    applied = apply(world, open_round(world))
    refused(extend(world, applied.id, "correction", "2024-03-20"), 422, None, "art17.qualification")
    refused(extend(world, applied.id, "consultation", "2024-03-20"), 422, None, "art17.qualification")
    refused(extend(world, applied.id, "recommendation", "2024-03-20"), 422, None, "art03.recommendation")


def test_the_departments_get_a_later_day_and_silence_is_silence_only_after_it(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    world.clock.go("2024-05-12")
    body = {"new_deadline": "2024-05-20", "reason": "样例理由", "channel": "县政府网站"}
    ok(world.office.post(f"/v1/rounds/{round_id}/consultation-extensions", body), 201)
    row = asked_about(world, applied.id)["tax"]
    assert (row["last_day"], row["late"]) == ("2024-05-20", False)
    path = f"/v1/consultations/{row['id']}/non-response"
    world.clock.go("2024-05-20", "23:59:59.999999")
    refused(world.office.post(path, {"reason": "样例"}), 422, None, "art17.qualification")
    world.clock.go("2024-05-21", "00:00:00")
    ok(world.office.post(path, {"reason": "样例"}))


def test_one_application_alone_gets_a_later_day(world: World) -> None:
    round_id = open_round(world)
    one, other = apply(world, round_id), apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    ok(extend(world, one.id, "consultation", "2024-05-15"), 201)
    assert asked_about(world, one.id)["tax"]["last_day"] == "2024-05-15"
    assert asked_about(world, other.id)["tax"]["last_day"] == "2024-05-11"


def test_a_unit_gets_a_later_day_but_not_beyond_the_deadline_for_applications(world: World) -> None:
    round_id = open_round(world)
    applicant = register(world).applicant
    draft = begin(world, round_id, applicant)
    asked = request(world, draft["id"], applicant)
    refused(extend(world, draft["id"], "recommendation", "2024-05-01"), 422, None, "art03.recommendation")
    later = {"new_deadline": "2024-05-10", "reason": "样例", "channel": "县政府网站"}
    ok(world.office.post(f"/v1/rounds/{round_id}/deadline-extensions", later))
    refused(extend(world, draft["id"], "recommendation", "2024-05-11"), 422, None, "art03.recommendation")
    ok(extend(world, draft["id"], "recommendation", "2024-05-10"), 201)
    world.clock.go("2024-05-10", "23:59:59.999999")
    ok(endorse(world, asked["id"]))
    published = ok(world.public.get(f"/v1/rounds/{round_id}/deadline-extensions"))["items"]
    assert [item["kind"] for item in published] == ["submission", "recommendation"]


@pytest.mark.parametrize("who", ["government", "auditor", "department-tax", "unit-wenwuba", "reviewer1"])
def test_only_the_office_extends(world: World, who: str) -> None:
    body = {"new_deadline": "2024-05-20", "reason": "样例", "channel": "样例"}
    caller = world.by(who)
    path = f"/v1/applications/{uuid4()}/deadline-extensions"
    refused(caller.post(path, {"step": "correction", **body}), 403, None, "art02.decider")
    refused(caller.post(f"/v1/rounds/{uuid4()}/consultation-extensions", body), 403, None, "art02.decider")
    refused(world.office.post(path, {"step": "correction", **body}), 404, "not_found")
