"""Arts. 10, 21, 22, 26, 28: whoever takes a name off, at any stage, says it: the organisation reads ground, article and
reason, and the public list is marked."""

from typing import Any

import pytest

from sandbox.stages.decision import (
    CLOSING,
    Contender,
    approve,
    candidates,
    close_objection,
    fix_proposed,
    in_publicity,
    object_to,
    objections,
)
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import approved, withdraw

REASON = "样例：经查审计报告系伪造"


def told(world: World, made: Any, stage: str, reason: str, rule: str, article: str) -> None:
    """The organisation's own view of its application, the public list and the notice that carried the name."""
    (applied,) = made.applied
    shown = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))
    assert (shown["closed_reason"], shown["closed_rule"], shown["closed_article"]) == (reason, rule, article)
    stages = ok(applied.applicant.get(f"/v1/applications/{applied.id}/timeline"))["stages"]
    (ended,) = [item for item in stages if item["code"] == stage]
    assert ended["state"] == "ended" and reason in ended["note_zh"] and f"第{article}条" in ended["note_zh"]
    line = candidates(world, made.round_id)[applied.id]
    public = "art10.proposes" if line["removed_rule"] is None else line["removed_rule"]
    assert (line["state"], public) == ("removed", rule)
    notice = ok(world.public.get(f"/v1/notices/{line['notice_id']}"))
    assert notice["mark"] == "corrected"


@pytest.mark.parametrize(
    ("ground", "more", "article"),
    [("art26.fraud", {}, "26"), ("art28.grounds", {"item": "4", "event_on": "2024-05-20"}, "28")],
)
def test_art22_a_withdrawn_award_tells_its_organisation_and_marks_the_list(
    world: World, ground: str, more: dict[str, Any], article: str
) -> None:
    made, awards = approved(world)
    ok(withdraw(world, awards[made.ids[0]]["id"], ground, reason=REASON, **more))
    told(world, made, "approval", REASON, ground, article)


def test_art22_a_name_that_is_not_approved_tells_its_organisation_why(world: World) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    listed = candidates(world, made.round_id)[made.ids[0]]
    (line,) = approve(world, made.round_id, [listed["id"]])["not_approved"]
    told(world, made, "approval", line["reason"], "art22.approval", "22")


def test_art10_a_name_removed_by_decision_tells_its_organisation_why(world: World) -> None:
    made = in_publicity(world, Contender())
    listed = candidates(world, made.round_id)[made.ids[0]]
    ok(world.office.post(f"/v1/candidates/{listed['id']}/removal", {"reason": REASON}))
    told(world, made, "publicity", REASON, "art10.proposes", "10")


def test_art21_an_upheld_objection_tells_what_the_objector_is_told(world: World) -> None:
    made = in_publicity(world, Contender())
    object_to(world, candidates(world, made.round_id)[made.ids[0]]["id"])
    close_objection(world, objections(world)[0]["id"], "upheld")
    told(world, made, "publicity", CLOSING["public_statement"], "art21.objections", "21")


def test_art22_whose_name_stands_reads_of_no_end(world: World) -> None:
    made, _ = approved(world)
    shown = ok(made.applied[0].applicant.get(f"/v1/applications/{made.ids[0]}"))
    assert (shown["closed_reason"], shown["closed_rule"], shown["closed_article"]) == (None, None, None)
    line = candidates(world, made.round_id)[made.ids[0]]
    assert line["state"] == "listed"
    assert ok(world.public.get(f"/v1/notices/{line['notice_id']}"))["mark"] is None
