"""The sentences of `data/reasons.toml`: what a finding says, and what would cure it, in each language.

A sentence is a template over the facts of its finding: `{last_day}`. A list joins its items as the language does. After
a colon stands how the fact is written:
- `label`: the word that people use for it, from the table of labels named like the fact; `{role:label organs}`: from
  another table
- `yuan`: an amount in fen; `percent`: a share of one; `year`: the year of a date; `count`: how many items a list has
- `act`: what the act that the fact names is called; `state`: what the state is called, of the kind of thing that the
  fact `object` names
- `sentence`: the sentence of the reason that the fact names, on the same facts

`{rule:title}` is what the catalogue calls the rule.

A further language comes as a file of its own, `reasons.<language>.toml`, laid over the first.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from importlib.resources import files
from string import Formatter
from typing import Any

from app.measures.acts import ACTS
from app.measures.catalogue import CATALOGUE
from app.measures.reasons import Reason
from app.measures.shipped import shipped_bytes
from app.measures.state_machines import STATE_MACHINES

LANGUAGES = ("zh", "en")
_FIRST = "reasons.toml"


class SentenceError(LookupError):
    """The data file lacks a sentence or a label, or a template names a fact that the finding does not have."""


def _read() -> Mapping[str, Any]:
    tables: dict[str, Any] = {}
    names = sorted(item.name for item in files("app.measures").joinpath("data").iterdir())
    further = [name for name in names if name.startswith("reasons.") and name.endswith(".toml") and name != _FIRST]
    for name in (_FIRST, *further):
        _lay_over(tables, tomllib.loads(shipped_bytes(name).decode("utf-8")))
    return tables


def message(reason: Reason, rule: str, facts: Mapping[str, Any], language: str) -> str:
    """What the finding says. Raises SentenceError where the data file or the facts lack something."""
    template = _template(reason, rule, language)
    if template is None:
        raise SentenceError(f"{reason} has no sentence in {language}")
    return _filled(template, reason, rule, facts, language)


def remedy(reason: Reason, rule: str, facts: Mapping[str, Any], language: str) -> str | None:
    """What would cure it, or None where nothing is said to. Raises SentenceError as `message` does."""
    template = _template(reason, rule, f"remedy_{language}")
    return _filled(template, reason, rule, facts, language) if template else None


def yuan(fen: int) -> str:
    """An amount in fen, not negative, as people write it in yuan."""
    return f"{fen // 100}.{fen % 100:02d}"


def _percent(share: Any) -> str:
    return f"{(Decimal(str(share)) * 100).normalize():f}"


def _year(day: Any) -> str:
    return str(day)[:4]


def _template(reason: Reason, rule: str, key: str) -> str | None:
    """The wording under this rule where there is one, else that of the reason."""
    sentences = shipped()["reasons"].get(reason.value, {})
    found = sentences.get(rule, {}).get(key, sentences.get(key))
    return None if found is None else str(found)


_WRITTEN: Mapping[str, Callable[[Any], str]] = {"": str, "yuan": yuan, "percent": _percent, "year": _year}


def _filled(template: str, reason: Reason, rule: str, facts: Mapping[str, Any], language: str) -> str:
    parts: list[str] = []
    for text, name, spec, _ in Formatter().parse(template):
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
            parts.append(message(Reason(value), rule, facts, language))
            continue
        if word == "act":
            parts.append(str(getattr(ACTS[value], language)))
            continue
        if word == "state":
            parts.append(str(getattr(STATE_MACHINES[facts["object"]].states[value], language)))
            continue
        if word == "count":
            parts.append(str(len(value)))
            continue
        items = value if isinstance(value, list | tuple) else [value]
        parts.append(shipped()["join"][language].join(_written(item, name, word, language) for item in items))
    return "".join(parts)


def label(table: str, value: str, language: str) -> str:
    """The word that people use for a value, from the named table of labels; `SentenceError` where it has none."""
    try:
        return str(shipped()["labels"][table][str(value)][language])
    except KeyError as error:
        raise SentenceError(f"no label for {value} of {table} in {language}") from error


def _written(value: Any, name: str, spec: str, language: str) -> str:
    kind, _, table = spec.partition(" ")
    return label(table or name, str(value), language) if kind == "label" else _WRITTEN[kind](value)


def _lay_over(lower: dict[str, Any], upper: Mapping[str, Any]) -> None:
    for key, value in upper.items():
        if isinstance(value, dict) and isinstance(lower.get(key), dict):
            _lay_over(lower[key], value)
        else:
            lower[key] = value


# Read once, when the rules are: an answer may hold hundreds of sentences.
_SHIPPED = _read()


def shipped() -> Mapping[str, Any]:
    """The data file, with those of further languages laid over it: `reasons`, `labels`, `join`."""
    return _SHIPPED
