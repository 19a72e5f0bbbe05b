"""The order of the procedure: in every state of every machine each act is possible, or its refusal says under which
article, and what comes next."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

from app.measures.acts import ACTS, whose
from app.measures.catalogue import CATALOGUE
from app.measures.order import act_out_of_order, name_ahead, next_act, out_of_order
from app.measures.reasons import Reason
from app.measures.state_machines import (
    APPLICATION,
    AWARD,
    DISBURSEMENT,
    OBJECTION,
    RECOMMENDATION,
    ROUND,
    STATE_MACHINES,
    VISIT,
    WEBHOOK,
    RoundState,
    StateMachine,
    Transition,
)
from tests.measures.conftest import assert_both_languages

OFFERED = {item.act for machine in STATE_MACHINES.values() for item in machine.transitions if item.offered} | {
    # An act that makes a new object, and so is in no table.
    "open_revocation"
}
EVERY = [
    (machine, item.act, state)
    for machine in STATE_MACHINES.values()
    for item in machine.transitions
    for state in machine.states
    if state not in item.sources
]


@pytest.mark.parametrize(("machine", "act", "state"), EVERY, ids=lambda value: getattr(value, "name", str(value)))
def test_what_is_not_possible_in_a_state_is_refused_under_an_article(
    machine: StateMachine, act: str, state: str
) -> None:
    finding = act_out_of_order(machine, state, act)
    assert finding.outcome == "fail"
    assert finding.article == CATALOGUE[finding.rule].article
    assert (finding.facts["act"], finding.facts["state"]) == (act, state)
    assert_both_languages(finding.message)
    reason, following = finding.reason, finding.facts["next_act"]
    if reason == Reason.ACT_MISSING:
        step = _step(machine, state, str(following))
        assert step.target is not None and finding.rule == step.rule
    else:
        assert finding.rule == machine.transition(act).rule
        assert (reason == Reason.STATE_FINAL) == (state in machine.terminal)
    if reason in (Reason.ACT_MISSING, Reason.ACT_REPLACED):
        # Somebody can ask for it, and reads what it is called.
        assert following in OFFERED
        assert finding.remedy is not None and ACTS[str(following)].zh in finding.remedy.zh
        assert_both_languages(finding.remedy)
    else:
        assert following is None


def _step(machine: StateMachine, state: str, name: str) -> Transition:
    """The line of the machine that the named act carries out in this state."""
    return next(item for item in machine.transitions if state in item.sources and name in (item.follows, item.act))


def test_the_acts_that_are_named_lead_to_the_act_that_was_wanted() -> None:
    """Whoever does what the refusals name, one after the other, comes to where the act is possible."""
    for machine, act, start in EVERY:
        state, steps = start, 0
        while state not in machine.transition(act).sources:
            finding = act_out_of_order(machine, state, act)
            if finding.reason != Reason.ACT_MISSING:
                assert steps == 0
                break
            state = _step(machine, state, str(finding.facts["next_act"])).next_state(state)
            steps += 1
            assert steps < len(machine.states)


def test_the_answers_are_those_that_a_person_has_approved() -> None:
    """Of each act in each state that does not permit it: what is done next, or why nothing is. A change here is read as
    whoever is refused will read it."""
    told: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for machine, act, state in EVERY:
        finding = act_out_of_order(machine, state, act)
        answer = finding.facts["next_act"] or finding.reason
        told[f"{machine.name} {state}"][act] = str(answer)
    approved = json.loads(Path(__file__).with_name("next_acts.json").read_text(encoding="utf-8"))
    assert told == approved


def test_what_is_declared_ahead_is_there_to_be_done() -> None:
    for machine in STATE_MACHINES.values():
        for state, name in [*machine.ahead.items(), *machine.aside.items()]:
            step = machine.transition(name)
            assert state in step.sources and not step.reopens
            assert step.target is not None and (step.follows or step.act) in OFFERED
        for (act, state), name in machine.instead.items():
            assert state not in machine.transition(act).sources and name in OFFERED
        assert not set(machine.waits) & (set(machine.ahead) | machine.terminal)


@pytest.mark.parametrize(
    ("machine", "state", "act", "rule", "reason", "following"),
    [
        (ROUND, "draft", "publish_candidates", "art16.call", "act_missing", "publish_call"),
        (ROUND, "evaluated", "publish_candidates", "art11.deliberation", "act_missing", "record_deliberation"),
        (ROUND, "publicity", "approve_awards", "art21.proposed", "act_missing", "fix_proposed_list"),
        (ROUND, "approved", "cancel_round", "art10.proposes", "state_passed", None),
        (ROUND, "onsite", "publish_call", "art16.call", "state_passed", None),
        (ROUND, "cancelled", "publish_call", "art16.call", "state_final", None),
        # That scores may be set aside is nothing that anybody is told to do.
        (ROUND, "evaluated", "issue_material_report", "art18.material", "state_passed", None),
        (OBJECTION, "received", "uphold", "art21.objections", "act_missing", "start_verification"),
        (APPLICATION, "submitted", "shortlist", "art17.qualification", "act_missing", "confirm_qualification"),
        # Of an order that is cancelled or held nobody is told to report a payment.
        (DISBURSEMENT, "cancelled", "acknowledge", "art09.disbursement", "state_passed", None),
        (DISBURSEMENT, "cancelled", "report_returned", "art09.disbursement", "state_passed", None),
        (DISBURSEMENT, "cancelled", "cancel", "art08.prize", "state_passed", None),
        (DISBURSEMENT, "suspended", "acknowledge", "art09.disbursement", "revocation_pending", None),
        (DISBURSEMENT, "failed", "report_paid", "art09.disbursement", "act_missing", "reissue"),
        (DISBURSEMENT, "failed", "report_returned", "art09.disbursement", "act_missing", "reissue"),
        (DISBURSEMENT, "acknowledged", "reissue", "art09.disbursement", "act_missing", "report_failed"),
        (AWARD, "conferred", "withdraw_award", "art26.fraud", "act_replaced", "open_revocation"),
        (APPLICATION, "correction_requested", "submit", "art16.call", "act_replaced", "resubmit"),
        (OBJECTION, "informal", "uphold", "art21.objections", "act_replaced", "close_informal_objection"),
        (WEBHOOK, "active", "activate_webhook", "art03.recommendation", "state_passed", None),
        (VISIT, "made", "cancel_visit", "art27.visits", "state_final", None),
        (RECOMMENDATION, "endorsed", "endorse", "art03.recommendation", "state_passed", None),
    ],
)
def test_a_refusal_cites_the_first_step_that_is_missing(
    machine: StateMachine, state: str, act: str, rule: str, reason: str, following: str | None
) -> None:
    finding = act_out_of_order(machine, state, act)
    assert (finding.rule, finding.reason, finding.facts["next_act"]) == (rule, reason, following)


@pytest.mark.parametrize(
    ("name", "machine", "roles"),
    [
        ("decline", "recommendation", ["recommending_unit"]),
        ("decide", None, ["government"]),
        ("decide", "disbursement", ["government"]),
        ("withdraw", "award", ["applicant"]),
        # What follows from another act is nobody's to ask for.
        ("resume", "disbursement", []),
        # What makes an object is no line of a machine.
        ("open_revocation", "award", ["office"]),
        ("no_such_act", None, []),
    ],
)
def test_whose_an_act_is(name: str, machine: str | None, roles: list[str]) -> None:
    assert whose(name, machine=machine) == roles


def test_an_act_that_follows_from_another_is_never_named_itself() -> None:
    """What comes next is what somebody can do: in every state of every machine it has an operation for its roles."""
    for machine, act, state in EVERY:
        following = act_out_of_order(machine, state, act).facts["next_act"]
        assert following is None or whose(str(following), machine=machine.name)


def test_a_step_aside_is_named_only_where_it_leads_there_at_once() -> None:
    step = next_act(APPLICATION, "recommendation_requested", APPLICATION.transition("edit").sources)
    assert step is not None and step.act == "return_to_draft"
    # An endorsement is not given twice: nobody takes the application back for it.
    assert next_act(APPLICATION, "endorsed", APPLICATION.transition("endorse").sources) is None


def test_no_way_leads_to_an_end_that_nobody_seeks() -> None:
    assert next_act(ROUND, "draft", [RoundState.CANCELLED]) is None
    assert next_act(ROUND, "concluded", [RoundState.DRAFT]) is None


@pytest.mark.parametrize(
    ("state", "following"),
    [
        ("payable", "acknowledge"),
        ("acknowledged", "report_paid"),
        ("failed", "reissue"),
        ("returned", "reissue"),
        ("unordered", "reissue"),
        ("paid", None),
        ("suspended", None),
        ("cancelled", None),
    ],
)
def test_art09_what_comes_next_for_a_prize(state: str, following: str | None) -> None:
    assert name_ahead(DISBURSEMENT, state) == following


def test_what_follows_from_another_act_is_named_by_that_act() -> None:
    assert name_ahead(AWARD, "approved") == "issue_decree"
    finding = act_out_of_order(AWARD, "approved", "revoke")
    assert (finding.rule, finding.facts["next_act"]) == ("art22.approval", "issue_decree")


def test_what_is_asked_for_under_one_of_many_rules_is_refused_under_that_one() -> None:
    final = act_out_of_order(APPLICATION, "removed", "remove", rule="art13.4.safety")
    assert (final.rule, final.reason) == ("art13.4.safety", "state_final")
    replaced = act_out_of_order(AWARD, "conferred", "withdraw_award", rule="exclusions")
    assert (replaced.rule, replaced.facts["next_act"]) == ("exclusions", "open_revocation")
    # The step that is missing is cited by its own.
    missing = act_out_of_order(ROUND, "called", "fix_proposed_list", rule="exclusions")
    assert (missing.rule, missing.reason) == ("art17.qualification", "act_missing")


def test_what_hangs_on_the_state_of_another_object_cites_it_as_well() -> None:
    finding = out_of_order(ROUND, "called", "record_report", [RoundState.ONSITE], rule="art19.onsite")
    assert (finding.rule, finding.facts["next_act"]) == ("art17.qualification", "confirm_qualified_list")
    late = out_of_order(ROUND, "publicity", "record_report", [RoundState.ONSITE], rule="art19.onsite")
    assert (late.rule, late.reason) == ("art19.onsite", "state_passed")
