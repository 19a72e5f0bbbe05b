"""What an applicant is told on the way: timeline, calendar, runs of the gate (Arts. 13, 16, 17, 21)."""

from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from sandbox.stages.applications import apply, begin, edit, register_applicant, request
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused
from tests.support.queries import counted


def timeline(caller: Any, application_id: str) -> Any:
    return ok(caller.get(f"/v1/applications/{application_id}/timeline"))


def states(shown: dict[str, Any]) -> dict[str, str]:
    return {stage["code"]: stage["state"] for stage in shown["stages"]}


def calendar(caller: Any, application_id: str) -> dict[str, date]:
    answer = caller.get(f"/v1/applications/{application_id}/calendar")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["content-disposition"].startswith("attachment")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    return {
        str(event["UID"]).removeprefix(f"{application_id}-").partition("@")[0]: event.decoded("DTSTART")
        for event in events
    }


def correction(world: World, application_id: str, due_on: str, pointer: str = "/content/certificates") -> None:
    body = {"items": [{"pointer": pointer, "request": "样例：补充材料"}], "due_on": due_on}
    ok(world.office.post(f"/v1/applications/{application_id}/correction-requests", body), 201)


def test_the_timeline_goes_with_the_application(world: World) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    draft = begin(world, round_id, applicant)
    shown = timeline(applicant, draft["id"])
    assert states(shown) == {
        "draft": "current",
        "recommendation": "upcoming",
        "submission": "upcoming",
        "qualification": "upcoming",
        "material": "upcoming",
        "onsite": "upcoming",
        "evaluation": "upcoming",
        "publicity": "upcoming",
        "approval": "upcoming",
    }
    assert shown["next_due_at"] == "2024-04-30T16:00:00Z"
    asked = request(world, draft["id"], applicant)
    assert states(timeline(applicant, draft["id"]))["recommendation"] == "current"
    ok(world.by("unit-wenwuba").post(f"/v1/recommendations/{asked['id']}/return", {"reason": "样例：请核对"}))
    back = timeline(applicant, draft["id"])
    note = next(stage["note_zh"] for stage in back["stages"] if stage["code"] == "recommendation")
    assert (states(back)["draft"], note) == ("current", "推荐单位意见：样例：请核对")


def test_after_the_submission_the_qualification_comes_next_and_a_correction_has_its_date(world: World) -> None:
    applied = apply(world, open_round(world))
    shown = timeline(applied.applicant, applied.id)
    assert [stage["code"] for stage in shown["stages"] if stage["state"] == "done"] == [
        "draft",
        "recommendation",
        "submission",
    ]
    assert (states(shown)["qualification"], shown["next_due_at"]) == ("current", None)
    correction(world, applied.id, "2024-03-06")
    corrected = timeline(applied.applicant, applied.id)
    assert corrected["next_zh"] == "按要求补正并重新提交"
    assert corrected["next_due_at"] == "2024-03-06T16:00:00Z"


def test_a_withdrawn_application_has_ended_and_says_why(world: World) -> None:
    applied = apply(world, open_round(world))
    ok(applied.applicant.post(f"/v1/applications/{applied.id}/withdrawal", {"reason": "样例原因"}))
    shown = timeline(applied.applicant, applied.id)
    assert states(shown)["qualification"] == states(shown)["approval"] == "ended"
    assert states(shown)["submission"] == "done"
    assert shown["next_en"] == "The application has ended"
    assert any(stage["note_zh"] == "结束原因：样例原因" for stage in shown["stages"])


def test_the_calendar_holds_the_dates_that_concern_the_caller(world: World) -> None:
    round_id = open_round(world)
    _, applicant = register_applicant(world)
    draft = begin(world, round_id, applicant)
    request(world, draft["id"], applicant)
    dates = calendar(applicant, draft["id"])
    assert dates == {
        "deadline": date(2024, 4, 30),
        "recommendation": date(2024, 4, 30),
        "certificates-0": date(2029, 1, 9),
        "licences-0": date(2029, 6, 30),
        "safety": date(2029, 6, 30),
    }
    assert set(calendar(world.by("unit-wenwuba"), draft["id"])) == {"deadline", "recommendation"}


def test_the_calendar_of_a_submitted_application_holds_its_correction(world: World) -> None:
    applied = apply(world, open_round(world))
    correction(world, applied.id, "2024-03-06")
    dates = calendar(applied.applicant, applied.id)
    assert [day for code, day in dates.items() if code.startswith("correction-")] == [date(2024, 3, 6)]
    assert "deadline" not in dates


def test_a_certificate_that_expires_between_two_gates_passes_the_first_and_refuses_the_second(world: World) -> None:
    last_day = date(2024, 3, 4)
    held = {
        "kind": "management_system",
        "standard": "GB/T 19001-2016",
        "number": "SAMPLE-Q",
        "issuer": "样例认证中心",
        "valid_from": "2021-03-05",
        "valid_to": last_day.isoformat(),
    }
    round_id = open_round(world)
    world.clock.go(last_day, "23:59:59.999999")
    applied = apply(world, round_id, content_overrides={"certificates": [held]})
    correction(world, applied.id, "2024-03-10")
    world.clock.go(last_day + timedelta(days=1), "00:00:00")
    again = applied.applicant.post(f"/v1/applications/{applied.id}/resubmission")
    body = refused(again, 422, "rule_refused", "art13.3.certified")
    assert {item["pointer"] for item in body["errors"]} == {"/content/certificates/0"}
    edit(applied.applicant, applied.id, {"certificates": [{**held, "valid_to": "2027-03-04"}]})
    ok(applied.applicant.post(f"/v1/applications/{applied.id}/resubmission"))
    runs = ok(applied.applicant.get(f"/v1/applications/{applied.id}/eligibility-checks"))["items"]
    assert [run["tested_on"] for run in runs] == ["2024-03-04", "2024-03-05"]
    assert runs[0]["changed"] == []
    assert [item["rule"] for item in runs[1]["changed"]] == ["art13.3.certified"]
    change = runs[1]["changed"][0]
    assert (change["outcomes_before"], change["outcomes_now"]) == (["pass"], ["pass"])
    assert change["facts_before"][0]["certificates"][0]["valid_to"] == "2024-03-04"
    assert change["facts_now"][0]["certificates"][0]["valid_to"] == "2027-03-04"


def test_runs_come_in_pages_that_compare_across_them(world: World) -> None:
    applied = apply(world, open_round(world))
    for number in range(2):
        correction(world, applied.id, "2024-03-06", "/content/licences")
        edit(applied.applicant, applied.id, {"licences": [{"kind": f"样例许可{number}", "number": "1"}]})
        ok(applied.applicant.post(f"/v1/applications/{applied.id}/resubmission"))
    path = f"/v1/applications/{applied.id}/eligibility-checks"
    first = ok(world.office.get(path, params={"limit": 2}))
    rest = ok(world.office.get(path, params={"limit": 2, "cursor": first["next_cursor"]}))
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    assert [item["rule"] for item in rest["items"][0]["changed"]] == ["art13.2.compliance"]


@pytest.mark.slow
def test_pages_of_an_application_cost_the_same_however_many_there_are(world: World) -> None:
    round_id = open_round(world)
    one = apply(world, round_id)
    paths = [f"/v1/applications/{one.id}{part}" for part in ("", "/timeline", "/calendar", "/eligibility-checks")]
    paths += ["/v1/applications", "/v1/recommendations"]

    def cost() -> list[int]:
        counts = []
        for path in paths:
            with counted(world) as statements:
                assert world.office.get(path).status_code == 200
            counts.append(len(statements))
        return counts

    alone = cost()
    for _ in range(4):
        apply(world, round_id)
    assert cost() == alone
    # The office is told what keeps the application from the list: that alone is ten.
    assert max(alone) <= 18
