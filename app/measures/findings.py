"""What a rule answers: findings, each with its rule, article, outcome, reason and facts, told in two languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import NotRequired, TypedDict

from app.measures import sentences
from app.measures.acts import whose
from app.measures.applicants import name_of
from app.measures.catalogue import CATALOGUE
from app.measures.plain import Fact
from app.measures.reasons import Reason
from app.measures.text import Text

__all__ = ["Finding", "Outcome", "Text", "fails", "failures", "needs_decision", "obstacles", "passes"]


class Outcome(StrEnum):
    """pass: the rule is met. fail: it is not. needs_decision: a person decides, and the decision is recorded."""

    PASS = "pass"
    FAIL = "fail"
    NEEDS_DECISION = "needs_decision"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one rule on one set of facts, and the reason for it. `facts` are JSON-ready: strings, numbers,
    booleans, lists, null. `at`: where in the form the fact it is about was stated, a JSON pointer."""

    rule: str
    article: str
    outcome: Outcome
    reason: Reason
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))
    at: str | None = None

    @property
    def message(self) -> Text:
        """What it says to people."""
        reason, rule, facts = self.reason, self.rule, self.facts
        return Text(sentences.message(reason, rule, facts, "zh"), sentences.message(reason, rule, facts, "en"))

    @property
    def remedy(self) -> Text | None:
        """What would remedy it, where something would."""
        zh = sentences.remedy(self.reason, self.rule, self.facts, "zh")
        en = None if zh is None else sentences.remedy(self.reason, self.rule, self.facts, "en")
        return None if zh is None or en is None else Text(zh, en)


class FindingRecord(TypedDict):
    """A finding as it is stored and shown. Findings that were stored before there were reasons have none."""

    rule: str
    article: str
    outcome: str
    reason: NotRequired[str]
    message_zh: str
    message_en: str
    remedy_zh: NotRequired[str | None]
    remedy_en: NotRequired[str | None]
    facts: dict[str, Fact]


def passes(rule: str, reason: Reason, /, **facts: Fact) -> Finding:
    """The rule is met on these facts."""
    return _finding(rule, Outcome.PASS, reason, facts)


def fails(rule: str, reason: Reason, /, **facts: Fact) -> Finding:
    """The rule is not met."""
    return _finding(rule, Outcome.FAIL, reason, facts)


def needs_decision(rule: str, reason: Reason, /, **facts: Fact) -> Finding:
    """The service cannot decide: a person's recorded decision is required before the procedure goes on."""
    return _finding(rule, Outcome.NEEDS_DECISION, reason, facts)


def placed(finding: Finding, at: str | None) -> Finding:
    """The finding about what was stated there; `at` None: it was not stated in the form."""
    return replace(finding, at=at)


def under(finding: Finding, article: str) -> Finding:
    """The finding under the article that its facts rest on, where its rule stands under several."""
    return replace(finding, article=article)


def left_by(findings: Iterable[Finding], act: str) -> list[Finding]:
    """The findings, those that refuse and name no act naming `act`: the one by which an organisation that fails leaves
    the list, so that the others go on."""
    return [
        replace(item, facts=MappingProxyType(next_step(item.rule, item.reason, {**item.facts, "next_act": act})))
        if item.outcome is Outcome.FAIL and item.facts.get("next_act") is None
        else item
        for item in findings
    ]


def failures(findings: Iterable[Finding]) -> list[Finding]:
    """Those that refuse."""
    return [finding for finding in findings if finding.outcome is Outcome.FAIL]


def obstacles(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stand in the way: refusals and open decisions."""
    return [finding for finding in findings if finding.outcome is not Outcome.PASS]


# Nearly all facts. An applicant is of a kind of its own.
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def _finding(rule: str, outcome: Outcome, reason: Reason, facts: Mapping[str, Fact]) -> Finding:
    # The catalogue look-up makes an unknown rule id a programming error at its first use, in the first test.
    told = {name: value if type(value) in _AS_THEY_ARE else _told(value) for name, value in facts.items()}
    if outcome is not Outcome.PASS:
        told = next_step(rule, reason, told)
    return Finding(rule, CATALOGUE[rule].article, outcome, reason, MappingProxyType(told))


def next_step(rule: str, reason: Reason, facts: dict[str, Fact]) -> dict[str, Fact]:
    """The facts of what refuses, with the act that comes next and whose it is: the one that the rule names in its
    facts, else the one that the data file names beside the remedy."""
    ahead = facts["next_act"] if "next_act" in facts else sentences.next_act(reason, rule)
    if ahead is None:
        return facts
    kind = facts.get("object")
    return facts | {"next_act": ahead, "next_by": whose(str(ahead), machine=None if kind is None else str(kind))}


def _told(value: Fact) -> Fact:
    """The fact as people read it: applicants by their names, where the rule knew them by their keys."""
    if isinstance(value, str):
        return name_of(value)
    if isinstance(value, Mapping):
        return {name: _told(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [item if type(item) in _AS_THEY_ARE else _told(item) for item in value]
    return value
