"""Arts. 3, 6, 13, 21, 22: two officers at once: one of two acts comes before the other, the second is told what the
first has left, and no list, seat or prize is there twice."""

from datetime import timedelta

import pytest

from sandbox.stages.applications import apply
from sandbox.stages.decision import (
    CLOSING,
    HOSPITAL,
    OBJECTION,
    Contender,
    after_publicity,
    approval,
    approve,
    candidates,
    fix_proposed,
    in_publicity,
    object_to,
    objections,
    publication,
    start_verification,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import ELSEWHERE, approved, change, remove, withdraw
from tests.api.test_art13_grounds_after_the_list import verdict
from tests.api.test_publicity_together import at_once
from tests.support.problems import refused

TWO = (Contender(score="800"), Contender(HOSPITAL))


def test_art22_of_two_meetings_recorded_at_once_one_is_the_approval(world: World) -> None:
    made = in_publicity(world, *TWO)
    fix_proposed(world, made.round_id)
    first = candidates(world, made.round_id)[made.ids[0]]["id"]
    path = f"/v1/rounds/{made.round_id}/approval"
    answers = at_once(
        lambda: world.government.post(path, approval(world)),
        lambda: world.government.post(path, approval(world, [first], meeting_number="样例第46次县政府常务会议")),
    )
    assert sorted(item.status_code for item in answers) == [201, 409]
    kept = next(item.json() for item in answers if item.status_code == 201)
    told = ok(world.government.get(path))
    assert (told["meeting_number"], len(told["awards"])) == (kept["meeting_number"], len(kept["awards"]))
    # Each seat once.
    seats = [(item["seat_category"], item["seat_number"]) for item in told["awards"]]
    assert len(seats) == len(set(seats))


def test_art22_of_two_decrees_at_once_one_is_recorded(world: World) -> None:
    made, _ = approved(world, *TWO)
    path, today = f"/v1/rounds/{made.round_id}/decree", world.clock.today.isoformat()
    answers = at_once(
        *[
            lambda number=number: world.government.post(path, {"number": number, "dated": today})
            for number in ("会府字〔2024〕12号", "会府字〔2024〕13号")
        ]
    )
    assert sorted(item.status_code for item in answers) == [201, 409]
    told = ok(world.public.get(path))
    assert (len(told["awards"]), told["earlier_decrees"]) == (2, [])
    certificates = {item["certificate_number"] for item in ok(world.public.get("/v1/awards"))["items"]}
    assert len(certificates) == 2


def test_art13_a_name_is_withdrawn_while_the_decree_is_recorded(world: World) -> None:
    made, awards = approved(world, *TWO)
    failing, free = (awards[item] for item in made.ids)
    change(world, made.applied[0], ELSEWHERE)
    path, today = f"/v1/rounds/{made.round_id}/decree", world.clock.today.isoformat()
    body = {"number": "会府字〔2024〕12号", "dated": today}
    withdrawn, decreed = at_once(
        lambda: withdraw(world, failing["id"], "art13.1.local"), lambda: world.government.post(path, body)
    )
    assert ok(withdrawn)["state"] == "withdrawn"
    if decreed.status_code != 201:
        # It came first, and was told of the name; now nothing holds it.
        refused(decreed, 422, "rule_refused", "art13.1.local")
        decreed = world.government.post(path, body)
    assert [item["id"] for item in ok(decreed, 201)["awards"]] == [free["id"]]


def test_art21_of_two_decisions_on_an_objection_one_stands(world: World) -> None:
    made = in_publicity(world, *TWO)
    listed = candidates(world, made.round_id)[made.ids[0]]
    object_to(world, listed["id"])
    found = objections(world)[0]["id"]
    start_verification(world, found)
    path = f"/v1/objections/{found}/decision"
    answers = at_once(
        *[
            lambda outcome=outcome: world.office.post(path, CLOSING | {"outcome": outcome})
            for outcome in ("upheld", "dismissed")
        ]
    )
    assert sorted(item.status_code for item in answers) == [200, 409]
    outcome = next(item.json()["state"] for item in answers if item.status_code == 200)
    state = candidates(world, made.round_id)[made.ids[0]]["state"]
    assert (outcome, state) in {("upheld", "removed"), ("dismissed", "listed")}


def test_art14_art21_one_letter_is_entered_once_by_two_officers(world: World) -> None:
    made = in_publicity(world, Contender())
    listed = candidates(world, made.round_id)[made.ids[0]]
    body = OBJECTION | {"received_on": listed["published_on"], "letter_reference": "样例收文〔2024〕36号"}
    path = f"/v1/candidates/{listed['id']}/letters"
    written = body | {"letter_reference": "样例收文（2024）３６号"}
    answers = at_once(lambda: world.office.post(path, body), lambda: world.office.post(path, written))
    assert sorted(item.status_code for item in answers) == [201, 422]
    (late,) = [item for item in answers if item.status_code == 422]
    refused(late, 422, "rule_refused", "art21.objections")
    assert len(objections(world)) == 1


@pytest.mark.parametrize("of_round", [True, False])
def test_art13_6_one_paper_is_entered_once_by_two_officers(world: World, of_round: bool) -> None:
    applied = apply(world, open_round(world))
    body = {
        "category": "failed_inspection",
        "fact": "样例：监督抽查一批次不合格。",
        "source": "市场监督管理局",
        "basis": "样例监抽〔2023〕8号",
        "occurred_on": "2023-06-01",
    }
    place = f"applications/{applied.id}" if of_round else f"organisations/{applied.organisation_id}"
    path = f"/v1/{place}/adverse-records"
    answers = at_once(*[lambda: world.office.post(path, body)] * 2)
    assert sorted(item.status_code for item in answers) == [201, 422]
    (late,) = [item for item in answers if item.status_code == 422]
    refused(late, 422, "rule_refused", "art13.6.record")
    assert len(ok(world.office.get(path))["items"]) == 1


def test_art03_removed_and_withdrawn_at_once_a_name_leaves_once(world: World) -> None:
    made = in_publicity(world, *TWO)
    answers = at_once(
        lambda: remove(world, made.ids[0], "art26.fraud"),
        lambda: made.applied[0].applicant.post(f"/v1/applications/{made.ids[0]}/withdrawal", {}),
    )
    assert sorted(item.status_code for item in answers) == [200, 409]
    assert candidates(world, made.round_id)[made.ids[0]]["state"] == "removed"
    after_publicity(world, made.round_id)
    assert len(ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)["names"]) == 1


def test_art13_a_condition_turns_while_the_list_is_fixed_and_is_asked_at_the_next_gate(world: World) -> None:
    made = in_publicity(world, *TWO)
    after_publicity(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}"
    fixed, decided = at_once(
        lambda: world.office.post(f"{path}/proposed-list"),
        lambda: verdict(world, made.ids[0], "art13.4.leading", "fail"),
    )
    ok(decided, 201)
    # Whichever came first, nobody is approved whom the last decision fails.
    assert len(ok(fixed, 201)["names"]) in (1, 2)
    assert [item["application_id"] for item in approve(world, made.round_id)["awards"]] == made.ids[1:]
    listed = ok(world.office.get(f"{path}/proposed-list"))
    assert (len(listed["names"]), len(listed["waiting"])) == (1, 1)


def test_art21_a_free_seat_is_filled_once(world: World) -> None:
    """Two officers add the name that follows: the second is told that it is there."""
    made = in_publicity(world, Contender(score="800"), Contender(score="700"), Contender(score="650", listed=False))
    listed = candidates(world, made.round_id)
    shown = {"reason": "样例", "rule": "art26.fraud", "evidence": "样例"}
    ok(world.office.post(f"/v1/candidates/{listed[made.ids[0]]['id']}/removal", shown))
    world.clock.go(world.clock.today + timedelta(days=1))
    body = {"application_id": made.ids[2], "publication": publication(world.clock.today)}
    answers = at_once(*[lambda: world.office.post(f"/v1/rounds/{made.round_id}/candidates", body)] * 2)
    assert sorted(item.status_code for item in answers)[0] == 201
    (late,) = [item for item in answers if item.status_code != 201]
    assert late.status_code in (409, 422) and late.json()["violations"]
    states = [item["state"] for item in candidates(world, made.round_id).values()]
    assert sorted(states) == ["listed", "listed", "removed"]
