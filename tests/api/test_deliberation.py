"""Arts. 4, 11(4), 11(5): the record is verified; the committee concludes on every evaluated organisation."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.stages.decision import (
    COMMITTEE,
    HOSPITAL,
    Contender,
    conclusion,
    deliberate,
    evaluated_round,
    meeting,
    verify_record,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

PATH = "/v1/rounds/{}/deliberation"


def state(world: World, round_id: str) -> str:
    return str(ok(world.public.get(f"/v1/rounds/{round_id}"))["state"])


def test_the_committee_concludes_on_every_evaluated_organisation(world: World) -> None:
    made = evaluated_round(world, Contender(), Contender(score="700"), Contender(HOSPITAL))
    told = deliberate(world, made.round_id, recommended=[made.ids[0]])
    assert state(world, made.round_id) == "deliberated"
    by_id = {item["application_id"]: item for item in told["conclusions"]}
    assert {key: item["recommended"] for key, item in by_id.items()} == {
        made.ids[0]: True,
        made.ids[1]: False,
        made.ids[2]: False,
    }
    assert by_id[made.ids[0]]["merit"] == {"outcome": "pass", "reason": "样例：同行业领先", "evidence": "综合评价报告"}
    assert ok(world.government.get(PATH.format(made.round_id))) == told
    refused(world.office.post(PATH.format(made.round_id), meeting(world, [])), 409, "wrong_state")


def test_nobody_may_be_recommended_and_that_is_a_decision(world: World) -> None:
    made = evaluated_round(world, Contender())
    told = deliberate(world, made.round_id, recommended=[], verified=False)
    assert told["conclusions"][0]["recommended"] is False


def test_whoever_is_recommended_has_been_verified_and_found_to_have_merit(world: World) -> None:
    made = evaluated_round(world, Contender(), Contender(score="700"))
    first, second = made.ids
    verify_record(world, second)

    def attempt(*conclusions: dict[str, object]) -> object:
        return world.office.post(PATH.format(made.round_id), meeting(world, conclusions))

    body = refused(attempt(conclusion(first), conclusion(second)), 422, "rule_refused", "art11.verification")
    assert [item["outcome"] for item in body["violations"]] == ["needs_decision"]
    verify_record(world, first, "fail")
    body = refused(attempt(conclusion(first), conclusion(second)), 422, "rule_refused", "art11.verification")
    assert [item["outcome"] for item in body["violations"]] == ["fail"]
    no_merit = {"outcome": "fail", "reason": "样例：不突出", "evidence": "样例"}
    refused(attempt(conclusion(first, recommended=False), conclusion(second, merit=no_merit)), 422, rule="art04.merit")
    # Who is not recommended needs neither: the finding is about those who become candidates.
    ok(attempt(conclusion(first, recommended=False, merit=no_merit), conclusion(second)), 201)


def test_every_evaluated_organisation_has_one_conclusion_and_nobody_else_has(world: World) -> None:
    made = evaluated_round(world, Contender(), Contender(score="700"))
    for item in made.ids:
        verify_record(world, item)
    stranger = "018e0000-0000-7000-8000-000000000001"
    for conclusions in (
        [conclusion(made.ids[0])],
        [conclusion(made.ids[0]), conclusion(made.ids[1]), conclusion(stranger)],
    ):
        refused(
            world.office.post(PATH.format(made.round_id), meeting(world, conclusions)),
            422,
            "rule_refused",
            "art11.deliberation",
        )
    twice = meeting(world, [conclusion(made.ids[0]), conclusion(made.ids[0]), conclusion(made.ids[1])])
    told = refused(world.office.post(PATH.format(made.round_id), twice), 422, "invalid")
    assert [item["pointer"] for item in told["errors"]] == ["/conclusions/1/application_id"]
    assert state(world, made.round_id) == "evaluated"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"present": COMMITTEE[:4]}, "art11.deliberation"),
        ({"members": COMMITTEE[:6], "present": COMMITTEE[:6]}, "art11.deliberation"),
        ({"present": [*COMMITTEE[:6], "样例外人"]}, "art11.deliberation"),
    ],
)
def test_the_meeting_is_composed_and_quorate_as_the_rules_say(
    world: World, changes: dict[str, object], rule: str
) -> None:
    made = evaluated_round(world, Contender())
    verify_record(world, made.ids[0])
    body = meeting(world, [conclusion(made.ids[0])], **changes)
    refused(world.office.post(PATH.format(made.round_id), body), 422, "rule_refused", rule)


def test_five_of_seven_are_a_quorum_and_their_votes_must_add_up(world: World) -> None:
    made = evaluated_round(world, Contender())
    verify_record(world, made.ids[0])
    path = PATH.format(made.round_id)
    seven_votes = meeting(world, [conclusion(made.ids[0])], present=COMMITTEE[:5])
    refused(world.office.post(path, seven_votes), 422, rule="art11.deliberation")
    three = conclusion(made.ids[0], votes_for=3, votes_against=2)
    against_the_vote = meeting(world, [three], present=COMMITTEE[:5])
    refused(world.office.post(path, against_the_vote), 422, rule="art11.deliberation")
    four = conclusion(made.ids[0], votes_for=4, votes_against=1)
    ok(world.office.post(path, meeting(world, [four], present=COMMITTEE[:5])), 201)


def test_a_member_with_an_interest_withdraws_from_that_conclusion_alone(world: World) -> None:
    made = evaluated_round(world, Contender(), Contender(HOSPITAL))
    for item in made.ids:
        verify_record(world, item)
    path = PATH.format(made.round_id)
    own, other = made.ids
    for recused, votes in (([COMMITTEE[0]], 7), (["样例外人"], 6)):
        wrong = conclusion(own, votes_for=votes, recused=recused)
        body = meeting(world, [wrong, conclusion(other)])
        refused(world.office.post(path, body), 422, "rule_refused", "art11.deliberation")
    twice = conclusion(own, votes_for=6, recused=[COMMITTEE[0], COMMITTEE[0]])
    told = refused(world.office.post(path, meeting(world, [twice, conclusion(other)])), 422, "invalid")
    assert [item["pointer"] for item in told["errors"]] == ["/conclusions/0/recused/1"]
    right = conclusion(own, votes_for=6, recused=[COMMITTEE[0]])
    told = ok(world.office.post(path, meeting(world, [right, conclusion(other)])), 201)
    assert {item["application_id"]: item["recused"] for item in told["conclusions"]} == {
        own: [COMMITTEE[0]],
        other: [],
    }
    (entry,) = ok(world.auditor.get("/v1/audit-entries", params={"act": "record_deliberation"}))["items"]
    assert COMMITTEE[0] in str(entry["details"]["conclusions"])


@pytest.mark.parametrize("counted", [False, True])
def test_those_who_may_vote_on_it_are_a_quorum_themselves(world: World, counted: bool) -> None:
    made = evaluated_round(world, Contender())
    verify_record(world, made.ids[0])
    path = PATH.format(made.round_id)

    def concluded(voters: int, present: int, *, recommended: bool = True) -> Any:
        ballots = {"issued": voters, "returned": voters, "invalid": 0} if counted else None
        own = conclusion(
            made.ids[0],
            recommended=recommended,
            votes_for=voters,
            votes_against=0,
            recused=COMMITTEE[voters:present],
            ballots=ballots,
        )
        return world.office.post(f"{path}?dry_run=true", meeting(world, [own], present=COMMITTEE[:present]))

    for voters, present in ((1, 5), (4, 5), (4, 7)):
        told = refused(concluded(voters, present), 422, "rule_refused", "art11.deliberation")
        (found,) = told["violations"]
        assert (found["reason"], found["facts"]["recused"]) == ("quorum_missing", COMMITTEE[voters:present])
        # Without it nothing is recommended, whatever the votes.
        ok(concluded(voters, present, recommended=False), 201)
    ok(concluded(5, 7), 201)
    refused(concluded(5, 7, recommended=False), 422, "rule_refused", "art11.deliberation")


def test_the_meeting_is_after_the_evaluation_and_not_of_tomorrow(world: World) -> None:
    made = evaluated_round(world, Contender())
    verify_record(world, made.ids[0])
    path, today = PATH.format(made.round_id), world.clock.today
    early = meeting(world, [conclusion(made.ids[0])], meeting_on=str(today - timedelta(days=1)))
    refused(world.office.post(path, early), 422, "rule_refused", "art11.deliberation")
    tomorrow = meeting(world, [conclusion(made.ids[0])], meeting_on=str(today + timedelta(days=1)))
    body = refused(world.office.post(path, tomorrow), 422, "invalid")
    assert body["errors"][0]["pointer"] == "/meeting_on"
    dry = world.office.post(f"{path}?dry_run=true", meeting(world, [conclusion(made.ids[0])]))
    assert dry.status_code == 201
    assert state(world, made.round_id) == "evaluated"


def test_only_the_office_records_it_and_only_after_the_evaluation(world: World) -> None:
    round_id = open_round(world)
    body = meeting(world, [])
    refused(world.office.post(PATH.format(round_id), body), 409, "wrong_state")
    refused(world.government.post(PATH.format(round_id), body), 403, "forbidden", "art02.decider")
    refused(world.by("reviewer1").post(PATH.format(round_id), body), 403, "forbidden")
    refused(world.public.post(PATH.format(round_id), body), 401)
    refused(world.office.get(PATH.format(round_id)), 404)
    refused(world.by("unit-wenwuba").get(PATH.format(round_id)), 403)


def test_a_verification_may_be_recorded_anew_until_the_committee_has_met(world: World) -> None:
    made = evaluated_round(world, Contender())
    path = f"/v1/applications/{made.ids[0]}/social-verification"
    refused(world.office.get(path), 404)
    assert verify_record(world, made.ids[0], "fail")["outcome"] == "fail"
    assert verify_record(world, made.ids[0])["outcome"] == "pass"
    deliberate(world, made.round_id, verified=False)
    body = {"outcome": "fail", "evidence": "样例", "reason": "样例"}
    refused(world.office.post(path, body), 409, "wrong_state")
    assert ok(world.auditor.get(path))["outcome"] == "pass"
    missing = "/v1/applications/018e0000-0000-7000-8000-000000000001/social-verification"
    refused(world.office.post(missing, body), 404)
    refused(made.applied[0].applicant.get(path), 403)
