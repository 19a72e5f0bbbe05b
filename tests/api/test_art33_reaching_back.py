"""Art. 33: an extension reaches back only where it says so, and whatever rests on that cites it."""

import pytest

from sandbox.stages.decision import Contender, approval, approve, fix_proposed, in_publicity
from sandbox.stages.law import TRIAL, instrument, register_instrument
from sandbox.world import World, ok
from tests.support.problems import refused

LATE = {"number": "会府办发〔2025〕8号", "document_date": "2025-09-10", "in_force_from": "2025-07-01"}
BASIS = "样例：县政府专题会议纪要〔2025〕8号"


@pytest.fixture
def round_id(world: World) -> str:
    """Proposed in July 2025; the trial has ended on 2025-06-30."""
    made = in_publicity(world, Contender(), year=2025, published_on="2025-06-17")
    fix_proposed(world, made.round_id)
    world.clock.go("2025-09-20")
    return made.round_id


@pytest.mark.parametrize("stated", [True, False])
def test_art33_an_extension_that_reaches_back_says_so(world: World, round_id: str, stated: bool) -> None:
    made = register_instrument(world, instrument(**LATE, retroactive=stated))
    assert made["effective_from"] == ("2025-07-01" if stated else "2025-09-10")
    assert made["findings"][0]["reason"] == ("instrument_registrable" if stated else "in_force_from_its_date")
    path = f"/v1/rounds/{round_id}/approval"
    answer = world.government.post(path, approval(world, meeting_on="2025-08-01"))
    if not stated:
        refused(answer, 422, "rule_refused", "art33.in_force")
        told = approve(world, round_id, meeting_on="2025-08-01", transitional_basis=BASIS)
        assert (told["transitional_basis"], told["retroactive_basis"]) == (BASIS, None)
        return
    assert ok(answer, 201)["retroactive_basis"] == LATE["number"]
    entries = ok(world.auditor.get("/v1/audit-entries", params={"limit": 100}))["items"]
    recorded = next(item for item in entries if item["act"] == "approve_awards")
    reasons = {item["reason"]: item for item in recorded["details"]["findings"]}
    assert reasons["instrument_reaches_back"]["facts"]["dated"] == "2025-09-10"


@pytest.mark.parametrize("dated", ["2025-07-01", "2025-06-30"])
def test_art33_what_does_not_reach_back_does_not_say_so(world: World, dated: str) -> None:
    world.clock.go("2025-09-20")
    body = instrument(number="会府办发〔2025〕8号", document_date=dated, retroactive=True)
    answer = refused(world.office.post("/v1/instruments", body), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in answer["errors"]] == [("", "inconsistent")]
    register_instrument(world, body | {"retroactive": False})


@pytest.mark.parametrize(
    ("dated", "stated", "admitted"),
    [
        ("2025-08-20", True, True),
        ("2025-08-20", False, False),
        ("2025-09-09", False, False),
        ("2025-09-10", False, True),
    ],
)
def test_art33_the_decree_asks_it_too(world: World, round_id: str, dated: str, stated: bool, admitted: bool) -> None:
    approve(world, round_id, meeting_on="2025-07-01", transitional_basis=BASIS)
    register_instrument(world, instrument(**LATE, retroactive=stated))
    path = f"/v1/rounds/{round_id}/decree"
    body = {"number": "会府字〔2025〕12号", "dated": dated}
    told = ok(world.government.post(path, body), 201)
    cited = LATE["number"] if admitted and dated < "2025-09-10" else None
    assert told["retroactive_basis"] == cited
    # On a day on which nothing is in force the decree stands on the basis of its approval.
    entries = ok(world.auditor.get("/v1/audit-entries", params={"limit": 100}))["items"]
    recorded = next(item for item in entries if item["act"] == "issue_decree")
    reasons = {item["reason"] for item in recorded["details"]["findings"]}
    assert ("transitional_basis_recorded" in reasons) is not admitted


def test_art33_a_decree_between_the_lapse_and_the_extension_needs_its_basis(world: World) -> None:
    made = in_publicity(world, Contender(), year=2025, published_on="2025-06-17")
    fix_proposed(world, made.round_id)
    world.clock.go("2025-09-20")
    approve(world, made.round_id, meeting_on="2025-06-30")
    path = f"/v1/rounds/{made.round_id}"
    register_instrument(world, instrument(**LATE))
    body = {"number": "会府字〔2025〕12号", "dated": "2025-08-20"}
    refused(world.government.post(f"{path}/decree", body), 422, "rule_refused", "art33.in_force")
    told = ok(world.government.post(f"{path}/decree", body | {"transitional_basis": BASIS}), 201)
    assert told["transitional_basis"] == BASIS


def test_art33_a_call_before_the_documents_date_needs_the_statement(world: World) -> None:
    world.clock.go("2025-09-20")
    register_instrument(world, instrument(**LATE))
    shown = ok(world.public.get("/v1/instruments"))
    assert shown["in_force"]["number"] == LATE["number"]
    listed = {item["number"]: item for item in shown["items"]}
    assert listed[TRIAL]["effective_from"] == "2023-07-01"
    assert (listed[LATE["number"]]["retroactive"], listed[LATE["number"]]["effective_from"]) == (False, "2025-09-10")


@pytest.mark.parametrize(
    ("ends", "stated", "status"), [("2025-09-09", False, 422), ("2025-09-10", False, 201), ("2025-09-09", True, 201)]
)
def test_art33_one_that_would_never_be_in_force_is_refused(world: World, ends: str, stated: bool, status: int) -> None:
    world.clock.go("2025-09-20")
    answer = world.office.post("/v1/instruments", instrument(**LATE, in_force_to=ends, retroactive=stated))
    if status == 422:
        told = refused(answer, 422, "rule_refused", "art33.in_force")["violations"]
        assert [item["reason"] for item in told] == ["end_before_start"] and "retroactive" in told[0]["remedy_zh"]
    else:
        ok(answer, 201)
