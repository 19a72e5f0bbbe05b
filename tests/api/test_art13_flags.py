"""Art. 13(1): what is flagged in a registration waits for a person before the list is confirmed; what comes up after
a decision waits anew."""

from typing import Any

import pytest

from sandbox.stages.applications import Applied, apply, begin, recommend, register_applicant
from sandbox.stages.parties import uscc, verify
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


def wrong(code: str) -> str:
    """The code with another last sign."""
    return code[:-1] + ("1" if code[-1] != "1" else "2")


@pytest.mark.parametrize(
    ("rule", "reason", "changes"),
    [
        ("art13.1.legal_person", "credit_code_doubtful", {"uscc": wrong(uscc(9_000_001))}),
        ("art13.1.legal_person", "credit_code_of_other_form", {"uscc": uscc(9_000_002, prefix="92360733MA")}),
        ("art13.1.local", "address_in_other_county", {"registered_address": "江西省赣州市于都县贡江镇样例路1号"}),
        # The address is in the county, the code is a neighbour's: a slip of the keyboard, nobody's move.
        ("art13.1.local", "address_in_other_county", {"county_code": "360731"}),
    ],
)
def test_art13_1_a_flag_stops_the_confirmation_until_a_person_has_decided(
    world: World, rule: str, reason: str, changes: dict[str, Any]
) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id, **changes)
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    (item,) = under_review(world, round_id)
    assert [(found["rule"], found["reason"]) for found in item["open"]] == [(rule, reason)]
    refused(confirm(world, round_id), 422, "rule_refused", rule)
    ok(decide_conditions(world, applied.id, "pass", rule), 201)
    assert ok(confirm(world, round_id), 201)["not_qualified"] == []


@pytest.mark.parametrize(
    ("address", "refuses"),
    [("会昌县文武坝镇样例路1号", False), ("于都县贡江镇样例路1号", True), ("样例路1号", True)],
)
def test_art13_1_a_county_code_is_refused_only_where_the_address_does_not_say_otherwise(
    world: World, address: str, refuses: bool
) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world, county_code="360731", registered_address=address)
    draft = begin(world, round_id, applicant)
    recommend(world, draft["id"], applicant)
    answered = applicant.post(f"/v1/applications/{draft['id']}/submission")
    if refuses:
        told = refused(answered, 422, "rule_refused", "art13.1.local")
        assert [item["reason"] for item in told["violations"]] == ["not_registered_locally"]
        return
    ok(answered)
    close_applications(world, round_id)
    ok(decide_conditions(world, draft["id"], "fail", "art13.1.local"), 201)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, draft["id"]), 201)
    confirmed = ok(confirm(world, round_id), 201)
    assert [item["application_id"] for item in confirmed["not_qualified"]] == [draft["id"]]


@pytest.mark.parametrize(
    ("rule", "first", "then", "reason"),
    [
        (
            "art13.1.legal_person",
            {"uscc": wrong(uscc(9_000_011))},
            {"legal_form": "farmers_cooperative"},
            "credit_code_of_other_form",
        ),
        (
            "art13.1.local",
            {"registered_address": "江西省赣州市于都县贡江镇样例路1号"},
            {"registered_address": "江西省赣州市于都县贡江镇样例路2号"},
            "address_in_other_county",
        ),
    ],
)
def test_art13_1_a_decision_covers_the_flags_that_it_saw_and_no_later_one(
    world: World, rule: str, first: dict[str, Any], then: dict[str, Any], reason: str
) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id, **first)
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    ok(decide_conditions(world, applied.id, "pass", rule), 201)
    (item,) = under_review(world, round_id)
    assert item["open"] == []
    # What concerns no flag opens nothing.
    change(world, applied, {"staff": 12})
    assert under_review(world, round_id)[0]["open"] == []
    change(world, applied, then)
    (item,) = under_review(world, round_id)
    assert [(found["rule"], found["reason"]) for found in item["open"]] == [(rule, reason)]
    assert item["open"][0]["facts"]["decides"] == "office" and item["open"][0]["remedy_zh"]
    refused(confirm(world, round_id), 422, "rule_refused", rule)
    ok(decide_conditions(world, applied.id, "pass", rule), 201)
    shown = ok(world.office.get(f"/v1/applications/{applied.id}/qualification"))
    (condition,) = [one for one in shown["conditions"] if one["rule"] == rule]
    before, after = condition["decisions"]
    assert before["about"] != after["about"] and any(line.startswith(reason) for line in after["about"])
    assert ok(confirm(world, round_id), 201)["not_qualified"] == []


def change(world: World, applied: Applied, changes: dict[str, Any]) -> None:
    """The organisation changes its profile, and is verified again where that asks for it."""
    path = f"/v1/organisations/{applied.organisation_id}"
    told = ok(applied.applicant.patch(path, changes, version=ok(applied.applicant.get(path))["version"]))
    if told["state"] != "verified":
        verify(world, told)


@pytest.mark.parametrize(
    ("address", "flags"),
    [
        ("江西省，赣州市，会昌县，文武坝镇样例路1号", []),
        ("江西省赣州市\u200b会昌县文武坝镇样例路1号", []),
        ("中华人民共和国江西省赣州市寻乌县样例路1号", ["address_in_other_county"]),
    ],
)
def test_art13_1_an_address_is_read_without_what_stands_between_its_parts(
    world: World, address: str, flags: list[str]
) -> None:
    _, applicant = register_applicant(world, registered_address=address)
    draft = begin(world, open_round(world), applicant)
    told = ok(applicant.get(f"/v1/applications/{draft['id']}/validation"))["findings"]
    assert [item["reason"] for item in told if item["facts"].get("flagged")] == flags
