"""Art. 12, 13: an organisation that moves to another township of the county keeps the endorsement that it has; before
the submission the unit verifies anew what has changed."""

from sandbox.stages.applications import apply
from sandbox.stages.qualification import answer_all, close_applications, confirm, consult, decide_conditions
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import change
from tests.support.problems import refused

MOVED = {"area": "筠门岭镇", "registered_address": "江西省赣州市会昌县筠门岭镇样例路1号"}


def test_art12_a_move_within_the_county_after_the_submission_is_shown_and_the_endorsement_stands(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    change(world, applied, MOVED)
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    (item,) = ok(world.office.get(f"/v1/rounds/{round_id}/qualification-worklist"))["items"]
    seen = {one["field"]: (one["submitted"], one["present"]) for one in item["profile_changes"]}
    assert seen["area"] == ("文武坝镇", "筠门岭镇") and "registered_address" in seen
    told = ok(applied.applicant.get(f"/v1/applications/{applied.id}/timeline"))
    assert "area" in [one["field"] for one in told["profile_changes"]]
    assert ok(confirm(world, round_id), 201)["not_qualified"] == []


def test_art12_a_move_before_the_submission_is_endorsed_anew(world: World) -> None:
    applied = apply(world, open_round(world), submit=False)
    change(world, applied, MOVED)
    answer = applied.applicant.post(f"/v1/applications/{applied.id}/submission")
    refused(answer, 422, "rule_refused", "art03.recommendation")
