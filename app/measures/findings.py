"""What a rule answers: findings, each with its rule, article, outcome, reason and facts, told in two languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.measures import sentences
from app.measures.catalogue import CATALOGUE
from app.measures.reasons import Reason


class Outcome(StrEnum):
    """pass: the rule is met. fail: it is not. needs_decision: a person decides, and the decision is recorded."""

    PASS = "pass"
    FAIL = "fail"
    NEEDS_DECISION = "needs_decision"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one rule on one set of facts, and the reason for it. `facts` are JSON-ready: strings, numbers,
    booleans, lists, null. `at`: where in the form the fact it is about was stated, a JSON pointer."""

    rule: str
    article: str
    outcome: Outcome
    reason: Reason | None
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    # Sentences of the calls that do not give a reason yet.
    inline: tuple[Text, Text | None] | None = None
    at: str | None = None

    @property
    def message(self) -> Text:
        """What it says to people."""
        if self.reason is None:
            return _inline(self)[0]
        told = {name: sentences.message(self.reason, self.rule, self.facts, name) for name in sentences.LANGUAGES}
        return Text(**told)

    @property
    def remedy(self) -> Text | None:
        """What would cure it, where something would."""
        if self.reason is None:
            return _inline(self)[1]
        zh, en = (sentences.remedy(self.reason, self.rule, self.facts, name) for name in sentences.LANGUAGES)
        return None if zh is None or en is None else Text(zh, en)


def _inline(finding: Finding) -> tuple[Text, Text | None]:
    assert finding.inline is not None
    return finding.inline


def passes(rule: str, reason: Reason | str, en: str = "", /, **facts: Any) -> Finding:
    """The rule is met on these facts."""
    return _finding(rule, Outcome.PASS, reason, en, facts)


def fails(rule: str, reason: Reason | str, en: str = "", /, *, remedy: Text | None = None, **facts: Any) -> Finding:
    """The rule is not met."""
    return _finding(rule, Outcome.FAIL, reason, en, facts, remedy)


def needs_decision(
    rule: str, reason: Reason | str, en: str = "", /, *, remedy: Text | None = None, **facts: Any
) -> Finding:
    """The service cannot decide: a person's recorded decision is required before the procedure goes on."""
    return _finding(rule, Outcome.NEEDS_DECISION, reason, en, facts, remedy)


def placed(finding: Finding, at: str | None) -> Finding:
    """The finding about what was stated there; `at` None: it was not stated in the form."""
    return replace(finding, at=at)


def failures(findings: Iterable[Finding]) -> list[Finding]:
    """Those that refuse."""
    return [finding for finding in findings if finding.outcome is Outcome.FAIL]


def obstacles(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stand in the way: refusals and open decisions."""
    return [finding for finding in findings if finding.outcome is not Outcome.PASS]


def _finding(
    rule: str,
    outcome: Outcome,
    reason: Reason | str,
    en: str,
    facts: Mapping[str, Any],
    remedy: Text | None = None,
) -> Finding:
    # The catalogue look-up makes an unknown rule id a programming error at its first use, in the first test.
    article, kept = CATALOGUE[rule].article, MappingProxyType(dict(facts))
    if isinstance(reason, Reason):
        return Finding(rule, article, outcome, reason, kept)
    return Finding(rule, article, outcome, None, kept, (Text(reason, en), remedy))
