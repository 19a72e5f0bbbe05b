"""The sentences of `data/reasons.toml`: what a finding says, and what would remedy it, in each language.

A sentence is a template over the facts of its finding: `{last_day}`. A list joins its items as the language does. After
a colon stands how the fact is written:
- `label`: the word that people use for it, from the table of labels named like the fact; `{role:label organs}`: from
  another table
- `yuan`: an amount in fen; `percent`: a share of one; `year`: the year of a date; `count`: how many items a list has
- `act`: what the act that the fact names is called; `whose`: the roles that can do it
- `state`: what the state is called, of the kind of thing that the fact `object` names
- `sentence`: the sentence of the reason that the fact names, on the same facts

`next_act` of a reason is the act that its remedy names, where the rule itself names none.

`{rule:title}` is what the catalogue calls the rule.

A further language comes as a file of its own, `reasons.<language>.toml`, laid over the first.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, TypedDict

from app.measures.acts import ACTS, whose
from app.measures.catalogue import CATALOGUE
from app.measures.plain import Fact
from app.measures.reasons import Reason
from app.measures.shipped import shipped_bytes
from app.measures.state_machines import STATE_MACHINES

LANGUAGES = ("zh", "en")
_FIRST = "reasons.toml"


class SentenceError(LookupError):
    """The data file lacks a sentence or a label, or a template names a fact that the finding does not have."""


class Shipped(TypedDict):
    """The data file: sentences by reason (and, under a rule's id, those of the reason under that rule), labels by table
    and value, how a list is joined; each by language."""

    reasons: dict[str, dict[str, str | dict[str, str]]]
    labels: dict[str, dict[str, dict[str, str]]]
    join: dict[str, str]


def _read() -> Shipped:
    # Any: TOML of our own, whose shape the tests of the reasons hold.
    tables: dict[str, Any] = {}
    names = sorted(item.name for item in files("app.measures").joinpath("data").iterdir())
    further = [name for name in names if name.startswith("reasons.") and name.endswith(".toml") and name != _FIRST]
    for name in (_FIRST, *further):
        _lay_over(tables, tomllib.loads(shipped_bytes(name).decode("utf-8")))
    return Shipped(reasons=tables["reasons"], labels=tables["labels"], join=tables["join"])


def message(reason: Reason, rule: str, facts: Mapping[str, Fact], language: str) -> str:
    """What the finding says. Raises SentenceError where the data file or the facts lack something."""
    template = _template(reason, rule, language)
    if template is None:
        raise SentenceError(f"{reason} has no sentence in {language}")
    return _filled(template, reason, rule, facts, language)


def remedy(reason: Reason, rule: str, facts: Mapping[str, Fact], language: str) -> str | None:
    """What would remedy it, or None where nothing is said to. Raises SentenceError as `message` does."""
    template = _template(reason, rule, f"remedy_{language}")
    return _filled(template, reason, rule, facts, language) if template else None


def next_act(reason: Reason, rule: str) -> str | None:
    """The act that its remedy names, where the data file names one; an empty one under a rule: none there."""
    return _template(reason, rule, "next_act") or None


def yuan(fen: int) -> str:
    """An amount in fen, not negative, as people write it in yuan."""
    return f"{fen // 100}.{fen % 100:02d}"


def _yuan(value: Fact) -> str:
    return yuan(int(str(value)))


def _percent(share: Fact) -> str:
    return f"{(Decimal(str(share)) * 100).normalize():f}"


def _year(day: Fact) -> str:
    return str(day)[:4]


@cache
def _template(reason: Reason, rule: str, key: str) -> str | None:
    """The wording under this rule where there is one, else that of the reason."""
    sentences = shipped()["reasons"].get(reason.value, {})
    under_rule = sentences.get(rule)
    found = under_rule[key] if isinstance(under_rule, dict) and key in under_rule else sentences.get(key)
    return found if isinstance(found, str) else None


_WRITTEN: Mapping[str, Callable[[Fact], str]] = {"": str, "yuan": _yuan, "percent": _percent, "year": _year}


def _filled(template: str, reason: Reason, rule: str, facts: Mapping[str, Fact], language: str) -> str:
    parts: list[str] = []
    for text, name, spec, _ in _parsed(template):
        parts.append(text)
        if name is None:
            continue
        if name == "rule":
            parts.append(str(getattr(CATALOGUE[rule], language)))
            continue
        if name not in facts:
            raise SentenceError(f"{reason} under {rule}: no fact {name}")
        value, word = facts[name], spec or ""
        if word == "sentence":
            parts.append(message(Reason(str(value)), rule, facts, language))
            continue
        if word == "act":
            parts.append(str(getattr(ACTS[str(value)], language)))
            continue
        if word == "whose":
            roles = whose(str(value), machine=str(facts.get("object")))
            parts.append(shipped()["join"][language].join(label("role", role, language) for role in roles))
            continue
        if word == "state":
            parts.append(str(getattr(STATE_MACHINES[str(facts["object"])].states[str(value)], language)))
            continue
        if not word and not isinstance(value, list | tuple):
            parts.append(str(value))
            continue
        items = value if isinstance(value, list | tuple) else [value]
        if word == "count":
            parts.append(str(len(items)))
            continue
        parts.append(shipped()["join"][language].join(_written(item, name, word, language) for item in items))
    return "".join(parts)


@cache
def _parsed(template: str) -> tuple[tuple[str, str | None, str | None, str | None], ...]:
    """The parts of a template: told again and again, taken apart once."""
    return tuple(Formatter().parse(template))


def label(table: str, value: str, language: str) -> str:
    """The word that people use for a value, from the named table of labels; `SentenceError` where it has none."""
    try:
        return str(shipped()["labels"][table][str(value)][language])
    except KeyError as error:
        raise SentenceError(f"no label for {value} of {table} in {language}") from error


def _written(value: Fact, name: str, spec: str, language: str) -> str:
    kind, _, table = spec.partition(" ")
    return label(table or name, str(value), language) if kind == "label" else _WRITTEN[kind](value)  # house: kinds


# Any: a table of TOML holds words or further tables, to any depth.
def _lay_over(lower: dict[str, Any], upper: Mapping[str, Any]) -> None:
    for key, value in upper.items():
        if isinstance(value, dict) and isinstance(lower.get(key), dict):
            _lay_over(lower[key], value)
        else:
            lower[key] = value


# Read once, when the rules are: an answer may hold hundreds of sentences.
_SHIPPED = _read()


def shipped() -> Shipped:
    """The data file, with those of further languages laid over it: `reasons`, `labels`, `join`."""
    return _SHIPPED
