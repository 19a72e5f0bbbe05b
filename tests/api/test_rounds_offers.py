"""What is offered is accepted (Art. 3 to 31): in every state that a round, a prize, a case, an objection, a report and
a registration go through, whatever `available_actions` allows is taken, and whatever it does not is refused for the
reasons that it told. Each act is sent as a dry run, by everybody who is offered it."""

from typing import Any

import pytest

from app.measures import state_machines
from app.measures.state_machines import StateMachine
from sandbox.stages.applications import PDF, begin, endorse, register_applicant, request
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import (
    CLOSING,
    HOSPITAL,
    Contender,
    after_publicity,
    approve,
    assign_investigator,
    candidates,
    decree,
    deliberate,
    evaluated_round,
    fix_proposed,
    object_to,
    objections,
    publish,
    start_verification,
)
from sandbox.stages.money import acknowledge, order, order_body, pay
from sandbox.stages.parties import Registered, register, rename
from sandbox.stages.qualification import answer_all, close_applications, confirm, consult, decide_conditions
from sandbox.stages.reviews import close_material, evaluate, light_rules, score_material, score_onsite
from sandbox.stages.revocations import make_statement, open_case, submit_case
from sandbox.stages.rounds import open_round
from sandbox.stages.supervision import assign_report_investigator, summarise_report
from sandbox.world import World, ok
from tests.api.test_art03_letters import ask, drafted
from tests.api.test_art13_registrations import claim_of, rivals
from tests.api.test_art17_form_as_asked import rules
from tests.api.test_revocations import FRAUD, MEDIA, QUALITY, decide
from tests.api.test_supervision import REPORT
from tests.support.offers import KINDS, Sweep, acts_of

pytestmark = pytest.mark.slow

# Told of an object and carried out by an act on another: what is sent, and refused, is that one.
UNSWEPT = {
    ("application", "confirm_qualification"): "an outcome of the qualified list, which the round is offered",
    ("application", "refuse_qualification"): "an outcome of the qualified list, which the round is offered",
    ("application", "shortlist"): "an outcome of the material report, which the round is offered",
    ("application", "leave_out"): "an outcome of the material report, which the round is offered",
    ("application", "evaluate"): "an outcome of the evaluation report, which the round is offered",
    ("objection", "add_evidence"): "done by whoever holds the tracking code, to whom no object is shown",
}


def swept(world: World, *callers: Any) -> Sweep:
    return Sweep(world, *callers, skipped=UNSWEPT)


def test_every_act_of_an_object_that_tells_them_is_swept_or_excused() -> None:
    machines = {item.name: item for item in vars(state_machines).values() if isinstance(item, StateMachine)}
    offered = {
        (kind.machine, item.act) for kind in KINDS for item in machines[kind.machine].transitions if item.offered
    }
    assert acts_of([kind.machine for kind in KINDS]) | set(UNSWEPT) == offered
    assert not acts_of([kind.machine for kind in KINDS]) & set(UNSWEPT)


def test_from_the_draft_of_a_round_to_its_evaluation(world: World) -> None:
    look = swept(world)
    made = ok(world.office.post("/v1/rounds", {"year": 2024, "title": "样例届", "review_rules": light_rules()}), 201)
    look("round")
    call = {"title": "样例通知", "channels": ["县政府网站"], "deadline": "2024-04-30"}
    round_id = ok(world.office.post(f"/v1/rounds/{made['id']}/call", call))["id"]
    _, applicant = register_applicant(world)
    look.also(applicant)
    look("round", "organisation")
    one = begin(world, round_id, applicant)["id"]
    look("application")
    asked = request(world, one, applicant)["id"]
    look("application", "recommendation")
    ok(endorse(world, asked))
    look("application", "recommendation")
    ok(applicant.post(f"/v1/applications/{one}/submission"))
    # One of another organisation stays a draft, asked for and endorsed, when the time is over.
    _, late = register_applicant(world)
    begin(world, round_id, late)
    waiting, endorsed = register_applicant(world)[1], register_applicant(world)[1]
    request(world, begin(world, round_id, waiting)["id"], waiting)
    ok(endorse(world, request(world, begin(world, round_id, endorsed)["id"], endorsed)["id"]))
    look.also(late, waiting, endorsed)
    look("application", "round")
    items = [{"pointer": "/content/certificates", "request": "样例"}]
    ok(world.office.post(f"/v1/applications/{one}/correction-requests", {"items": items}), 201)
    look("application")
    ok(applicant.post(f"/v1/applications/{one}/resubmission"))
    close_applications(world, round_id)
    look("application", "recommendation", "round")
    consult(world, round_id)
    look("application", "round")
    answer_all(world, round_id)
    ok(decide_conditions(world, one), 201)
    look("application", "round")
    ok(confirm(world, round_id), 201)
    look("application", "round")
    score_material(world, round_id, {one: 80})
    look("application", "round")
    close_material(world, round_id)
    look("application", "round")
    score_onsite(world, round_id, {one: 80})
    look("application", "round")
    evaluate(world, round_id)
    look("application", "round", "organisation")
    assert not look.faults, "\n".join(sorted(look.faults))
    acts = {act for machine, act in look.taken if machine == "application"}
    assert acts == {act for _, act in acts_of(["application"])}
    early = {"revise_rules", "publish_call", "extend_deadline", "confirm_qualified_list", "issue_material_report"}
    assert early | {"issue_evaluation", "cancel_round"} <= {act for machine, act in look.taken if machine == "round"}
    assert {("application", "request_recommendation"), ("application", "submit"), ("round", "extend_deadline")} <= (
        look.blocked
    )


def test_the_county_endorses_and_declines(world: World) -> None:
    round_id = open_round(world, review_rules=rules(recommendation=["county_endorsement"]))
    one = drafted(world, round_id)
    look = swept(world, one.applicant)
    asked = ok(ask(world, one, "industry"))["recommendations"][-1]
    look("application", "recommendation")
    ok(endorse(world, asked["id"]))
    look("application", "recommendation")
    world.clock.go("2024-05-02")
    look("application", "recommendation")
    assert not look.faults, "\n".join(sorted(look.faults))
    assert look.taken >= acts_of(["recommendation"])
    assert ("recommendation", "endorse_for_county") in look.blocked


def test_from_the_deliberation_to_the_decree(world: World) -> None:
    made = evaluated_round(world, Contender(), Contender(HOSPITAL, score="700"), Contender(score="650"))
    look = swept(world, *(one.applicant for one in made.applied))
    every = ("application", "round", "award")
    look(*every)
    deliberate(world, made.round_id)
    look(*every)
    publish(world, made.round_id, made.ids[:2])
    look(*every)
    renamed = made.applied[0]
    rename(world, Registered(renamed.organisation_id, renamed.applicant), "样例更名制造有限公司")
    look("round", "organisation")
    first = candidates(world, made.round_id)[made.ids[0]]["id"]
    object_to(world, first)
    object_to(world, first, name=None, contact=None)
    look("objection", "round")
    case = next(item for item in objections(world) if item["classification"] == "formal")
    informal = next(item for item in objections(world) if item["classification"] == "informal")
    assign_investigator(world, case["id"])
    assign_investigator(world, informal["id"])
    look("objection")
    start_verification(world, case["id"])
    look("objection", "round")
    after_publicity(world, made.round_id)
    look("objection", *every)
    fix_proposed(world, made.round_id)
    look(*every)
    approve(world, made.round_id)
    # The one with the open objection waits for its case.
    look(*every)
    ok(world.office.post(f"/v1/objections/{case['id']}/decision", CLOSING | {"outcome": "dismissed"}))
    look("objection", *every)
    fix_proposed(world, made.round_id)
    look(*every)
    approve(world, made.round_id, meeting_number="样例第46次县政府常务会议")
    look(*every)
    decree(world, made.round_id)
    look(*every, "objection")
    assert not look.faults, "\n".join(sorted(look.faults))
    later = {"record_deliberation", "publish_candidates", "add_candidate", "correct_candidate", "remove_candidate"}
    later |= {"fix_proposed_list", "approve_awards", "issue_decree", "cancel_round"}
    assert later <= {act for machine, act in look.taken if machine == "round"}
    assert look.taken >= acts_of(["award"])


def test_the_prize(world: World) -> None:
    won = concluded(world, {}, {}).winners
    look = swept(world, *(one.applicant for one in won))
    first, second = (order(world, one) for one in won)
    look("disbursement", "award")
    acknowledge(world, first)
    look("disbursement")
    failure = {"attempt": 1, "reason": "样例：退票"}
    ok(world.platform.post(f"/v1/disbursements/{first['id']}/payment-failure", failure))
    look("disbursement")
    body = order_body(won[0], reason="样例：更正账号")
    again = ok(world.office.post(f"/v1/disbursements/{first['id']}/reissue", body))
    look("disbursement")
    paid = pay(world, again)
    look("disbursement")
    returned = {
        "attempt": paid["attempt"],
        "confirmation_number": paid["confirmation_number"],
        "amount_fen": paid["amount_fen"],
        "returned_on": world.clock.today.isoformat(),
        "reason": "样例：户名不符",
    }
    ok(world.platform.post(f"/v1/disbursements/{first['id']}/payment-return", returned))
    look("disbursement")
    acknowledge(world, second)
    world.clock.go("2025-06-01")
    cases = [open_case(world, one.award_id, QUALITY) for one in won]
    look("disbursement")
    for number, (one, case) in enumerate(zip(won, cases, strict=True), 21):
        make_statement(one.applicant, case)
        submit_case(world, case)
        decide(world, case, number=f"会府字〔2025〕{number}号")
    look("disbursement", "award")
    for row in (first, second):
        cancelled = {"decision": "会府字〔2025〕31号", "reason": "样例：已撤销"}
        ok(world.government.post(f"/v1/disbursements/{row['id']}/cancellation", cancelled))
    look("disbursement")
    assert not look.faults, "\n".join(sorted(look.faults))
    assert look.taken >= acts_of(["disbursement"])
    assert ("disbursement", "cancel") in look.blocked


OF_A_CASE = ("submit_revocation", "make_statement", "enter_statement", "publish_notice", "publish_annulment")


@pytest.mark.parametrize("kind", [FRAUD, QUALITY], ids=["fraud", "grounds"])
def test_a_case_of_revocation(world: World, kind: dict[str, Any]) -> None:
    won = concluded(world, {}, {}, {}).winners
    look = swept(world, *(one.applicant for one in won))
    world.clock.go("2025-06-01")
    case, rejected, withdrawn = (open_case(world, one.award_id, kind) for one in won)
    look("revocation")
    for one, item in zip(won, (case, rejected, withdrawn), strict=True):
        make_statement(one.applicant, item)
    # With the scan of a letter there, the letter can be entered.
    ok(world.office.post(f"/v1/revocations/{case['id']}/files?filename=来信.pdf", content=PDF), 201)
    look("revocation")
    for item in (case, rejected, withdrawn):
        submit_case(world, item)
    look("revocation", "award")
    no = {"number": "会府字〔2025〕8号", "decided_on": "2025-06-01", "reason": "样例：不属实"}
    ok(world.government.post(f"/v1/revocations/{rejected['id']}/rejection", no))
    ok(world.office.post(f"/v1/revocations/{withdrawn['id']}/withdrawal", {"reason": "样例：证据不足"}))
    decide(world, case)
    look("revocation", "award")
    world.clock.go("2025-06-02")
    ok(world.office.post(f"/v1/revocations/{case['id']}/notice", MEDIA))
    look("revocation")
    annulment = {"body": "样例复议机关", "number": "赣市府行复〔2025〕6号", "decided_on": "2025-06-02"}
    annulment |= {"reason": "样例：事实不清", "evidence": "样例：复议决定书存档"}
    ok(world.government.post(f"/v1/revocations/{case['id']}/annulment", annulment))
    look("revocation", "award")
    ok(world.office.post(f"/v1/revocations/{case['id']}/annulment-notice", MEDIA))
    look("revocation")
    # One that is opened anew, and whose time is over.
    open_case(world, won[2].award_id, kind)
    world.clock.go("2025-06-20")
    look("revocation")
    assert not look.faults, "\n".join(sorted(look.faults))
    assert look.taken >= acts_of(["revocation"])
    seen = {("revocation", act) for act in OF_A_CASE}
    assert seen <= look.blocked


def test_registrations_and_claims(world: World) -> None:
    owner, stranger = rivals(world, evidence=None)
    look = swept(world, owner.account, stranger.account)
    look("organisation", "registration_claim")
    register(world, verified=False)
    verified = register(world)
    look.also(verified.account)
    claim = claim_of(stranger)
    ok(stranger.account.post(f"/v1/registration-claims/{claim['id']}/evidence", {"evidence": "样例：营业执照副本。"}))
    look("organisation", "registration_claim")
    ok(owner.account.post(f"/v1/registration-claims/{claim['id']}/reply", {"reply": "样例：我单位经办人已换。"}))
    look("organisation", "registration_claim")
    decided = {"outcome": "dismissed", "reason": "样例：经核对证件。"}
    ok(world.office.post(f"/v1/registration-claims/{claim['id']}/decision", decided))
    look("organisation", "registration_claim")
    assert not look.faults, "\n".join(sorted(look.faults))
    assert look.taken >= acts_of(["organisation", "registration_claim"])


def test_a_report_of_a_mark(world: World) -> None:
    look = swept(world)
    receipt = ok(world.public.post("/v1/mark-reports", REPORT), 201)
    path = f"/v1/mark-reports/{receipt['id']}"
    look("mark_report")
    assign_report_investigator(world, path)
    look("mark_report")
    summarise_report(world, path)
    look("mark_report")
    ok(world.office.post(f"{path}/follow-up", {"text": "样例：已查处"}))
    look("mark_report")
    assert not look.faults, "\n".join(sorted(look.faults))
    assert look.taken >= acts_of(["mark_report"])
