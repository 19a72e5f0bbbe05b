"""Art. 13(1): a claim to a registered code stops nothing without evidence; with evidence it is decided by the same look
at the document, and what a former holder had stated is set aside."""

import pytest

from sandbox.stages.applications import begin
from sandbox.stages.decision import Contender, fix_proposed, in_publicity
from sandbox.stages.parties import register, registration, rename, uscc, verify
from sandbox.stages.qualification import confirm
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art13_registrations import RULE, claim_of, decide, own, reviewed, rivals
from tests.support.problems import refused


def test_art13_1_a_claim_with_evidence_is_decided_by_the_same_look_at_the_document(world: World) -> None:
    owner, stranger = rivals(world)
    round_id = open_round(world)
    forged = begin(world, round_id, stranger.account)
    reviewed(world, owner, round_id)
    shown = own(owner)
    body = {"document": "样例营业执照", "name": shown["name"], "code": shown["uscc"]}
    path = f"/v1/organisations/{owner.organisation_id}/verification"
    problem = refused(world.office.post(path, body), 422, "rule_refused", RULE)
    assert [(item["reason"], item["facts"]["claims"]) for item in problem["violations"]] == [("claim_first", 1)]
    refuted = {**body, "claims_refuted": "样例：营业执照原件由本登记方持有。"}
    # A unit verifies; whose the code is, is the office's to decide.
    refused(world.by("unit-wenwuba").post(path, refuted), 422, "rule_refused", RULE)
    ok(world.office.post(path, refuted), 201)
    claim = claim_of(stranger)
    assert (claim["state"], claim["decision_reason"]) == ("dismissed", refuted["claims_refuted"])
    assert own(stranger)["state"] == "superseded"
    assert ok(world.office.get(f"/v1/applications/{forged['id']}"))["state"] == "withdrawn"
    # Whoever comes again, with or without a text for evidence, stops nothing any more.
    register(world, verified=False, uscc=shown["uscc"])
    assert ok(confirm(world, round_id), 201)["names"] == [shown["name"]]
    acts = [item["act"] for item in ok(world.auditor.get("/v1/audit-entries?limit=100"))["items"]]
    assert acts.count("dismiss_claim") == 1


def test_art13_1_a_verified_one_is_compared_again_beside_a_claim_without_evidence(world: World) -> None:
    first, second = rivals(world, evidence=None, verified=True)
    path = f"/v1/organisations/{first.organisation_id}"
    version = own(first)["version"]
    ok(first.account.patch(path, {"registered_address": "江西省赣州市会昌县麻州镇9号"}, version=version))
    verify(world, own(first))
    assert own(first)["state"] == "verified" and claim_of(second)["state"] == "open"


@pytest.mark.parametrize("shown", [True, False])
@pytest.mark.slow
def test_art13_1_an_upheld_claim_sets_aside_the_names_of_the_former_holder(world: World, shown: bool) -> None:
    code, name = uscc(), "样例真实制造有限公司"
    holder = register(world, uscc=code, name=name)
    made = in_publicity(world, Contender(organisation=(holder.organisation_id, holder.account)))
    rename(world, holder, "样例冒名有限公司")
    made_claim = ok(
        world.public.post(
            "/v1/registrations", {**registration(uscc=code, name=name), "claim_evidence": "样例：营业执照副本。"}
        ),
        201,
    )
    (claim,) = made_claim["organisation"]["claims"]
    rename(world, holder, "样例再冒名有限公司", verified=False)
    ok(holder.account.post(f"/v1/registration-claims/{claim['id']}/reply", {"reply": "样例答复"}))
    problem = refused(decide(world, claim, "upheld", former_names=["样例不相干公司"]), 422, "invalid")
    assert [item["pointer"] for item in problem["errors"]] == ["/former_names/0"]
    ok(decide(world, claim, "upheld", former_names=["样例冒名有限公司"] if shown else []))
    expected = f"{name}（原名：样例冒名有限公司）" if shown else name
    path = f"/v1/rounds/{made.round_id}"
    assert [item["printed_name"] for item in ok(world.public.get(f"{path}/candidate-list"))["candidates"]] == [expected]
    kept = ok(world.office.get(f"/v1/organisations/{holder.organisation_id}"))
    assert (kept["name"], kept["stated_name"], kept["state"]) == (name, None, "verified")
    assert [item["name"] for item in kept["former_names"]] == (["样例冒名有限公司"] if shown else [])
    assert [item["printed_name"] for item in fix_proposed(world, made.round_id)["names"]] == [expected]
