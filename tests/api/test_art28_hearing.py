"""Arts. 26, 28: the organisation sees its own case, is heard before the office submits, and the office can withdraw."""

from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.applications import PDF
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import order, pay
from sandbox.stages.revocations import bring_case, make_statement, open_case, submit_case
from sandbox.world import World, ok
from tests.api.test_organisations_lineage import link
from tests.api.test_revocations import FRAUD, QUALITY, decide
from tests.support.problems import refused

TOLD_BY = "样例举报人张某来电反映"


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


@pytest.fixture
def opened(world: World, winner: Winner) -> dict[str, Any]:
    world.clock.go("2025-06-01")
    return open_case(world, winner.award_id, QUALITY | {"facts": TOLD_BY, "evidence": f"样例笔录：{TOLD_BY}"})  # type: ignore[no-any-return]


def read(caller: Caller, case: dict[str, Any]) -> dict[str, Any]:
    return ok(caller.get(f"/v1/revocations/{case['id']}"))  # type: ignore[no-any-return]


def submission(world: World, case: dict[str, Any]) -> Any:
    return world.office.post(f"/v1/revocations/{case['id']}/submission")


def acts(caller: Caller, case: dict[str, Any]) -> dict[str, bool]:
    return {item["act"]: item["allowed"] for item in read(caller, case)["available_actions"]}


def test_art28_nothing_is_submitted_before_the_organisation_is_heard(
    world: World, winner: Winner, opened: dict[str, Any]
) -> None:
    assert opened["state"] == "hearing"
    problem = refused(submission(world, opened), 422, "rule_refused", "art28.grounds")
    assert problem["violations"][0]["facts"]["reply_last_day"] == "2025-06-06"
    decision = {"number": "会府字〔2025〕7号", "decided_on": "2025-06-01", "reason": "样例"}
    refused(world.government.post(f"/v1/revocations/{opened['id']}/decision", decision), 409, "wrong_state")
    assert acts(world.office, opened) == {
        "enter_statement": False,
        "submit_revocation": False,
        "withdraw_revocation": True,
    }
    assert acts(winner.applicant, opened) == {"make_statement": True}
    heard = make_statement(winner.applicant, opened, "样例：已整改")
    assert (heard["statement"], heard["state"]) == ("样例：已整改", "hearing")
    # It may add to what it has said, and says the same once.
    assert acts(winner.applicant, opened) == {"make_statement": True}
    again = {"statement": "样例：再次陈述"}
    path = f"/v1/revocations/{opened['id']}/statement"
    refused(winner.applicant.post(path, {"statement": "样例：已整改"}), 409, "statement_made")
    ok(winner.applicant.post(path + "?dry_run=true", again))
    assert ok(submission(world, opened))["state"] == "submitted"
    refused(winner.applicant.post(path, again), 409, "wrong_state")
    assert decide(world, opened)["state"] == "decided"


@pytest.mark.parametrize(("day", "time", "over"), [("2025-06-06", "23:59:59", False), ("2025-06-07", "00:00:00", True)])
def test_art28_the_period_ends_with_its_last_day(
    world: World, winner: Winner, opened: dict[str, Any], day: str, time: str, over: bool
) -> None:
    world.clock.go(day, time)
    statement = {"statement": "样例：没有异议"}
    path = f"/v1/revocations/{opened['id']}/statement"
    if over:
        refused(winner.applicant.post(path, statement), 409, "reply_deadline_passed")
        assert acts(winner.applicant, opened) == {"make_statement": False}
        assert ok(submission(world, opened))["submitted_on"] == day
    else:
        refused(submission(world, opened), 422, "rule_refused", "art28.grounds")
        assert ok(winner.applicant.post(path, statement))["stated_at"]


def test_art28_the_organisation_sees_what_its_case_is_about_and_nobody_elses_name(
    world: World, winner: Winner, opened: dict[str, Any]
) -> None:
    answer = winner.applicant.get(f"/v1/revocations/{opened['id']}")
    assert "张某" not in answer.text
    shown = ok(answer)
    assert (shown["summary"], shown["ground"], shown["event_on"]) == (QUALITY["summary"], 2, "2025-03-01")
    assert (shown["facts"], shown["evidence"], shown["found_evidence"], shown["event"]) == (None, None, None, {})
    listed = winner.applicant.get("/v1/revocations")
    assert [item["id"] for item in ok(listed)["items"]] == [opened["id"]]
    assert "张某" not in listed.text
    assert read(world.office, opened)["facts"] == TOLD_BY


def test_art28_the_facts_of_an_accident_are_the_organisations_own(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-01")
    accident = {"responsible": True, "dead": 3}
    case = open_case(world, winner.award_id, QUALITY | {"ground": "1", "accident": accident})
    assert read(winner.applicant, case)["event"]["accident"]["dead"] == 3
    assert "penalised_or_proven" not in read(winner.applicant, case)["event"]


def test_art28_another_organisation_finds_nothing(world: World) -> None:
    winner, other = concluded(world, {}, {}).winners
    world.clock.go("2025-06-01")
    case = open_case(world, winner.award_id, QUALITY)
    path = f"/v1/revocations/{case['id']}"
    refused(other.applicant.get(path), 404)
    assert ok(other.applicant.get("/v1/revocations"))["items"] == []
    refused(other.applicant.post(f"{path}/statement", {"statement": "样例"}), 404)
    refused(other.applicant.post(f"{path}/files?filename=a.pdf", content=PDF), 404)
    made = ok(winner.applicant.post(f"{path}/files?filename=a.pdf", content=PDF), 201)
    refused(other.applicant.get(f"{path}/files/{made['id']}/content"), 404)
    submit_case(world, case | make_statement(winner.applicant, case))
    decided = bring_case(world, winner.award_id, winner.applicant, FRAUD)
    decide(world, decided)
    assert ok(other.applicant.get("/v1/recoveries"))["items"] == []
    item = ok(winner.applicant.get("/v1/recoveries"))["items"][0]
    refused(other.applicant.get(f"/v1/recoveries/{item['id']}"), 404)


def test_art28_files_belong_to_the_statement(world: World, winner: Winner, opened: dict[str, Any]) -> None:
    path = f"/v1/revocations/{opened['id']}"
    made = ok(winner.applicant.post(f"{path}/files?filename=情况说明.pdf", content=PDF), 201)
    assert (made["filename"], made["media_type"]) == ("情况说明.pdf", "application/pdf")
    said = make_statement(winner.applicant, opened)["statements"]
    later = ok(winner.applicant.post(f"{path}/files?filename=b.pdf", content=PDF), 201)
    # That belongs to what is said next, and to nothing yet.
    assert [(item["id"], item["statement_id"]) for item in read(world.government, opened)["files"]] == [
        (made["id"], said[0]["id"]),
        (later["id"], None),
    ]
    submit_case(world, opened)
    refused(winner.applicant.post(f"{path}/files?filename=c.pdf", content=PDF), 409, "wrong_state")
    for caller in (winner.applicant, world.office):
        assert caller.get(f"{path}/files/{made['id']}/content").content == PDF
    entries = ok(world.auditor.get("/v1/audit-entries", params={"limit": 100}))["items"]
    assert [item["act"] for item in entries].count("open_statement_file") == 1


def test_art28_the_organisation_sees_what_it_owes_and_what_has_come_back(world: World, winner: Winner) -> None:
    pay(world, order(world, winner))
    world.clock.go("2025-06-01")
    decide(world, bring_case(world, winner.award_id, winner.applicant, FRAUD))
    owed = {item["item"]: item for item in ok(winner.applicant.get("/v1/recoveries"))["items"]}
    assert {name: item["amount_fen"] for name, item in owed.items()} == {
        "plaque": 0,
        "certificate": 0,
        "prize": 10_000_000,
    }
    part = {"recovered_on": "2025-06-01", "evidence": "样例进账单", "amount_fen": 4_000_000}
    ok(world.office.post(f"/v1/recoveries/{owed['prize']['id']}/entries", part))
    shown = ok(winner.applicant.get(f"/v1/recoveries/{owed['prize']['id']}"))
    assert (shown["recovered_fen"], shown["entries"][0]["amount_fen"]) == (4_000_000, 4_000_000)


@pytest.mark.parametrize("submitted", [False, True])
def test_art28_the_office_withdraws_its_case_and_the_prize_goes_on(
    world: World, winner: Winner, submitted: bool
) -> None:
    ordered = order(world, winner)
    world.clock.go("2025-06-01")
    if submitted:
        case = bring_case(world, winner.award_id, winner.applicant, QUALITY)
    else:
        case = open_case(world, winner.award_id, QUALITY)
    held = ok(world.office.get(f"/v1/disbursements/{ordered['id']}"))
    assert held["state"] == "suspended"
    path = f"/v1/revocations/{case['id']}/withdrawal"
    refused(world.government.post(path, {"reason": "样例"}), 403)
    refused(world.office.post(path, {"reason": " "}), 422)
    withdrawn = ok(world.office.post(path, {"reason": "样例：证据不足"}))
    assert (withdrawn["state"], withdrawn["withdrawn_on"]) == ("withdrawn", "2025-06-01")
    assert ok(world.office.get(f"/v1/disbursements/{ordered['id']}"))["state"] == "payable"
    refused(world.office.post(path, {"reason": "样例"}), 409, "wrong_state")
    # A new case may follow, on what is known then.
    assert open_case(world, winner.award_id, QUALITY)["state"] == "hearing"


def test_art28_a_decided_case_is_not_withdrawn(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-01")
    case = bring_case(world, winner.award_id, winner.applicant, QUALITY)
    decide(world, case)
    refused(world.office.post(f"/v1/revocations/{case['id']}/withdrawal", {"reason": "样例"}), 409, "wrong_state")


@pytest.mark.parametrize(
    ("first", "second", "article"), [(FRAUD, FRAUD, "26"), (FRAUD, QUALITY, "26"), (QUALITY, QUALITY, "28")]
)
def test_art26_a_second_case_cites_the_article_of_the_first(
    world: World, winner: Winner, first: dict[str, Any], second: dict[str, Any], article: str
) -> None:
    world.clock.go("2025-06-01")
    open_case(world, winner.award_id, first)
    answer = world.office.post(f"/v1/awards/{winner.award_id}/revocations", second)
    problem = refused(answer, 409, "revocation_pending")
    assert [item["article"] for item in problem["violations"]] == [article]


def test_art26_a_second_fraud_after_the_decision_cites_26(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-01")
    decide(world, bring_case(world, winner.award_id, winner.applicant, FRAUD))
    problem = refused(world.office.post(f"/v1/awards/{winner.award_id}/revocations", FRAUD), 422, "rule_refused")
    assert "26" in {item["article"] for item in problem["violations"]}


def test_art28_whoever_continues_a_legal_person_is_heard_for_it(world: World) -> None:
    """By the link, however far back, and in this direction only: who is continued reads nothing of its successor's."""
    winner, other, last = concluded(world, {}, {}, {"seat_category": "other"}).winners
    pay(world, order(world, winner))
    world.clock.go("2025-06-01")
    case = open_case(world, winner.award_id, FRAUD)
    path = f"/v1/revocations/{case['id']}"
    for stranger in (other, last):
        refused(stranger.applicant.get(path), 404, "not_found")
    ok(link(world, other.organisation_id, winner.organisation_id), 201)
    ok(link(world, last.organisation_id, other.organisation_id), 201)
    for successor in (other, last):
        assert [item["id"] for item in ok(successor.applicant.get("/v1/revocations"))["items"]] == [case["id"]]
    make_statement(last.applicant, case)
    assert read(winner.applicant, case)["stated_at"]
    decide(world, submit_case(world, case))
    demanded = ok(last.applicant.get("/v1/recoveries"))["items"]
    assert {item["item"] for item in demanded} == {"plaque", "certificate", "prize"}
    assert ok(last.applicant.get(f"/v1/recoveries/{demanded[0]['id']}"))["id"] == demanded[0]["id"]
    theirs = open_case(world, last.award_id, QUALITY)
    refused(other.applicant.get(f"/v1/revocations/{theirs['id']}"), 404, "not_found")
    assert ok(winner.applicant.get("/v1/recoveries"))["items"] == demanded
