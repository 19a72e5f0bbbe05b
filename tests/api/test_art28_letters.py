"""Arts. 26, 28: what an organisation says in a case on paper, as the office enters it, and what it adds to what it has
said: each on record, nothing replaced."""

from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.applications import PDF
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.revocations import make_statement, open_case
from sandbox.world import World, ok
from tests.api.test_papers_drafts import says
from tests.api.test_revocations import FRAUD, QUALITY, decide
from tests.support.problems import refused

LETTER = {
    "statement": "样例：来函陈述，批次已召回。",
    "received_on": "2025-06-04",
    "letter_reference": "收文〔2025〕58号",
}


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


@pytest.fixture
def opened(world: World, winner: Winner) -> dict[str, Any]:
    """Opened on 2025-06-01, heard through the 6th."""
    world.clock.go("2025-06-01")
    return open_case(world, winner.award_id, QUALITY)  # type: ignore[no-any-return]


def scan(caller: Caller, case: dict[str, Any], name: str = "来信.pdf") -> dict[str, Any]:
    return ok(caller.post(f"/v1/revocations/{case['id']}/files", params={"filename": name}, content=PDF), 201)  # type: ignore[no-any-return]


def enter(world: World, case: dict[str, Any], **changes: Any) -> Any:
    return world.office.post(f"/v1/revocations/{case['id']}/letters", LETTER | changes)


def state(applicant: Caller, case: dict[str, Any], words: str) -> Any:
    return applicant.post(f"/v1/revocations/{case['id']}/statement", {"statement": words})


def read(caller: Caller, case: dict[str, Any]) -> dict[str, Any]:
    return ok(caller.get(f"/v1/revocations/{case['id']}"))  # type: ignore[no-any-return]


def reasons(answer: Any, rule: str = "art28.grounds") -> list[str]:
    return [item["reason"] for item in refused(answer, 422, "rule_refused", rule)["violations"]]


def test_art28_a_letter_counts_by_its_day_of_receipt_whoever_entered_it_later(
    world: World, winner: Winner, opened: dict[str, Any]
) -> None:
    world.clock.go("2025-06-10")
    ok(world.office.post(f"/v1/revocations/{opened['id']}/submission"))
    found = scan(world.office, opened)
    assert (found["scan"], found["statement_id"]) == (True, None)
    made = ok(enter(world, opened), 201)
    assert (made["statement"], made["stated_at"]) == (LETTER["statement"], "2025-06-04T00:00:00+08:00")
    (told,) = read(winner.applicant, opened)["statements"]
    assert (told["received_on"], told["letter_reference"]) == ("2025-06-04", "收文〔2025〕58号")
    (file,) = read(world.government, opened)["files"]
    assert (file["id"], file["statement_id"]) == (found["id"], told["id"])
    (entry,) = ok(world.auditor.get("/v1/audit-entries", params={"act": "enter_statement"}))["items"]
    assert {item["key"] for item in entry["details"]["readings"]} == {"statements_on_paper", "further_statements"}
    assert decide(world, opened, on="2025-06-10")["state"] == "decided"
    scan_again = world.office.post(f"/v1/revocations/{opened['id']}/files?filename=b.pdf", content=PDF)
    # What is left to one that was in time is said, and by which act a letter is filed now.
    for answer in (scan_again, enter(world, opened, letter_reference="收文〔2025〕59号")):
        problem = refused(answer, 409, "wrong_state", "art26_28.together")
        assert "行政复议" in problem["detail"] and "随案存档" in problem["detail"]
        (why,) = problem["violations"]
        assert (why["reason"], why["facts"]["next_act"], why["facts"]["next_by"]) == (
            "act_replaced",
            "enter_statement_late",
            ["office"],
        )


@pytest.mark.parametrize("received_on", ["2025-06-06", "2025-06-12"])
def test_art28_a_letter_after_the_decision_is_kept_with_the_case_and_changes_nothing(
    world: World, winner: Winner, opened: dict[str, Any], received_on: str
) -> None:
    """Whether it was in time or not: a review finds it beside what was said before."""
    path = f"/v1/revocations/{opened['id']}"
    late = {"after_decision": True, "received_on": received_on}

    def file(**query: Any) -> Any:
        return world.office.post(f"{path}/files", params={"filename": "来信.pdf", **query}, content=PDF)

    make_statement(winner.applicant, opened, "样例：已整改")
    # Before the decision a letter is a statement, or none.
    told = refused(enter(world, opened, **late | {"received_on": "2025-06-01"}), 409, "wrong_state")
    assert "尚未决定" in told["detail"] and told["violations"][0]["facts"]["next_act"] == "enter_statement"
    refused(file(after_decision=True), 409, "wrong_state")
    world.clock.go("2025-06-10")
    ok(world.office.post(f"{path}/submission"))
    decide(world, opened, on="2025-06-10")
    world.clock.go("2025-06-12")
    before = ok(world.public.get(f"/v1/awards/{winner.award_id}"))
    assert reasons(enter(world, opened, **late)) == ["statement_not_scanned"]
    refused(file(), 409, "wrong_state")
    found = ok(file(after_decision=True), 201)
    offered = {item["act"]: item for item in read(world.office, opened)["available_actions"]}
    assert offered["enter_statement_late"]["allowed"] is True
    assert offered["enter_statement_late"]["path"] == f"{path}/letters"
    shown = ok(enter(world, opened, **late), 201)
    assert (shown["state"], shown["statement"]) == ("decided", "样例：已整改")
    first, second = shown["statements"]
    assert (first["after_decision"], second["after_decision"]) == (False, True)
    assert (second["received_on"], second["letter_reference"]) == (received_on, LETTER["letter_reference"])
    (kept,) = [item for item in shown["files"] if item["id"] == found["id"]]
    assert kept["statement_id"] == second["id"]
    (entry,) = ok(world.auditor.get("/v1/audit-entries", params={"act": "enter_statement"}))["items"]
    assert entry["details"]["after_decision"] is True
    assert [item["reason"] for item in entry["details"]["findings"]] == ["letter_filed_late"]
    # The organisation reads it, one letter is filed once, and the award is as it was decided.
    assert len(read(winner.applicant, opened)["statements"]) == 2
    ok(file(after_decision=True), 201)
    assert reasons(enter(world, opened, **late)) == ["statement_entered_already"]
    assert ok(world.public.get(f"/v1/awards/{winner.award_id}")) == before
    refused(winner.applicant.post(f"{path}/letters", LETTER | late), 403)


@pytest.mark.parametrize(("received_on", "code"), [("2025-05-31", "too_early"), ("2025-06-13", "date_in_future")])
def test_art28_a_letter_that_is_filed_is_not_older_than_the_case_or_of_tomorrow(
    world: World, opened: dict[str, Any], received_on: str, code: str
) -> None:
    world.clock.go("2025-06-10")
    ok(world.office.post(f"/v1/revocations/{opened['id']}/submission"))
    decide(world, opened, on="2025-06-10")
    world.clock.go("2025-06-12")
    answer = enter(world, opened, after_decision=True, received_on=received_on)
    (fault,) = refused(answer, 422, "invalid")["errors"]
    assert (fault["pointer"], fault["code"]) == ("/received_on", code)


@pytest.mark.parametrize(
    ("day", "found"), [("2025-06-01", []), ("2025-06-06", []), ("2025-06-07", ["letter_too_late"])]
)
def test_art28_the_letter_is_in_time_on_the_last_day_and_not_after_it(
    world: World, opened: dict[str, Any], day: str, found: list[str]
) -> None:
    world.clock.go("2025-06-20")
    scan(world.office, opened)
    answer = enter(world, opened, received_on=day)
    if found:
        assert reasons(answer) == found
    else:
        ok(answer, 201)


@pytest.mark.parametrize(("day", "code"), [("2025-05-31", "too_early"), ("2025-06-06", "date_in_future")])
def test_art28_no_letter_is_older_than_the_case_or_of_tomorrow(
    world: World, opened: dict[str, Any], day: str, code: str
) -> None:
    world.clock.go("2025-06-05")
    scan(world.office, opened)
    (fault,) = refused(enter(world, opened, received_on=day), 422, "invalid")["errors"]
    assert (fault["pointer"], fault["code"]) == ("/received_on", code)


def test_art28_a_letter_comes_with_its_scan_and_once(world: World, winner: Winner, opened: dict[str, Any]) -> None:
    world.clock.go("2025-06-05")

    def offered() -> dict[str, Any]:
        told: list[dict[str, Any]] = read(world.office, opened)["available_actions"]
        return next(item for item in told if item["act"] == "enter_statement")

    (why,) = offered()["blocked_by"]
    assert (why["reason"], why["facts"]["next_act"], why["facts"]["next_by"]) == (
        "statement_not_scanned",
        "upload_statement_file",
        ["office"],
    )
    # What the organisation has added itself is no scan of a letter, and stays for its own statement.
    own = scan(winner.applicant, opened, "情况说明.pdf")
    assert reasons(enter(world, opened)) == ["statement_not_scanned"]
    scan(world.office, opened)
    assert offered()["allowed"] is True
    ok(enter(world, opened), 201)
    scan(world.office, opened, "来信（二）.pdf")
    assert reasons(enter(world, opened, letter_reference="收文[2025]58号")) == ["statement_entered_already"]
    make_statement(winner.applicant, opened)
    shown = read(world.office, opened)
    by_statement = {item["id"]: item["statement_id"] for item in shown["files"]}
    assert by_statement[own["id"]] == shown["statements"][1]["id"]
    assert [item["received_on"] for item in shown["statements"]] == ["2025-06-04", None]
    # Its first words stay what the case tells.
    assert shown["statement"] == LETTER["statement"]


def test_art28_a_statement_is_added_to_in_its_time_and_nothing_replaced(
    world: World, winner: Winner, opened: dict[str, Any]
) -> None:
    first = make_statement(winner.applicant, opened, "样例：已整改")
    version = first["version"]
    added = ok(state(winner.applicant, opened, "样例：补充整改照片"))
    assert added["version"] > version
    assert [item["statement"] for item in added["statements"]] == ["样例：已整改", "样例：补充整改照片"]
    assert (added["statement"], added["stated_at"]) == ("样例：已整改", first["stated_at"])
    problem = refused(state(winner.applicant, opened, "样例： 已整改"), 409, "statement_made")
    assert problem["violations"][0]["reason"] == "organisation_heard"
    entries = ok(world.auditor.get("/v1/audit-entries", params={"act": "make_statement"}))["items"]
    assert len(entries) == 2
    world.clock.go("2025-06-07", "00:00:00")
    refused(state(winner.applicant, opened, "样例：再补充"), 409, "reply_deadline_passed")
    late = winner.applicant.post(f"/v1/revocations/{opened['id']}/files?filename=c.pdf", content=PDF)
    refused(late, 409, "reply_deadline_passed")


def test_art26_a_letter_in_a_case_of_fraud_is_heard_before_the_end_of_the_time(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-01")
    case = open_case(world, winner.award_id, FRAUD)
    submission = f"/v1/revocations/{case['id']}/submission"
    refused(world.office.post(submission), 422, "rule_refused", "art26.fraud")
    scan(world.office, case)
    ok(enter(world, case, received_on="2025-06-01"), 201)
    assert ok(world.office.post(submission))["state"] == "submitted"


def test_art28_a_letter_is_entered_by_the_office_alone(world: World, winner: Winner, opened: dict[str, Any]) -> None:
    for caller in (winner.applicant, world.government, world.auditor):
        refused(caller.post(f"/v1/revocations/{opened['id']}/letters", LETTER), 403, "forbidden")
    refused(world.government.post(f"/v1/revocations/{opened['id']}/files?filename=a.pdf", content=PDF), 403)


def test_art28_the_submission_to_the_government_tells_each_statement(
    world: World, winner: Winner, opened: dict[str, Any]
) -> None:
    make_statement(winner.applicant, opened, "样例：已整改")
    ok(state(winner.applicant, opened, "样例：补充说明"))
    world.clock.go("2025-06-05")
    scan(world.office, opened)
    ok(enter(world, opened), 201)
    ok(world.office.post(f"/v1/revocations/{opened['id']}/submission"))
    path = f"/v1/revocations/{opened['id']}"
    says(world, path, "revocation_submission", "样例：已整改", "样例：补充说明", "收文〔2025〕58号")
