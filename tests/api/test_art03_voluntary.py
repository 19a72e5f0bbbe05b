"""Art. 3: applying is voluntary to the decree. The name leaves the lists, an approved award is given up, nothing fills
the place."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.stages.applications import Applied, apply
from sandbox.stages.decision import (
    Contender,
    after_publicity,
    approval,
    approve,
    candidates,
    decree,
    fix_proposed,
    in_publicity,
    object_to,
)
from sandbox.stages.qualification import qualify
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def withdraw(applied: Applied) -> Any:
    """The applicant withdraws."""
    return applied.applicant.post(f"/v1/applications/{applied.id}/withdrawal", {"reason": "样例：自愿退出"})


def test_art03_a_qualified_applicant_withdraws(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    qualify(world, round_id)
    assert ok(withdraw(applied))["state"] == "withdrawn"
    refused(withdraw(applied), 409, "wrong_state")


def test_art03_a_candidate_withdraws_and_its_name_leaves_the_list(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    ok(withdraw(made.applied[0]))
    shown = candidates(world, made.round_id)
    assert (shown[made.ids[0]]["state"], shown[made.ids[0]]["removed_rule"]) == ("removed", "art03.recommendation")
    assert shown[made.ids[1]]["state"] == "listed"
    after_publicity(world, made.round_id)
    told = ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    assert [item["id"] for item in told["names"]] == [shown[made.ids[1]]["id"]]


@pytest.mark.parametrize("on_paper", [False, True])
def test_art03_a_proposed_name_that_withdraws_is_left_out_by_itself(world: World, on_paper: bool) -> None:
    """Nobody decides on it, and nothing on record says that it was not approved."""
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    fix_proposed(world, made.round_id)
    ok(by_letter(world, made.applied[0]) if on_paper else withdraw(made.applied[0]))
    # Of a meeting of the same day it would have been decided on (test_art22_order_of_entry.py).
    world.clock.forward(days=1)
    path = f"/v1/rounds/{made.round_id}/approval"
    listed = candidates(world, made.round_id)[made.ids[0]]
    told = refused(world.government.post(path, approval(world, [listed["id"]])), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in told["errors"]] == [
        ("/not_approved/0/candidate_id", "not_applicable")
    ]
    made_out = approve(world, made.round_id)
    assert [item["application_id"] for item in made_out["awards"]] == [made.ids[1]]
    assert made_out["not_approved"] == []
    (entry,) = ok(world.auditor.get("/v1/audit-entries", params={"act": "approve_awards"}))["items"]
    assert (entry["details"]["left"], entry["details"]["not_approved"]) == ([listed["published_name"]], [])
    assert candidates(world, made.round_id)[made.ids[0]]["removed_rule"] == "art03.recommendation"
    assert len(decree(world, made.round_id)["awards"]) == 1


def test_art03_where_every_proposed_name_withdraws_the_meeting_approves_nobody(world: World) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    ok(withdraw(made.applied[0]))
    world.clock.forward(days=1)
    told = approve(world, made.round_id)
    assert (told["awards"], told["not_approved"]) == ([], [])
    assert decree(world, made.round_id)["round_state"] == "concluded"


def test_art03_an_approved_award_is_given_up_until_the_decree(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    fix_proposed(world, made.round_id)
    awards = {item["application_id"]: item["id"] for item in approve(world, made.round_id)["awards"]}
    refused(world.office.post(f"/v1/applications/{made.ids[0]}/withdrawal", {}), 403, "forbidden")
    ok(withdraw(made.applied[0]))
    assert ok(world.office.get(f"/v1/awards/{awards[made.ids[0]]}"))["state"] == "withdrawn"
    world.clock.forward(days=1)
    assert [item["id"] for item in decree(world, made.round_id)["awards"]] == [awards[made.ids[1]]]
    # After it the award is the government's to take back.
    refused(withdraw(made.applied[1]), 409, "wrong_state")
    shown = ok(made.applied[1].applicant.get(f"/v1/applications/{made.ids[1]}"))
    assert shown["available_actions"] == []


def offered(applied: Applied) -> set[str]:
    shown = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))
    return {item["act"] for item in shown["available_actions"]}


def test_art03_art26_why_an_award_was_withdrawn_stays_on_record(world: World) -> None:
    """Whoever is out already has nothing to withdraw: fraud is not made a wish of its own."""
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    fix_proposed(world, made.round_id)
    awards = {item["application_id"]: item["id"] for item in approve(world, made.round_id)["awards"]}
    today = world.clock.today.isoformat()
    body = {"ground": "art26.fraud", "reason": "样例：审计报告系伪造", "evidence": "样例", "found_on": today}
    assert "withdraw" in offered(made.applied[0])
    ok(world.government.post(f"/v1/awards/{awards[made.ids[0]]}/withdrawal", body))
    assert "withdraw" not in offered(made.applied[0]) and "withdraw" in offered(made.applied[1])
    refused(withdraw(made.applied[0]), 409, "wrong_state", "art03.recommendation")
    refused(by_letter(world, made.applied[0]), 409, "wrong_state", "art03.recommendation")
    shown = ok(made.applied[0].applicant.get(f"/v1/applications/{made.ids[0]}"))
    assert (shown["closed_reason"], shown["closed_rule"]) == (body["reason"], "art26.fraud")
    # A letter that had come before is entered all the same.
    before = (world.clock.today - timedelta(days=1)).isoformat()
    assert ok(by_letter(world, made.applied[0], received_on=before))["state"] == "withdrawn"


def test_art03_a_name_that_was_taken_off_the_list_is_not_withdrawn(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    listed = candidates(world, made.round_id)[made.ids[0]]
    ok(world.office.post(f"/v1/candidates/{listed['id']}/removal", {"reason": "样例：集体研究"}))
    assert "withdraw" not in offered(made.applied[0])
    refused(withdraw(made.applied[0]), 409, "wrong_state", "art03.recommendation")
    ok(withdraw(made.applied[1]))


@pytest.mark.parametrize("on_paper", [True, False])
def test_art03_nothing_is_offered_that_a_decree_in_part_has_ended(world: World, on_paper: bool) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    waits = candidates(world, made.round_id)[made.ids[1]]["id"]
    object_to(world, waits)
    fix_proposed(world, made.round_id)
    approve(world, made.round_id)
    decree(world, made.round_id, deferred=[{"candidate_id": waits, "reason": "样例"}])
    caller, act = (world.office, "withdraw_on_paper") if on_paper else (made.applied[0].applicant, "withdraw")
    shown = [
        {
            item["act"]
            for item in ok((caller if on_paper else one.applicant).get(f"/v1/applications/{one.id}"))[
                "available_actions"
            ]
        }
        for one in made.applied
    ]
    assert [act in acts for acts in shown] == [False, True]


LETTER = {"letter_reference": "收文〔2024〕41号", "reason": "样例：来函自愿退出"}


def by_letter(world: World, applied: Applied, **changes: Any) -> Any:
    """The office enters a withdrawal that came on paper."""
    body = {"received_on": world.clock.today.isoformat(), **LETTER, **changes}
    return world.office.post(f"/v1/applications/{applied.id}/withdrawal-letter", body)


def test_art03_the_office_enters_a_withdrawal_that_came_on_paper(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    path = f"/v1/applications/{made.ids[0]}/withdrawal-letter"
    refused(made.applied[0].applicant.post(path, LETTER | {"received_on": "2024-03-01"}), 403, "forbidden")
    assert ok(by_letter(world, made.applied[0]))["state"] == "withdrawn"
    shown = candidates(world, made.round_id)
    assert (shown[made.ids[0]]["state"], shown[made.ids[0]]["removed_rule"]) == ("removed", "art03.recommendation")
    assert ok(made.applied[0].applicant.get(f"/v1/applications/{made.ids[0]}"))["closed_reason"] == LETTER["reason"]
    (entry,) = ok(world.auditor.get("/v1/audit-entries", params={"act": "withdraw_on_paper"}))["items"]
    assert entry["details"]["letter_reference"] == LETTER["letter_reference"]
    assert entry["details"]["received_on"] == world.clock.today.isoformat()
    refused(by_letter(world, made.applied[0]), 409, "wrong_state")


def test_art03_an_approved_award_is_given_up_by_letter_until_the_decree(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    fix_proposed(world, made.round_id)
    awards = {item["application_id"]: item["id"] for item in approve(world, made.round_id)["awards"]}
    ok(by_letter(world, made.applied[0], reason=None))
    assert ok(world.office.get(f"/v1/awards/{awards[made.ids[0]]}"))["state"] == "withdrawn"
    world.clock.forward(days=1)
    assert [item["id"] for item in decree(world, made.round_id)["awards"]] == [awards[made.ids[1]]]
    refused(by_letter(world, made.applied[1]), 409, "wrong_state")


def test_art03_a_letter_has_a_day_on_which_it_can_have_come(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    world.clock.go("2024-03-05")
    for day, code in (("2024-02-29", "too_early"), ("2024-03-06", "date_in_future")):
        problem = refused(by_letter(world, applied, received_on=day), 422, "invalid")
        assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/received_on", code)]
    refused(by_letter(world, applied, letter_reference="-"), 422, "invalid")
    for mark, code in (("收文〔2023〕41号", "too_early"), ("收文〔二〇二五〕41号", "date_in_future")):
        problem = refused(by_letter(world, applied, letter_reference=mark), 422, "invalid")
        assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/letter_reference", code)]
    refused(by_letter(world, applied, letter_reference="收文〔2031〕1号"), 422, "invalid")
    assert ok(by_letter(world, applied, received_on="2024-03-01"))["state"] == "withdrawn"
