"""Art. 11(5): the committee's chair, its offices and the ballots, where the rules of the round ask for them."""

from typing import Any

import pytest

from sandbox.stages.applications import apply
from sandbox.stages.decision import COMMITTEE, conclusion, evaluated_ids, meeting, verify_record
from sandbox.stages.evaluated import put_evaluated
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art17_form_as_asked import rules
from tests.support.problems import refused

BALLOTS = {"issued": 7, "returned": 7, "invalid": 0}


def evaluated(world: World, **asks: Any) -> str:
    """A round of one application, evaluated, whose rules ask for this."""
    round_id = open_round(world, review_rules=rules(**asks))
    one = apply(world, round_id)
    world.clock.go("2024-05-20")
    put_evaluated(world, round_id, {one.id: "800"})
    verify_record(world, one.id)
    return round_id


def record(world: World, round_id: str, ballots: dict[str, int] | None = None, **changes: Any) -> Any:
    (one,) = evaluated_ids(world, round_id)
    votes = changes.pop("votes", {})
    told = conclusion(one, **votes) | ({} if ballots is None else {"ballots": ballots})
    return world.office.post(f"/v1/rounds/{round_id}/deliberation", meeting(world, [told], **changes))


def reasons(answer: Any) -> list[tuple[str, Any]]:
    found = refused(answer, 422, "rule_refused", "art11.deliberation")["violations"]
    return [(item["reason"], item["facts"].get("missing", item["facts"].get("names"))) for item in found]


def test_a_round_asks_for_chair_and_ballots(world: World) -> None:
    round_id = evaluated(world, committee=["chair", "odd_number", "ballots"])
    assert reasons(record(world, round_id)) == [("asked_for_missing", ["chair", "ballots"])]
    assert reasons(record(world, round_id, BALLOTS, chair="样例外人")) == [("office_not_of_a_member", ["样例外人"])]
    offices = [{"name": COMMITTEE[1], "office": "副主任委员"}]
    done = ok(record(world, round_id, BALLOTS, chair=COMMITTEE[0], offices=offices), 201)
    assert (done["chair"], done["offices"]) == (COMMITTEE[0], [offices[0] | {"presided": False}])
    assert done["conclusions"][0]["ballots"] == BALLOTS
    assert ok(world.government.get(f"/v1/rounds/{round_id}/deliberation"))["chair"] == COMMITTEE[0]


def test_art11_a_chair_who_was_not_there_presided_over_nothing(world: World) -> None:
    round_id = evaluated(world, committee=["chair"])
    six: dict[str, Any] = {"present": COMMITTEE[1:], "votes": {"votes_for": 6}, "chair": COMMITTEE[0]}
    assert reasons(record(world, round_id, **six)) == [("presiding_unclear", None)]
    deputy = {"name": COMMITTEE[1], "office": "副主任委员"}
    assert reasons(record(world, round_id, offices=[deputy], **six)) == [("presiding_unclear", None)]
    absent = {"name": COMMITTEE[0], "office": "主持人", "presided": True}
    assert reasons(record(world, round_id, offices=[absent], **six | {"chair": COMMITTEE[2]})) == [
        ("presiding_unclear", None)
    ]
    done = ok(record(world, round_id, offices=[deputy | {"presided": True}], **six), 201)
    assert (done["chair"], done["offices"]) == (COMMITTEE[0], [deputy | {"presided": True}])


def test_a_round_that_asks_for_neither_takes_a_meeting_without(world: World) -> None:
    done = ok(record(world, evaluated(world)), 201)
    assert (done["chair"], done["offices"], done["conclusions"][0]["ballots"]) == (None, [], None)


def test_ballots_add_up_to_the_votes(world: World) -> None:
    round_id = evaluated(world)
    one_invalid = BALLOTS | {"invalid": 1}
    assert reasons(record(world, round_id, one_invalid)) == [("ballots_wrong", None)]
    ok(record(world, round_id, one_invalid, votes={"votes_for": 6}), 201)


def test_an_even_committee_is_no_committee_of_a_round_that_wants_an_odd_one(world: World) -> None:
    even = rules(committee=["odd_number"]) | {"committee_size": 8}
    made = ok(world.office.post("/v1/rounds", {"year": 2024, "title": "样例届", "review_rules": even}), 201)
    call = {"title": "样例公告", "channels": ["县政府网站"], "deadline": "2024-04-30"}
    found = refused(world.office.post(f"/v1/rounds/{made['id']}/call", call), 422, "rule_refused", "art10.review_rules")
    assert [(item["reason"], item["facts"]["field"]) for item in found["violations"]] == [
        ("number_not_odd", "committee_size")
    ]


def test_art11_minutes_and_an_office_say_something(world: World) -> None:
    round_id = evaluated(world)
    office = [{"name": COMMITTEE[1], "office": "-"}]
    nobody = {"members": ["-", *COMMITTEE[1:]]}
    silent = (({"minutes": "略"}, "/minutes"), ({"offices": office}, "/offices/0/office"), (nobody, "/members/0"))
    for changes, pointer in silent:
        errors = refused(record(world, round_id, **changes), 422, "invalid")["errors"]
        assert [(item["pointer"], item["code"]) for item in errors] == [(pointer, "blank")]


@pytest.mark.parametrize("changes", [{"issued": -1}, {"returned": "7"}, {"invalid": None}])
def test_ballots_are_numbers(world: World, changes: dict[str, Any]) -> None:
    round_id = evaluated(world)
    (name,) = changes
    errors = refused(record(world, round_id, BALLOTS | changes), 422)["errors"]
    assert [item["pointer"] for item in errors] == [f"/conclusions/0/ballots/{name}"]
