"""Art. 32: where the measures are silent, what is decided on money and on a revocation cites the reading that it rests
on, on record and in the refusal."""

from typing import Any

import pytest

from app.measures.roles import Role
from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import acknowledge, confirmation, order, pay
from sandbox.stages.revocations import make_statement, open_case, submit_case
from sandbox.world import World, ok
from tests.api.test_art09_came_back import OTHER, reissue, returned, told, withdraw
from tests.api.test_art09_messages import DECISION
from tests.api.test_art28_annulment import annul
from tests.api.test_disbursements_platform import second_account
from tests.api.test_revocations import FRAUD, QUALITY, decide
from tests.support.problems import refused


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


def cited(world: World) -> dict[str, set[str]]:
    """The readings that each act on record cites, in its findings or beside them."""
    found: dict[str, set[str]] = {}
    for entry in ok(world.auditor.get("/v1/audit-entries", params={"limit": 100}))["items"]:
        details = entry["details"]
        told = [*details.get("readings", []), *(item["facts"].get("reading") for item in details.get("findings", []))]
        found.setdefault(entry["act"], set()).update(item["key"] for item in told if isinstance(item, dict))
    return found


def keys(problem: dict[str, Any]) -> list[str]:
    return [item["facts"]["reading"]["key"] for item in problem["violations"]]


def test_art32_a_case_cites_its_readings_from_the_opening_to_the_annulment(world: World, winner: Winner) -> None:
    row = pay(world, order(world, winner))
    world.clock.go("2025-06-01")
    taken = open_case(world, winner.award_id, QUALITY)
    withdraw(world, open_case(world, winner.award_id, FRAUD))
    assert ok(world.office.get(f"/v1/revocations/{taken['id']}"))["state"] == "hearing"
    case = open_case(world, winner.award_id, FRAUD)
    early = refused(world.office.post(f"/v1/revocations/{case['id']}/submission"), 422, rule="art26.fraud")
    assert keys(early) == ["hearing_before_revocation"]
    make_statement(winner.applicant, case)
    decided = decide(world, submit_case(world, case))
    items = {item["item"]: item["id"] for item in ok(world.office.get("/v1/recoveries"))["items"]}
    came = {"recovered_on": "2025-05-31", "evidence": "样例进账单", "amount_fen": 1}
    too_early = refused(world.office.post(f"/v1/recoveries/{items['prize']}/entries", came), 422, rule="art26.fraud")
    assert keys(too_early) == ["day_of_recovery"]
    ok(world.office.post(f"/v1/recoveries/{items['prize']}/entries", came | {"recovered_on": "2025-06-01"}))
    returned(world, row)
    ok(annul(world, decided))
    given = {"given_back_on": "2025-09-01", "evidence": "样例回单"}
    ok(world.office.post(f"/v1/recoveries/{items['prize']}/giving-back", given))
    found = cited(world)
    for act, wanted in {
        "open_revocation": {"hearing_before_revocation", "unpaid_prize_in_a_case", "day_of_finding"},
        "take_over": {"case_taken_over"},
        "revive_case": {"case_taken_over"},
        "withdraw_revocation": {"withdrawal_of_a_case"},
        "submit_revocation": {"hearing_before_revocation"},
        "decide_revocation": {"start_of_periods", "last_day_of_years", "unpaid_prize_in_a_case"},
        "record_recovery": {"day_of_recovery"},
        "owe_back": {"returned_prize"},
        "annul_revocation": {"annulled_revocation", "notice_taken_back", "own_cancellation"},
        "give_back": {"annulled_revocation"},
        "order_disbursement": {"budget_year", "conditions_at_payment", "merged_winners"},
        "report_paid": {"numbers_as_read"},
    }.items():
        assert wanted <= found[act], act


def test_art32_the_prize_cites_its_readings(world: World, winner: Winner) -> None:
    second = world.account(second_account(world), Role.PAYMENT_PLATFORM)
    row = acknowledge(world, order(world, winner))
    path = f"/v1/disbursements/{row['id']}"
    other = refused(second.post(f"{path}/payment-confirmation", confirmation(world, row)), 409, "claimed_by_another")
    assert keys(other) == ["acknowledgement"]
    returned(world, ok(told(world, row, "payment-confirmation", confirmation(world, row))))
    wrong = refused(reissue(world, row, winner), 422, rule="art09.disbursement")
    assert keys(wrong) == ["account_that_came_back"]
    world.clock.go("2025-06-01")
    open_case(world, winner.award_id, QUALITY)
    held = refused(reissue(world, row, winner, bank_account=OTHER), 409, "wrong_state")
    assert keys(held) == ["unpaid_prize_in_a_case"]
    assert "unpaid_prize_in_a_case" in cited(world)["suspend"]


def test_art32_a_prize_that_nobody_ordered_cites_its_reading(world: World, winner: Winner) -> None:
    path = f"/v1/awards/{winner.award_id}/prize-decision"
    assert keys(refused(world.government.post(path, DECISION), 422, rule="art28.grounds")) == ["prize_never_ordered"]
    world.clock.go("2025-06-01")
    case = open_case(world, winner.award_id, QUALITY)
    make_statement(winner.applicant, case)
    decide(world, submit_case(world, case))
    ok(world.government.post(path, DECISION), 201)
    assert "prize_never_ordered" in cited(world)["decide_prize_not_ordered"]
