"""Forms by their descriptions: the JSON Schema of what an operation takes, as the contract has it, with what people
read beside each field. Nothing is said here of what is accepted: the schema is the contract's own, written out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache

from app.schemas.labels import counted_in, field_help, field_label, groups_of, labels_of
from app.web.contract_examples import Part as Node
from app.web.contract_layout import CONTRACT

_REFERENCE = "#/components/schemas/"
# Longer texts have room for several lines.
_LINE = 200
# What holds further schemas, and what is said elsewhere or in other words.
_ASIDE = frozenset(
    {"properties", "items", "additionalProperties", "propertyNames", "anyOf", "oneOf", "examples", "default", "title"}
)
# What a person chooses from, where the value is an id or a code: a list of the vocabularies, or what was uploaded.
_CHOSEN_FROM = {
    "area": "areas",
    "attachment_id": "attachments",
    "county_unit_id": "recommending_units",
    "department_id": "departments",
    "sector": "sectors",
    "stamped_opinion_id": "stamped_opinions",
    "unit_id": "recommending_units",
}
_BY_FORMAT = {"date": "date", "date-time": "datetime", "uuid": "reference"}
_BY_TYPE = {"boolean": "checkbox", "integer": "number", "number": "number"}


class Operation:
    """An operation of the contract that takes a JSON body: where it is sent, and what it takes."""

    def __init__(self, name: str, method: str, path: str, summary: str, body: Node) -> None:
        self.name, self.method, self.path, self.summary, self._body = name, method.upper(), path, summary, body

    def schema(self) -> Node:
        """Its body, each reference written out, each field with its label, order and widget; a new one at each call."""
        return _written(self._body, "", _schemas())


@cache
def _contract() -> Node:
    document: Node = json.loads(CONTRACT.read_bytes())
    return document


def _schemas() -> Mapping[str, Node]:
    schemas: Mapping[str, Node] = _contract()["components"]["schemas"]
    return schemas


@cache
def operations() -> Mapping[str, Operation]:
    """Every operation with a JSON body, by its id."""
    found = {}
    for path, methods in _contract()["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None:
                name = operation["operationId"]
                found[name] = Operation(name, method, path, operation["summary"], body["schema"])
    return found


def _written(schema: Node, owner: str, schemas: Mapping[str, Node]) -> Node:
    """A schema with what it refers to in it. `owner`: the component that it stands in."""
    if "$ref" in schema:
        owner = schema["$ref"].removeprefix(_REFERENCE)
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return _written({**schemas[owner], **beside}, owner, schemas)
    options = schema.get("anyOf", [])
    others = [part for part in options if part != {"type": "null"}]
    if len(others) == 1 and len(options) == 2:
        beside = {key: value for key, value in schema.items() if key != "anyOf"}
        return _or_null({**_written(others[0], owner, schemas), **_plain(beside)})
    if owner and "enum" in schema:
        return {**_plain(schema), "enum": list(schema["enum"]), "widget": "select", "options": _options(owner, schema)}

    def within(part: Node) -> Node:
        return _written(part, owner, schemas)

    return _described(_plain(schema) | _parts(schema, within), schema, owner)


def _plain(schema: Node) -> Node:
    found = {key: value for key, value in schema.items() if key not in _ASIDE and not key.startswith("x-")}
    first = next(iter(schema.get("examples", [])), None)
    return found | ({"example": first} if isinstance(first, str | int) else {})


def _parts(schema: Node, within: Callable[[Node], Node]) -> Node:
    found: Node = {}
    if "properties" in schema:
        found["properties"] = {name: within(part) for name, part in schema["properties"].items()}
    for key in ("items", "additionalProperties", "propertyNames"):
        if key in schema:
            found[key] = within(schema[key]) if isinstance(schema[key], dict) else schema[key]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            found[key] = [within(part) for part in schema[key]]
    return found


def _options(enumeration: str, schema: Node) -> list[Node]:
    labels = labels_of(enumeration, schema["enum"])
    return [{"value": word, "zh": text.zh, "en": text.en} for word, text in labels.items()]


def _or_null(node: Node) -> Node:
    found = {**node, "type": [*_types(node), "null"]}
    return found | ({"enum": [*node["enum"], None]} if "enum" in node else {})


def _types(node: Node) -> list[str]:
    kinds = node["type"]
    return kinds if isinstance(kinds, list) else [kinds]


def _described(node: Node, schema: Node, owner: str) -> Node:
    node["widget"] = _widget(node)
    groups = groups_of(owner)
    if groups and "properties" in node:
        node["groups"] = [
            {"code": item.code, "zh": item.text.zh, "en": item.text.en, "fields": list(item.fields)} for item in groups
        ]
    order = [name for group in groups for name in group.fields] or list(schema.get("properties", {}))
    for name, part in node.get("properties", {}).items():
        label = field_label(owner, name)
        part |= {"label_zh": label.zh, "label_en": label.en, "order": order.index(name)}
        told, quantity = field_help(owner, name), counted_in(owner, name)
        if told is not None:
            part["help_zh"] = told
        if "description" in part:
            part["help_en"] = part.pop("description")
        if quantity is not None:
            part["counted_in"] = {"zh": quantity.text.zh, "en": quantity.text.en, "factor": quantity.factor}
        if name in _CHOSEN_FROM:
            part["chosen_from"] = _CHOSEN_FROM[name]
    return node


def _widget(node: Node) -> str:
    kind = next((item for item in _types(node) if item != "null"), "") if "type" in node else ""
    if kind == "object":
        return "group" if "properties" in node else "entries"
    if kind == "array":
        return {"select": "checkboxes", "group": "rows"}.get(node["items"].get("widget"), "lines")
    if kind == "string" and "format" not in node:
        return "textarea" if node.get("maxLength", 0) > _LINE else "text"
    return _BY_FORMAT.get(node.get("format", "")) or _BY_TYPE.get(kind, "text")
