"""Examples of the contract: what the service answered in its tests, recorded by `make examples`; for what is not JSON,
one made from the schema."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

# Any: a part of an OpenAPI document, which holds values of every kind to any depth.
Part = dict[str, Any]


_FORMATS = {
    "uuid": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
    "date": "2024-05-20",
    "date-time": "2024-05-20T08:00:00Z",
    "uri": "https://example.org/notice",
    "binary": "…",
}


_PLAIN: dict[str, object] = {"string": "样例", "integer": 1, "number": 1, "boolean": True, "null": None}


_DEEPEST = 8


# Lists that are of use as a whole only: a form has the figures of three years.
_WHOLE = frozenset({"figures", "net_profits"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request that went through, its answer, and the names of the answer's headers; null where there is no JSON."""

    request: object = None
    response: object = None
    headers: tuple[str, ...] = ()


def recordings() -> dict[str, Recorded]:
    """What is recorded, by operation."""
    text = files("app").joinpath("static", "examples.json").read_text(encoding="utf-8")
    return {
        operation: Recorded(found["request"], found["response"], tuple(found["headers"]))
        for operation, found in json.loads(text).items()
    }


def shortened(value: object) -> object:
    """What was recorded, each list of objects cut to its first: a second tells a reader no more, but of a few.
    Nothing else changes; names and numbers are short, and often counted by what stands beside them."""
    if isinstance(value, dict):
        return {
            name: [shortened(part) for part in item] if name in _WHOLE and isinstance(item, list) else shortened(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        kept = value[:1] if any(isinstance(item, dict) for item in value) else value
        return [shortened(item) for item in kept]
    return value


def example_of(schema: Part, schemas: Part, depth: int = 0) -> object:
    """An example value of a schema; `schemas` resolves references."""
    if depth > _DEEPEST:
        return None
    given = _given(schema)
    if given is not None:
        return given
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas, depth + 1)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            options = [item for item in schema[choice] if item.get("type") != "null"] or schema[choice]
            return example_of(options[0], schemas, depth + 1)
    return _of_type(schema, schemas, depth)


def _given(schema: Part) -> object:
    for name in ("example", "const"):
        if name in schema:
            return schema[name]
    for name in ("examples", "enum"):
        if schema.get(name):
            return schema[name][0]
    default = schema.get("default")
    return None if default in ([], {}) else default


def _of_type(schema: Part, schemas: Part, depth: int) -> object:
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: example_of(field, schemas, depth + 1) for name, field in schema.get("properties", {}).items()}
    if kind == "array":
        return [example_of(schema.get("items", {"type": "string"}), schemas, depth + 1)]
    if kind == "string" and "format" in schema:
        return _FORMATS.get(schema["format"], "样例")
    if kind == "string":
        return "样例".ljust(schema.get("minLength", 0), "例")
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), 1)
    return _PLAIN.get(kind)
