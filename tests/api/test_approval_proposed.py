"""Arts. 6, 10, 13, 21: proposed is who was publicised, still meets every condition, and has a seat or needs none."""

from typing import Any

import pytest

from sandbox.stages.applications import eligible_content
from sandbox.stages.decision import (
    HOSPITAL,
    Contender,
    after_publicity,
    candidates,
    close_objection,
    deliberate,
    evaluated_round,
    fix_proposed,
    in_publicity,
    object_to,
    objections,
    publish,
)
from sandbox.world import World, ok
from tests.support.problems import refused


def path(round_id: str) -> str:
    return f"/v1/rounds/{round_id}/proposed-list"


def expiring(valid_to: str) -> dict[str, Any]:
    """A form whose management-system certificate ends on this day."""
    certificates = eligible_content(2024)["certificates"]
    return {"certificates": [certificates[0] | {"valid_to": valid_to}]}


def gates(world: World, application_id: str) -> list[tuple[str, bool]]:
    runs = ok(world.office.get(f"/v1/applications/{application_id}/eligibility-checks"))["items"]
    return [(run["gate"], run["passed"]) for run in runs]


def test_everybody_still_listed_is_proposed_and_tested_once_more(world: World) -> None:
    made = in_publicity(world, Contender(), Contender(HOSPITAL))
    refused(world.office.get(path(made.round_id)), 404)
    told = fix_proposed(world, made.round_id)
    assert told["round_state"] == "proposed"
    assert told["vacancies"] == {"manufacturing": 1, "other": 0}
    assert {item["id"] for item in told["names"]} == {item["id"] for item in candidates(world, made.round_id).values()}
    for caller in (world.office, world.government, world.auditor):
        assert ok(caller.get(path(made.round_id))) == told
    for application_id in made.ids:
        assert gates(world, application_id)[-1] == ("proposed", True)
    for caller in (world.by("reviewer1"), made.applied[0].applicant, world.platform):
        refused(caller.get(path(made.round_id)), 403)
    refused(world.public.get(path(made.round_id)), 401)


@pytest.mark.slow
def test_a_certificate_that_expires_in_the_publicity_holds_its_name_until_it_is_removed(world: World) -> None:
    made = in_publicity(
        world,
        Contender(score="800", content=expiring("2024-05-30")),
        Contender(score="700", content=expiring("2024-05-31")),
    )
    after_publicity(world, made.round_id)
    listed = candidates(world, made.round_id)
    told = ok(world.office.post(path(made.round_id)), 201)
    assert [item["id"] for item in told["names"]] == [listed[made.ids[1]]["id"]]
    assert [item["id"] for item in told["waiting"]] == [listed[made.ids[0]]["id"]]
    # As long as it fails it is not proposed: nothing is left to propose, and the refusal says of whom and why.
    body = refused(world.office.post(path(made.round_id)), 422, "rule_refused", "art13.3.certified")
    assert [(item["rule"], item["facts"]["organisation"]) for item in body["violations"]] == [
        ("art13.3.certified", listed[made.ids[0]]["published_name"])
    ]
    ok(
        world.office.post(
            f"/v1/candidates/{listed[made.ids[0]]['id']}/removal",
            {"reason": "样例：证书到期", "rule": "art13.3.certified"},
        )
    )
    refused(world.office.post(path(made.round_id)), 409, "wrong_state")
    told = ok(world.office.get(path(made.round_id)))
    assert [item["id"] for item in told["names"]] == [listed[made.ids[1]]["id"]]
    assert told["waiting"] == []


def test_only_the_office_proposes_once_after_the_publicity(world: World) -> None:
    made = evaluated_round(world, Contender())
    refused(world.office.post(path(made.round_id)), 409, "wrong_state")
    deliberate(world, made.round_id)
    publish(world, made.round_id, made.ids)
    after_publicity(world, made.round_id)
    for caller in (world.government, world.auditor, world.by("reviewer1")):
        refused(caller.post(path(made.round_id)), 403, "forbidden", "art10.proposes")
    refused(world.public.post(path(made.round_id)), 401)
    assert world.office.post(f"{path(made.round_id)}?dry_run=true").status_code == 201
    refused(world.office.get(path(made.round_id)), 404)
    assert gates(world, made.ids[0])[-1][0] != "proposed"
    ok(world.office.post(path(made.round_id)), 201)
    refused(world.office.post(path(made.round_id)), 409, "wrong_state")
    listed = candidates(world, made.round_id)[made.ids[0]]
    refused(world.office.post(f"/v1/candidates/{listed['id']}/removal", {"reason": "样例"}), 409, "wrong_state")


def test_whoever_has_left_the_round_is_off_the_list(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    body = {
        "ground": "art26.fraud",
        "reason": "样例：已查证属实。",
        "evidence": "样例",
        "found_on": "2024-05-20",
    }
    ok(world.office.post(f"/v1/applications/{made.ids[0]}/removal", body))
    listed = candidates(world, made.round_id)
    assert (listed[made.ids[0]]["state"], listed[made.ids[0]]["removed_rule"]) == ("removed", "art26.fraud")
    told = fix_proposed(world, made.round_id)
    assert [item["id"] for item in told["names"]] == [listed[made.ids[1]]["id"]]


def test_the_office_is_told_what_stands_between_the_list_and_its_proposal(world: World) -> None:
    made = in_publicity(world, Contender(content=expiring("2024-06-10")))

    def standing() -> list[tuple[bool, set[str]]]:
        actions = ok(world.office.get(f"/v1/rounds/{made.round_id}/candidate-list"))["available_actions"]
        return [
            (item["allowed"], {finding["rule"] for finding in item["blocked_by"]})
            for item in actions
            if item["act"] == "fix_proposed_list"
        ]

    assert standing() == [(False, {"art21.proposed"})]
    object_to(world, candidates(world, made.round_id)[made.ids[0]]["id"])
    after_publicity(world, made.round_id)
    assert standing() == [(False, {"art21.objections"})]
    close_objection(world, objections(world)[0]["id"], "dismissed")
    assert standing() == [(True, set())]
    world.clock.go("2024-06-11")
    assert standing() == [(False, {"art13.3.certified"})]
    assert ok(world.public.get(f"/v1/rounds/{made.round_id}/candidate-list"))["available_actions"] == []
