"""The order of the procedure: in every state of every machine each act is possible, or its refusal says under which
article, and what comes next."""

from __future__ import annotations

import pytest

from app.measures.acts import ACTS, whose
from app.measures.catalogue import CATALOGUE
from app.measures.order import act_out_of_order, next_act, out_of_order
from app.measures.reasons import Reason
from app.measures.roles import Role
from app.measures.state_machines import (
    APPLICATION,
    DISBURSEMENT,
    OBJECTION,
    RECOMMENDATION,
    RECOVERY,
    ROUND,
    STATE_MACHINES,
    VISIT,
    RoundState,
    StateMachine,
    Transition,
)
from tests.measures.conftest import assert_both_languages

EVERY = [
    (machine, item.act, state)
    for machine in STATE_MACHINES.values()
    for item in machine.transitions
    for state in machine.states
    if state not in item.sources
]


def _step(machine: StateMachine, state: str, following: object) -> Transition:
    """The line of the table that is taken when somebody does what comes next: it is that act, or follows from it."""
    return next(
        item for item in machine.transitions if state in item.sources and following == (item.follows or item.act)
    )


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
        step = _step(machine, state, following)
        assert step.target is not None and not step.reopens
        assert finding.rule == step.rule and following in ACTS
        assert whose(str(following)), f"{following}: nobody has an operation for it"
        assert finding.remedy is not None and ACTS[following].zh in finding.remedy.zh
        assert_both_languages(finding.remedy)
    else:
        assert following is None and finding.remedy is not None
        assert_both_languages(finding.remedy)
        assert finding.rule == machine.transition(act).rule
        assert (reason == Reason.STATE_FINAL) == (state in machine.terminal)


def test_the_acts_that_are_named_lead_to_the_act_that_was_wanted() -> None:
    """Whoever does what the refusals name, one after the other, comes to where the act is possible."""
    for machine, act, start in EVERY:
        state, steps = start, 0
        while state not in machine.transition(act).sources:
            following = act_out_of_order(machine, state, act).facts["next_act"]
            if following is None:
                assert steps == 0
                break
            state, steps = _step(machine, state, following).next_state(state), steps + 1
            assert steps < len(machine.states)


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


@pytest.mark.parametrize(
    ("state", "act", "following"),
    [
        ("failed", "report_paid", "reissue"),
        ("unordered", "report_returned", "reissue"),
        ("payable", "report_paid", "acknowledge"),
        ("suspended", "acknowledge", "reject"),
        ("payable", "resume", None),
    ],
)
def test_art09_what_comes_next_for_a_prize_is_never_that_it_is_held(
    state: str, act: str, following: str | None
) -> None:
    assert act_out_of_order(DISBURSEMENT, state, act).facts["next_act"] == following


def test_art26_what_is_owed_back_follows_from_the_annulment() -> None:
    assert act_out_of_order(RECOVERY, "outstanding", "give_back").facts["next_act"] == "annul_revocation"


def test_of_two_ways_the_callers_own_is_named() -> None:
    wanted = APPLICATION.transition("edit").sources
    for role, act in ((Role.APPLICANT, "return_to_draft"), (Role.RECOMMENDING_UNIT, "decline"), (None, "decline")):
        step = next_act(APPLICATION, "recommendation_requested", wanted, role=role)
        assert step is not None and step.act == act


def test_the_shortest_way_is_named() -> None:
    step = next_act(ROUND, "draft", [RoundState.CANCELLED])
    assert step is not None and step.act == "cancel_round"
    assert next_act(ROUND, "concluded", [RoundState.DRAFT]) is None


def test_what_hangs_on_the_state_of_another_object_cites_it_as_well() -> None:
    finding = out_of_order(ROUND, "called", "record_report", [RoundState.ONSITE], rule="art19.onsite")
    assert (finding.rule, finding.facts["next_act"]) == ("art17.qualification", "confirm_qualified_list")
    late = out_of_order(ROUND, "publicity", "record_report", [RoundState.ONSITE], rule="art19.onsite")
    assert (late.rule, late.reason) == ("art19.onsite", "state_passed")
