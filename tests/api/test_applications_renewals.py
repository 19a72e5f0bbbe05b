"""Art. 13(2) to (4): what is renewed in time is handed in between two gates, and counts once a person accepts it."""

from typing import Any

import pytest

from sandbox.stages.applications import PDF, Applied, apply, eligible_content, upload
from sandbox.stages.decision import Contender, after_publicity, fix_proposed, in_publicity
from sandbox.stages.parties import Registered, member, register
from sandbox.stages.qualification import answer_all, close_applications, confirm, consult, decide_conditions
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

RENEWED = {
    "kind": "management_system",
    "standard": "GB/T 19001-2016",
    "number": "SAMPLE-Q-RENEWED",
    "issuer": "样例认证中心",
    "valid_from": "2024-04-01",
    "valid_to": "2027-03-31",
}
DECISION = {"accepted": True, "reason": "样例：与发证机构公开信息一致。", "evidence": "样例：查询截图。"}
ENDS = "2024-04-30"
EXPIRING: dict[str, dict[str, Any]] = {
    "certificate": {"certificates": [eligible_content(2024)["certificates"][0] | {"valid_to": ENDS}]},
    "licence": {"licences": [{"kind": "排污许可证", "number": "SAMPLE-L-1", "valid_to": ENDS, "required": True}]},
    "safety": {"safety": {"level": 3, "certificate_number": "SAMPLE-S-1", "valid_to": ENDS}},
}
ITEMS: dict[str, dict[str, Any]] = {
    "certificate": RENEWED,
    "licence": {"kind": "排污许可证", "number": "SAMPLE-L-2", "valid_to": "2027-04-30", "required": False},
    "safety": {"level": 2, "certificate_number": "SAMPLE-S-2", "valid_to": "2027-04-30"},
}
RULES = {"certificate": "art13.3.certified", "licence": "art13.2.compliance", "safety": "art13.4.safety"}


def hand_in(applied: Applied, kind: str = "certificate", **options: Any) -> Any:
    """The applicant uploads the scan and hands in the renewal; answers the response."""
    scan = upload(applied.applicant, applied.id, "renewal", filename="换证.pdf")
    body = {"kind": kind, "attachment_id": scan["id"], kind: ITEMS[kind]}
    return applied.applicant.post(f"/v1/applications/{applied.id}/renewals", body, **options)


def decide(world: World, renewal_id: str, **changes: Any) -> Any:
    return world.office.post(f"/v1/renewals/{renewal_id}/decision", DECISION | changes)


def outcome(world: World, application_id: str, rule: str) -> str:
    """What the worklist says of one condition today."""
    shown = ok(world.office.get(f"/v1/applications/{application_id}/qualification"))["conditions"]
    return str(next(item["outcome"] for item in shown if item["rule"] == rule))


@pytest.mark.parametrize("kind", list(RULES))
@pytest.mark.slow
def test_what_has_expired_refuses_until_its_renewal_is_accepted(world: World, kind: str) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id, content_overrides=EXPIRING[kind])
    before = ok(applied.applicant.get(f"/v1/applications/{applied.id}/snapshot"))
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id, "pass", "art13.4.leading", "art13.5.distinctive"), 201)
    if kind != "licence":
        ok(decide_conditions(world, applied.id, "pass", "art13.2.compliance"), 201)
    assert outcome(world, applied.id, RULES[kind]) == "fail"
    renewal = ok(hand_in(applied, kind), 201)
    assert (renewal["state"], outcome(world, applied.id, RULES[kind])) == ("handed_in", "fail")
    (waiting,) = ok(world.office.get(f"/v1/rounds/{round_id}/renewals", params={"state": "handed_in"}))["items"]
    assert waiting == renewal
    assert ok(decide(world, renewal["id"]))["state"] == "accepted"
    if kind == "licence":
        ok(decide_conditions(world, applied.id, "pass", "art13.2.compliance"), 201)
    assert outcome(world, applied.id, RULES[kind]) == "pass"
    # What was handed in then stays as it was; the run of the gate says by what it passed.
    assert ok(applied.applicant.get(f"/v1/applications/{applied.id}/snapshot")) == before
    assert ok(confirm(world, round_id), 201)["not_qualified"] == []


def test_a_certificate_that_ends_in_the_publicity_is_renewed_before_the_proposed_list(world: World) -> None:
    certificates = [eligible_content(2024)["certificates"][0] | {"valid_to": "2024-05-30"}]
    made = in_publicity(world, Contender(content={"certificates": certificates}))
    after_publicity(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}/proposed-list"
    refused(world.office.post(path), 422, "rule_refused", "art13.3.certified")
    (applied,) = made.applied
    assert "hand_in_renewal" in {
        item["act"] for item in ok(applied.applicant.get(f"/v1/applications/{applied.id}"))["available_actions"]
    }
    ok(decide(world, ok(hand_in(applied), 201)["id"]))
    fix_proposed(world, made.round_id)
    run = ok(world.office.get(f"/v1/applications/{applied.id}/eligibility-checks"))["items"][-1]
    assert (run["gate"], run["passed"]) == ("proposed", True)
    (told,) = [item for item in run["findings"] if item["rule"] == "art13.3.certified"]
    assert [item["number"] for item in told["facts"]["certificates"]] == ["SAMPLE-Q-RENEWED"]


def test_a_refused_renewal_does_not_count_and_another_may_follow(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id, content_overrides=EXPIRING["certificate"])
    world.clock.go("2024-05-02")
    first = ok(hand_in(applied), 201)
    assert ok(decide(world, first["id"], accepted=False, reason="样例：查无此证。"))["state"] == "refused"
    assert outcome(world, applied.id, "art13.3.certified") == "fail"
    refused(decide(world, first["id"]), 409, "wrong_state")
    (seen,) = ok(applied.applicant.get(f"/v1/applications/{applied.id}/renewals"))["items"]
    assert (seen["state"], seen["reason"]) == ("refused", "样例：查无此证。")
    ok(decide(world, ok(hand_in(applied), 201)["id"]))
    assert outcome(world, applied.id, "art13.3.certified") == "pass"


def test_both_acts_are_in_the_audit_log_with_what_the_condition_says_then(world: World) -> None:
    applied = apply(world, open_round(world), content_overrides=EXPIRING["certificate"])
    world.clock.go("2024-05-02")
    ok(decide(world, ok(hand_in(applied), 201)["id"]))
    entries = ok(world.auditor.get("/v1/audit-entries", params={"limit": 100}))["items"]
    told = {item["act"]: item["details"] for item in entries if item["act"].endswith("_renewal")}
    assert told["hand_in_renewal"]["item"] == RENEWED and told["hand_in_renewal"]["sha256"]
    assert told["decide_renewal"]["evidence"] == DECISION["evidence"]
    assert [(item["rule"], item["outcome"]) for item in told["decide_renewal"]["findings"]] == [
        ("art13.3.certified", "pass")
    ]


def test_its_scan_is_a_file_of_this_application_sent_for_it(world: World) -> None:
    round_id = open_round(world)
    applied, other = apply(world, round_id), apply(world, round_id)
    foreign = upload(other.applicant, other.id, "renewal")["id"]
    (formal,) = ok(applied.applicant.get(f"/v1/applications/{applied.id}/attachments"))["items"]
    for scan in (foreign, formal["id"], world.id("nothing")):
        body = {"kind": "certificate", "attachment_id": scan, "certificate": RENEWED}
        problem = refused(applied.applicant.post(f"/v1/applications/{applied.id}/renewals", body), 422, "invalid")
        assert [item["pointer"] for item in problem["errors"]] == ["/attachment_id"]
    body = {"kind": "certificate", "attachment_id": foreign, "safety": ITEMS["safety"]}
    refused(applied.applicant.post(f"/v1/applications/{applied.id}/renewals", body), 422, "invalid")


def test_a_draft_is_edited_and_nothing_is_renewed_in_it_or_by_others(world: World) -> None:
    round_id = open_round(world)
    draft, applied = apply(world, round_id, submit=False), apply(world, round_id)
    params = {"material": "renewal", "filename": "换证.pdf"}
    answer = draft.applicant.post(f"/v1/applications/{draft.id}/attachments", params=params, content=PDF)
    refused(answer, 409, "wrong_state")
    renewal = ok(hand_in(applied), 201)
    body = {"kind": "certificate", "attachment_id": renewal["attachment_id"], "certificate": RENEWED}
    path = f"/v1/applications/{applied.id}/renewals"
    stranger = register(world).account
    refused(stranger.post(path, body), 404, "not_found")
    refused(stranger.get(path), 404, "not_found")
    editor = member(world, Registered(applied.organisation_id, applied.applicant))
    refused(editor.post(path, body), 403, "submit_membership_required")
    for who in ("government", "auditor", "department-tax", "unit-wenwuba", "reviewer1"):
        refused(world.by(who).post(f"/v1/renewals/{renewal['id']}/decision", DECISION), 403, None, "art02.decider")
    refused(world.office.post(f"/v1/renewals/{world.id('nothing')}/decision", DECISION), 404, "not_found")


def test_a_dry_run_hands_in_nothing_and_a_cancelled_round_takes_nothing(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    assert ok(hand_in(applied, params={"dry_run": "true"}), 201)["state"] == "handed_in"
    assert ok(applied.applicant.get(f"/v1/applications/{applied.id}/renewals"))["items"] == []
    renewal = ok(hand_in(applied), 201)
    ok(world.office.post(f"/v1/rounds/{round_id}/cancellation", {"reason": "样例"}))
    refused(hand_in(applied), 409, "wrong_state")
    refused(decide(world, renewal["id"]), 409, "wrong_state")
