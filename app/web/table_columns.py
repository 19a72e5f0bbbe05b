"""A list as a table: which columns it has, as the contract tells its items, and what stands in a cell, as people read
it. A word of an enumeration is told by its name, an amount in yuan, an instant in Shanghai; what only a program reads
(ids, hashes) stands last."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from app.kernel.clock import SHANGHAI
from app.measures.acts import ACTS
from app.measures.review_rules import default_review_rules
from app.measures.roles import Role
from app.measures.sectors import divisions
from app.measures.text import Text
from app.schemas.labels import beside_the_contract, counted_in, labels_of, own_column, shown_label
from app.web.contract_examples import Part
from app.web.contract_layout import CONTRACT
from app.web.reference import meaning
from app.web.table_types import lists_of

# What the page of a portal needs of an item, and no table.
_LEFT_OUT = frozenset({"available_actions", "next_steps", "version", "drafts"})
# Of one of these the sentence says all.
_BY_ITS_SENTENCE = frozenset({"DraftFinding", "FindingView", "RecordedFinding", "Violation"})
# What beside its name is for programs alone.
_CODES = frozenset({"ConditionView.rule", "TimelineStage.code"})
# As rows of their own they have article, outcome and remedy beside it; the rest is what it is made of.
_BESIDE_ITS_SENTENCE = frozenset({"facts", "message", "pointers", "reason", "rule"})
_ID, _SHORT, _USUAL, _LONG = 9, 3, 4, 9
_TEXTS = frozenset({"description", "evidence", "facts", "findings", "opinion", "reason", "statement", "summary"})
# As it is looked for beside what people read.
_FOR_PROGRAMS = ("hash", "sha256", "_id")
_DEEPEST = 3
_JOINED = "；"
# What a label says of an id, or of one of two languages, and a column that holds the name, or the language asked for,
# does not.
_OF_AN_ID = re.compile("的?编号$|^Id of (?:the )?")
_IN = re.compile("，?中文|，?英文|,? in (?:Chinese|English)$")

Tell = Callable[[object], str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where its value stands in an item, its heading, its width (a share of the whole), how a value is
    told. `names`: what the id in it is the id of, so that its name can stand there."""

    path: tuple[str, ...]
    heading: str
    width: int
    tell: Tell
    names: str | None = None

    def value(self, item: Mapping[str, object]) -> object:
        """What an item has there; None where it has nothing."""
        found: object = item
        for part in self.path:
            found = found.get(part) if isinstance(found, Mapping) else None
        return found


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that an operation answers: where it stands in the answer, what it is called, its columns."""

    name: str
    title: Text
    columns: Sequence[Column]

    def items(self, answer: object) -> list[Mapping[str, object]]:
        """Its items, as an operation has answered them; a word by itself is an item with one field."""
        found = answer.get(self.name) if isinstance(answer, Mapping) else None
        items = found if isinstance(found, list) else []
        return [item if isinstance(item, Mapping) else {self.name: item} for item in items]


@cache
def tables_of(operation: str, *, english: bool) -> Sequence[Listed]:
    """The lists that an operation answers, with their columns in the order of the contract; `english`: in which
    language cells are told. Headings have both languages. `LookupError` where it answers no such list."""
    document = json.loads(CONTRACT.read_bytes())
    found = {item["operationId"]: item for methods in document["paths"].values() for item in methods.values()}
    reader, lists = _Reader(document, english), lists_of(operation)
    answer = _resolved(document, found[operation]["responses"].get("200", {}))
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    of_operation = Text(beside_the_contract("operations")[operation][0], found[operation]["summary"])
    told = []
    for name in lists:
        owner = schema.get("$ref", "").rpartition("/")[2]
        listed = _resolved(document, schema).get("properties", {}).get(name, {})
        columns = list(reader.of_list(owner, name, listed.get("items", {})))
        if not columns:
            raise LookupError(f"{operation} answers no list {name!r}")
        ordered = [*(item for item in columns if not _for_programs(item)), *filter(_for_programs, columns)]
        told.append(Listed(name, of_operation if len(lists) == 1 else _label(owner, name), ordered))
    return told


def _for_programs(column: Column) -> bool:
    last = column.path[-1]
    return (last == "id" or last.endswith(_FOR_PROGRAMS)) and column.names is None


def _resolved(document: Part, part: Part) -> Part:
    while "$ref" in part:
        _, _, group, name = part["$ref"].split("/")
        part = document["components"][group][name]
    return part


class _Reader:
    """Makes columns of the schemas of one contract."""

    def __init__(self, document: Part, english: bool) -> None:
        self._document, self._english = document, english
        self._tellers: dict[tuple[str, str], Tell] = {}

    def of_list(self, owner: str, name: str, item: Part) -> Iterator[Column]:
        """The columns of a list of this name in this schema, by the schema of its items; none where it is no list."""
        schema = item.get("$ref", "").rpartition("/")[2]
        if schema:
            yield from self.columns(schema)
        elif _kind(item) == "string":
            label = _label(owner, name)
            yield Column((name,), f"{label.zh} / {label.en[:1].upper()}{label.en[1:]}", _LONG, _text)

    def columns(self, schema: str, above: tuple[str, ...] = (), called: tuple[Text, ...] = ()) -> Iterator[Column]:
        """The columns of what a schema describes. An object within it has its own columns; `above`: where it stands,
        `called`: as what."""
        fields = self._fields(schema)
        for field, content in fields.items():
            if self._left_out(schema, field, fields):
                continue
            label = _label(schema, field)
            told = self._object(content)
            if told is not None and len(above) < _DEEPEST and told not in _BY_ITS_SENTENCE and self._fields(told):
                yield from self.columns(told, (*above, field), (*called, label))
                continue
            unit = counted_in(schema, field) if field.endswith("_fen") else None
            zh = "·".join(part.zh for part in (*called, label)) + (f"（{unit.text.zh}）" if unit else "")
            en = " · ".join(part.en for part in (*called, label)) + (f" ({unit.text.en})" if unit else "")
            tell = self.teller(schema, field, content)
            names = _named_by(field, content, fields)
            if names is not None:
                zh, en = _OF_AN_ID.sub("", zh), _OF_AN_ID.sub("", en)
            heading = f"{zh} / {en[:1].upper()}{en[1:]}"
            yield Column((*above, field), heading, self._width(field, content), tell, names)

    def _left_out(self, schema: str, field: str, fields: Mapping[str, Part]) -> bool:
        beside = schema in _BY_ITS_SENTENCE and field in _BESIDE_ITS_SENTENCE
        return (
            field in _LEFT_OUT or f"{schema}.{field}" in _CODES or beside or self._of_the_other_language(field, fields)
        )

    def _of_the_other_language(self, field: str, fields: Mapping[str, Part]) -> bool:
        """Whether the field says in the other language what one beside it says in this."""
        own, other = ("en", "zh") if self._english else ("zh", "en")
        return field[-2:] == other and f"{field[:-2]}{own}" in fields and (len(field) == 2 or field[-3] == "_")

    @property
    def _own(self) -> str:
        return "_en" if self._english else "_zh"

    def _fields(self, schema: str) -> dict[str, Part]:
        """The fields of a schema; of one that is one of several, those of all."""
        part = self._document["components"]["schemas"][schema]
        if "oneOf" in part:
            return self._of_several(schema, [item["$ref"].rpartition("/")[2] for item in part["oneOf"]])
        found: dict[str, Part] = part.get("properties", {})
        return found

    def _of_several(self, schema: str, names: Sequence[str]) -> dict[str, Part]:
        """The fields of all of these; an object that is another one in each has the fields of all."""
        found: dict[str, Part] = {}
        parts = self._document["components"]["schemas"]
        for name in names:
            for field, content in self._fields(name).items():
                both, known = f"{schema}.{field}", found.setdefault(field, content)
                if known == content or not ("$ref" in known and "$ref" in content):
                    continue
                listed = parts.setdefault(both, {"oneOf": [known]})["oneOf"]
                if content not in listed:
                    listed.append(content)
                found[field] = {"$ref": f"#/components/schemas/{both}"}
        return found

    def _kinds(self, schema: str, field: str) -> Mapping[str, Text]:
        """The words by which a schema that is one of several tells which, with their names; none of another field."""
        parts = self._document["components"]["schemas"]
        told = parts.get(schema, {}).get("discriminator", {})
        words = set(told["mapping"]) if told.get("propertyName") == field else set[str]()
        listed = [
            (len(part["enum"]), name) for name, part in parts.items() if words and words <= {*part.get("enum", ())}
        ]
        return labels_of(min(listed)[1], sorted(words)) if listed else {}

    def _plain(self, content: Part) -> tuple[str | None, Part]:
        """A field's schema without its null, with the name by which the contract knows it."""
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in content:
                options = [item for item in content[choice] if item.get("type") != "null"]
                return self._plain(options[0]) if options else (None, content)
        if "$ref" in content:
            name = content["$ref"].rpartition("/")[2]
            return name, self._document["components"]["schemas"][name]
        return None, content

    def _object(self, content: Part) -> str | None:
        name, plain = self._plain(content)
        closed = _kind(plain) == "object" and not plain.get("additionalProperties")
        return name if closed or "oneOf" in plain else None

    def _width(self, field: str, content: Part) -> int:
        _, plain = self._plain(content)
        if plain.get("format") == "uuid" or "hash" in field or field == "sha256":
            return _ID
        if (
            field in _TEXTS
            or field.endswith(("_reason", "_text", "name", "title"))
            or _kind(plain) in ("array", "object")
        ):
            return _LONG
        return _SHORT if _kind(plain) in ("boolean", "integer") or plain.get("format") == "date" else _USUAL

    def teller(self, schema: str, field: str, content: Part) -> Tell:
        """How a value of a field is told."""
        known = self._tellers.get((schema, field))
        if known is None:
            known = self._tellers[schema, field] = self._teller(schema, field, content)
        return known

    def _teller(self, schema: str, field: str, content: Part) -> Tell:
        name, plain = self._plain(content)
        kind = _kind(plain)
        if words := self._kinds(schema, field):
            return self._word(words)
        if name in _BY_ITS_SENTENCE:
            return self._sentence
        if field in _BY_NAME:
            return self._by_name(field)
        if "enum" in plain and name is not None:
            return self._word(labels_of(name, plain["enum"]))
        if kind == "array":
            each = self._teller(schema, field, plain.get("items", {}))
            return lambda value: _JOINED.join(map(each, value)) if isinstance(value, list) else _text(value)
        if kind == "object":
            return self._object_told(name, plain, field)
        if kind == "boolean":
            return lambda value: self._in(_YES if value else _NO)
        if field.endswith("_fen"):
            return _yuan
        return _instant if plain.get("format") == "date-time" else _text

    def _word(self, words: Mapping[str, Text]) -> Tell:
        return lambda value: self._in(words[str(value)]) if str(value) in words else _text(value)

    def _sentence(self, value: object) -> str:
        told = value.get(f"message{self._own}") if isinstance(value, Mapping) else value
        return _text(told)

    def _by_name(self, field: str) -> Tell:
        found = _BY_NAME[field]

        def tell(value: object) -> str:
            if isinstance(value, list):
                return _JOINED.join(map(tell, value))
            text = found(str(value))
            return str(value) if text is None else self._in(text)

        return tell

    def _object_told(self, name: str | None, plain: Part, field: str) -> Tell:
        """An object in one cell: each of its fields that says something, with what it is called."""
        fields = self._fields(name) if name is not None else {}
        further = plain.get("additionalProperties")
        other = further if isinstance(further, dict) else {}

        def tell(value: object) -> str:
            if not isinstance(value, Mapping):
                return _text(value)
            parts = []
            for key, item in value.items():
                if item in (None, [], {}, "") or key in _LEFT_OUT or _is_id(key):
                    continue
                told = self.teller(name or field, key, fields.get(key, other))(item)
                called = _of_the_rules().get(key) if key not in fields else None
                called = called or _label(name or "", key)
                parts.append(f"{self._in(called)}：{told}")
            return _JOINED.join(parts)

        return tell

    def _in(self, text: Text) -> str:
        return text.en if self._english else text.zh


def _kind(plain: Part) -> str | None:
    found = plain.get("type")
    named = [item for item in found if item != "null"] if isinstance(found, list) else [found]
    return named[0] if named else None


def _is_id(field: str) -> bool:
    return field == "id" or field.endswith("_id")


def _label(schema: str, field: str) -> Text:
    if field == "id":
        return _OWN_ID
    if own := own_column(schema, field):
        return own
    found = shown_label(field) or meaning(schema, field) or Text(field, field)
    # Which language it is in is seen.
    return found if field[-2:] not in ("zh", "en") else Text(_IN.sub("", found.zh), _IN.sub("", found.en))


# What an id is the id of, by the name of its field.
_NAMED_BY = {
    "account_id": "account",
    "acknowledged_by": "account",
    "actor_id": "account",
    "against_id": "organisation",
    "application_id": "application",
    "asked_by": "account",
    "award_id": "award",
    "county_unit_id": "unit",
    "decided_by": "account",
    "department_id": "department",
    "investigator_id": "account",
    "organisation_id": "organisation",
    "round_id": "round",
    "unit_id": "unit",
    "withdrawn_by": "account",
}


# Beside one of these it is known already who an id of these kinds leads to.
_NAMED_BESIDE = {
    "application": frozenset({"organisation", "organisation_name", "code"}),
    "award": frozenset({"awarded_name", "payee_name"}),
    "department": frozenset({"department_name"}),
    "organisation": frozenset({"organisation_name", "payee_name"}),
    "unit": frozenset({"unit_name"}),
}


def _named_by(field: str, content: Part, fields: Mapping[str, Part]) -> str | None:
    """Of what the field is an id, where people know it by a name that does not stand beside it."""
    kinds = [content, *content.get("anyOf", [])]
    kind = _NAMED_BY.get(field) if any(item.get("format") == "uuid" for item in kinds) else None
    # That of another unit than the one beside it is its own matter.
    beside = frozenset() if kind is None or field.startswith("county_") else _NAMED_BESIDE.get(kind, frozenset())
    return None if beside & set(fields) else kind


# Beside the number of a document, or of an application.
_OWN_ID = Text("系统编号", "Id")
_YES, _NO = Text("是", "Yes"), Text("否", "No")


def _text(value: object) -> str:
    if isinstance(value, list):
        return _JOINED.join(map(_text, value))
    if isinstance(value, dict):
        return _JOINED.join(f"{key}：{_text(item)}" for key, item in value.items())
    return "" if value is None else str(value)


def _yuan(value: object) -> str:
    """An amount in fen as one in yuan, to the fen; a loss has its sign."""
    if not isinstance(value, int):
        return _text(value)
    whole, rest = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{whole}.{rest:02d}"


def _instant(value: object) -> str:
    """An instant as a clock in Shanghai shows it."""
    try:
        return datetime.fromisoformat(str(value)).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return _text(value)


def _act(word: str) -> Text | None:
    """What an entry of the log calls an act: one of a state machine, or an operation."""
    if word in ACTS:
        return ACTS[word]
    titled = beside_the_contract("operations").get(word)
    return None if titled is None else Text(titled[0], word)


def _role(word: str) -> Text | None:
    return labels_of("Role", [word])[word] if word in Role.__members__.values() else None


def _industry(code: str) -> Text | None:
    """The code with what its division is called (GB/T 4754)."""
    found = divisions().get(code[:2])
    return None if found is None else Text(f"{code} {found.zh}", f"{code} {found.en}")


@cache
def _of_the_rules() -> Mapping[str, Text]:
    """What materials, sections and scoring items of the shipped rules are called, by their codes; a round may have
    others."""
    rules = default_review_rules()
    named = (*rules.required_materials, *rules.further_materials, *rules.required_sections)
    scored = {item.code: Text(item.zh, item.en) for item in rules.items}
    return scored | {item.code: Text(item.zh, item.en) for item in named}


def _ground(word: str) -> Text | None:
    try:
        return labels_of("RevocationGround", [word])[word]
    except LookupError:
        return None


# Fields whose words are codes that no enumeration of the contract lists.
_BY_NAME: Mapping[str, Callable[[str], Text | None]] = {
    "act": _act,
    "actor_role": _role,
    "field": shown_label,
    "material": lambda word: _of_the_rules().get(word),
    "ground": _ground,
    "sector": _industry,
    "subject_type": lambda word: shown_label(word) or meaning("", word),
}
