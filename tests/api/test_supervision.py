"""After the ceremony: visits (Art. 27), the title (Art. 23), sharing (Art. 25), reports by anyone (Art. 31)."""

from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.decision import release
from sandbox.stages.parties import register
from sandbox.stages.supervision import assign_report_investigator, summarise_report
from sandbox.world import World, ok
from tests.support.problems import refused

MISUSE = {
    "use": "package",
    "used_on": "2024-09-01",
    "description": "样例：在包装上标注称号",
    "evidence": "样例照片",
    "order_text": "立即停止并更换包装",
    "correct_by": "2024-10-01",
}
REPORT = {"kind": "forgery", "subject": "样例企业", "description": "样例：伪造奖牌"}


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def summarised(world: World, receipt: dict[str, Any]) -> None:
    path = f"/v1/mark-reports/{receipt['id']}"
    assign_report_investigator(world, path)
    summarise_report(world, path)


def plan(world: World, winner: Winner, on: str = "2025-03-01") -> Any:
    body = {"planned_on": on, "visitors": ["样例巡访员"]}
    return world.office.post(f"/v1/awards/{winner.award_id}/visits", body)


def test_a_visit_is_planned_made_and_followed_up(world: World, winner: Winner) -> None:
    visit = ok(plan(world, winner), 201)
    world.clock.go("2025-03-02")
    body = {
        "visited_on": "2025-03-01",
        "visitors": ["样例巡访员"],
        "findings": "样例：保持良好",
        "follow_up": "样例：无",
    }
    assert ok(world.office.post(f"/v1/visits/{visit['id']}/findings", body))["state"] == "made"
    refused(world.office.post(f"/v1/visits/{visit['id']}/findings", body), 409)
    refused(world.office.post(f"/v1/visits/{visit['id']}/cancellation", {"reason": "样例"}), 409)
    assert len(ok(winner.applicant.get(f"/v1/awards/{winner.award_id}/visits"))["items"]) == 1


@pytest.mark.parametrize(("on", "status"), [("2027-06-03", 201), ("2027-06-04", 422)])
def test_visits_go_to_current_winners(world: World, winner: Winner, on: str, status: int) -> None:
    answer = plan(world, winner, on)
    assert answer.status_code == status
    if status == 422:
        refused(answer, 422, rule="art23.validity")


def test_a_visit_lies_not_in_the_future_and_can_be_cancelled(world: World, winner: Winner) -> None:
    visit = ok(plan(world, winner), 201)
    body = {"visited_on": "2025-03-01", "visitors": ["样例"], "findings": "样例", "follow_up": "样例"}
    refused(world.office.post(f"/v1/visits/{visit['id']}/findings", body), 422)
    cancelled = ok(world.office.post(f"/v1/visits/{visit['id']}/cancellation", {"reason": "样例：改期"}))
    assert cancelled["state"] == "cancelled"


def test_another_winners_records_are_not_found(world: World) -> None:
    first, second = concluded(world, {}, {}).winners
    for kind in ("visits", "title-misuses"):
        refused(second.applicant.get(f"/v1/awards/{first.award_id}/{kind}"), 404)
        assert ok(first.applicant.get(f"/v1/awards/{first.award_id}/{kind}"))["items"] == []
    sharing = {"kind": "held", "held_on": "2024-06-03", "title": "样例", "description": "样例"}
    refused(second.applicant.post(f"/v1/awards/{first.award_id}/sharing-activities", sharing), 404)


def test_misuse_of_the_title_brings_a_correction_order_and_revokes_nothing(world: World, winner: Winner) -> None:
    world.clock.go("2024-09-02")
    made = ok(world.office.post(f"/v1/awards/{winner.award_id}/title-misuses", MISUSE), 201)
    assert (made["state"], made["correct_by"]) == ("ordered", "2024-10-01")
    assert ok(world.office.get("/v1/revocations"))["items"] == []
    path = f"/v1/title-misuses/{made['id']}/correction"
    refused(world.office.post(path, {"corrected_on": "2024-09-03", "correction": "样例"}), 422)
    done = {"corrected_on": "2024-09-02", "correction": "样例：已更换"}
    assert ok(world.office.post(path, done))["state"] == "corrected"
    refused(world.office.post(path, done), 409)


@pytest.mark.parametrize(
    ("changes", "misuse"),
    [
        ({"use": "image", "year_named": 2024}, False),
        ({"use": "image", "year_named": 2023}, True),
        ({"use": "image"}, True),
        ({"use": "product", "year_named": 2024}, True),
    ],
)
def test_image_publicity_with_the_award_year_is_no_misuse(
    world: World, winner: Winner, changes: dict[str, Any], misuse: bool
) -> None:
    world.clock.go("2024-09-02")
    answer = world.office.post(f"/v1/awards/{winner.award_id}/title-misuses", MISUSE | changes)
    if misuse:
        ok(answer, 201)
    else:
        refused(answer, 409, "use_allowed", "art23.title_use")


def test_after_the_validity_every_use_is_misuse(world: World, winner: Winner) -> None:
    world.clock.go("2027-06-04")
    use = {**MISUSE, "use": "image", "year_named": 2024, "correct_by": "2027-07-01"}
    path = f"/v1/awards/{winner.award_id}/title-misuses"
    refused(world.office.post(path, {**use, "used_on": "2027-06-03"}), 409, "use_allowed", "art23.title_use")
    ok(world.office.post(path, {**use, "used_on": "2027-06-04"}), 201)


def test_sharing_is_recorded_and_declined_for_a_trade_secret_only(world: World, winner: Winner) -> None:
    path = f"/v1/awards/{winner.award_id}/sharing-activities"
    held = {"kind": "held", "held_on": "2024-06-03", "title": "样例经验交流会", "description": "样例"}
    ok(winner.applicant.post(path, held), 201)
    declined = {**held, "kind": "declined_trade_secret"}
    refused(winner.applicant.post(path, declined), 422, rule="art25.sharing")
    ok(world.office.post(path, {**declined, "trade_secret": True}), 201)
    refused(winner.applicant.post(path, {**held, "held_on": "2024-06-04"}), 422)
    assert len(ok(world.auditor.get(path))["items"]) == 2


def test_a_trade_secret_is_never_published(world: World, winner: Winner) -> None:
    path = f"/v1/awards/{winner.award_id}/sharing-activities"
    held = {"kind": "held", "held_on": "2024-06-03", "title": "样例经验交流会", "description": "样例"}
    ok(winner.applicant.post(path, held), 201)
    ok(winner.applicant.post(path, {**held, "title": "样例工艺参数", "trade_secret": True}), 201)
    secret = {**held, "kind": "declined_trade_secret", "title": "样例配方", "trade_secret": True}
    ok(winner.applicant.post(path, secret), 201)
    stranger = register(world).account
    for caller in (world.public, stranger, world.by("reviewer1"), world.platform):
        assert [item["title"] for item in ok(caller.get(path))["items"]] == ["样例经验交流会"]
    for caller in (winner.applicant, world.office, world.government, world.auditor):
        assert len(ok(caller.get(path))["items"]) == 3
    refused(stranger.post(path, held), 404)
    first = ok(world.office.get(f"{path}?limit=1"))["next_cursor"]
    refused(world.public.get(path, params={"limit": 1, "cursor": first}), 422, "invalid_cursor")


def test_a_correction_is_not_ordered_for_a_day_that_is_over(world: World, winner: Winner) -> None:
    world.clock.go("2024-09-02")
    path = f"/v1/awards/{winner.award_id}/title-misuses"
    problem = refused(world.office.post(path, {**MISUSE, "correct_by": "2024-09-01"}), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/correct_by"
    ok(world.office.post(path, {**MISUSE, "correct_by": "2024-09-02"}), 201)


def test_anyone_reports_a_forgery_and_is_never_named(world: World) -> None:
    named = {**REPORT, "reporter_name": "样例举报人", "reporter_contact": "13800000000"}
    receipts = [ok(world.public.post("/v1/mark-reports", body), 201) for body in (REPORT, named)]
    assert receipts[0]["tracking_code"] != receipts[1]["tracking_code"]
    text = world.office.get("/v1/mark-reports").text + world.auditor.get("/v1/mark-reports").text
    assert "样例举报人" not in text and "13800000000" not in text
    summarised(world, receipts[0])
    followed = world.office.post(f"/v1/mark-reports/{receipts[0]['id']}/follow-up", {"text": "样例：已查处"})
    assert ok(followed)["state"] == "followed_up"
    refused(world.office.post(f"/v1/mark-reports/{receipts[0]['id']}/follow-up", {"text": "样例"}), 409)
    assert len(ok(world.office.get("/v1/mark-reports?state=received"))["items"]) == 1


def test_an_award_that_is_not_there_is_not_found(world: World) -> None:
    nowhere = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
    refused(world.office.post(f"/v1/awards/{nowhere}/title-misuses", MISUSE), 404)
    refused(world.office.post(f"/v1/mark-reports/{nowhere}/follow-up", {"text": "样例"}), 404)
    refused(world.office.post(f"/v1/visits/{nowhere}/cancellation", {"reason": "样例"}), 404)


def test_a_repeated_report_is_taken_once_and_its_code_is_not_kept(world: World) -> None:
    key = {"Idempotency-Key": "report-of-forgery"}
    first = ok(world.public.post("/v1/mark-reports", REPORT, headers=key), 201)
    again = ok(world.public.post("/v1/mark-reports", REPORT, headers=key), 201)
    assert first["tracking_code"] and again == first | {"tracking_code": None}
    assert len(ok(world.office.get("/v1/mark-reports"))["items"]) == 1


def test_a_reporter_learns_what_became_of_the_report_by_its_code_alone(world: World) -> None:
    told = ok(world.public.post("/v1/mark-reports", REPORT), 201)
    path = f"/v1/mark-report-status/{told['tracking_code']}"
    assert ok(world.public.get(path))["state"] == "received"
    summarised(world, told)
    ok(world.office.post(f"/v1/mark-reports/{told['id']}/follow-up", {"text": "样例：已查处"}))
    shown = ok(world.public.get(path))
    assert (shown["state"], shown["kind"]) == ("followed_up", "forgery")
    assert set(shown) == {"kind", "state", "received_at", "followed_up_at"}
    refused(world.public.get(f"/v1/mark-report-status/{'x' * 43}"), 404)


def test_who_reported_is_read_for_a_recorded_reason_only(world: World) -> None:
    named = {**REPORT, "reporter_name": "样例举报人", "reporter_contact": "13800000000"}
    told = ok(world.public.post("/v1/mark-reports", named), 201)
    path = f"/v1/mark-reports/{told['id']}/identity-disclosure"
    reason = {"reason": "样例：需补充照片"}
    for caller in (world.government, world.platform, world.by("reviewer1"), world.auditor):
        refused(caller.post(path, reason), 403)
    assign_report_investigator(world, f"/v1/mark-reports/{told['id']}")
    refused(world.office.post(path, {"reason": " "}), 422)
    refused(world.office.post(f"{path}?dry_run=true", reason), 422)
    release(world, f"/v1/mark-reports/{told['id']}")
    shown = ok(world.office.post(path, reason))
    assert (shown["name"], shown["contact"]) == ("样例举报人", "13800000000")
    entries = ok(world.auditor.get("/v1/audit-entries?act=disclose_reporter"))["items"]
    assert [(entry["actor_role"], entry["details"]) for entry in entries] == [("office", reason)]
    assert "样例举报人" not in str(ok(world.auditor.get("/v1/audit-entries"))["items"])
