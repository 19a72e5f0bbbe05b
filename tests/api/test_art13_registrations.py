"""Art. 13(1): who registers a code first owns nothing by that. A registration is verified against a document before
anything binds; a claim with evidence moves the organisation to its rightful owner."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.applications import (
    apply,
    begin,
    endorse,
    recommend,
    request,
    submit_application,
)
from sandbox.stages.awarded import concluded
from sandbox.stages.parties import PASSWORD, Registered, member, register, registration, rename, uscc, verify
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
from tests.support.problems import refused

RULE = "art13.1.identity"
EVIDENCE = "样例：营业执照副本、法定代表人授权书。"


def own(party: Registered) -> dict[str, Any]:
    return ok(party.account.get(f"/v1/organisations/{party.organisation_id}"))  # type: ignore[no-any-return]


def steps(party: Registered) -> list[str]:
    shown = own(party)["next_steps"]
    assert all(item["rule"] == RULE and (item["outcome"] == "pass" or item["remedy_zh"]) for item in shown)
    return [item["reason"] for item in shown]


def rivals(world: World, *, verified: bool = False, evidence: str | None = EVIDENCE) -> tuple[Registered, Registered]:
    """A stranger that has registered the code first, and whom it belongs to; the second is a claim."""
    code = uscc()
    first = register(world, verified=verified, name="样例真名制造有限公司", uscc=code)
    if evidence is None:
        return first, register(world, verified=False, name="样例真名制造有限公司", uscc=code)
    body = registration(name="样例真名制造有限公司", uscc=code)
    made = ok(world.public.post("/v1/registrations", {**body, "claim_evidence": evidence}), 201)
    account = world.account(made["account"]["id"], first.account.role, made["account"]["login"])
    return first, Registered(made["organisation"]["id"], account)


def claim_of(party: Registered) -> dict[str, Any]:
    (claim,) = [item for item in own(party)["claims"] if item["organisation_id"] == party.organisation_id]
    return claim  # type: ignore[no-any-return]


def decide(world: World, claim: dict[str, Any], outcome: str, by: Caller | None = None, **changes: Any) -> Any:
    holder = ok(world.office.get(f"/v1/organisations/{claim['organisation_id']}"))
    document = {"document": "样例营业执照原件", "name": holder["name"], "code": holder["uscc"]}
    body = {"outcome": outcome, "reason": "样例：经核对证件。"} | (
        {"document": document} if outcome == "upheld" else {}
    )
    return (by or world.office).post(f"/v1/registration-claims/{claim['id']}/decision", body | changes)


def test_art13_1_it_begins_unverified_and_hears_what_to_do_next(world: World) -> None:
    party = register(world, verified=False)
    shown = own(party)
    assert (shown["state"], shown["verifications"], shown["claims"]) == ("unverified", [], [])
    assert steps(party) == ["show_a_document"]
    office = ok(world.office.get(f"/v1/organisations/{party.organisation_id}"))
    assert [item["act"] for item in office["available_actions"]] == ["verify_organisation"]
    listed = ok(world.office.get("/v1/organisations?state=unverified"))["items"]
    assert [item["id"] for item in listed] == [party.organisation_id]
    verify(world, shown)
    after = own(party)
    assert after["state"] == "verified" and steps(party) == ["registration_in_order"]
    assert [(item["document"], item["unit_id"]) for item in after["verifications"]] == [("样例营业执照", None)]
    assert ok(world.office.get("/v1/organisations?state=unverified"))["items"] == []
    body = {"document": "样例", "name": shown["name"], "code": shown["uscc"]}
    refused(world.office.post(f"/v1/organisations/{party.organisation_id}/verification", body), 409, "wrong_state")
    (entry,) = [
        item
        for item in ok(world.auditor.get("/v1/audit-entries?act=verify_organisation"))["items"]
        if item["subject_id"] == party.organisation_id
    ]
    assert entry["details"]["document"] == "样例营业执照"


@pytest.mark.parametrize(("field", "value"), [("name", "样例他人有限公司"), ("code", uscc(9_000_001))])
def test_art13_1_a_document_of_another_verifies_nothing(world: World, field: str, value: str) -> None:
    party = register(world, verified=False, name="样例（会昌）有限公司")
    shown = own(party)
    body = {"document": "样例", "name": "样例(会昌)有限公司", "code": shown["uscc"].lower()}
    path = f"/v1/organisations/{party.organisation_id}/verification"
    problem = refused(world.office.post(path, {**body, field: value}), 422, "rule_refused", RULE)
    assert [item["reason"] for item in problem["violations"]] == ["document_of_another"]
    # Brackets and small letters make no other name and no other code.
    ok(world.office.post(path, body), 201)


def test_art13_1_the_unit_that_is_asked_verifies_and_no_other(world: World) -> None:
    party = register(world, verified=False, area="文武坝镇")
    shown = own(party)
    body = {"document": "样例营业执照", "name": shown["name"], "code": shown["uscc"]}
    path = f"/v1/organisations/{party.organisation_id}/verification"
    unit = world.by("unit-wenwuba")
    refused(unit.post(path, body), 404)
    draft = begin(world, open_round(world), party.account)
    request(world, draft["id"], party.account)
    refused(world.by("unit-junmenling").post(path, body), 404)
    (asked,) = ok(unit.get("/v1/recommendations"))["items"]
    assert asked["organisation_state"] == "unverified"
    for caller in (party.account, world.auditor, world.government, world.by("department-tax"), world.public):
        assert caller.post(path, body).status_code in (401, 403)
    assert ok(unit.post(path, body), 201)["unit_id"] == world.id("unit:wenwuba")
    assert ok(unit.get(f"/v1/recommendations/{asked['id']}"))["organisation_state"] == "verified"
    assert own(party)["verifications"][0]["unit_id"] == world.id("unit:wenwuba")


def reviewed(world: World, party: Registered, round_id: str) -> str:
    """The organisation's application, with everything decided but who it is."""
    applied = apply(world, round_id, organisation=(party.organisation_id, party.account))
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    return applied.id


def test_art13_1_draft_and_submission_wait_for_nothing_and_the_list_does(world: World) -> None:
    party, round_id = register(world, verified=False), open_round(world)
    draft = begin(world, round_id, party.account)
    told = ok(party.account.get(f"/v1/applications/{draft['id']}/validation"))["decided_later"]
    assert (RULE, "registration_unverified") in {(item["rule"], item["reason"]) for item in told}
    recommend(world, draft["id"], party.account)
    submit_application(party.account, draft["id"])
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, draft["id"]), 201)
    (item,) = under_review(world, round_id)
    (left_open,) = item["open"]
    assert (left_open["rule"], left_open["facts"]["organisation_id"]) == (RULE, party.organisation_id)
    assert left_open["facts"]["decides"] == "office_or_unit" and left_open["remedy_zh"]
    problem = refused(confirm(world, round_id), 422, "rule_refused", RULE)
    assert [one["reason"] for one in problem["violations"]] == ["registration_unverified"]
    # It is verified, not decided away.
    refused(decide_conditions(world, draft["id"], "pass", RULE), 422, "rule_refused", RULE)
    verify(world, own(party))
    assert ok(confirm(world, round_id), 201)["names"] == [own(party)["name"]]


def test_art13_1_a_second_registration_is_a_claim_and_blocks_nobody(world: World) -> None:
    first, second = rivals(world, evidence=None)
    assert own(second)["state"] == own(first)["state"] == "unverified"
    claim = claim_of(second)
    assert (claim["against_id"], claim["state"], claim["evidence"]) == (first.organisation_id, "open", None)
    assert steps(second) == ["claim_without_evidence"]
    assert steps(first) == ["show_a_document", "code_claimed"]
    # Both draft and submit; the claimant near a deadline loses nothing.
    round_id = open_round(world)
    for party in (first, second):
        apply(world, round_id, organisation=(party.organisation_id, party.account))
    listed = ok(world.office.get("/v1/registration-claims?state=open"))["items"]
    assert [item["id"] for item in listed] == [claim["id"]]
    # The claim is decided, not walked around; without evidence it stops nobody else.
    for party, reason in ((second, "claim_first"), (first, None)):
        shown = own(party)
        body = {"document": "样例营业执照", "name": shown["name"], "code": shown["uscc"]}
        answer = world.office.post(f"/v1/organisations/{party.organisation_id}/verification", body)
        if reason is None:
            ok(answer, 201)
        else:
            problem = refused(answer, 422, "rule_refused", RULE)
            assert [item["reason"] for item in problem["violations"]] == [reason]
    assert (own(first)["state"], claim_of(second)["state"]) == ("verified", "open")


def test_art13_1_two_that_register_at_once_are_one_and_a_claim(world: World) -> None:
    code = uscc()
    with ThreadPoolExecutor(4) as pool:
        made = list(
            pool.map(lambda _: world.public.post("/v1/registrations", registration(uscc=code)).json(), range(4))
        )
    assert sorted(len(item["organisation"]["claims"]) for item in made) == [0, 1, 1, 1]
    assert len(ok(world.office.get("/v1/registration-claims"))["items"]) == 3


def test_art13_1_evidence_comes_with_the_registration_or_later(world: World) -> None:
    _, at_once = rivals(world)
    assert (claim_of(at_once)["state"], claim_of(at_once)["evidence"]) == ("evidenced", EVIDENCE)
    assert steps(at_once) == ["claim_undecided"]
    first, later = rivals(world, evidence=None)
    path = f"/v1/registration-claims/{claim_of(later)['id']}"
    problem = refused(decide(world, claim_of(later), "upheld"), 409, "wrong_state")
    assert problem["violations"][0]["facts"]["next_act"] == "hand_in_claim_evidence"
    refused(first.account.post(f"{path}/evidence", {"evidence": EVIDENCE}), 404)
    refused(member(world, later).post(f"{path}/evidence", {"evidence": EVIDENCE}), 403, "submit_membership_required")
    given = ok(later.account.post(f"{path}/evidence", {"evidence": EVIDENCE}))
    assert (given["state"], given["evidence"]) == ("evidenced", EVIDENCE)
    assert given["reply_due_at"].startswith("2024-03-07T00:00:00")
    assert [item["act"] for item in given["available_actions"]] == ["hand_in_claim_evidence"]
    # Neither party reads what the other has handed in.
    seen = ok(first.account.get(path))
    assert seen["evidence"] is None and [item["act"] for item in seen["available_actions"]] == ["reply_to_claim"]
    refused(register(world).account.get(path), 404)
    assert ok(world.auditor.get(path))["evidence"] == EVIDENCE


def test_art13_1_an_unverified_holder_gives_place_and_loses_access_at_once(world: World) -> None:
    stranger, owner = rivals(world)
    round_id = open_round(world)
    forged = apply(world, round_id, organisation=(stranger.organisation_id, stranger.account))
    applied = apply(world, round_id, organisation=(owner.organisation_id, owner.account))
    rename(world, stranger, "样例冒名有限公司")
    assert own(owner)["name"] == "样例真名制造有限公司"
    record = ok(
        world.office.post(
            f"/v1/organisations/{stranger.organisation_id}/adverse-records",
            {
                "category": "failed_inspection",
                "fact": "样例",
                "source": "样例",
                "basis": "样例",
                "occurred_on": "2023-06-01",
            },
        ),
        201,
    )
    decided = ok(decide(world, claim_of(owner), "upheld"))
    assert (decided["state"], decided["decision_reason"]) == ("upheld", "样例：经核对证件。")
    refused(stranger.account.get(f"/v1/organisations/{stranger.organisation_id}"), 401)
    assert own(owner)["state"] == "verified" and steps(owner) == ["registration_in_order"]
    gone = ok(world.office.get(f"/v1/organisations/{stranger.organisation_id}"))
    assert (gone["state"], gone["superseded_by"]) == ("superseded", owner.organisation_id)
    assert ok(world.office.get(f"/v1/applications/{forged.id}"))["state"] == "withdrawn"
    assert ok(world.office.get(f"/v1/applications/{applied.id}"))["state"] == "submitted"
    # What the office has entered on the code follows it, and is decided before the list.
    records = ok(owner.account.get(f"/v1/applications/{applied.id}/adverse-records"))["items"]
    assert [item["id"] for item in records] == [record["id"]]
    acts = {item["act"] for item in ok(world.auditor.get("/v1/audit-entries?limit=100"))["items"]}
    assert acts >= {"uphold_claim", "supersede_organisation", "verify_organisation", "deactivate_account", "give_way"}
    # The old account is not let in again by mistake.
    activation = f"/v1/accounts/{stranger.account.account_id}/activation"
    problem = refused(world.office.post(activation, {"reason": "样例"}), 422, "rule_refused", RULE)
    assert [item["reason"] for item in problem["violations"]] == ["account_displaced"]
    refused(decide(world, claim_of(owner), "upheld"), 409, "wrong_state")


def test_art13_1_a_dismissed_claim_leaves_the_holder_and_says_what_to_do(world: World) -> None:
    owner, stranger = rivals(world)
    round_id = open_round(world)
    forged = begin(world, round_id, stranger.account)
    asked = request(world, forged["id"], stranger.account)
    refused(decide(world, claim_of(stranger), "dismissed", reason=" "), 422, "invalid")
    ok(decide(world, claim_of(stranger), "dismissed"))
    assert own(owner)["state"] == "unverified" and steps(owner) == ["show_a_document"]
    verify(world, own(owner))
    # Whoever claimed can read why, and begin nothing more.
    assert own(stranger)["state"] == "superseded" and steps(stranger) == ["registration_superseded"]
    assert claim_of(stranger)["decision_reason"] == "样例：经核对证件。"
    refused(stranger.account.post("/v1/applications", {"round_id": round_id}), 422, "rule_refused", RULE)
    refused(endorse(world, asked["id"]), 409)
    assert ok(owner.account.post("/v1/applications", {"round_id": round_id}), 201)["state"] == "draft"
    path = f"/v1/organisations/{stranger.organisation_id}/adverse-records"
    body = {
        "category": "failed_inspection",
        "fact": "样例",
        "source": "样例",
        "basis": "样例",
        "occurred_on": "2023-06-01",
    }
    refused(world.office.post(path, body), 422, "rule_refused", RULE)


def test_art13_1_a_verified_holder_is_heard_before_it_loses_the_organisation(world: World) -> None:
    _, owner = rivals(world, verified=True)
    claim = claim_of(owner)
    problem = refused(decide(world, claim, "upheld"), 422, "rule_refused", RULE)
    assert [item["reason"] for item in problem["violations"]] == ["holder_not_heard"]
    world.clock.go("2024-03-06", "23:59:59.999999")
    refused(decide(world, claim, "upheld"), 422, "rule_refused", RULE)
    world.clock.go("2024-03-07", "00:00:00")
    ok(decide(world, claim, "upheld"))


def test_art13_1_a_verified_organisation_is_moved_with_its_history(world: World) -> None:
    former, owner = rivals(world, verified=True)
    colleague = member(world, former)
    record = ok(
        world.office.post(
            f"/v1/organisations/{former.organisation_id}/adverse-records",
            {
                "category": "failed_inspection",
                "fact": "样例",
                "source": "样例",
                "basis": "样例",
                "occurred_on": "2023-06-01",
            },
        ),
        201,
    )
    round_id = open_round(world)
    theirs = begin(world, round_id, former.account)
    applied = apply(world, round_id, organisation=(owner.organisation_id, owner.account))
    # Who only claims a code reads nothing of its history.
    assert ok(owner.account.get(f"/v1/applications/{applied.id}/adverse-records"))["items"] == []
    reply = {"reply": "样例：原经办人已离职。"}
    path = f"/v1/registration-claims/{claim_of(owner)['id']}"
    refused(owner.account.post(f"{path}/reply", reply), 404)
    assert ok(former.account.post(f"{path}/reply", reply))["reply"] == reply["reply"]
    assert ok(owner.account.get(path))["reply"] is None
    ok(decide(world, claim_of(owner), "upheld"))
    for caller in (former.account, colleague):
        refused(caller.get("/v1/me"), 401)
    me = ok(owner.account.get("/v1/me"))
    assert me["organisation_id"] == former.organisation_id
    moved = Registered(former.organisation_id, owner.account)
    assert own(moved)["state"] == "verified" and len(own(moved)["verifications"]) == 2
    assert ok(world.office.get(f"/v1/organisations/{owner.organisation_id}"))["state"] == "superseded"
    # The application goes on as it was handed in, with what is known of the legal person.
    shown = ok(owner.account.get(f"/v1/applications/{applied.id}"))
    assert (shown["state"], shown["organisation_id"]) == ("submitted", former.organisation_id)
    assert ok(owner.account.get(f"/v1/applications/{theirs['id']}"))["state"] == "withdrawn"
    known = ok(owner.account.get(f"/v1/applications/{applied.id}/adverse-records"))["items"]
    assert [item["id"] for item in known] == [record["id"]]
    ok(owner.account.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例：已整改。"}))
    ok(decide_record(world, record, "denied"))
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    assert ok(confirm(world, round_id), 201)["names"] == ["样例真名制造有限公司"]


def test_art6_the_interval_is_not_shaken_off_by_registering_again(world: World) -> None:
    code = uscc()
    former = register(world, uscc=code)
    concluded(world, {"organisation_id": former.organisation_id}, year=2022, decreed_on="2022-06-03")
    again = register(world, verified=False, uscc=code)
    draft = ok(again.account.post("/v1/applications", {"round_id": open_round(world)}), 201)
    assert draft["barred_by"] == []
    path = f"/v1/registration-claims/{claim_of(again)['id']}"
    ok(again.account.post(f"{path}/evidence", {"evidence": EVIDENCE}))
    ok(former.account.post(f"{path}/reply", {"reply": "样例：我单位经办人已换。"}))
    ok(decide(world, claim_of(again), "upheld"))
    assert ok(again.account.get("/v1/organisations"))["items"][0]["id"] == former.organisation_id
    barred = ok(again.account.get(f"/v1/applications/{draft['id']}"))["barred_by"]
    assert [item["rule"] for item in barred] == ["art06.interval"]


def test_art13_1_a_confirmed_application_goes_on_with_its_rightful_owner(world: World) -> None:
    round_id = open_round(world)
    former, owner = rivals(world, verified=True)
    late = begin(world, round_id, owner.account)
    confirmed = reviewed(world, former, round_id)
    ok(confirm(world, round_id), 201)
    ok(former.account.post(f"/v1/registration-claims/{claim_of(owner)['id']}/reply", {"reply": "样例"}))
    ok(decide(world, claim_of(owner), "upheld"))
    assert ok(owner.account.get(f"/v1/applications/{confirmed}"))["state"] == "qualified"
    assert ok(owner.account.get(f"/v1/applications/{late['id']}"))["state"] == "withdrawn"
    # Applying is voluntary (Art. 3): the owner may take it back.
    ok(owner.account.post(f"/v1/applications/{confirmed}/withdrawal", {}))


def test_art13_1_a_registration_tried_dry_tells_nobody_whether_its_code_is_registered(world: World) -> None:
    """A claim is told by the registration alone, which leaves it behind; whose code it is, by neither."""
    party = register(world)
    body = registration(uscc=own(party)["uscc"], name="样例后来有限公司") | {"claim_evidence": "样例：营业执照副本。"}
    free = body | {"organisation": body["organisation"] | {"uscc": uscc()}}

    def tried(sent: dict[str, Any]) -> dict[str, Any]:
        answer = world.public.post("/v1/registrations?dry_run=true", sent)
        told = ok(answer, 201)["organisation"]
        drawn = ("id", "lineage_id", "uscc", "created_at")
        assert answer.headers.get("Location") is None
        return {name: value for name, value in told.items() if name not in drawn}

    taken = tried(body)
    assert (taken, taken["claims"]) == (tried(free), [])
    (claim,) = ok(world.public.post("/v1/registrations", body), 201)["organisation"]["claims"]
    assert (claim["state"], claim["against_id"], claim["reply_due_at"] is not None) == ("evidenced", None, True)
    assert party.organisation_id not in str(claim)
    assert ok(world.office.get(f"/v1/registration-claims/{claim['id']}"))["against_id"] == party.organisation_id


def test_art13_1_of_several_claims_the_open_ones_are_against_who_stands(world: World) -> None:
    first, second = rivals(world)
    code = own(first)["uscc"]
    third = register(world, verified=False, uscc=code, name="样例第三有限公司")
    assert claim_of(third)["against_id"] == first.organisation_id
    ok(decide(world, claim_of(second), "upheld"))
    assert claim_of(third)["against_id"] == second.organisation_id
    assert steps(second) == ["code_claimed"]
    ok(decide(world, claim_of(third), "dismissed"))
    assert steps(second) == ["registration_in_order"]
    fourth = register(world, verified=False, uscc=code)
    assert claim_of(fourth)["against_id"] == second.organisation_id


def test_art13_1_a_claim_is_upheld_by_a_document_of_the_claimant(world: World) -> None:
    _, owner = rivals(world)
    claim = claim_of(owner)
    problem = refused(decide(world, claim, "upheld", document=None), 422, "invalid")
    assert [item["pointer"] for item in problem["errors"]] == ["/document"]
    other = {"document": "样例", "name": "样例他人有限公司", "code": own(owner)["uscc"]}
    refused(decide(world, claim, "upheld", document=other), 422, "rule_refused", RULE)
    for caller in (owner.account, world.auditor, world.government, world.by("unit-wenwuba")):
        refused(decide(world, claim, "upheld", by=caller), 403)
    refused(
        world.office.post(
            f"/v1/registration-claims/{world.id('nobody')}/decision", {"outcome": "dismissed", "reason": "样例"}
        ),
        404,
    )


@pytest.mark.parametrize("which", ["successor", "predecessor"])
def test_art13_1_nobody_is_linked_before_it_is_verified(world: World, which: str) -> None:
    verified, other = register(world), register(world, verified=False)
    successor, predecessor = (other, verified) if which == "successor" else (verified, other)
    body = {
        "predecessor_id": predecessor.organisation_id,
        "reason": "样例",
        "evidence": "样例",
        "effective_on": "2024-03-01",
    }
    path = f"/v1/organisations/{successor.organisation_id}/successor-links"
    refused(world.office.post(path, body), 422, "rule_refused", RULE)
    verify(world, own(other))
    ok(world.office.post(path, body), 201)


def test_art13_1_an_account_that_lost_nothing_is_activated_again(world: World) -> None:
    party = register(world)
    path = f"/v1/accounts/{party.account.account_id}"
    ok(world.office.post(f"{path}/deactivation", {"reason": "样例"}))
    ok(world.office.post(f"{path}/activation", {"reason": "样例"}))
    assert PASSWORD and own(party)["state"] == "verified"
