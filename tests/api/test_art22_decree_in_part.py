"""Arts. 21, 22: an open objection holds up its own name alone, the decree too: the others are commended, the name
follows with a decree of its own when its case is closed, or is left out for good, and then the round is over."""

from datetime import timedelta
from typing import Any

from sandbox.stages.decision import (
    HOSPITAL,
    OBJECTION,
    Contender,
    Evaluated,
    after_publicity,
    approve,
    candidates,
    close_objection,
    fix_proposed,
    in_publicity,
    object_to,
    objections,
    scan_letter,
)
from sandbox.stages.money import BANK_NUMBER
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import withdraw
from tests.support.problems import refused

THREE = (Contender(score="800"), Contender(score="700"), Contender(HOSPITAL))


def objected(world: World) -> tuple[Evaluated, list[dict[str, Any]]]:
    """An approved round; a letter to its first name, received in time, is entered since. The awards by contender."""
    made = in_publicity(world, *THREE)
    fix_proposed(world, made.round_id)
    awards = {item["application_id"]: item for item in approve(world, made.round_id)["awards"]}
    letter(world, awards[made.ids[0]]["candidate_id"])
    return made, [awards[item] for item in made.ids]


def letter(world: World, candidate_id: str) -> Any:
    """A letter received in the period is entered."""
    body = OBJECTION | {"received_on": "2024-05-30", "letter_reference": "样例收文1号"}
    made = ok(world.office.post(f"/v1/candidates/{candidate_id}/letters", body), 201)
    scan_letter(world, made["objection_id"])
    return made


def decreed(world: World, made: Evaluated, number: int, *deferred: str) -> Any:
    """The decree of today, which leaves these candidates to a later one."""
    today = world.clock.today.isoformat()
    body: dict[str, Any] = {"number": f"会府字〔{today[:4]}〕{number}号", "dated": today}
    body["deferred"] = [{"candidate_id": item, "reason": "样例：异议正在核实"} for item in deferred]
    return world.government.post(f"/v1/rounds/{made.round_id}/decree", body)


def state(world: World, made: Evaluated) -> str:
    return str(ok(world.office.get(f"/v1/rounds/{made.round_id}"))["state"])


def test_art22_the_others_are_commended_and_the_name_follows(world: World) -> None:
    made, (first, second, third) = objected(world)
    refused(decreed(world, made, 1), 422, "rule_refused", "art21.objections")
    told = ok(decreed(world, made, 1, first["candidate_id"]), 201)
    assert {item["id"] for item in told["awards"]} == {second["id"], third["id"]}
    assert [item["candidate_id"] for item in told["deferred"]] == [first["candidate_id"]]
    assert (told["round_state"], told["earlier_decrees"]) == ("approved", [])
    # What is conferred is conferred.
    register = ok(world.public.get("/v1/awards"))["items"]
    assert {item["id"] for item in register} == {second["id"], third["id"]}
    refused(withdraw(world, second["id"], "art26.fraud"), 409, "wrong_state")
    refused(made.applied[1].applicant.post(f"/v1/applications/{made.ids[1]}/withdrawal", {}), 409)
    stages = ok(made.applied[1].applicant.get(f"/v1/applications/{made.ids[1]}/timeline"))["stages"]
    assert {item["state"] for item in stages} == {"done"}
    # The number of a decree is given once, and an open objection still holds the name.
    refused(decreed(world, made, 1), 409)
    refused(decreed(world, made, 2), 422, "rule_refused", "art21.objections")
    world.clock.go(world.clock.today + timedelta(days=20))
    close_objection(world, objections(world)[0]["id"], "dismissed")
    later = ok(decreed(world, made, 2), 201)
    assert [item["id"] for item in later["awards"]] == [first["id"]]
    assert later["round_state"] == "concluded"
    assert [item["number"] for item in later["earlier_decrees"]] == ["会府字〔2024〕1号"]
    assert {item["id"] for item in later["earlier_decrees"][0]["awards"]} == {second["id"], third["id"]}
    register = ok(world.public.get("/v1/awards"))["items"]
    assert len({item["certificate_number"] for item in register}) == 3
    dates = {item["id"]: (item["conferred_on"], item["decree_number"]) for item in register}
    assert dates[first["id"]] == (world.clock.today.isoformat(), "会府字〔2024〕2号")
    assert dates[second["id"]] == (told["dated"], "会府字〔2024〕1号")


def test_art22_art09_the_prize_is_that_of_its_own_decree(world: World) -> None:
    made, (first, second, _) = objected(world)
    ok(decreed(world, made, 1, first["candidate_id"]), 201)
    paid = {
        "payee_name": second["awarded_name"],
        "bank_name": "样例银行",
        "bank_number": BANK_NUMBER,
        "bank_account": "6222000012345678",
    }
    path = "/v1/awards/{}/disbursement"
    answer = world.office.post(path.format(second["id"]), paid | {"budget_year": 2024})
    assert answer.status_code == 201, answer.text
    assert answer.json()["decree_number"] == "会府字〔2024〕1号"
    mine = paid | {"payee_name": first["awarded_name"], "bank_account": "6222000012345679", "budget_year": 2024}
    refused(world.office.post(path.format(first["id"]), mine), 422, "rule_refused", "art09.disbursement")


def test_art22_upheld_it_is_withdrawn_and_the_round_is_over(world: World) -> None:
    made, (first, *_) = objected(world)
    ok(decreed(world, made, 1, first["candidate_id"]), 201)
    close_objection(world, objections(world)[0]["id"], "upheld")
    assert state(world, made) == "approved"
    ok(withdraw(world, first["id"], "art21.objections"))
    assert state(world, made) == "concluded"
    refused(decreed(world, made, 2), 409, "wrong_state")
    told = ok(world.public.get(f"/v1/rounds/{made.round_id}/decree"))
    assert len(told["awards"]) == 2
    # The next round counts from this one.
    assert ok(world.office.get(f"/v1/rounds/{made.round_id}"))["ordinal"] == 1


def test_art03_a_deferred_name_withdraws_itself_and_the_round_is_over(world: World) -> None:
    made, (first, *_) = objected(world)
    ok(decreed(world, made, 1, first["candidate_id"]), 201)
    ok(made.applied[0].applicant.post(f"/v1/applications/{made.ids[0]}/withdrawal", {"reason": "样例"}))
    assert state(world, made) == "concluded"


def test_art22_only_a_name_that_waits_is_left_to_a_later_decree(world: World) -> None:
    made, (first, second, third) = objected(world)
    told = refused(decreed(world, made, 1, first["candidate_id"], second["candidate_id"]), 422, "rule_refused")
    assert {item["reason"] for item in told["violations"]} == {"deferred_without_case"}
    elsewhere = "018e0000-0000-7000-8000-000000000001"
    told = refused(decreed(world, made, 1, elsewhere), 422, "invalid")
    assert told["errors"][0]["pointer"] == "/deferred/0/candidate_id"
    for item in (second, third):
        letter(world, item["candidate_id"])
    everyone = [item["candidate_id"] for item in (first, second, third)]
    told = refused(decreed(world, made, 1, *everyone), 422, "rule_refused")
    assert [item["reason"] for item in told["violations"]] == ["all_deferred"]
    refused(decreed(world, made, 1, *everyone[:2]), 422, "rule_refused", "art21.objections")


def waiting(world: World) -> tuple[Evaluated, dict[str, Any]]:
    """An approved round in which the first name was objected to in the publicity and is not proposed yet."""
    made = in_publicity(world, *THREE)
    listed = candidates(world, made.round_id)[made.ids[0]]
    object_to(world, listed["id"])
    after_publicity(world, made.round_id)
    ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    approve(world, made.round_id)
    return made, listed


def test_art21_art22_a_waiting_name_is_proposed_approved_and_decreed_later(world: World) -> None:
    made, listed = waiting(world)
    told = refused(decreed(world, made, 1), 422, "rule_refused", "art22.approval")
    assert "deferred" in told["violations"][0]["remedy_en"]
    assert len(ok(decreed(world, made, 1, listed["id"]), 201)["awards"]) == 2
    close_objection(world, objections(world)[0]["id"], "dismissed")
    ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    approve(world, made.round_id, meeting_number="样例第46次县政府常务会议")
    later = ok(decreed(world, made, 2), 201)
    assert [item["application_id"] for item in later["awards"]] == made.ids[:1]
    assert later["awards"][0]["seat_number"] == 2
    assert later["round_state"] == "concluded"


def test_art21_a_waiting_name_is_left_out_for_good(world: World) -> None:
    made, listed = waiting(world)
    ok(decreed(world, made, 1, listed["id"]), 201)
    ok(world.office.post(f"/v1/candidates/{listed['id']}/removal", {"reason": "样例：集体研究"}))
    assert state(world, made) == "concluded"


def test_art21_upheld_a_waiting_name_is_off_and_the_round_is_over(world: World) -> None:
    made, listed = waiting(world)
    ok(decreed(world, made, 1, listed["id"]), 201)
    close_objection(world, objections(world)[0]["id"], "upheld")
    assert candidates(world, made.round_id)[made.ids[0]]["state"] == "removed"
    assert state(world, made) == "concluded"


def test_art22_the_meeting_leaves_the_waiting_name_out_and_the_round_is_over(world: World) -> None:
    made, listed = waiting(world)
    ok(decreed(world, made, 1, listed["id"]), 201)
    close_objection(world, objections(world)[0]["id"], "dismissed")
    ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    approve(world, made.round_id, [listed["id"]], meeting_number="样例第46次县政府常务会议")
    assert state(world, made) == "concluded"


def test_art26_a_conferred_award_of_a_round_that_goes_on_can_be_revoked(world: World) -> None:
    made, (first, second, _) = objected(world)
    ok(decreed(world, made, 1, first["candidate_id"]), 201)
    world.clock.go(world.clock.today + timedelta(days=3))
    basis = {"basis": "fraud", "facts": "样例", "evidence": "样例", "found_on": world.clock.today.isoformat()}
    case = bring_case(world, second["id"], made.applied[1].applicant, basis)
    decision = {"number": "会府字〔2024〕20号", "decided_on": world.clock.today.isoformat(), "reason": "样例"}
    ok(world.government.post(f"/v1/revocations/{case['id']}/decision", decision))
    # Its seat stays taken: nothing fills it (Art. 6).
    close_objection(world, objections(world)[0]["id"], "dismissed")
    later = ok(decreed(world, made, 2), 201)
    assert (later["awards"][0]["seat_number"], later["awards"][0]["seat_category"]) == (
        first["seat_number"],
        "manufacturing",
    )
