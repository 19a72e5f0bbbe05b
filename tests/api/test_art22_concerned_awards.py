"""Arts. 6, 13, 22, 26, 28: whoever records a fact of an earlier day, a dissolution, a record, a successor, an
exclusion, is told which award that stands it concerns, and the act that follows."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded, excluded
from sandbox.stages.parties import register, succeed
from sandbox.stages.qualification import decide_record
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import approved, withdraw
from tests.api.test_art13_records_of_an_organisation import enter
from tests.api.test_art22_found_after_the_decree import FOUND
from tests.api.test_organisations_lineage import party
from tests.api.test_revocations import FRAUD

DOUBT = ("award_concerned", "raise_conferral_doubt")


@pytest.fixture
def winner(world: World) -> Winner:
    """Commended on 2024-06-03; today is 2024-06-20."""
    found = concluded(world, {}).winners[0]
    world.clock.go("2024-06-20")
    return found


def told(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(item["reason"], item["facts"]["next_act"], item["facts"]["condition"]) for item in answer["warnings"]]


def dissolve(world: World, organisation_id: str, on: str, by: Any = None) -> dict[str, Any]:
    body = {"dissolved_on": on, "evidence": "样例：准予注销登记通知书"}
    return ok((by or world.office).post(f"/v1/organisations/{organisation_id}/dissolution", body))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("on", "concerned"), [("2024-06-02", True), ("2024-06-03", True), ("2024-06-04", False), ("2024-06-20", False)]
)
def test_a_dissolution_of_the_day_of_the_decree_or_before_concerns_it(
    world: World, winner: Winner, on: str, concerned: bool
) -> None:
    answer = dissolve(world, winner.organisation_id, on)
    assert told(answer) == ([(*DOUBT, "art13.1.legal_person")] if concerned else [])
    if not concerned:
        return
    (found,) = answer["warnings"]
    assert (found["rule"], found["outcome"], found["facts"]["award_id"]) == ("art22.approval", "pass", winner.award_id)
    assert (found["facts"]["stood_on"], found["facts"]["conferred_on"]) == (on, "2024-06-03")
    assert found["facts"]["next_by"] == ["office"] and "2024年6月3日" in found["message_zh"]
    # The act that it names is open, and takes what it tells.
    body = FOUND | {"rule": found["facts"]["condition"], "stood_on": found["facts"]["stood_on"]}
    doubt = ok(world.office.post(f"/v1/awards/{found['facts']['award_id']}/conferral-doubts", body), 201)
    assert doubt["state"] == "open"
    # It is told in that answer, and to whoever can act on it.
    assert ok(world.office.get(f"/v1/organisations/{winner.organisation_id}"))["warnings"] == []


def test_of_an_organisation_without_an_award_nothing_is_told_nor_to_the_organisation_itself(
    world: World, winner: Winner
) -> None:
    assert dissolve(world, register(world).organisation_id, "2024-06-02")["warnings"] == []
    assert dissolve(world, winner.organisation_id, "2024-06-02", winner.applicant)["warnings"] == []
    assert told(dissolve(world, winner.organisation_id, "2024-06-02")) == [(*DOUBT, "art13.1.legal_person")]


@pytest.mark.parametrize(
    ("days", "concerned"),
    [
        ({"occurred_on": "2024-06-03"}, True),
        ({"occurred_on": "2024-06-04"}, False),
        # Three years before the decree, both ends included, by the event or by its determination.
        ({"occurred_on": "2021-06-03"}, True),
        ({"occurred_on": "2021-06-02"}, False),
        ({"occurred_on": "2021-06-02", "determined_on": "2024-06-03"}, True),
        ({"occurred_on": "2021-06-02", "determined_on": "2024-06-04"}, False),
    ],
)
def test_a_record_that_would_have_counted_on_the_day_of_the_decree_concerns_it(
    world: World, winner: Winner, days: dict[str, Any], concerned: bool
) -> None:
    expected = [(*DOUBT, "art13.6.record")] if concerned else []
    record = ok(enter(world, winner.organisation_id, **days), 201)
    assert told(record) == expected
    ok(winner.applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例：已整改。"}))
    assert told(ok(decide_record(world, record))) == expected
    # A record that is denied concerns nothing.
    assert told(ok(decide_record(world, record, "denied"))) == []


@pytest.mark.parametrize(("severity", "concerned"), [("bars", True), ("does_not_bar", False)])
def test_a_record_concerns_an_award_as_it_is_decided(
    world: World, winner: Winner, severity: str, concerned: bool
) -> None:
    given: dict[str, Any] = {"category": "other_violation", "occurred_on": "2024-06-01"}
    record = ok(enter(world, winner.organisation_id, **given), 201)
    assert told(record) == [(*DOUBT, "art13.6.record")]
    ok(winner.applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例"}))
    decided = ok(decide_record(world, record, severity=severity))
    assert told(decided) == ([(*DOUBT, "art13.6.record")] if concerned else [])


@pytest.mark.parametrize(
    ("kind", "condition"),
    [("certificate", "art13.3.certified"), ("licence", "art13.2.compliance"), ("safety", "art13.4.safety")],
)
def test_a_credential_that_was_withdrawn_before_the_decree_concerns_it(
    world: World, winner: Winner, kind: str, condition: str
) -> None:
    given: dict[str, Any] = {"category": "other_violation", "credential_kind": kind, "credential_number": "样例证号1"}
    record = ok(enter(world, winner.organisation_id, occurred_on="2024-06-03", **given), 201)
    assert told(record) == [(*DOUBT, "art13.6.record"), (*DOUBT, condition)]


@pytest.mark.parametrize(("since", "concerned"), [("2024-06-03", True), ("2024-06-04", False)])
def test_a_successor_brings_what_stood_against_whom_it_continues(world: World, since: str, concerned: bool) -> None:
    given: dict[str, Any] = {"decreed_on": "2022-06-03", "decree_number": "会府字〔2022〕9号"}
    old = concluded(world, {}, year=2022, **given).winners[0]
    excluded(world, old, from_day="2024-06-03", last_day="2034-06-03")
    new = concluded(world, {}, ordinal=2).winners[0]
    world.clock.go("2024-06-20")
    answer = succeed(world, party(new), party(old), effective_on=since)
    expected = [(*DOUBT, "art06.interval"), (*DOUBT, "exclusions")] if concerned else []
    assert told(answer) == expected
    assert {item["facts"]["award_id"] for item in answer["warnings"]} == ({new.award_id} if concerned else set())


def test_a_successor_of_whom_nothing_stands_against_concerns_no_award(world: World, winner: Winner) -> None:
    assert succeed(world, party(winner), register(world), effective_on="2024-03-01")["warnings"] == []


def test_an_exclusion_that_begins_after_the_decree_concerns_no_award_by_succession(world: World) -> None:
    first, second = concluded(world, {}, {}).winners
    excluded(world, first, from_day="2024-06-04", last_day="2034-06-04")
    world.clock.go("2024-06-20")
    # Awards of one round have no interval between them.
    assert succeed(world, party(second), party(first), effective_on="2024-03-01")["warnings"] == []


def test_what_is_recorded_before_the_decree_concerns_an_approved_name(world: World) -> None:
    made, awards = approved(world)
    award, organisation = awards[made.ids[0]], made.applied[0].organisation_id
    day = world.clock.today - timedelta(days=30)
    record = ok(enter(world, organisation, occurred_on=day.isoformat()), 201)
    assert told(record) == [("approval_concerned", "withdraw_award", "art13.6.record")]
    (found,) = record["warnings"]
    assert (found["facts"]["award_id"], found["facts"]["next_by"]) == (award["id"], ["government"])
    assert "conferred_on" not in found["facts"]
    old: dict[str, Any] = {"decreed_on": "2012-06-03", "decree_number": "会府字〔2012〕1号", "ordinal": 9}
    past = concluded(world, {"organisation_id": organisation}, year=2012, **old).winners[0]
    case = bring_case(world, past.award_id, made.applied[0].applicant, FRAUD | {"found_on": str(world.clock.today)})
    decision = {"number": "会府字〔2024〕21号", "decided_on": str(world.clock.today), "reason": "样例"}
    decided = ok(world.government.post(f"/v1/revocations/{case['id']}/decision", decision))
    assert told(decided) == [("approval_concerned", "withdraw_award", "exclusions")]
    gone = dissolve(world, organisation, world.clock.today.isoformat())
    assert told(gone) == [("approval_concerned", "withdraw_award", "art13.1.legal_person")]
    ok(withdraw(world, award["id"], "exclusions"))
    assert told(dissolve(world, organisation, world.clock.today.isoformat())) == []
