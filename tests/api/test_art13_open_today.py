"""Art. 13: the timeline has what the facts of today fail or leave open at the gate that comes next."""

from sandbox.stages.applications import Applied, apply
from sandbox.stages.decision import Contender, after_publicity, in_publicity
from sandbox.stages.qualification import decide_conditions
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import BACK, ELSEWHERE, change, remove
from tests.support.problems import refused


def open_today(applied: Applied) -> list[str]:
    """The reasons that the applicant reads in its timeline."""
    found = ok(applied.applicant.get(f"/v1/applications/{applied.id}/timeline"))["open_today"]
    assert all(item["message_zh"] and item["remedy_zh"] for item in found)
    return [item["reason"] for item in found]


def test_art13_the_applicant_reads_what_the_next_gate_will_find(world: World) -> None:
    made = in_publicity(world, Contender())
    applied = made.applied[0]
    assert open_today(applied) == []
    path = f"/v1/organisations/{applied.organisation_id}"
    version = ok(applied.applicant.get(path))["version"]
    ok(applied.applicant.patch(path, ELSEWHERE, version=version))
    assert open_today(applied) == ["registration_changed", "not_registered_locally"]
    after_publicity(world, made.round_id)
    answer = refused(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 422, "rule_refused")
    assert {item["reason"] for item in answer["violations"]} == {"registration_changed", "not_registered_locally"}
    change(world, applied, BACK)
    assert open_today(applied) == []
    # The office reads the same page; what a person has found is told with the list that says so.
    ok(decide_conditions(world, applied.id, "fail", "art13.4.leading"), 201)
    assert open_today(applied) == []
    ok(remove(world, applied.id, "art13.4.leading"))
    change(world, applied, ELSEWHERE)
    assert open_today(applied) == []


def test_art13_an_application_before_its_submission_has_nothing_open_at_a_gate(world: World) -> None:
    applied = apply(world, open_round(world), submit=False)
    change(world, applied, ELSEWHERE)
    assert open_today(applied) == []
