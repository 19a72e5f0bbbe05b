"""Art. 13(4): who produces or operates is not the applicant's choice; who is not for profit, the office decides,
whatever is stated."""

from typing import Any

import pytest

from sandbox.stages.applications import apply, begin, recommend, register_applicant
from sandbox.stages.qualification import (
    answer_all,
    close_applications,
    confirm,
    consult,
    decide_conditions,
    under_review,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

RULE = "art13.4.non_profit"


@pytest.mark.parametrize("form", ["limited_company", "farmers_cooperative", "collective_enterprise"])
def test_art13_4_an_enterprise_that_states_no_operation_is_refused_without_safety_level(
    world: World, form: str
) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world, legal_form=form, operating=False)
    draft = begin(world, round_id, applicant)
    recommend(world, draft["id"], applicant)
    refused(applicant.post(f"/v1/applications/{draft['id']}/submission"), 422, "rule_refused", "art13.4.safety")


def open_hospital(world: World) -> tuple[str, Any]:
    """A round with one hospital that states no operation; everything is decided but that."""
    round_id = open_round(world)
    hospital = apply(world, round_id, sector="8411", operating=False)
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, hospital.id), 201)
    return round_id, hospital


def test_art13_4_the_list_waits_for_the_offices_decision_and_the_worklist_shows_it(world: World) -> None:
    round_id, hospital = open_hospital(world)
    (item,) = under_review(world, round_id)
    assert [finding["rule"] for finding in item["open"]] == [RULE]
    refused(confirm(world, round_id), 422, "rule_refused", RULE)
    ok(decide_conditions(world, hospital.id, "pass", RULE), 201)
    shown = ok(world.office.get(f"/v1/applications/{hospital.id}/qualification"))
    (condition,) = [item for item in shown["conditions"] if item["rule"] == RULE]
    assert (condition["outcome"], condition["source"]) == ("pass", "registration_and_decision")
    assert [item["decided_by_name"] for item in condition["decisions"]] == ["样例 office"]
    assert ok(confirm(world, round_id), 201)["not_qualified"] == []


def test_art13_4_a_body_that_is_found_to_operate_is_judged_as_such(world: World) -> None:
    round_id, hospital = open_hospital(world)
    ok(decide_conditions(world, hospital.id, "fail", RULE), 201)
    (item,) = under_review(world, round_id)
    assert item["open"] == [] and {finding["rule"] for finding in item["refusing"]} == {"art13.4.safety"}
    (left_out,) = ok(confirm(world, round_id), 201)["not_qualified"]
    assert left_out["rules"] == ["art13.4.safety"]


def reviewed_institution(world: World, **changes: Any) -> tuple[str, Any]:
    """A round with one public institution; everything is decided but what it is."""
    round_id = open_round(world)
    applied = apply(world, round_id, sector="8411", **{"legal_form": "public_institution", **changes})
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    return round_id, applied


def test_art13_4_the_office_decides_it_whatever_is_stated(world: World) -> None:
    round_id, applied = reviewed_institution(world, operating=True)
    (item,) = under_review(world, round_id)
    (found,) = item["open"]
    assert (found["rule"], found["facts"]["stated_operating"]) == (RULE, True)
    assert (found["facts"]["decides"], found["facts"]["before"]) == ("office", "confirm_qualified_list")
    refused(confirm(world, round_id), 422, "rule_refused", RULE)
    ok(decide_conditions(world, applied.id, "fail", RULE), 201)
    assert under_review(world, round_id)[0]["open"] == []
    assert ok(confirm(world, round_id), 201)["not_qualified"] == []


@pytest.mark.parametrize(("found", "qualified"), [("pass", True), ("fail", False)])
def test_art13_4_its_own_statement_to_operate_decides_nothing_at_the_submission(
    world: World, found: str, qualified: bool
) -> None:
    round_id = open_round(world)
    profile: dict[str, Any] = {"legal_form": "public_institution", "sector": "8411", "operating": True}
    _, applicant = register_applicant(world, **profile)
    draft = begin(world, round_id, applicant, {"safety": None})
    recommend(world, draft["id"], applicant)
    told = ok(applicant.get(f"/v1/applications/{draft['id']}/validation"))["findings"]
    left = [item for item in told if item["rule"] == "art13.4.safety"]
    assert [(item["outcome"], item["reason"]) for item in left] == [("pass", "left_to_review")]
    assert left[0]["facts"]["open"] == "safety_certificate_missing" and "资格审查时认定" in left[0]["message_zh"]
    ok(applicant.post(f"/v1/applications/{draft['id']}/submission"))
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, draft["id"]), 201)
    refused(confirm(world, round_id), 422, "rule_refused", RULE)
    ok(decide_conditions(world, draft["id"], found, RULE), 201)
    left_out = ok(confirm(world, round_id), 201)["not_qualified"]
    assert [item["rules"] for item in left_out] == ([] if qualified else [["art13.4.safety"]])


def test_art13_4_what_was_found_of_one_form_is_found_anew_of_another(world: World) -> None:
    round_id, applied = reviewed_institution(world, operating=False)
    ok(decide_conditions(world, applied.id, "pass", RULE), 201)
    path = f"/v1/organisations/{applied.organisation_id}"
    # Another statement after the submission changes nothing: what was handed in stands.
    for changes, left_open in (({"operating": True}, False), ({"legal_form": "private_non_enterprise"}, True)):
        ok(applied.applicant.patch(path, changes, version=ok(applied.applicant.get(path))["version"]))
        told = under_review(world, round_id)[0]["open"]
        assert (RULE in {item["rule"] for item in told}) is left_open


def test_art13_4_nobody_decides_it_of_a_company(world: World) -> None:
    applied = apply(world, open_round(world))
    for outcome in ("pass", "fail"):
        refused(decide_conditions(world, applied.id, outcome, RULE), 422, "rule_refused", RULE)
