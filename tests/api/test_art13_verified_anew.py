"""Art. 13(1): a verification holds for the registration that it saw. What changes is compared with a document again
before anything else binds: the qualified list, the proposed list, the approval, the decree."""

from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.applications import Applied, apply
from sandbox.stages.decision import HOSPITAL, Contender, after_publicity, approval, candidates, in_publicity
from sandbox.stages.parties import Registered, register, registration, rename, uscc, verify
from sandbox.stages.qualification import (
    answer_all,
    close_applications,
    confirm,
    consult,
    decide_conditions,
    under_review,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import approved, remove, withdraw
from tests.support.problems import refused

RULE = "art13.1.identity"


def shown(caller: Caller, organisation_id: str) -> dict[str, Any]:
    return ok(caller.get(f"/v1/organisations/{organisation_id}"))  # type: ignore[no-any-return]


def patch(party: Registered | Applied, changes: dict[str, Any]) -> Any:
    path = f"/v1/organisations/{party.organisation_id}"
    version = ok(party.applicant.get(path))["version"]
    return ok(party.applicant.patch(path, changes, version=version))


def renamed(world: World, party: Registered | Applied, name: str) -> None:
    rename(world, Registered(party.organisation_id, party.applicant), name, verified=False)


@pytest.mark.parametrize(
    ("changes", "opened"),
    [
        ({"legal_form": "joint_stock_company"}, ["legal_form"]),
        ({"registered_address": "会昌县样例路2号"}, ["registered_address"]),
        ({"established_on": "2014-05-20", "county_code": "360702"}, ["county_code", "established_on"]),
        ({"staff": 12, "contact_name": "样例", "area": "筠门岭镇", "sector": "1495"}, []),
    ],
)
def test_art13_1_what_a_document_says_opens_the_verification_again(
    world: World, changes: dict[str, Any], opened: list[str]
) -> None:
    party = register(world)
    before = shown(world.office, party.organisation_id)
    # The same value again is no change.
    patch(party, {"legal_form": before["legal_form"]})
    told = patch(party, changes)
    assert told["changed_since_verified"] == opened
    assert told["state"] == ("changed" if opened else "verified")
    if not opened:
        return
    (step,) = told["next_steps"]
    assert (step["reason"], step["facts"]["changed"]) == ("registration_changed", opened) and step["remedy_zh"]
    listed = ok(world.office.get("/v1/organisations?state=changed"))["items"]
    assert [item["id"] for item in listed] == [party.organisation_id]
    verify(world, told)
    after = shown(world.office, party.organisation_id)
    assert (after["state"], after["changed_since_verified"]) == ("verified", [])
    first, last = (item["seen"] for item in after["verifications"])
    assert {name for name in first if first[name] != last[name]} == set(opened)


def test_art13_1_a_name_that_no_document_shows_does_not_reach_the_list(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id, name="样例小厂有限公司")
    renamed(world, applied, "样例真名集团有限公司")
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, applied.id), 201)
    (item,) = under_review(world, round_id)
    assert [(found["rule"], found["reason"]) for found in item["open"]] == [(RULE, "registration_changed")]
    refused(confirm(world, round_id), 422, "rule_refused", RULE)
    organisation = shown(world.office, applied.organisation_id)
    body = {"document": "样例营业执照", "name": "样例小厂有限公司", "code": organisation["uscc"]}
    path = f"/v1/organisations/{applied.organisation_id}/verification"
    refused(world.office.post(path, body), 422, "rule_refused", RULE)
    # A decision does not stand for the document; that there is none can be decided.
    refused(decide_conditions(world, applied.id, "pass", RULE), 422, "rule_refused", RULE)
    ok(decide_conditions(world, applied.id, "fail", RULE), 201)
    (item,) = under_review(world, round_id)
    assert (item["open"], [found["rule"] for found in item["refusing"]]) == ([], [RULE])
    # The document outweighs it.
    verify(world, organisation)
    (item,) = under_review(world, round_id)
    assert (item["open"], item["refusing"]) == ([], [])
    refused(decide_conditions(world, applied.id, "fail", RULE), 422, "rule_refused", RULE)
    assert ok(confirm(world, round_id), 201)["not_qualified"] == []


def test_art13_1_whose_registration_nobody_can_verify_is_not_qualified(world: World) -> None:
    round_id = open_round(world)
    applied, other = apply(world, round_id), apply(world, round_id)
    patch(applied, {"registered_address": "会昌县样例路2号"})
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    for item in (applied, other):
        ok(decide_conditions(world, item.id), 201)
    ok(decide_conditions(world, applied.id, "fail", RULE), 201)
    told = ok(confirm(world, round_id), 201)
    assert [(item["application_id"], item["rules"]) for item in told["not_qualified"]] == [(applied.id, [RULE])]
    assert len(told["names"]) == 1


def test_art13_1_proposed_list_and_approval_wait_for_the_document(world: World) -> None:
    made = in_publicity(world, Contender())
    (applied,) = made.applied
    after_publicity(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}"
    for caller, act, body in (
        (world.office, "proposed-list", None),
        (world.government, "approval", approval(world)),
    ):
        renamed(world, applied, f"样例更名{act}有限公司")
        problem = refused(caller.post(f"{path}/{act}", body), 422, "rule_refused", RULE)
        (found,) = problem["violations"]
        assert (found["reason"], found["facts"]["changed"]) == ("registration_changed", ["name"])
        verify(world, shown(world.office, applied.organisation_id))
        ok(caller.post(f"{path}/{act}", body), 201)


@pytest.mark.parametrize("verifiable", [True, False])
def test_art13_1_the_decree_waits_for_the_document_or_the_name_is_withdrawn(world: World, verifiable: bool) -> None:
    made, awards = approved(world)
    (applied,) = made.applied
    award_id = awards[applied.id]["id"]
    body = {"number": "会府字〔2024〕12号", "dated": world.clock.today.isoformat()}
    path = f"/v1/rounds/{made.round_id}/decree"
    patch(applied, {"registered_address": "会昌县样例路2号"})
    problem = refused(world.government.post(path, body), 422, "rule_refused", RULE)
    assert [item["facts"]["before"] for item in problem["violations"]] == ["issue_decree"]
    refused(withdraw(world, award_id, RULE), 422, "rule_refused", RULE)
    if verifiable:
        verify(world, shown(world.office, applied.organisation_id))
    else:
        ok(decide_conditions(world, applied.id, "fail", RULE), 201)
        refused(world.government.post(path, body), 422, "rule_refused", RULE)
        assert ok(withdraw(world, award_id, RULE))["withdrawn_ground"] == RULE
    assert len(ok(world.government.post(path, body), 201)["awards"]) == int(verifiable)


def test_art13_1_one_open_condition_holds_its_own_name_alone(world: World) -> None:
    """At the proposed list, at the approval and at the decree: the others go on, the name follows on its own way."""
    made = in_publicity(world, Contender(score="800"), Contender(score="700"), Contender(HOSPITAL))
    first, second, third = (candidates(world, made.round_id)[item]["id"] for item in made.ids)
    after_publicity(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}"
    renamed(world, made.applied[0], "样例更名甲有限公司")
    told = ok(world.office.post(f"{path}/proposed-list"), 201)
    assert ([item["id"] for item in told["waiting"]], len(told["names"])) == ([first], 2)
    # Nothing else is left to propose: the refusal says what is open.
    refused(world.office.post(f"{path}/proposed-list"), 422, "rule_refused", RULE)
    verify(world, shown(world.office, made.applied[0].organisation_id))
    assert ok(world.office.post(f"{path}/proposed-list"), 201)["waiting"] == []
    renamed(world, made.applied[1], "样例更名乙有限公司")
    awards = ok(world.government.post(f"{path}/approval", approval(world)), 201)["awards"]
    assert {item["candidate_id"] for item in awards} == {first, third}
    assert [item["id"] for item in ok(world.office.get(f"{path}/proposed-list"))["waiting"]] == [second]
    patch(made.applied[0], {"registered_address": "会昌县样例路2号"})

    def decreed(number: int, *deferred: str) -> Any:
        body = {"number": f"会府字〔2024〕{number}号", "dated": world.clock.today.isoformat()}
        left = [{"candidate_id": item, "reason": "样例：登记事项待核验"} for item in deferred]
        return world.government.post(f"{path}/decree", body | {"deferred": left})

    refused(decreed(12), 422, "rule_refused")
    free = refused(decreed(12, first, second, third), 422, "rule_refused", "art22.approval")
    assert "deferred_without_case" in {item["reason"] for item in free["violations"]}
    told = ok(decreed(12, first, second), 201)
    assert [item["candidate_id"] for item in told["awards"]] == [third]
    assert told["round_state"] == "approved"
    for applied in made.applied[:2]:
        verify(world, shown(world.office, applied.organisation_id))
    ok(world.office.post(f"{path}/proposed-list"), 201)
    later = approval(world, meeting_number="样例第46次县政府常务会议")
    ok(world.government.post(f"{path}/approval", later), 201)
    told = ok(decreed(13), 201)
    assert ({item["candidate_id"] for item in told["awards"]}, told["round_state"]) == ({first, second}, "concluded")


def test_art13_1_it_is_removed_from_the_round_once_nobody_can_verify_it(world: World) -> None:
    made = in_publicity(world, Contender())
    patch(made.applied[0], {"legal_form": "joint_stock_company"})
    refused(remove(world, made.ids[0], RULE), 422, "rule_refused", RULE)
    ok(decide_conditions(world, made.ids[0], "fail", RULE), 201)
    assert ok(remove(world, made.ids[0], RULE))["closed_rule"] == RULE


def test_art13_1_who_was_verified_once_is_heard_on_a_claim_whatever_has_changed(world: World) -> None:
    code = uscc()
    holder = register(world, uscc=code)
    renamed(world, holder, "样例更名有限公司")
    body = registration(uscc=code, name="样例后来有限公司")
    made = ok(world.public.post("/v1/registrations", {**body, "claim_evidence": "样例：营业执照副本。"}), 201)
    (claim,) = made["organisation"]["claims"]
    assert ok(world.office.get(f"/v1/registration-claims/{claim['id']}"))["against_id"] == holder.organisation_id
    document = {"document": "样例营业执照原件", "name": "样例后来有限公司", "code": code}
    decision = {"outcome": "upheld", "reason": "样例：经核对证件。", "document": document}
    path = f"/v1/registration-claims/{claim['id']}/decision"
    problem = refused(world.office.post(path, decision), 422, "rule_refused", RULE)
    assert [item["reason"] for item in problem["violations"]] == ["holder_not_heard"]
    ok(holder.account.post(f"/v1/registration-claims/{claim['id']}/reply", {"reply": "样例"}))
    ok(world.office.post(path, decision))
    # It keeps its history, under the name that the document has shown.
    kept = shown(world.office, holder.organisation_id)
    assert (kept["state"], kept["name"], kept["changed_since_verified"]) == ("verified", "样例后来有限公司", [])


def test_art13_1_a_name_that_no_document_was_compared_with_is_shown_at_once(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    submitted = shown(world.office, applied.organisation_id)["name"]

    def told() -> list[list[tuple[str, Any, Any]]]:
        timelines = [
            ok(who.get(f"/v1/applications/{applied.id}/timeline")) for who in (world.office, applied.applicant)
        ]
        listed = ok(world.office.get(f"/v1/rounds/{round_id}/qualification-worklist"))["items"]
        return [
            [(item["field"], item["submitted"], item["present"]) for item in page["profile_changes"]]
            for page in (*timelines, *listed)
        ]

    assert told() == [[]] * 3
    renamed(world, applied, "样例改名制造有限公司")
    assert told() == [[("stated_name", None, "样例改名制造有限公司")]] * 3
    verify(world, shown(world.office, applied.organisation_id))
    assert told() == [[("name", submitted, "样例改名制造有限公司")]] * 3
