"""The order of the procedure: what a refusal by state says. Which act is missing and comes next, or that an act's time
is over, each with its article."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from app.measures.findings import Finding, fails
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.roles import Role
from app.measures.state_machines import StateMachine, Transition


def next_act(
    machine: StateMachine, state: str, wanted: Collection[str], *, role: Role | None = None
) -> Transition | None:
    """The first act of the shortest way from a state to one of the wanted ones; None where no way leads there. Of ways
    of the same length, one that `role` may begin. What nobody can ask for, and follows from no act that is known, leads
    nowhere."""
    found: list[Transition] = []
    shortest: int | None = None
    ahead: deque[tuple[str, Transition | None, int]] = deque([(state, None, 0)])
    seen: set[tuple[str, str | None]] = {(state, None)}
    while ahead:
        here, first, length = ahead.popleft()
        if shortest is not None and length >= shortest:
            break
        for item in machine.transitions:
            if item.target is None or item.reopens or here not in item.sources:
                continue
            if item.ends or (not item.offered and item.follows is None):
                continue
            # What is done again where it leads leads on from its first state only: a supplement is no way back.
            if item.target in item.sources and here != item.sources[0] and not item.onward:
                continue
            begun = first or item
            if item.target in wanted:
                shortest = length + 1
                found.append(begun)
            elif (item.target, begun.act) not in seen:
                seen.add((item.target, begun.act))
                ahead.append((item.target, begun, length + 1))
    own = [item for item in found if role in item.roles]
    return next(iter([*own, *found]), None)


def out_of_order(
    machine: StateMachine, state: str, act: str, wanted: Collection[str], *, rule: str, role: Role | None = None
) -> Finding:
    """Why `act`, which is done under `rule` in one of the wanted states, is not possible in this one. `act` need not be
    one of the machine's own: what a round's state permits is done to other objects too."""
    facts: Facts = {"object": machine.name, "act": act, "state": str(state)}
    missing = next_act(machine, state, wanted, role=role)
    if missing is not None:
        ahead = missing.follows or missing.act
        return fails(missing.rule, Reason.ACT_MISSING, next_act=ahead, **facts)
    if state in machine.terminal:
        return fails(rule, Reason.STATE_FINAL, next_act=None, **facts)
    return fails(rule, Reason.STATE_PASSED, next_act=None, **facts)


def act_out_of_order(machine: StateMachine, state: str, act: str, *, role: Role | None = None) -> Finding:
    """`out_of_order` for an act of the machine's own."""
    transition = machine.transition(act)
    return out_of_order(machine, state, act, transition.sources, rule=transition.rule, role=role)
