"""What makers of clients stumble over, whichever language they write."""

from collections.abc import Iterator
from typing import Any

from scripts.contract_http import resolved
from scripts.contract_places import referred, schemas_of

_FORMATS = frozenset({"int32", "int64", "date", "date-time", "uuid", "uri", "binary", "password", "email"})
# Taken without a bound all the same, and why.
_UNBOUND = {
    "BatchIn.items": "as many as the operator's setting allows; the refusal says how many",
    "ConsultedDepartment.categories[]": "as the office writes it; the rule answers which there is none of (Art. 10)",
}
_LEAST, _MOST = frozenset({"minimum", "exclusiveMinimum"}), frozenset({"maximum", "exclusiveMaximum"})


def client_faults(document: dict[str, Any]) -> Iterator[str]:
    """Every fault of this kind."""
    for rule in (
        _document_faults,
        _format_faults,
        _endless_faults,
        _default_faults,
        _null_faults,
        _bound_faults,
        _unnamed_faults,
    ):
        yield from rule(document)


def _document_faults(document: dict[str, Any]) -> Iterator[str]:
    """What names a package of a client, and where its first call goes."""
    if not document["info"]["title"].isascii():
        yield "the document: its title is not ASCII, and packages are called by it"
    if not document.get("servers"):
        yield "the document: it names no server"


def _format_faults(document: dict[str, Any]) -> Iterator[str]:
    """A format is one that makers of clients know, and stands with the one type that it is of."""
    for where, _, schema, _ in schemas_of(document):
        if "format" not in schema:
            continue
        kinds = schema.get("type", [])
        plain = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null"]
        if schema["format"] not in _FORMATS:
            yield f"{where}: the format {schema['format']} is of no standard"
        elif len(plain) > 1:
            yield f"{where}: a format beside several types"


def _endless_faults(document: dict[str, Any]) -> Iterator[str]:
    """No schema holds itself: its type would have no end in most languages."""
    parts = document["components"]["schemas"]
    held = {name: set(referred(schema)) & parts.keys() for name, schema in parts.items()}
    for name in parts:
        seen: set[str] = set()
        ahead = list(held[name])
        while ahead:
            other = ahead.pop()
            if other not in seen:
                seen.add(other)
                ahead += held[other]
        if name in seen:
            yield f"{name}: it holds itself"


def _default_faults(document: dict[str, Any]) -> Iterator[str]:
    for where, _, schema, _ in schemas_of(document):
        default = schema.get("default")
        parts = default if isinstance(default, list) else [default]
        if any(isinstance(part, dict) for part in parts):
            yield f"{where}: a default that holds objects, of which no language's types are"


def _null_faults(document: dict[str, Any]) -> Iterator[str]:
    """Neither a query, nor a header, nor a form can say null."""
    for methods in document["paths"].values():
        for operation in methods.values():
            name = operation.get("operationId", "")
            for parameter in (resolved(item, document) for item in operation.get("parameters", [])):
                if _says_null(parameter.get("schema", {})):
                    yield f"{name}: the parameter {parameter['name']} may be null"
            content = operation.get("requestBody", {}).get("content", {})
            form = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
            fields = document["components"]["schemas"].get(form.get("$ref", "").rpartition("/")[2], {})
            for field, schema in fields.get("properties", {}).items():
                if _says_null(schema):
                    yield f"{name}: the field {field} of its form may be null"


def _says_null(schema: dict[str, Any]) -> bool:
    kinds = schema.get("type", [])
    return "null" in ([kinds] if isinstance(kinds, str) else kinds) or any(map(_says_null, schema.get("anyOf", [])))


def _bound_faults(document: dict[str, Any]) -> Iterator[str]:
    """What is sent has an end: a text its length, a list and a map their number of items, a number its bounds."""
    for where, _, schema, taken in schemas_of(document):
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if not taken or where in _UNBOUND:
            continue
        if "string" in kinds and not {"maxLength", "enum", "const", "format", "pattern"} & schema.keys():
            yield f"{where}: a text that is taken in any length"
        if "array" in kinds and "maxItems" not in schema:
            yield f"{where}: a list that is taken in any length"
        if isinstance(schema.get("additionalProperties"), dict) and "maxProperties" not in schema:
            yield f"{where}: a map that is taken in any length"
        # Of integers `scripts/lint_contract.py` says so.
        if "number" in kinds and not (_LEAST & schema.keys() and _MOST & schema.keys()):
            yield f"{where}: a number that is taken without bounds"


def _unnamed_faults(document: dict[str, Any]) -> Iterator[str]:
    """What is sent and what is answered is an object with a name: a bare list gets none, cannot grow, and is no list to
    those who look for `items`; an object without one has no fields that are said."""
    for methods in (*document["paths"].values(), *document.get("webhooks", {}).values()):
        for operation in methods.values():
            name = operation.get("operationId", "")
            answers = [part for status, part in operation["responses"].items() if status < "300"]
            for said, parts in (("answer", answers), ("body", [operation.get("requestBody", {})])):
                for part in parts:
                    told = resolved(part, document).get("content", {}).get("application/json")
                    if told is not None and "$ref" not in told.get("schema", {}):
                        yield f"{name}: its {said} has no name"
