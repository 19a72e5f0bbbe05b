"""Art. 17: departments' opinions. They see code, name, period and their categories; silence is not consent."""

from typing import Any
from uuid import uuid4

import pytest

from sandbox.seed import DEPARTMENTS
from sandbox.stages.applications import apply
from sandbox.stages.qualification import adverse, asked, asked_about, close_applications, consult, reply
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def asked_round(world: World, applications: int = 1) -> tuple[str, list[Any]]:
    """A round whose applications have closed and whose departments are asked, on 2024-05-01."""
    round_id = open_round(world)
    applied = [apply(world, round_id) for _ in range(applications)]
    close_applications(world, round_id)
    consult(world, round_id)
    return round_id, applied


def test_every_department_of_the_rules_is_asked_about_every_application_and_only_once(world: World) -> None:
    round_id = open_round(world)
    apply(world, round_id)
    apply(world, round_id)
    apply(world, round_id, submit=False)
    close_applications(world, round_id)
    opened = consult(world, round_id)
    assert (opened["opened"], opened["applications"]) == (2 * len(DEPARTMENTS), 2)
    assert opened["last_day"] == "2024-05-11"
    assert consult(world, round_id)["opened"] == 0


def test_a_department_sees_code_name_period_and_its_letters_and_never_the_dossier(world: World) -> None:
    round_id, (applied,) = asked_round(world)
    (row,) = asked(world, "tax", round_id)
    assert (row["categories"], row["period_from"], row["period_to"]) == (["tax_dishonesty"], "2021-05-01", "2024-05-01")
    shown = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["organisation"]
    assert (row["code"], row["name"]) == (shown["uscc"], shown["name"])
    assert row["application_id"] is None
    department = world.by("department-tax")
    for path in ("", "/attachments", "/qualification", "/adverse-records"):
        refused(department.get(f"/v1/applications/{applied.id}{path}"), 403, "forbidden")


def test_the_round_is_asked_after_the_deadline_and_not_in_its_last_second(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    path = f"/v1/rounds/{round_id}/consultations"
    world.clock.go("2024-04-30", "23:59:59.999999")
    refused(world.office.post(path), 422, "rule_refused", "art16.call")
    assert consult(world, round_id, application_ids=[applied.id])["opened"] == len(DEPARTMENTS)
    world.clock.go("2024-05-01", "00:00:00")
    assert consult(world, round_id)["opened"] == 0


def test_only_applications_under_review_in_this_round_are_put_to_departments(world: World) -> None:
    round_id = open_round(world)
    draft = apply(world, round_id, submit=False)
    path = f"/v1/rounds/{round_id}/consultations"
    for unknown in (draft.id, str(uuid4())):
        problem = refused(world.office.post(path, {"application_ids": [unknown]}), 422, "invalid")
        assert problem["errors"][0]["pointer"] == "/application_ids/0"
    refused(world.office.post(f"/v1/rounds/{uuid4()}/consultations"), 404)


def test_a_department_that_is_not_registered_is_told_before_anybody_is_asked(world: World) -> None:
    rules = ok(world.public.get(f"/v1/rounds/{open_round(world)}"))["review_rules"]
    rules["departments"].append(
        {"code": "unknown", "zh": "样例未登记部门", "en": "Unknown", "categories": ["other_violation"]}
    )
    (running,) = [row["id"] for row in ok(world.public.get("/v1/rounds"))["items"]]
    ok(world.office.post(f"/v1/rounds/{running}/cancellation", {"reason": "样例"}))
    round_id = open_round(world, review_rules=rules)
    world.clock.go("2024-05-01")
    problem = refused(world.office.post(f"/v1/rounds/{round_id}/consultations"), 422, None, "art17.qualification")
    assert problem["violations"][0]["facts"]["departments"] == ["样例未登记部门"]


@pytest.mark.parametrize("answer", ["no_objection", "not_applicable"])
def test_a_department_answers_its_own_consultation(world: World, answer: str) -> None:
    round_id, _ = asked_round(world)
    (row,) = asked(world, "tax", round_id)
    answered = ok(reply(world, "tax", row["id"], answer, remark="样例备注"))
    assert (answered["state"], answered["answer"], answered["remark"]) == ("answered", answer, "样例备注")
    refused(reply(world, "tax", row["id"], answer), 422, "invalid")


def test_another_departments_consultation_is_not_found(world: World) -> None:
    round_id, _ = asked_round(world)
    (row,) = asked(world, "tax", round_id)
    for consultation_id in (row["id"], str(uuid4())):
        refused(reply(world, "statistics", consultation_id), 404, "not_found")
    assert [item["department_name"] for item in asked(world, "statistics", round_id)] == [DEPARTMENTS["statistics"][0]]
    other = world.id("department:tax")
    mine = ok(world.by("department-statistics").get("/v1/consultations", params={"department_id": other}))["items"]
    assert {item["department_name"] for item in mine} == {DEPARTMENTS["statistics"][0]}


def test_an_adverse_answer_becomes_an_open_record_that_the_applicant_sees(world: World) -> None:
    round_id, (applied,) = asked_round(world)
    (row,) = asked(world, "market", round_id)
    records = [adverse("failed_inspection", "2023-06-01"), adverse("attributable_return", determined_on="2022-02-01")]
    answered = ok(reply(world, "market", row["id"], "adverse", records=records))
    assert [item["category"] for item in answered["records"]] == ["failed_inspection", "attributable_return"]
    seen = ok(applied.applicant.get(f"/v1/applications/{applied.id}/adverse-records"))["items"]
    assert [(item["origin"], item["finding"], item["source"]) for item in seen] == [
        ("department", "open", DEPARTMENTS["market"][0])
    ] * 2
    assert seen[0]["notified_at"]
    assert seen[0]["reply_due_at"].startswith("2024-05-06T16:00:00")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"answer": "adverse"}, "/records", "inconsistent"),
        ({"answer": "no_objection", "records": [adverse("tax_dishonesty", "2023-06-01")]}, "/records", "inconsistent"),
        (
            {"answer": "adverse", "records": [adverse("fatal_accident", "2023-06-01")]},
            "/records/0/category",
            "not_asked",
        ),
        (
            {"answer": "adverse", "records": [adverse("tax_dishonesty", "2024-05-02")]},
            "/records/0/occurred_on",
            "date_in_future",
        ),
        (
            {"answer": "adverse", "records": [adverse("tax_dishonesty")]},
            "/records/0/occurred_on",
            "required",
        ),
        ({"answer": "silence"}, "/answer", "not_allowed"),
    ],
)
def test_an_answer_with_a_fault_is_refused_at_its_place(
    world: World, body: dict[str, Any], pointer: str, code: str
) -> None:
    round_id, _ = asked_round(world)
    (row,) = asked(world, "tax", round_id)
    problem = refused(world.by("department-tax").post(f"/v1/consultations/{row['id']}/reply", body), 422, "invalid")
    assert (pointer, code) in {(item["pointer"], item["code"]) for item in problem["errors"]}
    assert asked(world, "tax", round_id)[0]["state"] == "asked"


def test_silence_is_recorded_by_a_person_after_the_last_day_and_not_in_its_last_second(world: World) -> None:
    _, (applied,) = asked_round(world)
    consultation_id = asked_about(world, applied.id)["court"]["id"]
    path, body = f"/v1/consultations/{consultation_id}/non-response", {"reason": "经催办仍未答复。"}
    world.clock.go("2024-05-11", "23:59:59.999999")
    refused(world.office.post(path, body), 422, "rule_refused", "art17.qualification")
    world.clock.go("2024-05-12", "00:00:00")
    assert asked_about(world, applied.id)["court"]["late"] is True
    recorded = ok(world.office.post(path, body))
    assert (recorded["state"], recorded["non_response_reason"]) == ("non_response", "经催办仍未答复。")
    refused(world.office.post(path, body), 409, "wrong_state")


def test_a_late_answer_is_taken_also_after_the_silence_was_recorded(world: World) -> None:
    round_id, (applied,) = asked_round(world)
    consultation_id = asked_about(world, applied.id)["court"]["id"]
    world.clock.go("2024-05-12")
    ok(world.office.post(f"/v1/consultations/{consultation_id}/non-response", {"reason": "样例"}))
    assert ok(reply(world, "court", consultation_id))["state"] == "answered"
    (mine,) = asked(world, "court", round_id)
    assert mine["non_response_reason"] is None


def test_what_has_been_withdrawn_needs_no_answer(world: World) -> None:
    round_id, (applied,) = asked_round(world)
    (row,) = asked(world, "tax", round_id)
    ok(applied.applicant.post(f"/v1/applications/{applied.id}/withdrawal", {"reason": "样例"}))
    assert asked(world, "tax", round_id) == []
    refused(reply(world, "tax", row["id"]), 422, "invalid")


def test_art17_what_was_removed_needs_no_answer_and_is_nobodys_delay(world: World) -> None:
    round_id, (gone, stays) = asked_round(world, 2)
    answered = asked_about(world, gone.id)["tax"]["id"]
    ok(reply(world, "tax", answered))
    body = {"ground": "art26.fraud", "reason": "样例", "evidence": "样例", "found_on": world.clock.today.isoformat()}
    ok(world.office.post(f"/v1/applications/{gone.id}/removal", body))
    world.clock.forward(days=60)
    for filters in ({"state": "asked"}, {"late": True}):
        rows = ok(world.office.get("/v1/consultations", params={"limit": 100, **filters}))["items"]
        assert {row["application_id"] for row in rows} == {stays.id}
    assert len(asked(world, "market", round_id)) == 1
    # What was answered stays on record.
    assert [row["id"] for row in asked_about(world, gone.id).values()] == [answered]


@pytest.mark.parametrize("leaves", ["withdrawal", "removal"])
def test_art17_nobodys_silence_on_who_has_left_is_recorded(world: World, leaves: str) -> None:
    _, (gone,) = asked_round(world)
    row = asked_about(world, gone.id)["tax"]
    if leaves == "withdrawal":
        ok(gone.applicant.post(f"/v1/applications/{gone.id}/withdrawal", {}))
    else:
        body = {
            "ground": "art26.fraud",
            "reason": "样例",
            "evidence": "样例",
            "found_on": world.clock.today.isoformat(),
        }
        ok(world.office.post(f"/v1/applications/{gone.id}/removal", body))
    world.clock.forward(days=60)
    path = f"/v1/consultations/{row['id']}/non-response"
    refused(world.office.post(path, {"reason": "样例：期满未答复"}), 409, "wrong_state")


def test_a_dry_run_of_asking_asks_nobody(world: World) -> None:
    round_id = open_round(world)
    apply(world, round_id)
    close_applications(world, round_id)
    path = f"/v1/rounds/{round_id}/consultations"
    assert ok(world.office.post(path, params={"dry_run": "true"}), 201)["opened"] == len(DEPARTMENTS)
    assert asked(world, "tax", round_id) == []


@pytest.mark.parametrize(
    "who", ["government", "auditor", "department-tax", "unit-wenwuba", "reviewer1", "payment_platform"]
)
def test_only_the_office_asks_and_records_silence(world: World, who: str) -> None:
    caller = world.by(who)
    problem = refused(caller.post(f"/v1/rounds/{uuid4()}/consultations"), 403, "forbidden", "art02.decider")
    assert problem["violations"][0]["article"] == "2"
    path = f"/v1/consultations/{uuid4()}/non-response"
    refused(caller.post(path, {"reason": "样例"}), 403, "forbidden", "art02.decider")
    if who != "department-tax":
        refused(caller.post(f"/v1/consultations/{uuid4()}/reply", {"answer": "no_objection"}), 403, "forbidden")
