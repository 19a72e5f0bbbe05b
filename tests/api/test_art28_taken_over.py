"""Arts. 26, 28: Art. 26 prevails, and takes over a case under Art. 28; where it comes to nothing, that one goes on."""

from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import order
from sandbox.stages.revocations import bring_case, make_statement, open_case, submit_case
from sandbox.world import World, ok
from tests.api.test_art28_annulment import annul, award, exclusions, prize
from tests.api.test_revocations import FRAUD, QUALITY, decide
from tests.support.problems import refused

REJECTION = {"number": "会府字〔2025〕8号", "decided_on": "2025-06-10", "reason": "样例：证据不足"}


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def case(world: World, found: dict[str, Any]) -> dict[str, Any]:
    return ok(world.office.get(f"/v1/revocations/{found['id']}"))  # type: ignore[no-any-return]


def taken_over(world: World, winner: Winner, *, stated: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """A case under Art. 28 of 2025-06-01, submitted or not, and the one of fraud that took it over."""
    world.clock.go("2025-06-01")
    first = bring_case(world, winner.award_id, winner.applicant, QUALITY) if stated else None
    first = first or open_case(world, winner.award_id, QUALITY)
    fraud = bring_case(world, winner.award_id, winner.applicant, FRAUD)
    assert case(world, first)["taken_over_by"] == fraud["id"]
    world.clock.go("2025-06-10")
    return first, fraud


def withdrawn(world: World, fraud: dict[str, Any]) -> Any:
    return ok(world.office.post(f"/v1/revocations/{fraud['id']}/withdrawal", {"reason": "样例：查无实据"}))


def rejected(world: World, fraud: dict[str, Any]) -> Any:
    return ok(world.government.post(f"/v1/revocations/{fraud['id']}/rejection", REJECTION))


@pytest.mark.parametrize("end", [withdrawn, rejected])
@pytest.mark.parametrize("stated", [True, False])
def test_art28_the_case_goes_on_where_the_fraud_comes_to_nothing(
    world: World, winner: Winner, end: Any, stated: bool
) -> None:
    order(world, winner)
    first, fraud = taken_over(world, winner, stated=stated)
    path = f"/v1/revocations/{first['id']}/submission"
    waits = refused(world.office.post(path), 409, "wrong_state")
    assert [item["reason"] for item in waits["violations"]] == ["revocation_pending"]
    end(world, fraud)
    found = case(world, first)
    assert (found["state"], found["taken_over_by"], found["submitted_on"]) == ("hearing", None, None)
    # The prize is held by it, and no second case opens beside it.
    assert prize(world)["state"] == "suspended"
    refused(world.office.post(f"/v1/awards/{winner.award_id}/revocations", QUALITY), 409, "revocation_pending")
    own = ok(winner.applicant.get(f"/v1/revocations/{first['id']}"))
    if stated:
        assert found["reply_due_at"] == first["reply_due_at"]
    else:
        # It has the days for its statement anew.
        assert found["reply_due_at"] == "2025-06-15T16:00:00Z"
        refused(world.office.post(path), 422, "rule_refused", "art28.grounds")
        make_statement(winner.applicant, own)
    decided = decide(world, submit_case(world, first), "会府字〔2025〕9号", "2025-06-10")
    assert (decided["state"], exclusions(world)) == ("decided", ["28"])
    acts = ok(world.auditor.get("/v1/audit-entries", params={"act": "revive_case"}))["items"]
    assert [item["details"]["taken_over_by"] for item in acts] == [fraud["id"]]


def test_art28_withdrawn_both_the_prize_goes_on(world: World, winner: Winner) -> None:
    order(world, winner)
    first, fraud = taken_over(world, winner, stated=True)
    withdrawn(world, fraud)
    withdrawn(world, first)
    assert (prize(world)["state"], award(world, winner)["status"]) == ("payable", "valid")


def test_art28_a_fraud_takes_it_over_again(world: World, winner: Winner) -> None:
    first, fraud = taken_over(world, winner, stated=True)
    withdrawn(world, fraud)
    again = bring_case(world, winner.award_id, winner.applicant, FRAUD)
    assert (case(world, first)["state"], case(world, first)["taken_over_by"]) == ("taken_over", again["id"])
    decide(world, again, "会府字〔2025〕9号", "2025-06-10")
    # The award is revoked: there is nothing to go on with.
    assert case(world, first)["state"] == "taken_over"
    assert exclusions(world) == ["26"]


def test_art28_annulled_on_review_what_stood_stands_again(world: World, winner: Winner) -> None:
    order(world, winner)
    first, fraud = taken_over(world, winner, stated=True)
    decided = decide(world, fraud, "会府字〔2025〕9号", "2025-06-10")
    assert prize(world)["state"] == "cancelled"
    ok(annul(world, decided))
    assert (award(world, winner)["status"], exclusions(world)) == ("valid", [])
    assert (case(world, first)["state"], prize(world)["state"]) == ("hearing", "suspended")
    withdrawn(world, first)
    assert prize(world)["state"] == "payable"


def test_art32_another_reading_keeps_it_closed(world: World, winner: Winner) -> None:
    order(world, winner)
    first, fraud = taken_over(world, winner, stated=True)
    reading = {
        "key": "case_taken_over",
        "value": "stays_closed",
        "reading_zh": "样例：不恢复",
        "reading_en": "Sample: it stays closed.",
        "document": "样例解释〔2025〕3号",
        "effective_on": "2025-06-10",
    }
    ok(world.office.post("/v1/interpretations", reading), 201)
    withdrawn(world, fraud)
    assert (case(world, first)["state"], prize(world)["state"]) == ("taken_over", "payable")
