"""The sentences of `data/reasons.toml`: what a finding says, and what would remedy it, in each language.

A sentence is a template over the facts of its finding: `{last_day}`. A list joins its items as the language does. After
a colon stands how the fact is written:
- `label`: the word that people use for it, from the table of labels named like the fact; `{role:label organs}`: from
  another table
- nothing: a day, an instant (in Shanghai), a text or a number, in the reader's form
- `amount`: an amount in fen, with its currency; `year`: the year of a date
- `count`: how many items a list has
- `act`: what the act that the fact names is called; `whose`: the roles that can do it
- `state`: what the state is called, of the kind of thing that the fact `object` names
- `sentence`: the sentence of the reason that the fact names, on the same facts
- `title`: what the catalogue calls the rule that the fact names

`next_act` of a reason is the act that its remedy names, where the rule itself names none.

`{rule:title}` is what the catalogue calls the rule.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from string import Formatter
from typing import TypedDict

from app.measures.acts import ACTS, whose
from app.measures.catalogue import CATALOGUE
from app.measures.dates import SHANGHAI
from app.measures.plain import Fact
from app.measures.reasons import Reason
from app.measures.shipped import shipped_bytes
from app.measures.state_machines import STATE_MACHINES
from app.measures.text import Text

LANGUAGES = ("zh", "en")
_FILE = "reasons.toml"
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}(?:$|T)")
_OF_A_DAY = len("2024-05-06")
_TEN_THOUSAND, _A_HUNDRED = 10_000, 100
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class SentenceError(LookupError):
    """The data file lacks a sentence or a label, or a template names a fact that the finding does not have."""


class Shipped(TypedDict):
    """The data file: sentences by reason (and, under a rule's id, those of the reason under that rule), labels by table
    and value, how a list is joined; each by language."""

    reasons: dict[str, dict[str, str | dict[str, str]]]
    labels: dict[str, dict[str, dict[str, str]]]
    join: dict[str, str]


def _read() -> Shipped:
    tables = tomllib.loads(shipped_bytes(_FILE).decode("utf-8"))
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


def told_day(day: date) -> Text:
    """A day as people write it."""
    zh = f"{day.year}年{day.month}月{day.day}日"  # house: sentences
    return Text(zh, f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def told_amount(fen: int) -> Text:
    """An amount in fen as people write it: in yuan, and in Chinese from 10,000 yuan on in units of these, as long as
    that takes no more than two places."""
    whole, rest = divmod(abs(fen), 100)
    sign, cents = "-" if fen < 0 else "", f".{rest:02d}" if rest else ""
    english = f"CNY {sign}{whole:,}{cents}"
    if whole >= _TEN_THOUSAND and not rest and whole % _A_HUNDRED == 0:
        return Text(f"{sign}{(Decimal(whole) / _TEN_THOUSAND).normalize():f}万元", english)  # house: sentences
    return Text(f"{sign}{whole}{cents}元", english)  # house: sentences


def _amount(value: Fact, language: str) -> str:
    return str(getattr(told_amount(int(str(value))), language))


def in_readers_form(value: object, language: str) -> str:
    """A day, or an instant in Shanghai, as the readers of the language write it; anything else as it is."""
    text = str(value)
    if not _DATED.match(text):
        return text
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        # What somebody has typed, and what is no day.
        return text
    if len(text) == _OF_A_DAY:
        return str(getattr(told_day(instant.date()), language))
    if instant.tzinfo is None:
        return text
    here = instant.astimezone(SHANGHAI)
    day = told_day(here.date())
    return f"{day.zh}{here:%H:%M}" if language == "zh" else f"{here:%H:%M} on {day.en}"


def _year(day: Fact, _language: str) -> str:
    return str(day)[:4]


@cache
def _template(reason: Reason, rule: str, key: str) -> str | None:
    """The wording under this rule where there is one, else that of the reason."""
    sentences = shipped()["reasons"].get(reason.value, {})
    under_rule = sentences.get(rule)
    found = under_rule[key] if isinstance(under_rule, dict) and key in under_rule else sentences.get(key)
    return found if isinstance(found, str) else None


_WRITTEN: Mapping[str, Callable[[Fact, str], str]] = {
    "": in_readers_form,
    "amount": _amount,
    "year": _year,
}


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
        if word == "title":
            parts.append(str(getattr(CATALOGUE[str(value)], language)))
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
    if kind == "label":  # house: kinds
        return label(table or name, str(value), language)
    return _WRITTEN[kind](value, language)


# Read once, when the rules are: an answer may hold hundreds of sentences.
_SHIPPED = _read()


def shipped() -> Shipped:
    """The data file: `reasons`, `labels`, `join`."""
    return _SHIPPED
