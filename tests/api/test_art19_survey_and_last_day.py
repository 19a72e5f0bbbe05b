"""Arts. 18, 19: a panel has a last day and the office sees who is late; a round may want customers to be asked."""

from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.stages.reviews import assign, close_material, panel, qualified, report, reviewer_id, score, sign
from sandbox.world import World, ok
from tests.support.problems import refused

SURVEY = {
    "method": "telephone",
    "sample": 120,
    "answered": 96,
    "satisfaction": "93.4",
    "carried_out_on": "2024-05-01",
    "carried_out_by": "样例调查机构",
}


def late(world: World, caller: str = "office", **filters: Any) -> list[str]:
    page = ok(world.by(caller).get("/v1/review-assignments", params={"late": "true", **filters}))
    assert all(item["late"] for item in page["items"])
    return sorted(item["id"] for item in page["items"])


def test_a_round_asks_for_a_last_day_and_the_office_sees_who_is_late(world: World) -> None:
    round_id, (applied,) = qualified(world, rules={"asks": {"review": ["due_on"]}})
    logins = ["reviewer1", "reviewer2", "reviewer3"]
    people = [reviewer_id(world, login) for login in logins]
    today = world.clock.today
    missing = refused(assign(world, applied.id, "material", people), 422, "rule_refused", "art18.material")
    assert [(item["reason"], item["facts"]["missing"]) for item in missing["violations"]] == [
        ("asked_for_missing", ["due_on"])
    ]
    yesterday = today.replace(day=today.day - 1).isoformat() if today.day > 1 else "2024-04-30"
    past = refused(assign(world, applied.id, "material", people, due_on=yesterday), 422)
    assert [(item["pointer"], item["code"]) for item in past["errors"]] == [("/due_on", "date_in_past")]
    made = ok(assign(world, applied.id, "material", people, due_on="2024-05-20"), 201)["items"]
    assert {(item["due_on"], item["late"]) for item in made} == {("2024-05-20", False)}
    first, second, third = (item["id"] for item in made)
    caller = world.by("reviewer1")
    sign(caller, round_id)
    score(world, caller, first, 70)
    world.clock.go("2024-05-20")
    assert late(world) == []
    world.clock.go("2024-05-21")
    assert late(world, round_id=round_id) == sorted([second, third])
    assert late(world, "reviewer2") == [second]
    assert late(world, "reviewer1") == []
    assert ok(world.by("reviewer2").get(f"/v1/review-assignments/{second}"))["late"] is True
    # Late is told; it bars nobody from handing the sheet in.
    caller = world.by("reviewer2")
    sign(caller, round_id)
    score(world, caller, second, 70)
    ok(world.office.post(f"/v1/review-assignments/{third}/release", {"reason": "样例：因病"}))
    assert late(world) == []


def test_without_a_last_day_nobody_is_late(world: World) -> None:
    round_id, (applied,) = qualified(world)
    panel(world, round_id, applied.id)
    world.clock.go("2030-01-01")
    assert late(world) == []


def visited(world: World, asks: dict[str, Any]) -> str:
    """An application whose on-site sheets are in."""
    rules = {"panel_size_material": 1, "panel_size_onsite": 1, "asks": asks}
    round_id, (applied,) = qualified(world, rules=rules)
    for stage in ("material", "onsite"):
        ((caller, assignment_id),) = panel(world, round_id, applied.id, stage, ["reviewer1"])
        score(world, caller, assignment_id, 80)
        if stage == "material":
            ok(report(world, applied.id), 201)
            close_material(world, round_id)
    return applied.id


def test_a_round_asks_for_a_survey_of_the_customers(world: World) -> None:
    application_id = visited(world, {"review": ["customer_survey"]})
    missing = refused(report(world, application_id, "onsite"), 422, "rule_refused", "art19.onsite")["violations"]
    assert [(item["reason"], item["facts"]["missing"]) for item in missing] == [
        ("asked_for_missing", ["customer_survey"])
    ]
    tomorrow = SURVEY | {"carried_out_on": "2024-12-31"}
    faults = refused(report(world, application_id, "onsite", customer_survey=tomorrow), 422)["errors"]
    assert [item["pointer"] for item in faults] == ["/customer_survey/carried_out_on"]
    called = ok(world.public.get("/v1/rounds"))["items"][0]["called_at"][:10]
    for day, status in ((date.fromisoformat(called) - timedelta(days=1), 422), (date.fromisoformat(called), 201)):
        early = SURVEY | {"carried_out_on": day.isoformat()}
        answer = world.office.post(
            f"/v1/applications/{application_id}/onsite-report?dry_run=true",
            {"summary": "样例", "visited_on": world.clock.today.isoformat(), "customer_survey": early},
        )
        assert answer.status_code == status, answer.text
        if status == 422:
            told = [(item["pointer"], item["code"]) for item in answer.json()["errors"]]
            assert told == [("/customer_survey/carried_out_on", "too_early")]
    assert ok(report(world, application_id, "onsite", customer_survey=SURVEY), 201)["customer_survey"] == SURVEY
    (kept,) = ok(world.office.get(f"/v1/applications/{application_id}/onsite-report"))["items"]
    assert kept["customer_survey"] == SURVEY


def test_a_round_that_asks_for_none_takes_one_or_none(world: World) -> None:
    application_id = visited(world, {})
    assert ok(report(world, application_id, "onsite"), 201)["customer_survey"] is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"answered": 121}, "/customer_survey"),
        ({"sample": 0}, "/customer_survey/sample"),
        ({"carried_out_by": "-"}, "/customer_survey/carried_out_by"),
        ({"satisfaction": "100.1"}, "/customer_survey/satisfaction"),
        ({"satisfaction": 93.4}, "/customer_survey/satisfaction"),
        ({"method": "hearsay"}, "/customer_survey/method"),
    ],
)
def test_a_survey_that_cannot_be_is_refused_by_pointer(world: World, changes: dict[str, Any], pointer: str) -> None:
    body = {"summary": "样例", "visited_on": "2024-05-01", "customer_survey": SURVEY | changes}
    answer = world.office.post("/v1/applications/018e0000-0000-7000-8000-000000000001/onsite-report", body)
    assert [item["pointer"] for item in refused(answer, 422)["errors"]] == [pointer]
