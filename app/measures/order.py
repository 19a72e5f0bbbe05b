"""The order of the procedure: what a refusal by state says. Which act is missing and comes next, or that an act's time
is over, each with its article."""

from __future__ import annotations

from collections.abc import Collection

from app.measures.findings import Finding, fails
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.state_machines import StateMachine, Transition


def next_act(machine: StateMachine, state: str, wanted: Collection[str]) -> Transition | None:
    """The act to do next where one of the wanted states lies ahead, or one step aside; None where it does not."""
    here = state
    while here in machine.ahead:
        step = machine.transition(machine.ahead[here])
        here = step.next_state(here)
        if here in wanted:
            return machine.transition(machine.ahead[state])
    if state in machine.aside:
        step = machine.transition(machine.aside[state])
        return step if step.target in wanted else None
    return None


def name_ahead(machine: StateMachine, state: str) -> str | None:
    """The act that the procedure does next in a state, by the name under which somebody can ask for it; None where
    nothing comes next."""
    name = machine.ahead.get(state)
    return None if name is None else _asked_for(machine.transition(name))


def out_of_order(machine: StateMachine, state: str, act: str, wanted: Collection[str], *, rule: str) -> Finding:
    """Why `act`, which is done under `rule` in one of the wanted states, is not possible in this one. `act` need not be
    one of the machine's own: what a round's state permits is done to other objects too."""
    facts: Facts = {"object": machine.name, "act": act, "state": str(state)}
    missing = next_act(machine, state, wanted)
    if missing is not None:
        return fails(missing.rule, Reason.ACT_MISSING, next_act=_asked_for(missing), **facts)
    if state in machine.waits:
        return fails(rule, machine.waits[state], next_act=None, **facts)
    if state in machine.terminal:
        return fails(rule, Reason.STATE_FINAL, next_act=None, **facts)
    return fails(rule, Reason.STATE_PASSED, next_act=None, **facts)


def act_out_of_order(machine: StateMachine, state: str, act: str, *, rule: str | None = None) -> Finding:
    """`out_of_order` for an act of the machine's own. One that would leave the object as it is has nothing before it,
    and neither has one that takes the procedure back. `rule`: under which it was asked for, where an act is done under
    one of many."""
    transition = machine.transition(act)
    asked = transition.rule if rule is None else rule
    other = machine.instead.get((act, state))
    if other is not None:
        facts: Facts = {"object": machine.name, "act": act, "state": str(state)}
        return fails(asked, Reason.ACT_REPLACED, next_act=other, **facts)
    wanted = () if transition.reopens or transition.target == state else transition.sources
    return out_of_order(machine, state, act, wanted, rule=asked)


def _asked_for(transition: Transition) -> str:
    return transition.follows or transition.act
