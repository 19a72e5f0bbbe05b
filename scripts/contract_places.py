"""Every place of the contract where a schema stands."""

from collections.abc import Iterator
from typing import Any

# Where it stands, what it is called, the schema, whether values of it are taken rather than told.
Found = tuple[str, str, dict[str, Any], bool]


def schemas_of(document: dict[str, Any]) -> Iterator[Found]:
    """Every schema of the document, those within others too."""
    sent = _sent(document)
    for name, schema in document["components"]["schemas"].items():
        yield from _within(name, name, schema, taken=name in sent)
    for name, parameter in document["components"].get("parameters", {}).items():
        yield from _within(f"parameter {name}", parameter["name"], parameter["schema"], taken=True)
    told = {f"webhook {name}": methods for name, methods in document.get("webhooks", {}).items()}
    for path, methods in {**document["paths"], **told}.items():
        for method, operation in methods.items():
            where = f"{method.upper()} {path}"
            for parameter in operation.get("parameters", []):
                if "schema" in parameter:
                    yield from _within(
                        f"{where}: {parameter['name']}", parameter["name"], parameter["schema"], taken=True
                    )
            body = operation.get("requestBody", {})
            for part in (body, *operation.get("responses", {}).values()):
                for content in part.get("content", {}).values():
                    if "schema" in content:
                        yield from _within(where, "", content["schema"], taken=part is body and path not in told)
    for name, response in document["components"].get("responses", {}).items():
        for content in response.get("content", {}).values():
            yield from _within(f"answer {name}", "", content["schema"], taken=False)


def _sent(document: dict[str, Any]) -> set[str]:
    """The components of which something is sent to the service: all that a body or a parameter leads to. Whether one of
    them takes further fields says nothing of that."""
    schemas = document["components"]["schemas"]
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    parameters = [*document["components"].get("parameters", {}).values()]
    parameters += [item for operation in operations for item in operation.get("parameters", [])]
    bodies = [operation.get("requestBody", {}).get("content", {}) for operation in operations]
    ahead = [
        *referred([item.get("schema", {}) for item in parameters]),
        *referred([content.get("schema", {}) for body in bodies for content in body.values()]),
    ]
    found: set[str] = set()
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += referred(schemas.get(name, {}))
    return found


def referred(part: object) -> Iterator[str]:
    """Names of the schemas that a part of the document refers to."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        for value in part.values():
            yield from referred(value)
    elif isinstance(part, list):
        for value in part:
            yield from referred(value)


def _within(where: str, name: str, schema: dict[str, Any], *, taken: bool) -> Iterator[Found]:
    yield where, name, schema, taken
    for field, content in schema.get("properties", {}).items():
        yield from _within(f"{where}.{field}", field, content, taken=taken)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from _within(f"{where}[]", name, schema[key], taken=taken)
    for key in ("anyOf", "oneOf", "allOf"):
        for content in schema.get(key, []):
            yield from _within(where, name, content, taken=taken)
