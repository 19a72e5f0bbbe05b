"""Art. 13(6): adverse records. The applicant is heard before a person decides."""

from typing import Any
from uuid import uuid4

import pytest

from sandbox.stages.applications import Applied, apply
from sandbox.stages.parties import Registered, register, succeed
from sandbox.stages.qualification import (
    answer_all,
    close_applications,
    confirm,
    consult,
    decide_conditions,
    decide_record,
    under_review,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def enter(world: World, applied: Applied, category: str = "failed_inspection", **changes: Any) -> Any:
    """The office enters a record of 2023-06-01; answers the response."""
    body = {
        "category": category,
        "fact": "样例：抽查不合格。",
        "source": "市场监督管理局",
        "basis": "样例文书1号",
        "occurred_on": "2023-06-01",
        **changes,
    }
    return world.office.post(f"/v1/applications/{applied.id}/adverse-records", body)


def entered(world: World, category: str = "failed_inspection", **changes: Any) -> tuple[Applied, dict[str, Any]]:
    """An application with a record entered on 2024-03-01."""
    applied = apply(world, open_round(world))
    record: dict[str, Any] = ok(enter(world, applied, category, **changes), 201)
    return applied, record


def reply(applied: Applied, record: dict[str, Any], text: str = "样例：该批次非我单位产品。") -> Any:
    return applied.applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": text})


def test_the_applicant_is_told_and_replies_and_then_a_person_decides(world: World) -> None:
    applied, record = entered(world)
    assert (record["origin"], record["finding"]) == ("office", "open")
    refused(decide_record(world, record), 422, "rule_refused", "art13.6.record")
    replied = ok(reply(applied, record))
    assert replied["replied_at"]
    refused(reply(applied, record), 409, "statement_made", "art13.6.record")
    decided = ok(decide_record(world, record))
    assert (decided["finding"], decided["reply"]) == ("confirmed", replied["reply"])
    refused(reply(applied, record, "样例：补充说明。"), 409, "wrong_state")


def test_without_a_reply_the_decision_waits_for_the_last_second_of_its_day(world: World) -> None:
    applied, record = entered(world)
    world.clock.go("2024-03-06", "23:59:59.999999")
    refused(decide_record(world, record), 422, None, "art13.6.record")
    world.clock.go("2024-03-07", "00:00:00")
    refused(reply(applied, record), 409, "reply_deadline_passed")
    assert ok(decide_record(world, record))["finding"] == "confirmed"


def test_a_confirmed_record_refuses_under_13_6_and_a_denied_one_does_not(world: World) -> None:
    applied, record = entered(world)
    (round_id,) = [row["id"] for row in ok(world.public.get("/v1/rounds"))["items"]]
    assert "art13.6.record" in {item["rule"] for item in under_review(world, round_id)[0]["open"]}
    ok(reply(applied, record))
    ok(decide_record(world, record))
    (finding,) = under_review(world, round_id)[0]["refusing"]
    assert (finding["rule"], finding["article"]) == ("art13.6.record", "13(6)")
    ok(decide_record(world, record, "denied"))
    assert under_review(world, round_id)[0]["refusing"] == []


@pytest.mark.parametrize(("occurred_on", "refusing"), [("2021-03-01", 1), ("2021-02-28", 0)])
def test_three_years_back_are_counted_to_the_day(world: World, occurred_on: str, refusing: int) -> None:
    applied, record = entered(world, occurred_on=occurred_on)
    ok(reply(applied, record))
    ok(decide_record(world, record))
    (round_id,) = [row["id"] for row in ok(world.public.get("/v1/rounds"))["items"]]
    assert len(under_review(world, round_id)[0]["refusing"]) == refusing


@pytest.mark.parametrize(
    ("category", "decision", "missing"),
    [
        ("fatal_accident", {"attributable": None}, True),
        ("attributable_return", {"attributable": None}, True),
        ("attributable_return", {"attributable": False}, False),
        ("other_violation", {"severity": None}, True),
        ("other_violation", {"severity": "does_not_bar"}, False),
        ("failed_inspection", {"severity": "bars"}, True),
        ("failed_inspection", {}, False),
    ],
)
def test_a_decision_says_all_that_the_letter_asks(
    world: World, category: str, decision: dict[str, Any], missing: bool
) -> None:
    applied, record = entered(world, category)
    ok(reply(applied, record))
    answered = decide_record(world, record, **decision)
    if missing:
        refused(answered, 422, "rule_refused", "art13.6.record")
    else:
        assert ok(answered)["decision_reason"]


def test_what_the_applicant_declared_itself_needs_no_reply(world: World) -> None:
    declared = {
        "category": "attributable_return",
        "fact": "样例索赔",
        "source": "样例法院",
        "occurred_on": "2023-01-01",
        "attributable": False,
    }
    applied = apply(world, open_round(world), content_overrides={"adverse_records": [declared]})
    (record,) = ok(world.office.get(f"/v1/applications/{applied.id}/adverse-records"))["items"]
    assert (record["origin"], record["finding"], record["notified_at"]) == ("declared", "open", None)
    assert ok(decide_record(world, record, attributable=False))["attributable"] is False


@pytest.mark.parametrize(("attributable", "refused_for"), [(True, ["art13.6.record"]), (False, None)])
def test_an_accident_of_open_responsibility_waits_for_the_office(
    world: World, attributable: bool, refused_for: list[str] | None
) -> None:
    """Nobody is responsible yet: neither refused nor passed, and the worklist says who decides and until when."""
    declared = {
        "category": "fatal_accident",
        "fact": "样例事故",
        "source": "样例应急管理局",
        "occurred_on": "2023-01-01",
        "attributable": None,
    }
    round_id = open_round(world)
    apply(world, round_id, content_overrides={"adverse_records": [declared]})
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    application_id = under_review(world, round_id)[0]["application_id"]
    ok(decide_conditions(world, application_id), 201)
    (item,) = under_review(world, round_id)
    assert item["refusing"] == []
    (left_open,) = item["open"]
    assert (left_open["rule"], left_open["reason"]) == ("art13.6.record", "verification_open")
    assert (left_open["facts"]["decides"], left_open["facts"]["before"]) == ("office", "confirm_qualified_list")
    refused(confirm(world, round_id), 422, "rule_refused", "art13.6.record")
    (record,) = ok(world.office.get(f"/v1/applications/{application_id}/adverse-records"))["items"]
    ok(decide_record(world, record, attributable=attributable))
    left_out = ok(confirm(world, round_id), 201)["not_qualified"]
    assert [item["rules"] for item in left_out] == ([] if refused_for is None else [refused_for])


def test_another_organisation_neither_sees_nor_answers_a_record(world: World) -> None:
    applied, record = entered(world)
    _, stranger = register(world)
    refused(stranger.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例"}), 404, "not_found")
    refused(stranger.get(f"/v1/applications/{applied.id}/adverse-records"), 404, "not_found")
    refused(applied.applicant.post(f"/v1/adverse-records/{uuid4()}/reply", {"reply": "样例"}), 404, "not_found")


@pytest.mark.parametrize("changes", [{"occurred_on": None}, {"occurred_on": "2024-03-02"}])
def test_a_record_has_a_day_and_not_one_to_come(world: World, changes: dict[str, Any]) -> None:
    applied = apply(world, open_round(world))
    problem = refused(enter(world, applied, **changes), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/occurred_on"


@pytest.mark.parametrize("who", ["government", "auditor", "department-market", "unit-wenwuba", "reviewer1"])
def test_only_the_office_enters_and_decides(world: World, who: str) -> None:
    body = {
        "category": "failed_inspection",
        "fact": "样例",
        "source": "样例",
        "basis": "样例",
        "occurred_on": "2023-06-01",
    }
    path = f"/v1/applications/{uuid4()}/adverse-records"
    refused(world.by(who).post(path, body), 403, "forbidden", "art02.decider")
    decision = {"finding": "denied", "reason": "样例"}
    refused(world.by(who).post(f"/v1/adverse-records/{uuid4()}/decision", decision), 403, None, "art02.decider")
    refused(world.office.post(f"/v1/adverse-records/{uuid4()}/decision", decision), 404, "not_found")


def test_a_draft_has_no_records(world: World) -> None:
    applied = apply(world, open_round(world), submit=False)
    refused(enter(world, applied), 409, "wrong_state")


@pytest.mark.parametrize(
    ("decision", "occurred_on", "carried"),
    [
        (None, "2023-06-01", True),
        ("confirmed", "2023-06-01", True),
        ("denied", "2023-06-01", False),
        (None, "2021-03-01", True),
        (None, "2021-02-28", False),
    ],
)
def test_a_record_is_not_shaken_off_by_withdrawing_and_beginning_again(
    world: World, decision: str | None, occurred_on: str, carried: bool
) -> None:
    applied, record = entered(world, occurred_on=occurred_on)
    if decision:
        ok(reply(applied, record))
        ok(decide_record(world, record, decision))
    ok(applied.applicant.post(f"/v1/applications/{applied.id}/withdrawal", {}))
    again = apply(world, record_round(world, applied), organisation=(applied.organisation_id, applied.applicant))
    known = ok(again.applicant.get(f"/v1/applications/{again.id}/adverse-records"))["items"]
    assert [(item["category"], item["finding"], item["occurred_on"]) for item in known] == (
        [("failed_inspection", "open", occurred_on)] if carried else []
    )
    if carried:
        # Heard anew, and decided by a person anew.
        refused(decide_record(world, known[0]), 422, "rule_refused", "art13.6.record")
        ok(reply(again, known[0]))
        assert ok(decide_record(world, known[0]))["finding"] == "confirmed"
        entries = ok(world.auditor.get("/v1/audit-entries?act=carry_adverse_record"))["items"]
        assert [item["details"]["earlier_record_id"] for item in entries] == [record["id"]]


def test_a_record_goes_with_the_legal_person_to_its_successor(world: World) -> None:
    applied, record = entered(world)
    ok(applied.applicant.post(f"/v1/applications/{applied.id}/withdrawal", {}))
    heir = register(world)
    succeed(world, heir, Registered(applied.organisation_id, applied.applicant))
    again = apply(world, record_round(world, applied), organisation=heir)
    (known,) = ok(world.office.get(f"/v1/applications/{again.id}/adverse-records"))["items"]
    assert (known["fact"], known["source"]) == (record["fact"], record["source"])


def record_round(world: World, applied: Applied) -> str:
    """The round of an application."""
    return str(ok(world.office.get(f"/v1/applications/{applied.id}"))["round_id"])
