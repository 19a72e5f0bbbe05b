"""Arts. 6, 17: which seats an organisation competes for is determined on record, and frozen with the list."""

from typing import Any

import pytest

from sandbox.stages.applications import apply
from sandbox.stages.qualification import answer_all, close_applications, confirm, consult, decide_conditions
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def determine(world: World, application_id: str, sector: str, *, who: str = "office", **options: Any) -> Any:
    """The office determines the sector; answers the response."""
    body = {"sector": sector, "reason": "样例：主营业务为货物运输。", "evidence": "样例：分业务收入表。"}
    return world.by(who).post(f"/v1/applications/{application_id}/sector-determination", body, **options)


def test_a_carrier_that_calls_itself_a_manufacturer_competes_for_the_other_seat(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id, sector="1392")
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    assert ok(determine(world, applied.id, "5431"))["sector"] == "5431"
    shown = ok(world.auditor.get(f"/v1/applications/{applied.id}/qualification"))
    assert (shown["sector"], shown["seat_category"]) == ("5431", "other")
    (seats,) = [item for item in shown["conditions"] if item["rule"] == "art06.seats"]
    assert [item["decided_by_name"] for item in seats["decisions"]] == ["样例 office"]
    ok(confirm(world, round_id), 201)
    frozen = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))
    assert (frozen["state"], frozen["sector"], frozen["seat_category"]) == ("qualified", "5431", "other")
    refused(determine(world, applied.id, "1392"), 409, "wrong_state")


def test_the_newest_determination_counts_and_each_is_in_the_audit_log(world: World) -> None:
    applied = apply(world, open_round(world))
    for sector in ("5431", "8411"):
        ok(determine(world, applied.id, sector))
    entries = ok(world.auditor.get("/v1/audit-entries", params={"limit": 100}))["items"]
    told = [item["details"] for item in entries if item["act"] == "determine_sector"]
    assert sorted((item["before"] or "", item["stated"], item["sector"]) for item in told) == [
        ("", "1392", "5431"),
        ("5431", "1392", "8411"),
    ]
    assert all(item["reason"] and item["evidence"] for item in told)
    assert {found["rule"] for item in told for found in item["findings"]} == {"art06.seats"}


def test_a_code_outside_the_classification_is_refused(world: World) -> None:
    applied = apply(world, open_round(world))
    refused(determine(world, applied.id, "9999"), 422, "rule_refused", "art06.seats")
    refused(determine(world, applied.id, "139"), 422, "invalid")


def test_a_dry_run_determines_nothing(world: World) -> None:
    applied = apply(world, open_round(world))
    assert ok(determine(world, applied.id, "5431", params={"dry_run": "true"}))["sector"] == "5431"
    assert ok(world.office.get(f"/v1/applications/{applied.id}"))["sector"] is None


@pytest.mark.parametrize("who", ["government", "auditor", "department-tax", "unit-wenwuba", "reviewer1"])
def test_only_the_office_determines_it_and_only_of_what_is_under_review(world: World, who: str) -> None:
    applied = apply(world, open_round(world), submit=False)
    refused(determine(world, applied.id, "5431", who=who), 403, None, "art02.decider")
    refused(determine(world, applied.id, "5431"), 409, "wrong_state")
