"""Art. 13(6): an adverse record belongs to the organisation. The office enters one on any day, and every round within
its years finds it."""

from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.applications import apply, begin, eligible_content, recommend, register_applicant
from sandbox.stages.awarded import concluded
from sandbox.stages.parties import Registered, member, register, succeed
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
from tests.api.test_revocations import QUALITY
from tests.support.problems import refused

RULE = "art13.6.record"


def enter(world: World, organisation_id: str, by: Caller | None = None, **changes: Any) -> Any:
    body = {
        "category": "failed_inspection",
        "fact": "样例：监督抽查一批次不合格。",
        "source": "市场监督管理局",
        "basis": "样例监抽〔2023〕8号",
        "occurred_on": "2023-06-01",
        **changes,
    }
    return (by or world.office).post(f"/v1/organisations/{organisation_id}/adverse-records", body)


def entered(world: World, party: Registered, finding: str | None = None, **changes: Any) -> dict[str, Any]:
    """A record on an organisation, replied to and decided if it is to be."""
    record: dict[str, Any] = ok(enter(world, party.organisation_id, **changes), 201)
    if finding is not None:
        ok(party.account.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例：已整改。"}))
        record = ok(decide_record(world, record, finding))
    return record


def submission(world: World, party: Registered, round_id: str) -> Any:
    draft = begin(world, round_id, party.account)
    recommend(world, draft["id"], party.account)
    return party.account.post(f"/v1/applications/{draft['id']}/submission", {})


def test_art13_6_without_a_round_it_is_entered_heard_and_decided(world: World) -> None:
    party = register(world)
    record = entered(world, party)
    assert (record["organisation_id"], record["application_id"]) == (party.organisation_id, None)
    assert record["finding"] == "open" and record["reply_due_at"].startswith("2024-03-07T00:00:00")
    refused(decide_record(world, record), 422, "rule_refused", RULE)
    path = f"/v1/organisations/{party.organisation_id}/adverse-records"
    assert [item["id"] for item in ok(party.account.get(path))["items"]] == [record["id"]]
    refused(member(world, party).post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例"}), 403)
    ok(party.account.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例：非我单位产品。"}))
    assert ok(decide_record(world, record))["finding"] == "confirmed"
    # A decision may be replaced on any day; each stands in the audit log.
    assert ok(decide_record(world, record, "denied"))["finding"] == "denied"
    entries = ok(world.auditor.get("/v1/audit-entries?limit=100"))["items"]
    acts = [item["act"] for item in entries if item["subject_id"] == record["id"]]
    assert sorted(acts) == [
        "add_organisation_record",
        "decide_adverse_record",
        "decide_adverse_record",
        "reply_to_adverse_record",
    ]


def test_art13_6_without_a_reply_the_decision_waits_for_the_last_day(world: World) -> None:
    record = entered(world, register(world))
    world.clock.go("2024-03-06", "23:59:59.999999")
    refused(decide_record(world, record), 422, "rule_refused", RULE)
    world.clock.go("2024-03-07", "00:00:00")
    assert ok(decide_record(world, record))["finding"] == "confirmed"


@pytest.mark.parametrize(
    ("finding", "occurred_on", "status"),
    [
        ("confirmed", "2021-03-01", 422),
        ("confirmed", "2021-02-28", 200),
        ("confirmed", "2024-03-01", 422),
        ("denied", "2023-06-01", 200),
        (None, "2023-06-01", 200),
    ],
)
def test_art13_6_a_later_round_finds_it_within_its_years(
    world: World, finding: str | None, occurred_on: str, status: int
) -> None:
    party = register(world)
    record = entered(world, party, finding, occurred_on=occurred_on)
    answer = submission(world, party, open_round(world))
    if status == 422:
        refused(answer, 422, "rule_refused", RULE)
        return
    application_id = ok(answer)["id"]
    # It is read as it was decided, not entered again.
    records = ok(party.account.get(f"/v1/applications/{application_id}/adverse-records"))["items"]
    assert [(item["id"], item["finding"]) for item in records] == [(record["id"], finding or "open")]


@pytest.mark.parametrize(("day", "status"), [("2025-05-01", 422), ("2025-05-02", 200)])
def test_art13_6_every_round_finds_it_until_its_years_are_over(world: World, day: str, status: int) -> None:
    party = register(world)
    entered(world, party, "confirmed", occurred_on="2022-05-01")
    world.clock.go(day)
    answer = submission(world, party, open_round(world, 2025, deadline="2025-06-20"))
    assert answer.status_code == status
    if status == 422:
        refused(answer, 422, "rule_refused", RULE)


@pytest.mark.parametrize(("finding", "not_qualified"), [("confirmed", [[RULE]]), ("denied", [])])
def test_art13_6_a_round_under_way_finds_it_on_the_worklist(
    world: World, finding: str, not_qualified: list[list[str]]
) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    party = Registered(applied.organisation_id, applied.applicant)
    record = entered(world, party)
    (item,) = under_review(world, round_id)
    assert [one["rule"] for one in item["open"]] == [RULE]
    refused(confirm(world, round_id), 422, "rule_refused", RULE)
    page = ok(world.office.get(f"/v1/applications/{applied.id}/qualification"))
    assert [one["id"] for one in page["records"]] == [record["id"]]
    ok(applied.applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例：已整改。"}))
    ok(decide_record(world, record, finding))
    assert [one["rules"] for one in ok(confirm(world, round_id), 201)["not_qualified"]] == not_qualified


def test_art28_what_a_revocation_was_refused_for_is_entered_that_day(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    world.clock.go("2027-06-10")
    case = {**QUALITY, "event_on": "2027-06-01", "found_on": "2027-06-10"}
    problem = refused(world.office.post(f"/v1/awards/{winner.award_id}/revocations", case), 422, rule="art28.grounds")
    assert [item["reason"] for item in problem["violations"]] == ["found_after_expiry"]
    party = Registered(winner.organisation_id, winner.applicant)
    record = entered(world, party, "confirmed", category="quality_complaint", occurred_on="2027-06-01")
    path = f"/v1/organisations/{winner.organisation_id}/adverse-records"
    for caller in (world.office, world.auditor, winner.applicant):
        assert [item["id"] for item in ok(caller.get(path))["items"]] == [record["id"]]


def test_art13_6_it_goes_with_the_legal_person_to_its_successor(world: World) -> None:
    old, heir, stranger = register(world), register(world), register(world)
    record = entered(world, old)
    reply = f"/v1/adverse-records/{record['id']}/reply"
    refused(heir.account.post(reply, {"reply": "样例"}), 404)
    refused(stranger.account.get(f"/v1/organisations/{old.organisation_id}/adverse-records"), 404)
    succeed(world, heir, old)
    ok(heir.account.post(reply, {"reply": "样例：承继后已整改。"}))
    ok(decide_record(world, record))
    refused(submission(world, heir, open_round(world)), 422, "rule_refused", RULE)
    ok(submission(world, stranger, round_of(world)))


def round_of(world: World) -> str:
    """The round that takes applications."""
    return str(ok(world.public.get("/v1/rounds"))["items"][0]["id"])


def test_art13_6_only_the_office_enters_it_and_a_record_has_its_day(world: World) -> None:
    party = register(world)
    for caller in (party.account, world.auditor, world.government, world.by("department-tax")):
        refused(enter(world, party.organisation_id, by=caller), 403)
    refused(enter(world, world.id("nobody")), 404)
    refused(enter(world, party.organisation_id, occurred_on=None), 422, "invalid")
    refused(enter(world, party.organisation_id, occurred_on="2024-03-02"), 422, "invalid")
    refused(enter(world, party.organisation_id, credential_kind="licence"), 422, "invalid")
    assert ok(world.office.get(f"/v1/organisations/{party.organisation_id}/adverse-records"))["items"] == []


def test_art13_2_a_licence_withdrawn_out_of_any_round_is_not_held(world: World) -> None:
    party = register(world)
    entered(
        world,
        party,
        "confirmed",
        category="other_violation",
        credential_kind="licence",
        credential_number="SAMPLE-L-1",
        determined_on="2024-02-01",
    )
    refused(submission(world, party, open_round(world)), 422, "rule_refused", "art13.2.compliance")


def test_art13_6_one_matter_is_entered_once_on_an_organisation(world: World) -> None:
    party = register(world)
    record = entered(world, party)
    problem = refused(enter(world, party.organisation_id, basis="样例监抽[2023]8号"), 422, "rule_refused", RULE)
    assert [(item["reason"], item["facts"]["record_id"]) for item in problem["violations"]] == [
        ("record_known", record["id"])
    ]
    entered(world, party, basis="样例监抽〔2023〕9号")
    path = f"/v1/organisations/{party.organisation_id}/adverse-records"
    assert len(ok(party.account.get(path))["items"]) == 2


@pytest.mark.parametrize(("issued_on", "held"), [("2024-02-20", False), ("2024-02-21", True)])
def test_art13_3_a_certificate_issued_anew_under_its_number_is_held(world: World, issued_on: str, held: bool) -> None:
    organisation_id, applicant = register_applicant(world)
    body = {
        "category": "other_violation",
        "fact": "样例：证书被撤销",
        "source": "样例认证中心",
        "basis": "样例撤销决定",
        "determined_on": "2024-02-20",
        "credential_kind": "certificate",
        "credential_number": "SAMPLE-Q-7",
    }
    record = ok(world.office.post(f"/v1/organisations/{organisation_id}/adverse-records", body), 201)
    ok(applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例陈述"}))
    ok(decide_record(world, record, severity="does_not_bar"))
    certificate = eligible_content(2024)["certificates"][0] | {"number": "sample-q 7", "valid_from": issued_on}
    round_id = open_round(world)
    draft = begin(world, round_id, applicant, {"certificates": [certificate]})
    recommend(world, draft["id"], applicant)
    answered = applicant.post(f"/v1/applications/{draft['id']}/submission")
    if not held:
        refused(answered, 422, "rule_refused", "art13.3.certified")
        return
    ok(answered)
    # Nor can it be recorded as withdrawn on a day on which it was not issued.
    path = f"/v1/applications/{draft['id']}/adverse-records"
    for day, field in (("2024-02-20", "determined_on"), ("2024-02-19", "occurred_on")):
        early = {**body, "determined_on": None, field: day, "basis": "样例决定二"}
        problem = refused(world.office.post(path, early), 422, "invalid")
        assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [(f"/{field}", "too_early")]
    ok(world.office.post(path, body | {"determined_on": issued_on}), 201)
