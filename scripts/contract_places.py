"""Every place of the contract where a schema stands."""

from collections.abc import Iterator
from typing import Any

# Where it stands, what it is called, the schema, whether values of it are taken rather than told.
Found = tuple[str, str, dict[str, Any], bool]


def schemas_of(document: dict[str, Any]) -> Iterator[Found]:
    """Every schema of the document, those within others too."""
    for name, schema in document["components"]["schemas"].items():
        yield from _within(name, name, schema, taken=False)
    for name, parameter in document["components"].get("parameters", {}).items():
        yield from _within(f"parameter {name}", parameter["name"], parameter["schema"], taken=True)
    sent = {f"webhook {name}": methods for name, methods in document.get("webhooks", {}).items()}
    for path, methods in {**document["paths"], **sent}.items():
        for method, operation in methods.items():
            where = f"{method.upper()} {path}"
            for parameter in operation.get("parameters", []):
                if "schema" in parameter:
                    yield from _within(
                        f"{where}: {parameter['name']}", parameter["name"], parameter["schema"], taken=True
                    )
            for part in (operation.get("requestBody", {}), *operation.get("responses", {}).values()):
                for content in part.get("content", {}).values():
                    if "schema" in content:
                        yield from _within(where, "", content["schema"], taken=False)
    for name, response in document["components"].get("responses", {}).items():
        for content in response.get("content", {}).values():
            yield from _within(f"answer {name}", "", content["schema"], taken=False)


def _within(where: str, name: str, schema: dict[str, Any], *, taken: bool) -> Iterator[Found]:
    yield where, name, schema, taken
    # An object that takes no other field is one that is sent.
    closed = schema.get("additionalProperties") is False
    for field, content in schema.get("properties", {}).items():
        yield from _within(f"{where}.{field}", field, content, taken=closed)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from _within(f"{where}[]", name, schema[key], taken=taken)
    for key in ("anyOf", "oneOf", "allOf"):
        for content in schema.get(key, []):
            yield from _within(where, name, content, taken=taken)
