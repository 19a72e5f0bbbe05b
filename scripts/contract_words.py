"""What the contract says to people: of each operation, of each field and of whatever else it describes, in Chinese and
in English."""

import re
from collections.abc import Iterator
from typing import Any

from app.schemas.labels import beside_the_contract
from app.web.contract_chinese import described, in_english, plain, sentences
from app.web.reference import meaning

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Explained by the reason that has them (`docs/reasons.md`).
_BY_REASON = frozenset({"FindingFacts"})


def word_faults(document: dict[str, Any]) -> Iterator[str]:
    """Every operation has its words in Chinese, as every description has, and every field says what it is."""
    chinese = beside_the_contract("operations")
    for methods in document["paths"].values():
        for operation in methods.values():
            name = operation.get("operationId", "")
            if not all(map(_CHINESE.search, chinese.get(name, ["", ""]))):
                yield f"{name}: no summary and description in Chinese (app/static/reference/operations.toml)"
    for part in described(document):
        told = plain(part["description"])
        if in_english(told) and told not in sentences():
            yield f"{told!r}: not in Chinese (app/static/reference/descriptions.toml)"
    for methods in document.get("webhooks", {}).values():
        for operation in methods.values():
            if operation["summary"] not in sentences():
                yield f"{operation['summary']!r}: not in Chinese (app/static/reference/descriptions.toml)"
    for parameter in silent_parameters(document):
        if meaning("parameter", parameter["name"]) is None:
            yield f"{parameter['name']}: nothing says what this parameter is (app/static/reference/fields.toml)"
    for name, schema in document["components"]["schemas"].items():
        if name in _BY_REASON:
            continue
        for field, content in schema.get("properties", {}).items():
            if not content.get("description") and not _named(content) and meaning(name, field) is None:
                yield f"{name}.{field}: nothing says what it is (app/static/reference/fields.toml)"


def silent_parameters(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The parameters of which the code says nothing."""
    found = [*document["components"].get("parameters", {}).values()]
    for methods in document["paths"].values():
        for operation in methods.values():
            found += [item for item in operation.get("parameters", []) if "$ref" not in item]
    return (item for item in found if not item.get("description"))


def _named(schema: dict[str, Any]) -> bool:
    """Whether it is of one schema that has a name, which says what it is."""
    if "$ref" in schema:
        return True
    choice = [part for part in schema.get("anyOf", schema.get("oneOf", [])) if part.get("type") != "null"]
    return len(choice) == 1 and "$ref" in choice[0]
