"""How an act is carried out, and the only place that assigns a state: it asks the table of the state machine who may,
from where, and whether every guard was heard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import Forbidden, Stale, WrongState, refuse
from app.kernel.security.principal import Principal
from app.measures import order
from app.measures.findings import Finding, obstacles
from app.measures.interpretations import Readings
from app.measures.state_machines import ROUND, StateMachine, Transition
from app.measures.text import Text
from app.store.base import Identified, is_changed


class Stateful(Protocol):
    """A row that has a state."""

    @property
    def state(self) -> str: ...


class Subject(Stateful, Protocol):
    """A row that an act is done to."""

    @property
    # Any: a mapped column is no plain attribute to the checker.
    def id(self) -> Any: ...


class Asking(Protocol):
    """Whoever asks what he may do: a request's context, or less of it."""

    @property
    def actor(self) -> Principal: ...


@dataclass(frozen=True, slots=True)
class AvailableAction:
    """An act of the state machine of `subject` for this caller: allowed now, or what stands in the way. `further`: how
    many more findings do than are named. `in_full` False: not everything that the act asks of each application was
    looked at."""

    act: str
    machine: str
    subject: object
    allowed: bool
    blocked_by: Sequence[Finding] = field(default_factory=tuple)
    further: int = 0
    in_full: bool = True


def check_version(context: WriteContext, entity: object) -> None:
    """`Stale` where the caller named a version (`If-Match`) and it is not the present one. Rows that nobody edits have
    none."""
    if context.if_match is not None and getattr(entity, "version", context.if_match) != context.if_match:
        raise Stale(
            Text("内容已被更新，请重新读取后再提交", "It has changed meanwhile; read it again and repeat"),
        )


def require(
    context: ReadContext,
    machine: StateMachine,
    entity: Stateful,
    act: str,
    *,
    rule: str | None = None,
    message: Text | None = None,
) -> Transition:
    """The act's transition, where role and state permit it; `Forbidden` or `WrongState` otherwise, which `message` says
    more closely than the states' names do. `rule`: under which it was asked for, where that is one of many."""
    transition = machine.transition(act)
    if context.actor.role not in transition.roles and not (transition.operator and context.actor.operator):
        raise Forbidden(Text("您的角色不能执行此操作", "Your role may not do this"))
    if entity.state not in transition.sources:
        raise out_of_order(machine, entity, act, rule=rule, message=message)
    return transition


def out_of_order(
    machine: StateMachine,
    entity: Stateful,
    act: str,
    *,
    wanted: Collection[str] | None = None,
    rule: str | None = None,
    message: Text | None = None,
) -> WrongState:
    """Why `act` is not possible in the object's state, citing the step that is missing and naming the act that comes
    next. `wanted` is for an act that is done to another object: the states in which it is possible. `rule`: under which
    it is done, where that is not the act's own. `message` says it more closely than the states' names do."""
    there = [item for item in machine.states if item in (machine.transition(act).sources if wanted is None else wanted)]
    if wanted is None:
        finding = order.act_out_of_order(machine, entity.state, act, rule=rule)
    else:
        under = machine.transition(act).rule if rule is None else rule
        finding = order.out_of_order(machine, entity.state, act, there, rule=under)
    here, names = machine.states[entity.state], [machine.states[item] for item in there]
    text = message or Text(
        f"当前状态为“{here.zh}”，此操作只能在“{'、'.join(name.zh for name in names)}”时进行",
        f"The state is “{here.en}”; this is possible only in {', '.join(f'“{name.en}”' for name in names)}",
    )
    return WrongState(finding, message=text)


def require_state(
    machine: StateMachine,
    entity: Stateful,
    name: str,
    wanted: Collection[str],
    *,
    rule: str,
    message: Text,
) -> None:
    """`WrongState` unless another object is in one of the wanted states: an act that its state permits, under a rule,
    and that is not one of its own."""
    if entity.state not in wanted:
        raise out_of_order(machine, entity, name, wanted=wanted, rule=rule, message=message)


@dataclass(slots=True)
class Act:
    """An act under way: what was heard before it, and what the audit log will say of it."""

    context: WriteContext
    machine: StateMachine
    row: Subject
    name: str
    recorded: str
    subject: tuple[str, UUID]
    round_id: UUID | None
    findings: Sequence[Finding] | None = None
    # Any: whatever an audit entry tells.
    details: dict[str, Any] = field(default_factory=dict)

    def hear(self, findings: Sequence[Finding] = (), *, vacuous: Collection[str] = ()) -> None:
        """Refuse with every finding that is not a pass; then carry the act out on the object's state. Called once, with
        all findings of the act, before anything is written. `vacuous`: as for `move`."""
        if self.findings is not None or is_changed(self.row):
            raise RuntimeError(f"{self.machine.name}.{self.name}: heard twice, or written before it was heard")
        self.findings = move(self.context, self.machine, self.row, self.name, findings, vacuous=vacuous)

    def note(self, findings: Iterable[Finding]) -> None:
        """Findings for the record only: they refuse nothing."""
        self.findings = [*(self.findings or ()), *findings]

    # Any: whatever an audit entry tells.
    def tell(self, **details: Any) -> None:
        """What the audit entry says beside the subject and the findings."""
        self.details.update(details)

    def rest_on(self, readings: Readings, *keys: str) -> None:
        """The readings of the register that the act rests on go on the record with it (Art. 32)."""
        self.details["readings"] = [*self.details.get("readings", ()), *map(readings.cite, keys)]

    def about(self, kind: str, row: Identified) -> None:
        """The audit entry names another subject than the object whose state permits the act."""
        self.subject = (kind, row.id)


@asynccontextmanager
async def act(
    context: WriteContext,
    machine: StateMachine,
    row: Subject,
    name: str,
    *,
    named: bool = True,
    recorded: str | None = None,
    round_id: UUID | None = None,
    rule: str | None = None,
    message: Text | None = None,
) -> AsyncIterator[Act]:
    """Carry an act out on a locked row. On entry: version, role and state. Inside: the findings are heard, then rows
    are written. On exit: the act with its findings goes on the record, and the rows go to the database."""
    with one_of_many(
        context, machine, row, name, named=named, recorded=recorded, round_id=round_id, rule=rule, message=message
    ) as doing:
        yield doing
    await context.session.flush()


@contextmanager
def one_of_many(
    context: WriteContext,
    machine: StateMachine,
    row: Subject,
    name: str,
    *,
    named: bool = False,
    recorded: str | None = None,
    round_id: UUID | None = None,
    rule: str | None = None,
    message: Text | None = None,
) -> Iterator[Act]:
    """As `act`, for one of many rows that the caller sends to the database at once.

    `named`: the request names this object, so that its version (`If-Match`) is this one's. `recorded`: the act's name
    in the audit log, where the state machine has a shorter one. `round_id`: for rows that do not hold it themselves.
    `rule`, `message`: as for `require`.
    """
    if named:
        check_version(context, row)
    target = require(context, machine, row, name, rule=rule, message=message).next_state(row.state)
    of_round = row.id if machine is ROUND else getattr(row, "round_id", None)
    doing = Act(context, machine, row, name, recorded or name, (machine.name, row.id), round_id or of_round)
    yield doing
    if doing.findings is None:
        doing.hear()
    if row.state != target:
        raise RuntimeError(f"{machine.name}.{name}: left in {row.state}, not in {target}")
    audit.record(
        context,
        doing.recorded,
        *doing.subject,
        round_id=doing.round_id,
        findings=doing.findings or (),
        **doing.details,
    )


async def enter(
    context: WriteContext,
    row: Identified,
    name: str,
    kind: str,
    /,
    *,
    subject: Identified | None = None,
    round_id: UUID | None = None,
    findings: Sequence[Finding] = (),
    # Any: whatever an audit entry tells.
    **details: Any,
) -> None:
    """An act that makes a new row: refused with every finding that is not a pass; written, and put on the record.
    `kind`: of the subject, which is the new row itself where no other is named."""
    refuse(findings)
    context.session.add(row)
    await context.session.flush()
    audit.record(context, name, kind, (subject or row).id, round_id=round_id, findings=findings, **details)


def move(
    context: WriteContext,
    machine: StateMachine,
    entity: Stateful,
    name: str,
    findings: Sequence[Finding] = (),
    *,
    vacuous: Collection[str] = (),
) -> Sequence[Finding]:
    """The state of an object that an act takes along with its own. Refuses with every finding that is not a pass;
    answers the findings.

    `vacuous`: guards that are asked of each name of a list, where the list is empty (Art. 6: a valid decision).
    """
    transition = require(context, machine, entity, name)
    _heard(machine, transition, findings, vacuous)
    if not isinstance(getattr(type(entity), "state", None), property):
        # Elsewhere the state follows from what the act writes.
        entity.state = transition.next_state(entity.state)  # type: ignore[misc]
    return findings


def move_together(
    context: WriteContext,
    machine: StateMachine,
    entities: Iterable[Stateful],
    name: str,
    findings: Sequence[Finding],
) -> StrEnum:
    """As `move`, for rows that an act takes along together on the same findings: these are heard once, however many the
    rows are. Answers the state that they come to, which the caller writes down in one statement."""
    for entity in {item.state: item for item in entities}.values():
        require(context, machine, entity, name)
    _heard(machine, machine.transition(name), findings, ())
    return target_of(machine, name)


def _heard(
    machine: StateMachine, transition: Transition, findings: Sequence[Finding], vacuous: Collection[str]
) -> None:
    refuse(findings)
    unheard = set(transition.guards) - {finding.rule for finding in findings} - set(vacuous)
    if unheard:
        # A guard that nobody asked would be a rule that nobody keeps: this is a defect of ours, not of the caller.
        raise RuntimeError(f"{machine.name}.{transition.act}: guards not asked: {sorted(unheard)}")


def target_of(machine: StateMachine, act: str) -> StrEnum:
    """The state to which the act leads, for rows that are moved together in one statement. The act has one target."""
    target = machine.transition(act).target
    if target is None:
        raise RuntimeError(f"{machine.name}.{act} leads to no state")
    return target


def create(machine: StateMachine, state: StrEnum | None = None) -> StrEnum:
    """The state in which an object of this machine begins."""
    chosen = machine.initial[0] if state is None else state
    if chosen not in machine.initial:
        raise RuntimeError(f"a {machine.name} does not begin as {chosen}")
    return chosen


def available_actions(
    context: Asking,
    machine: StateMachine,
    entity: Stateful,
    findings: Mapping[str, Iterable[Finding]] | None = None,
) -> list[AvailableAction]:
    """What this caller's role may do with the object now; for the rest of its acts in this state, what stands in the
    way.

    `findings` holds, per act, what the measures say on the present facts; an act whose findings depend on the
    caller's input is allowed here and judged when it comes.
    """
    known = findings or {}
    actions = []
    for transition in machine.transitions:
        if not transition.offered:
            continue  # It follows from another act, and nobody can ask for it.
        if context.actor.role in transition.roles and entity.state in transition.sources:
            standing = tuple(obstacles(known.get(transition.act, ())))
            actions.append(AvailableAction(transition.act, machine.name, entity, not standing, standing))
    return actions
