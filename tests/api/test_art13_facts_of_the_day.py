"""Arts. 13, 22, 26, 28, 33: every gate tests the facts of its day, the decree too; whoever fails is withdrawn or
removed under the rule that it fails."""

from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.stages.applications import Applied, apply, begin, recommend, register_applicant
from sandbox.stages.decision import (
    Contender,
    Evaluated,
    after_publicity,
    approval,
    approve,
    candidates,
    decree,
    fix_proposed,
    in_publicity,
)
from sandbox.stages.parties import verify
from sandbox.stages.qualification import close_applications, confirm, decide_record, qualify
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

ELSEWHERE = {"registered_address": "赣州市章贡区样例路1号", "county_code": "360702"}
BACK = {"registered_address": "会昌县样例路1号", "county_code": "360733"}


def change(world: World, applied: Applied, changes: dict[str, Any]) -> Any:
    """The organisation changes its profile, and the office verifies what a document was compared with again."""
    path = f"/v1/organisations/{applied.organisation_id}"
    told = ok(applied.applicant.patch(path, changes, version=ok(applied.applicant.get(path))["version"]))
    if told["state"] == "changed":
        verify(world, told)
    return told


def remove(world: World, application_id: str, ground: str, **more: Any) -> Any:
    """The office removes it from the round."""
    body = {"ground": ground, "reason": "样例", "evidence": "样例", "found_on": world.clock.today.isoformat()}
    return world.office.post(f"/v1/applications/{application_id}/removal", body | more)


def withdraw(world: World, award_id: str, ground: str, **more: Any) -> Any:
    """The government withdraws an approved award."""
    body = {"ground": ground, "reason": "样例", "evidence": "样例", "found_on": world.clock.today.isoformat()}
    return world.government.post(f"/v1/awards/{award_id}/withdrawal", body | more)


def approved(world: World, *contenders: Contender) -> tuple[Evaluated, dict[str, dict[str, Any]]]:
    """An approved round, with its awards by application."""
    made = in_publicity(world, *(contenders or (Contender(),)))
    fix_proposed(world, made.round_id)
    return made, {item["application_id"]: item for item in approve(world, made.round_id)["awards"]}


def decree_refused(world: World, round_id: str, rule: str, **changes: Any) -> Any:
    """The decree of today is refused under this rule."""
    today = world.clock.today.isoformat()
    body = {"number": f"会府字〔{today[:4]}〕12号", "dated": today} | changes
    return refused(world.government.post(f"/v1/rounds/{round_id}/decree", body), 422, "rule_refused", rule)


def test_art13_1_moved_away_after_the_submission_is_not_qualified(world: World) -> None:
    round_id = open_round(world)
    gone, stays = apply(world, round_id), apply(world, round_id)
    change(world, gone, ELSEWHERE)
    change(world, stays, {"registered_address": "会昌县样例路2号"})
    told = qualify(world, round_id)
    assert [(item["application_id"], item["rules"]) for item in told["not_qualified"]] == [(gone.id, ["art13.1.local"])]
    # What was handed in stands as it was.
    snapshot = ok(world.office.get(f"/v1/applications/{gone.id}/snapshot"))
    assert "360733" in str(snapshot)


def test_art13_1_moved_away_during_the_publicity_is_not_proposed(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    change(world, made.applied[0], ELSEWHERE)
    after_publicity(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}/proposed-list"
    listed = candidates(world, made.round_id)
    told = ok(world.office.post(path), 201)
    # It holds its own name: the other goes on, and this one is never proposed as long as it fails.
    assert [item["id"] for item in told["names"]] == [listed[made.ids[1]]["id"]]
    assert [item["id"] for item in told["waiting"]] == [listed[made.ids[0]]["id"]]
    refused(world.office.post(path), 422, "rule_refused", "art13.1.local")
    refused(remove(world, made.ids[1], "art13.1.local"), 422, "rule_refused", "art13.1.local")
    assert ok(remove(world, made.ids[0], "art13.1.local"))["closed_rule"] == "art13.1.local"
    refused(world.office.post(path), 409, "wrong_state")
    assert [item["candidate_id"] for item in approve(world, made.round_id)["awards"]] == [listed[made.ids[1]]["id"]]


def test_art13_1_moved_away_after_the_proposal_is_not_approved(world: World) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    change(world, made.applied[0], ELSEWHERE)
    path = f"/v1/rounds/{made.round_id}/approval"
    refused(world.government.post(path, approval(world)), 422, "rule_refused", "art13.1.local")
    change(world, made.applied[0], BACK)
    assert len(approve(world, made.round_id)["awards"]) == 1


@pytest.mark.parametrize(
    ("changes", "rule"), [(ELSEWHERE, "art13.1.local"), ({"legal_form": "branch"}, "art13.1.legal_person")]
)
def test_art22_the_decree_asks_the_conditions_again_and_the_award_is_withdrawn(
    world: World, changes: dict[str, Any], rule: str
) -> None:
    made, awards = approved(world, Contender(score="800"), Contender(score="700"))
    first, second = (awards[key] for key in made.ids)
    refused(withdraw(world, first["id"], rule), 422, "rule_refused", rule)
    change(world, made.applied[0], changes)
    told = decree_refused(world, made.round_id, rule)
    assert [item["rule"] for item in told["violations"]] == [rule]
    refused(withdraw(world, second["id"], rule), 422, "rule_refused", rule)
    assert ok(withdraw(world, first["id"], rule))["state"] == "withdrawn"
    assert [item["id"] for item in decree(world, made.round_id)["awards"]] == [second["id"]]
    runs = ok(world.office.get(f"/v1/applications/{made.ids[1]}/eligibility-checks"))["items"]
    assert (runs[-1]["gate"], runs[-1]["passed"]) == ("decree", True)


def test_art13_4_a_certificate_that_ends_between_approval_and_decree(world: World) -> None:
    content = {"safety": {"level": 3, "certificate_number": "SAMPLE-S-9", "valid_to": "2024-06-03"}}
    made, awards = approved(world, Contender(content=content))
    world.clock.go("2024-06-03")
    dry = {"number": "会府字〔2024〕12号", "dated": "2024-06-03"}
    ok(world.government.post(f"/v1/rounds/{made.round_id}/decree?dry_run=true", dry), 201)
    world.clock.go("2024-06-04")
    decree_refused(world, made.round_id, "art13.4.safety")
    ok(withdraw(world, awards[made.ids[0]]["id"], "art13.4.safety"))
    assert decree(world, made.round_id)["round_state"] == "concluded"


def test_art13_6_an_accident_between_approval_and_decree(world: World) -> None:
    made, awards = approved(world)
    body = {
        "category": "fatal_accident",
        "fact": "样例事故",
        "source": "应急管理局",
        "basis": "样例文书",
        "occurred_on": world.clock.today.isoformat(),
    }
    record = ok(world.office.post(f"/v1/applications/{made.ids[0]}/adverse-records", body), 201)
    # Open: a decision is needed, and nobody is withdrawn for it.
    decree_refused(world, made.round_id, "art13.6.record")
    award_id = awards[made.ids[0]]["id"]
    refused(withdraw(world, award_id, "art13.6.record"), 422, "rule_refused", "art13.6.record")
    ok(made.applied[0].applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例陈述"}))
    ok(decide_record(world, record, attributable=True))
    decree_refused(world, made.round_id, "art13.6.record")
    ok(withdraw(world, award_id, "art13.6.record"))
    assert decree(world, made.round_id)["awards"] == []


@pytest.mark.parametrize(("level", "bars"), [("municipal_mayor", True), ("other", False)])
def test_art13_6_a_higher_award_won_before_the_decree(world: World, level: str, bars: bool) -> None:
    made, awards = approved(world)
    honour = {"level": level, "kind": "award", "awarded_on": world.clock.today.isoformat()}
    answered = withdraw(world, awards[made.ids[0]]["id"], "art13.6.higher_award", honour=honour)
    if bars:
        assert ok(answered)["state"] == "withdrawn"
    else:
        refused(answered, 422, "rule_refused", "art13.6.higher_award")


def test_art33_a_decree_after_the_lapse_needs_its_basis(world: World) -> None:
    made = in_publicity(world, Contender(), year=2025, published_on="2025-06-17")
    fix_proposed(world, made.round_id)
    world.clock.go("2025-07-01")
    approve(world, made.round_id, meeting_on="2025-06-30")
    decree_refused(world, made.round_id, "art33.in_force")
    body = {"number": "会府字〔2025〕12号", "dated": "2025-06-30"}
    ok(world.government.post(f"/v1/rounds/{made.round_id}/decree?dry_run=true", body), 201)
    told = decree(world, made.round_id, transitional_basis="样例：专题会议纪要")
    assert told["transitional_basis"] == "样例：专题会议纪要"


def test_art33_the_basis_of_the_approval_counts_for_the_decree(world: World) -> None:
    made = in_publicity(world, Contender(), year=2025, published_on="2025-06-17")
    world.clock.go("2025-07-01")
    ok(world.office.post(f"/v1/rounds/{made.round_id}/proposed-list"), 201)
    approve(world, made.round_id, transitional_basis="样例：专题会议纪要")
    assert decree(world, made.round_id)["transitional_basis"] == "样例：专题会议纪要"


def test_art13_a_condition_that_holds_removes_nobody(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    for ground in ("art13.1.local", "art13.3.certified", "art13.4.profit", "exclusions", "art04.merit"):
        refused(remove(world, applied.id, ground), 422, "rule_refused", ground)
    change(world, applied, ELSEWHERE)
    assert ok(remove(world, applied.id, "art13.1.local"))["state"] == "removed"
    close_applications(world, round_id)
    assert ok(confirm(world, round_id), 201)["names"] == []


def withdrawn(world: World, applied: Applied, kind: str, number: str, on: str, finding: str = "confirmed") -> None:
    """The office records that a credential was withdrawn, hears the applicant, and decides that it does not bar."""
    body = {
        "category": "other_violation",
        "fact": "样例：证书被撤销",
        "source": "样例认证中心",
        "basis": "样例撤销决定",
        "determined_on": on,
        "credential_kind": kind,
        "credential_number": number,
    }
    record = ok(world.office.post(f"/v1/applications/{applied.id}/adverse-records", body), 201)
    assert (record["credential_kind"], record["credential_number"]) == (kind, number)
    refused(decide_record(world, record, severity="does_not_bar"), 422, "rule_refused", "art13.6.record")
    ok(applied.applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例陈述"}))
    more = {"severity": "does_not_bar"} if finding == "confirmed" else {}
    ok(decide_record(world, record, finding, **more))


@pytest.mark.parametrize(
    ("kind", "rule"),
    [("certificate", "art13.3.certified"), ("licence", "art13.2.compliance"), ("safety", "art13.4.safety")],
)
def test_art13_a_credential_withdrawn_before_its_end_is_not_held(world: World, kind: str, rule: str) -> None:
    made, awards = approved(world)
    content = ok(world.office.get(f"/v1/applications/{made.ids[0]}"))["content"]
    number = {
        "certificate": content["certificates"][0]["number"],
        "licence": content["licences"][0]["number"],
        "safety": content["safety"]["certificate_number"],
    }[kind]
    # A withdrawal that is not confirmed changes nothing; one of another number is refused.
    withdrawn(world, made.applied[0], kind, number, "2024-05-30", "denied")
    day = {"number": "会府字〔2024〕12号", "dated": "2024-06-02"}
    world.clock.go("2024-06-02")
    path = f"/v1/rounds/{made.round_id}/decree"
    ok(world.government.post(f"{path}?dry_run=true", day), 201)
    withdrawn(world, made.applied[0], kind, number, "2024-06-02")
    decree_refused(world, made.round_id, rule)
    problem = refused(world.government.post(path, day), 422, "rule_refused", rule)
    (told,) = [item for item in problem["violations"] if item["rule"] == rule]
    assert told["reason"] == "credential_withdrawn"
    assert (told["facts"]["withdrawn_on"], told["facts"]["source"]) == ("2024-06-02", "样例认证中心")
    records = ok(world.office.get(f"/v1/applications/{made.ids[0]}/adverse-records"))["items"]
    assert told["facts"]["record"] in {item["id"] for item in records}
    # On the day before, it was held; what is known when the decree is recorded counts as well.
    decree_refused(world, made.round_id, rule, dated="2024-06-01")
    ok(withdraw(world, awards[made.ids[0]]["id"], rule))
    assert decree(world, made.round_id)["awards"] == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"credential_number": None}, "/credential_number"),
        ({"credential_kind": None}, "/credential_kind"),
        ({"category": "tax_dishonesty"}, "/category"),
    ],
)
def test_art13_what_a_withdrawn_credential_needs_is_named(world: World, changes: dict[str, Any], pointer: str) -> None:
    applied = apply(world, open_round(world))
    body = {
        "category": "other_violation",
        "fact": "样例",
        "source": "样例认证中心",
        "basis": "样例",
        "determined_on": "2024-03-01",
        "credential_kind": "licence",
        "credential_number": "SAMPLE-L-1",
    } | changes
    told = refused(world.office.post(f"/v1/applications/{applied.id}/adverse-records", body), 422, "invalid")
    assert told["errors"][0]["pointer"] == pointer


def test_art13_a_change_of_the_profile_is_shown_at_once_to_office_and_applicant(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    pages = (
        (applied.applicant, f"/v1/applications/{applied.id}/timeline"),
        (world.office, f"/v1/applications/{applied.id}/timeline"),
        (world.office, f"/v1/applications/{applied.id}/qualification"),
    )
    for caller, path in pages:
        assert ok(caller.get(path))["profile_changes"] == []
    change(world, applied, BACK | {"registered_address": "会昌县样例路3号"})
    change(world, applied, {"county_code": "360702"})
    for caller, path in pages:
        told = {item["field"]: item for item in ok(caller.get(path))["profile_changes"]}
        assert set(told) == {"registered_address", "county_code"}
        assert (told["county_code"]["submitted"], told["county_code"]["present"]) == ("360733", "360702")
    listed = ok(world.office.get(f"/v1/rounds/{round_id}/qualification-worklist"))["items"]
    assert [item["field"] for item in listed[0]["profile_changes"]] == ["registered_address", "county_code"]
    # Outside the round it is nobody's concern.
    ok(applied.applicant.post(f"/v1/applications/{applied.id}/withdrawal", {}))
    assert ok(world.office.get(pages[0][1]))["profile_changes"] == []


def dissolve(world: World, applied: Applied, on: str | None = None, caller: Any = None) -> Any:
    """The office, or `caller`, records that the organisation is no more."""
    body = {"dissolved_on": on or world.clock.today.isoformat(), "evidence": "样例：准予注销登记通知书"}
    return (caller or world.office).post(f"/v1/organisations/{applied.organisation_id}/dissolution", body)


def restore(world: World, applied: Applied, caller: Any = None) -> Any:
    """The office takes the record back."""
    body = {"reason": "样例：登记对象有误", "evidence": "样例：查询单"}
    path = f"/v1/organisations/{applied.organisation_id}/dissolution-withdrawal"
    return (caller or world.office).post(path, body)


def test_art13_1_dissolved_after_the_submission_is_not_qualified(world: World) -> None:
    round_id = open_round(world)
    gone, stays = apply(world, round_id), apply(world, round_id)
    told = ok(dissolve(world, gone, caller=gone.applicant))
    assert (told["dissolved_on"], told["dissolution_evidence"]) == ("2024-03-01", "样例：准予注销登记通知书")
    # The office sees it at once, and so does the applicant.
    for caller in (world.office, gone.applicant):
        changes = ok(caller.get(f"/v1/applications/{gone.id}/timeline"))["profile_changes"]
        assert [(item["field"], item["submitted"], item["present"]) for item in changes] == [
            ("dissolved_on", None, "2024-03-01")
        ]
    assert ok(stays.applicant.get(f"/v1/applications/{stays.id}/timeline"))["profile_changes"] == []
    listed = qualify(world, round_id)["not_qualified"]
    assert [(item["application_id"], item["rules"]) for item in listed] == [(gone.id, ["art13.1.legal_person"])]


def test_art13_1_who_is_dissolved_does_not_submit(world: World) -> None:
    round_id = open_round(world)
    organisation_id, applicant = register_applicant(world)
    gone = Applied(begin(world, round_id, applicant)["id"], organisation_id, applicant, None)
    ok(dissolve(world, gone))
    recommend(world, gone.id, applicant)
    path = f"/v1/applications/{gone.id}/submission"
    refused(applicant.post(path), 422, "rule_refused", "art13.1.legal_person")
    ok(restore(world, gone))
    ok(applicant.post(path))


def test_art13_1_dissolved_during_the_publicity_is_not_proposed(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    ok(dissolve(world, made.applied[0]))
    after_publicity(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}/proposed-list"
    told = ok(world.office.post(path), 201)
    assert [len(told[key]) for key in ("names", "waiting")] == [1, 1]
    told = refused(world.office.post(path), 422, "rule_refused", "art13.1.legal_person")
    assert [item["reason"] for item in told["violations"]] == ["organisation_dissolved"]
    assert ok(remove(world, made.ids[0], "art13.1.legal_person"))["closed_rule"] == "art13.1.legal_person"
    told = ok(world.office.get(path))
    assert [item["id"] for item in told["names"]] == [candidates(world, made.round_id)[made.ids[1]]["id"]]
    assert told["waiting"] == []


def test_art13_1_dissolved_after_the_proposal_is_not_approved(world: World) -> None:
    made = in_publicity(world, Contender())
    fix_proposed(world, made.round_id)
    ok(dissolve(world, made.applied[0]))
    path = f"/v1/rounds/{made.round_id}/approval"
    refused(world.government.post(path, approval(world)), 422, "rule_refused", "art13.1.legal_person")
    ok(restore(world, made.applied[0]))
    assert len(approve(world, made.round_id)["awards"]) == 1


def test_art22_dissolved_after_the_approval_is_not_conferred(world: World) -> None:
    made, awards = approved(world, Contender(score="800"), Contender(score="700"))
    ok(dissolve(world, made.applied[0]))
    decree_refused(world, made.round_id, "art13.1.legal_person")
    assert ok(withdraw(world, awards[made.ids[0]]["id"], "art13.1.legal_person"))["state"] == "withdrawn"
    assert [item["id"] for item in decree(world, made.round_id)["awards"]] == [awards[made.ids[1]]["id"]]


def test_art31_the_register_says_that_a_holder_is_no_more(world: World) -> None:
    made, awards = approved(world, Contender(score="800"), Contender(score="700"))
    decree(world, made.round_id)
    world.clock.forward(days=30)
    gone = awards[made.ids[0]]["id"]
    ok(dissolve(world, made.applied[0]))
    day = world.clock.today.isoformat()
    listed = {item["id"]: item for item in ok(world.public.get("/v1/awards"))["items"]}
    for award_id, shown in ((gone, day), (awards[made.ids[1]]["id"], None)):
        award = ok(world.public.get(f"/v1/awards/{award_id}"))
        certificate = ok(world.public.get(f"/v1/certificates/{award['certificate_number']}"))
        for view in (award, certificate, listed[award_id]):
            # It keeps its dates.
            assert (view["holder_dissolved_on"], view["status"]) == (shown, "valid")


def test_art13_1_a_dissolution_has_its_day_its_document_and_those_who_may_record_it(world: World) -> None:
    applied = apply(world, open_round(world))
    path = f"/v1/organisations/{applied.organisation_id}/dissolution"
    refused(world.office.post(path, {"dissolved_on": "2024-03-01"}), 422, "invalid")
    refused(dissolve(world, applied, "2024-03-02"), 422, "rule_refused", "art13.1.legal_person")
    founded = ok(world.office.get(path.rpartition("/")[0]))["established_on"]
    before = (date.fromisoformat(founded) - timedelta(days=1)).isoformat()
    refused(dissolve(world, applied, before), 422, "rule_refused", "art13.1.legal_person")
    for caller in (world.government, world.auditor, world.by("unit-wenwuba")):
        refused(dissolve(world, applied, caller=caller), 403, "forbidden")
    _, stranger = register_applicant(world)
    refused(dissolve(world, applied, caller=stranger), 404, "not_found")
    refused(restore(world, applied), 422, "rule_refused", "art13.1.legal_person")
    ok(dissolve(world, applied, founded))
    assert ok(dissolve(world, applied, "2024-02-29"))["dissolved_on"] == "2024-02-29"
    refused(restore(world, applied, caller=applied.applicant), 403, "forbidden")
    told = ok(restore(world, applied))
    assert (told["dissolved_on"], told["dissolution_evidence"]) == (None, None)
    acts = ok(world.auditor.get("/v1/audit-entries", params={"act": "record_dissolution"}))["items"]
    assert [item["details"]["changed"]["dissolved_on"] for item in acts] == [[founded, "2024-02-29"], [None, founded]]


@pytest.mark.parametrize(
    ("address", "flagged"), [("江西省赣州市于都县贡江镇样例路1号", True), ("会昌县样例路9号", False)]
)
def test_art13_1_an_address_that_moves_alone_is_flagged_at_the_decree(
    world: World, address: str, flagged: bool
) -> None:
    made, _ = approved(world)
    change(world, made.applied[0], {"registered_address": address})
    body = {"number": "会府字〔2024〕12号", "dated": world.clock.today.isoformat()}
    told = world.government.post(f"/v1/rounds/{made.round_id}/decree?dry_run=true", body).json()
    reasons = [item["reason"] for item in told.get("violations", [])]
    assert ("address_in_other_county" in reasons) is flagged


@pytest.mark.parametrize(("founded", "bars"), [("2021-03-02", True), ("2021-03-01", False)])
def test_art13_1_a_founding_day_that_turns_out_later_is_read_anew(world: World, founded: str, bars: bool) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    change(world, applied, {"established_on": founded})
    answered = remove(world, applied.id, "art13.1.age")
    if bars:
        assert ok(answered)["closed_rule"] == "art13.1.age"
    else:
        refused(answered, 422, "rule_refused", "art13.1.age")
