"""Arts. 6, 21, 22: one objection stops one candidate: it waits, the others go on, and it follows on its own way."""

from datetime import timedelta
from typing import Any

from sandbox.stages.decision import (
    CLOSING,
    HOSPITAL,
    Contender,
    Evaluated,
    after_publicity,
    approval,
    approve,
    candidates,
    close_objection,
    decree,
    fix_proposed,
    in_publicity,
    object_to,
    objections,
    start_verification,
)
from sandbox.world import World, ok
from tests.support.problems import refused


def contested(world: World) -> tuple[Evaluated, list[dict[str, Any]]]:
    """Two of manufacturing and a hospital, the first with an open objection, after the publicity."""
    made = in_publicity(world, Contender(score="800"), Contender(score="700"), Contender(HOSPITAL))
    listed = candidates(world, made.round_id)
    object_to(world, listed[made.ids[0]]["id"])
    after_publicity(world, made.round_id)
    return made, [listed[item] for item in made.ids]


def path(made: Evaluated, what: str) -> str:
    return f"/v1/rounds/{made.round_id}/{what}"


def acts(world: World, made: Evaluated) -> dict[str, bool]:
    told = ok(world.office.get(path(made, "candidate-list")))["available_actions"]
    return {item["act"]: item["allowed"] for item in told}


def test_art21_the_free_names_are_proposed_and_the_contested_one_waits(world: World) -> None:
    made, (first, second, third) = contested(world)
    assert acts(world, made)["fix_proposed_list"] is True
    told = ok(world.office.post(path(made, "proposed-list")), 201)
    assert {item["id"] for item in told["names"]} == {second["id"], third["id"]}
    assert [item["id"] for item in told["waiting"]] == [first["id"]]
    # Its seat is not vacant.
    assert told["vacancies"] == {"manufacturing": 0, "other": 0}
    # As long as the case is open there is nothing to add.
    refused(world.office.post(path(made, "proposed-list")), 422, "rule_refused", "art21.objections")
    assert acts(world, made) == {"fix_proposed_list": False, "remove_candidate": True}
    # A name that is proposed is not taken off any more; the one that waits can be.
    refused(world.office.post(f"/v1/candidates/{second['id']}/removal", {"reason": "样例"}), 409, "wrong_state")


def test_art21_dismissed_before_the_approval_it_joins_the_same_one(world: World) -> None:
    made, (first, _, _) = contested(world)
    ok(world.office.post(path(made, "proposed-list")), 201)
    close_objection(world, objections(world)[0]["id"], "dismissed")
    assert acts(world, made)["fix_proposed_list"] is True
    told = ok(world.office.post(path(made, "proposed-list")), 201)
    assert (len(told["names"]), told["waiting"]) == (3, [])
    assert acts(world, made) == {}
    refused(world.office.post(path(made, "proposed-list")), 409, "wrong_state")
    made_awards = approve(world, made.round_id)["awards"]
    assert {item["candidate_id"]: item["seat_number"] for item in made_awards}[first["id"]] == 1
    assert len(decree(world, made.round_id)["awards"]) == 3


def test_art22_dismissed_after_the_approval_it_has_one_of_its_own_before_the_decree(world: World) -> None:
    made, (first, second, third) = contested(world)
    ok(world.office.post(path(made, "proposed-list")), 201)
    earlier = approve(world, made.round_id)
    assert {item["candidate_id"] for item in earlier["awards"]} == {second["id"], third["id"]}
    body = {"number": "会府字〔2024〕12号", "dated": world.clock.today.isoformat()}
    told = refused(world.government.post(path(made, "decree"), body), 422, "rule_refused", "art22.approval")
    assert told["violations"][0]["facts"]["names"] == [first["published_name"]]
    refused(world.office.post(path(made, "proposed-list")), 422, "rule_refused", "art21.objections")
    world.clock.go(world.clock.today + timedelta(days=5))
    close_objection(world, objections(world)[0]["id"], "dismissed")
    ok(world.office.post(path(made, "proposed-list")), 201)
    # The government has approved a part of it: the round is not the office's to cancel.
    refused(world.office.post(path(made, "cancellation"), {"reason": "样例"}), 409, "wrong_state")
    told = refused(world.government.post(path(made, "decree"), body), 422, "rule_refused", "art22.approval")
    (waits,) = told["violations"]
    assert (waits["reason"], waits["facts"]["next_act"]) == ("names_waiting", "approve_awards")
    assert waits["facts"]["names"] == [first["published_name"]]
    before = approval(world, meeting_number="样例第46次县政府常务会议", meeting_on=earlier["meeting_on"])
    refused(world.government.post(path(made, "approval"), before), 422, "rule_refused", "art22.approval")
    # What was decided is not decided again.
    again = approval(world, [second["id"]])
    refused(world.government.post(path(made, "approval"), again), 422, "invalid")
    told = approve(world, made.round_id, meeting_number="样例第46次县政府常务会议")
    assert told["meeting_number"] == "样例第46次县政府常务会议"
    assert [item["meeting_on"] for item in told["earlier_meetings"]] == [earlier["meeting_on"]]
    seats = {item["candidate_id"]: (item["seat_category"], item["seat_number"]) for item in told["awards"]}
    assert seats == {
        second["id"]: ("manufacturing", 1),
        first["id"]: ("manufacturing", 2),
        third["id"]: ("other", 1),
    }
    conferred = decree(world, made.round_id)
    assert len({item["certificate_number"] for item in conferred["awards"]}) == 3
    assert conferred["round_state"] == "concluded"


def test_art21_upheld_after_the_approval_it_is_off_and_the_decree_goes_on(world: World) -> None:
    made, (first, _, _) = contested(world)
    ok(world.office.post(path(made, "proposed-list")), 201)
    approve(world, made.round_id)
    close_objection(world, objections(world)[0]["id"], "upheld")
    assert candidates(world, made.round_id)[made.ids[0]]["state"] == "removed"
    assert first["id"] not in {item["candidate_id"] for item in decree(world, made.round_id)["awards"]}


def test_art21_a_waiting_name_is_left_out_by_a_recorded_decision(world: World) -> None:
    made, (first, _, _) = contested(world)
    ok(world.office.post(path(made, "proposed-list")), 201)
    approve(world, made.round_id)
    refused(world.government.post(f"/v1/candidates/{first['id']}/removal", {"reason": "样例"}), 403)
    ok(world.office.post(f"/v1/candidates/{first['id']}/removal", {"reason": "样例：集体研究决定不再等候"}))
    assert len(decree(world, made.round_id)["awards"]) == 2


def test_art06_a_struck_names_seat_is_not_given_twice(world: World) -> None:
    made, (first, second, _) = contested(world)
    ok(world.office.post(path(made, "proposed-list")), 201)
    approve(world, made.round_id, [second["id"]])
    close_objection(world, objections(world)[0]["id"], "dismissed")
    ok(world.office.post(path(made, "proposed-list")), 201)
    told = approve(world, made.round_id, meeting_number="样例第46次县政府常务会议")
    assert {item["candidate_id"]: item["seat_number"] for item in told["awards"]}[first["id"]] == 1
    assert [item["candidate_id"] for item in told["not_approved"]] == [second["id"]]


def test_art21_where_every_name_is_contested_the_list_waits(world: World) -> None:
    made = in_publicity(world, Contender())
    object_to(world, candidates(world, made.round_id)[made.ids[0]]["id"])
    after_publicity(world, made.round_id)
    refused(world.office.post(path(made, "proposed-list")), 422, "rule_refused", "art21.objections")
    found = objections(world)[0]["id"]
    start_verification(world, found)
    ok(world.office.post(f"/v1/objections/{found}/decision", CLOSING | {"outcome": "dismissed"}))
    assert len(fix_proposed(world, made.round_id)["names"]) == 1
