"""Art. 28: when an event was found, and what a person found on losses, each with its evidence."""

from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.world import World, ok
from tests.api.test_revocations import FRAUD, LOSSES, QUALITY
from tests.support.problems import refused


@pytest.fixture
def winner(world: World) -> Winner:
    return concluded(world, {}).winners[0]


@pytest.mark.parametrize("missing", ["losses_serious", "losses_by_mismanagement"])
@pytest.mark.parametrize("found", [None, False])
def test_art28_3_losses_are_serious_and_by_mismanagement_each_by_a_recorded_finding(
    world: World, winner: Winner, missing: str, found: bool | None
) -> None:
    """One fen of loss in each of two years is no ground by itself."""
    world.clock.go("2027-06-03")
    years = [{"year": year, "net_profit_fen": -1} for year in (2025, 2026)]
    case: dict[str, Any] = {**LOSSES, "net_profits": years}
    lacking = {**case, missing: None if found is None else {**case[missing], "found": False}}
    path = f"/v1/awards/{winner.award_id}/revocations"
    problem = refused(world.office.post(path, lacking), 422, "rule_refused", "art28.grounds")
    subject = {"losses_serious": "serious_losses"}.get(missing, missing)
    told = [(item["reason"], item["facts"]["subject"]) for item in problem["violations"]]
    assert told == [("undecided" if found is None else "decided_against", subject)]
    made = ok(world.office.post(path, case), 201)
    assert made["event"][missing] == case[missing]


@pytest.mark.parametrize("order", [(500, -1), (-1, 500), (-1, -1)])
def test_art28_3_a_year_is_stated_once(world: World, winner: Winner, order: tuple[int, int]) -> None:
    """Which of two statements counts is nobody's to guess."""
    world.clock.go("2027-06-03")
    years = [{"year": 2025, "net_profit_fen": -1}, *({"year": 2026, "net_profit_fen": fen} for fen in order)]
    path = f"/v1/awards/{winner.award_id}/revocations"
    problem = refused(world.office.post(path, {**LOSSES, "net_profits": years}), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/net_profits/2/year", "duplicate")]


def test_art28_3_a_year_that_is_not_wholly_in_validity_is_told(world: World, winner: Winner) -> None:
    world.clock.go("2026-06-03")
    years = [{"year": year, "net_profit_fen": -1} for year in (2024, 2025)]
    path = f"/v1/awards/{winner.award_id}/revocations"
    case = {**LOSSES, "net_profits": years, "found_on": "2026-05-01"}
    problem = refused(world.office.post(path, case), 422, "rule_refused", "art28.grounds")
    (told,) = (item for item in problem["violations"] if item["reason"] == "loss_years_outside_validity")
    assert told["facts"]["outside"] == [2024] and "2024" in told["message_zh"]


@pytest.mark.parametrize("missing", ["found_on", "found_evidence", "ground"])
def test_art28_a_case_states_its_ground_and_when_it_was_found(world: World, winner: Winner, missing: str) -> None:
    world.clock.go("2025-06-01")
    case = {name: value for name, value in QUALITY.items() if name != missing}
    problem = refused(world.office.post(f"/v1/awards/{winner.award_id}/revocations", case), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [(f"/{missing}", "required")]


@pytest.mark.parametrize(
    ("found_on", "reason"),
    [
        ("2027-05-31", "found_before_event"),
        ("2027-06-01", None),
        ("2027-06-03", None),
        ("2027-06-04", "found_after_expiry"),
    ],
)
def test_art28_what_counts_is_the_day_of_finding_and_not_of_typing(
    world: World, winner: Winner, found_on: str, reason: str | None
) -> None:
    """The award was valid to 3 June 2027; the office types the case a week later."""
    world.clock.go("2027-06-10")
    case = {**QUALITY, "event_on": "2027-06-01", "found_on": found_on}
    answer = world.office.post(f"/v1/awards/{winner.award_id}/revocations", case)
    if reason is None:
        assert (made := ok(answer, 201))["found_on"] == found_on and made["found_evidence"]
    else:
        problem = refused(answer, 422, "rule_refused", "art28.grounds")
        assert [item["reason"] for item in problem["violations"]] == [reason]


def test_art26_a_case_of_fraud_states_no_ground_of_art_28(world: World, winner: Winner) -> None:
    """Its notice would tell the public both."""
    world.clock.go("2025-06-01")
    path = f"/v1/awards/{winner.award_id}/revocations"
    problem = refused(world.office.post(path, QUALITY | {"basis": "fraud"}), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [
        (f"/{name}", "not_applicable") for name in ("ground", "event_on", "penalised_or_proven")
    ]
    found = {name: QUALITY[name] for name in ("found_on", "found_evidence")}
    made = ok(world.office.post(path, FRAUD | found), 201)
    assert (made["basis"], made["ground"]) == ("fraud", None)


def test_art28_nothing_is_found_tomorrow(world: World, winner: Winner) -> None:
    world.clock.go("2025-06-01")
    path = f"/v1/awards/{winner.award_id}/revocations"
    problem = refused(world.office.post(path, {**QUALITY, "found_on": "2025-06-02"}), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/found_on"
    ok(world.office.post(path, {**QUALITY, "found_on": "2025-06-01"}), 201)
