"""The only place that assigns a state: it asks the table of the state machine who may, from where, and whether every
guard was heard."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import Forbidden, Stale, WrongState, refuse
from app.measures import order
from app.measures.findings import Finding, Text, obstacles
from app.measures.state_machines import StateMachine, Transition


class Stateful(Protocol):
    """A row that has a life."""

    state: str


class Versioned(Protocol):
    """A row that people edit."""

    version: int


@dataclass(frozen=True, slots=True)
class AvailableAction:
    """An act of the object's life for this caller: allowed now, or what stands in the way."""

    act: str
    allowed: bool
    blocked_by: Sequence[Finding] = field(default_factory=tuple)


def check_version(context: WriteContext, entity: Versioned) -> None:
    """`Stale` where the caller named a version (`If-Match`) and it is not the present one."""
    if context.if_match is not None and entity.version != context.if_match:
        raise Stale(
            Text("内容已被更新，请重新读取后再提交", "It has changed meanwhile; read it again and repeat"),
        )


def require(context: ReadContext, life: StateMachine, entity: Stateful, act: str) -> Transition:
    """The act's transition, where role and state permit it; `Forbidden` or `WrongState` otherwise."""
    transition = life.transition(act)
    if context.actor.role not in transition.roles:
        raise Forbidden(Text("您的角色不能执行此操作", "Your role may not do this"))
    if entity.state not in transition.sources:
        raise out_of_order(context, life, entity, act)
    return transition


def out_of_order(
    context: ReadContext,
    life: StateMachine,
    entity: Stateful,
    act: str,
    *,
    wanted: Collection[str] | None = None,
    rule: str | None = None,
    message: Text | None = None,
) -> WrongState:
    """Why `act` is not possible in the object's state, citing the step that is missing and naming the act that comes
    next. `wanted` and `rule` are for an act that is done to another object: the states in which it is possible, and the
    rule that it is done under. `message` says it more closely than the states' names do."""
    there = [item for item in life.states if item in (life.transition(act).sources if wanted is None else wanted)]
    under = life.transition(act).rule if rule is None else rule
    finding = order.out_of_order(life, entity.state, act, there, rule=under, role=context.actor.role)
    here, names = life.states[entity.state], [life.states[item] for item in there]
    text = message or Text(
        f"当前状态为“{here.zh}”，此操作只能在“{'、'.join(name.zh for name in names)}”时进行",
        f"The state is “{here.en}”; this is possible only in {', '.join(f'“{name.en}”' for name in names)}",
    )
    return WrongState(text, findings=[finding])


def move(
    context: WriteContext,
    life: StateMachine,
    entity: Stateful,
    act: str,
    findings: Sequence[Finding] = (),
    *,
    vacuous: Collection[str] = (),
) -> Sequence[Finding]:
    """Carry the act out on the object's state. Refuses with every finding that is not a pass; answers the findings.

    `vacuous`: guards that are asked of each name of a list, where the list is empty (Art. 6: a valid decision).
    """
    transition = require(context, life, entity, act)
    refuse(findings)
    unheard = set(transition.guards) - {finding.rule for finding in findings} - set(vacuous)
    if unheard:
        # A guard that nobody asked would be a rule that nobody keeps: this is a defect of ours, not of the caller.
        raise RuntimeError(f"{life.name}.{act}: guards not asked: {sorted(unheard)}")
    entity.state = transition.next_state(entity.state)
    return findings


def target_of(life: StateMachine, act: str) -> str:
    """The state to which the act leads, for rows that are moved together in one statement. The act has one target."""
    target = life.transition(act).target
    if target is None:
        raise RuntimeError(f"{life.name}.{act} leads to no state")
    return target.value


def create(life: StateMachine, state: str | None = None) -> str:
    """The state in which an object of this life begins."""
    chosen = life.initial[0] if state is None else state
    if chosen not in life.initial:
        raise RuntimeError(f"a {life.name} does not begin as {chosen}")
    return chosen


def available_actions(
    context: ReadContext, life: StateMachine, entity: Stateful, findings: Mapping[str, Iterable[Finding]] | None = None
) -> list[AvailableAction]:
    """What this caller's role may do with the object now; for the rest of its acts in this state, what stands in the
    way.

    `findings` holds, per act, what the measures say on the present facts; an act whose findings depend on the
    caller's input is allowed here and judged when it comes.
    """
    known = findings or {}
    actions = []
    for transition in life.transitions:
        if context.actor.role in transition.roles and entity.state in transition.sources:
            standing = tuple(obstacles(known.get(transition.act, ())))
            actions.append(AvailableAction(transition.act, not standing, standing))
    return actions
