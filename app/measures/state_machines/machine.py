"""What a state machine is: states with their names, and the acts that lead from one to another.

The tables beside this file drive the services (nothing else assigns a state), `available_actions`, the CHECK
constraints, the enumerations of the contract, the role tests and the diagrams in the docs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from app.measures.reasons import Reason
from app.measures.roles import Role
from app.measures.text import Text

PUBLIC = (Role.PUBLIC,)
OFFICE = (Role.OFFICE,)
GOVERNMENT = (Role.GOVERNMENT,)
APPLICANT = (Role.APPLICANT,)
UNIT = (Role.RECOMMENDING_UNIT,)
PLATFORM = (Role.PAYMENT_PLATFORM,)
DEPARTMENT = (Role.DEPARTMENT,)
# Of accounts.
KEEPERS = (Role.OFFICE, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)

# Asked of each name on a list: an empty list leaves them nothing to ask.
ELIGIBILITY = (
    "art04.recipient",
    "art05.lookback",
    "art06.interval",
    "art13.1.local",
    "art13.1.legal_person",
    "art13.1.age",
    "art13.2.compliance",
    "art13.3.certified",
    "art13.4.safety",
    "art13.4.profit",
    "art13.6.record",
    "art13.6.higher_award",
    "exclusions",
)


class State(StrEnum):
    """A state: its word, and its name in Chinese and English."""

    text: Text

    def __new__(cls, word: str, zh: str = "", en: str = "") -> Self:
        member = str.__new__(cls, word)
        member._value_, member.text = word, Text(zh, en)
        return member

    @classmethod
    def names(cls) -> dict[str, Text]:
        """The name of each state, by its word."""
        return {state: state.text for state in cls}


class KeptState(State):
    """The states of a declaration or a record that may be taken back: it stays to be read."""

    RECORDED = "recorded", "已登记", "Recorded"
    WITHDRAWN = "withdrawn", "已撤回", "Withdrawn"


@dataclass(frozen=True, slots=True)
class Transition:
    """One act: from any of `sources` to `target` (the same state where the act changes no state).

    `rule`: under which rule of the catalogue it is done; a refusal by state cites it. `guards`: the rules that are
    asked before it. `reopens`: it takes the procedure back a step, as a consequence of another act, and is never what
    somebody does next. `offered`: there is an operation for it; what is not follows from another act, as all that
    `reopens` does. `follows`: the act of another object from which it follows, where a refusal has to name it.
    `operator`: the operator's command may do it as well, and the service of itself, neither of whom has a role.
    `dated_back`: what an act of an earlier day finds, which undoes what a later day had brought: for whoever asks, the
    state is final all the same.
    """

    act: str
    rule: str
    sources: tuple[StrEnum, ...]
    target: StrEnum | None
    roles: frozenset[Role]
    guards: tuple[str, ...] = ()
    reopens: bool = False
    offered: bool = True
    follows: str | None = None
    operator: bool = False
    dated_back: bool = False

    def next_state(self, state: str) -> str:
        """The state after the act."""
        return state if self.target is None else self.target


@dataclass(frozen=True, slots=True)
class StateMachine:
    """States with their names, those in which an object begins, and the acts.

    What a refusal by state names next is declared, not derived: that some act leads to a state does not make it the
    act to do. `ahead`: the act that the procedure does next in a state. `aside`: acts beside that way, named only where
    they lead at once to where the refused act is possible. `instead`: what takes the place of an act whose time is
    over. `waits`: why nothing is to be done in a state until another object's case is decided.
    """

    name: str
    states: Mapping[str, Text]
    initial: tuple[StrEnum, ...]
    transitions: tuple[Transition, ...]
    ahead: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[tuple[str, str], str] = field(default_factory=dict)
    waits: Mapping[str, Reason] = field(default_factory=dict)

    def transition(self, act: str) -> Transition:
        """The act's line of the table."""
        return next(item for item in self.transitions if item.act == act)

    @property
    def terminal(self) -> frozenset[str]:
        """States that no state-changing act leaves, but for one of an earlier day that is entered later."""
        left = {source for item in self.transitions if item.target and not item.dated_back for source in item.sources}
        return frozenset(self.states) - left


def act(
    name: str,
    rule: str,
    sources: Iterable[StrEnum],
    target: StrEnum | None,
    roles: Iterable[Role],
    *guards: str,
    reopens: bool = False,
    offered: bool = True,
    follows: str | None = None,
    operator: bool = False,
    dated_back: bool = False,
) -> Transition:
    """A line of a table. What follows from another act is not offered itself."""
    asked_for = offered and not reopens and follows is None
    return Transition(
        name, rule, tuple(sources), target, frozenset(roles), guards, reopens, asked_for, follows, operator, dated_back
    )
