"""What people call the words and the fields of the contract, in both languages: one answer for the contract, the
vocabularies and the forms. Where a word has its name already (a state, a rule, a code, what a finding's sentence says)
that is taken; the rest stands in `app/static/labels.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

from typing_extensions import TypedDict

from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.error_texts import PROBLEMS
from app.kernel.field_texts import FIELDS
from app.measures.catalogue import CATALOGUE
from app.measures.sentences import label, shipped
from app.measures.text import Text
from app.schemas.words import STATES_OF
from app.services.papers.catalogue import KINDS

# Enumerations whose words are some of those of another.
_PART_OF = {
    "AccountRole": "Role",
    "ClaimOutcome": "RegistrationClaimState",
    "DecidedFinding": "RecordFinding",
    "Lacking": "ObjectionLack",
    "LaterInstrumentKind": "InstrumentKind",
    "ObjectionOutcome": "ObjectionState",
    "RecommendationAnswer": "RecommendationState",
    "RegisterStatus": "CertificateStatus",
}
# Those that the sentences of findings name: by the table of `data/reasons.toml`.
_IN_SENTENCES = {
    "CommitteeDetail": "asked",
    "DecreeDetail": "asked",
    "FormField": "asked",
    "OpinionDetail": "asked",
    "ProductDetail": "asked",
    "RecommendationDetail": "asked",
    "RecordCategory": "category",
    "ReviewDetail": "asked",
    "Role": "role",
    "SeatCategory": "seat_category",
    "UndertakingKind": "undertaking",
}
_OF_RULES = frozenset({"RemovalGround", "WithdrawalGround"})
# How a sentence names a thing, where a list of them does not.
_ARTICLE = re.compile("^(?:an?|the) ")
_FACT = re.compile(r"\{[^}]*\}")
# Reasons whose sentence is a fact and nothing beside it, of which a gap would be left.
_ALL_A_FACT = {"file_name_unreadable": Text("文件名无法辨认", "The name of the file cannot be read")}


class _Words(TypedDict):
    zh: str
    en: str


class _Group(_Words):
    fields: list[str]


class _Quantity(_Words):
    factor: int


class _Shipped(TypedDict):
    enumerations: dict[str, dict[str, _Words]]
    fields: dict[str, _Words]
    shown: dict[str, _Words]
    columns: dict[str, _Words]
    help: dict[str, str]
    groups: dict[str, dict[str, _Group]]
    quantities: dict[str, _Quantity]
    counted_in: dict[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Some of a form's fields that are filled in together, in their order."""

    code: str
    text: Text
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quantity:
    """In what people enter a value; what is entered is sent `factor` times."""

    text: Text
    factor: int


def labels_of(enumeration: str, words: Iterable[str]) -> dict[str, Text]:
    """The names of these words of the contract's enumeration; `LookupError` where one has none."""
    name = _PART_OF.get(enumeration, enumeration)
    found = _named(name)
    try:
        return {word: found(word) for word in words}
    except LookupError as error:
        raise LookupError(f"{enumeration} has a word without labels: {error}") from error


def field_label(schema: str, field: str) -> Text:
    """What people call a field of a schema; `LookupError` where it has no name."""
    fields = _shipped()["fields"]
    return _text(fields.get(f"{schema}.{field}") or fields[field])


def shown_label(field: str) -> Text | None:
    """What people call a field wherever it stands; None where only its meaning in the contract says it."""
    shipped = _shipped()
    told = shipped["fields"].get(field) or shipped["shown"].get(field)
    return None if told is None else _text(told)


def own_column(schema: str, field: str) -> Text | None:
    """What the column of a field of this schema alone is called; None where it is called as the field is elsewhere."""
    own = _shipped()["columns"].get(f"{schema}.{field}")
    return None if own is None else _text(own)


def field_help(schema: str, field: str) -> str | None:
    """What is said beside a field in Chinese, where something is."""
    return _shipped()["help"].get(f"{schema}.{field}")


def groups_of(schema: str) -> Sequence[Group]:
    """The parts of a long form, in the order in which it is filled in; none of a short one."""
    return [
        Group(code, _text(told), tuple(told["fields"])) for code, told in _shipped()["groups"].get(schema, {}).items()
    ]


def title(operation: str) -> str:
    """What is done by an operation that is no act of a state machine, in Chinese; `LookupError` where nobody says."""
    return beside_the_contract("operations")[operation][0]


@cache
def beside_the_contract(name: str) -> Mapping[str, Sequence[str]]:
    """What stands beside the contract: of `operations` summary and description in Chinese, of `fields` what their names
    mean, in Chinese and in English."""
    text = files("app").joinpath("static", "reference", f"{name}.toml").read_text(encoding="utf-8")
    table: Mapping[str, Sequence[str]] = tomllib.loads(text)
    return table


def counted_in(schema: str, field: str) -> Quantity | None:
    """In what a field is entered, where it is a quantity that has a unit."""
    name = _shipped()["counted_in"].get(f"{schema}.{field}", "yuan" if field.endswith("_fen") else None)
    if name is None:
        return None
    told = _shipped()["quantities"][name]
    return Quantity(_text(told), told["factor"])


def _named(name: str) -> Callable[[str], Text]:
    if name in STATES_OF:
        return STATES_OF[name].states.__getitem__
    if name in _IN_SENTENCES:
        return lambda word: _listed(_IN_SENTENCES[name], word)
    if name in _OF_RULES:
        return lambda word: Text(CATALOGUE[word].zh, CATALOGUE[word].en)
    if name in _OF_CODES:
        return _OF_CODES[name]
    own = _shipped()["enumerations"][name]
    return lambda word: _text(own[word])


def _listed(table: str, word: str) -> Text:
    english = _ARTICLE.sub("", label(table, word, "en"))
    return Text(label(table, word, "zh"), english[:1].upper() + english[1:])


def _reason(word: str) -> Text:
    """Its sentence, with a gap for each fact."""
    if word in _ALL_A_FACT:
        return _ALL_A_FACT[word]
    told = shipped()["reasons"][word]
    return Text(*(_FACT.sub("…", str(told[language])) for language in ("zh", "en")))


_OF_CODES: Mapping[str, Callable[[str], Text]] = {
    "PaperKey": lambda word: Text(KINDS[word].zh, KINDS[word].en),
    "FieldCode": lambda word: FIELDS[FieldCode(word)],
    "FindingReason": _reason,
    "ProblemCode": lambda word: PROBLEMS[ProblemCode(word)].title,
}


def _text(told: _Words) -> Text:
    return Text(told["zh"], told["en"])


@cache
def _shipped() -> _Shipped:
    return cast(_Shipped, tomllib.loads(files("app").joinpath("static", "labels.toml").read_text(encoding="utf-8")))
