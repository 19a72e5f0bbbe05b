"""The register of interpretations (Art. 32): open questions, the default reading of each, the registered one.

The shipped questions are in `data/interpretations.json`. Where a question offers more than one option, the one that is
registered and effective on a date switches the rules of that date; `Readings` carries the choices into the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TypedDict

from app.measures.findings import Finding, fails, passes
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.shipped import shipped_json
from app.measures.text import Text


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One question with its options; `options[…]` says each reading in a sentence. `default` is one of the options."""

    key: str
    articles: tuple[str, ...]
    question: Text
    options: Mapping[str, Text]
    default: str

    @property
    def default_text(self) -> Text:
        """What the option says that holds until the register chooses another (Art. 32)."""
        return self.options[self.default]


@dataclass(frozen=True, slots=True)
class RegisteredReading:
    """An entry of the register: from `effective_on` the office reads `key` as `value`, by `document`."""

    key: str
    value: str
    document: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class Readings:
    """The reading of every shipped question on one date: `readings["publicity_counting"]` is the chosen option."""

    values: Mapping[str, str]
    documents: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.values[key]

    def cite(self, key: str) -> dict[str, str | None]:
        """For the facts of a finding: key, value and document (null: the shipped default)."""
        return {"key": key, "value": self.values[key], "document": self.documents.get(key)}


@cache
def interpretations() -> Mapping[str, Interpretation]:
    """The shipped questions by key."""
    return MappingProxyType({item["key"]: _interpretation(item) for item in shipped_json("interpretations.json")})


def readings_on(day: date, registered: Iterable[RegisteredReading] = ()) -> Readings:
    """The readings on `day`: the latest effective entry of each question (of two on one date, the later in order), else
    the default. An entry that switches nothing (see `reading_registrable`) has no part in it."""
    chosen: dict[str, RegisteredReading] = {}
    for entry in registered:
        question = interpretations().get(entry.key)
        if question is None or entry.value not in question.options or entry.effective_on > day:
            continue
        earlier = chosen.get(entry.key)
        if earlier is None or entry.effective_on >= earlier.effective_on:
            chosen[entry.key] = entry
    values = {key: chosen[key].value if key in chosen else item.default for key, item in interpretations().items()}
    documents = {key: entry.document for key, entry in chosen.items()}
    return Readings(MappingProxyType(values), MappingProxyType(documents))


@rule("art32.interpretations")
def resting_on(findings: Iterable[Finding], readings: Readings, key: str) -> list[Finding]:
    """The findings, each with the reading that it rests on where its rule has cited none (Art. 32)."""
    cited = readings.cite(key)
    return [
        item if "reading" in item.facts else replace(item, facts={**item.facts, "reading": cited}) for item in findings
    ]


@rule("art32.interpretations")
def reading_registrable(*, entry: RegisteredReading, registered: Sequence[RegisteredReading] = ()) -> list[Finding]:
    """Whether the entry can enter the register: it names its document, and a shipped question takes one of its options
    (Art. 32).

    A question that is not shipped may be registered as well; it explains and switches nothing (fact `switches`).
    """
    findings: list[Finding] = []
    question = interpretations().get(entry.key)
    if not entry.document.strip():
        findings.append(fails("art32.interpretations", Reason.DOCUMENT_MISSING, key=entry.key))
    if question is not None and entry.value not in question.options:
        findings.append(
            fails(
                "art32.interpretations",
                Reason.OPTION_UNKNOWN,
                key=entry.key,
                value=entry.value,
                options=sorted(question.options),
            )
        )
    if any(other.key == entry.key and other.effective_on == entry.effective_on for other in registered):
        findings.append(
            fails(
                "art32.interpretations",
                Reason.EFFECTIVE_DAY_TAKEN,
                key=entry.key,
                effective_on=entry.effective_on.isoformat(),
            )
        )
    return findings or [
        passes(
            "art32.interpretations",
            Reason.READING_REGISTRABLE,
            key=entry.key,
            value=entry.value,
            effective_on=entry.effective_on.isoformat(),
            switches=question is not None,
        )
    ]


class _Question(TypedDict):
    key: str
    articles: list[str]
    question_zh: str
    question_en: str
    options: dict[str, _Wording]
    default: str


class _Wording(TypedDict):
    zh: str
    en: str


def _interpretation(item: _Question) -> Interpretation:
    return Interpretation(
        key=item["key"],
        articles=tuple(item["articles"]),
        question=Text(item["question_zh"], item["question_en"]),
        options=MappingProxyType({key: Text(text["zh"], text["en"]) for key, text in item["options"].items()}),
        default=item["default"],
    )
