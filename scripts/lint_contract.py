"""The contract's own lint: what every operation must say, how things are named, that nothing asks for a fee (Art. 7).

Prints each fault and exits with 1 when there is one.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

sys.path.insert(0, str(Path(__file__).parent.parent))

from app.docs_pages import cited_articles
from app.main import create_app
from app.measures.organs import mentions_fee
from app.settings import Settings

_SNAKE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")
_KEBAB = re.compile(r"^(/(v1|[a-z][a-z0-9]*(-[a-z0-9]+)*|\{[a-z_]+\}|\.well-known|jwks\.json))+$")
# Health and sign-in serve every article; the rest cite theirs.
_WITHOUT_ARTICLES = frozenset({"system", "identity"})
# Fixed by standards outside ours: JWK members, RFC 9457.
_FOREIGN = frozenset({"kty", "crv", "x", "y", "kid", "use", "alg", "x-roles"})


def faults(document: dict[str, Any]) -> Iterator[str]:
    """Every fault of an OpenAPI document."""
    seen: set[str] = set()
    described = {tag["name"] for tag in document.get("tags", []) if tag.get("description")}
    for path, methods in document["paths"].items():
        if not _KEBAB.match(path):
            yield f"{path}: not kebab-case"
        for method, operation in methods.items():
            name = operation.get("operationId", "")
            where = f"{method.upper()} {path}"
            if name in seen or not _SNAKE.match(name):
                yield f"{where}: operationId {name!r} is not unique snake_case"
            seen.add(name)
            for tag in set(operation.get("tags", [])) - described:
                yield f"{where}: its tag {tag} is not described"
            yield from _operation_faults(where, operation, document)
    for name, schema in document["components"]["schemas"].items():
        yield from _schema_faults(name, schema)
    yield from _fee_faults(document)


def _operation_faults(where: str, operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    for part in ("summary", "description", "tags", "responses"):
        if not operation.get(part):
            yield f"{where}: no {part}"
    if "security" not in operation or "x-roles" not in operation:
        yield f"{where}: says neither who may nor how he signs in"
    if not _WITHOUT_ARTICLES & set(operation.get("tags", [])) and not cited_articles(operation.get("description", "")):
        yield f"{where}: cites no article"
    statuses = set(operation.get("responses", {}))
    if not statuses & {"200", "201", "204"}:
        yield f"{where}: no answer of success"
    for status, response in operation.get("responses", {}).items():
        if status >= "400" and set(_resolved(response, document).get("content", {})) != {"application/problem+json"}:
            yield f"{where}: {status} is not a problem document"
        yield from _example_faults(f"{where}: {status}", _resolved(response, document), document)
    yield from _example_faults(f"{where}: the body", operation.get("requestBody", {}), document)


def _resolved(part: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    name = part.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["responses"].get(name, {}) if name else part
    return found


def _example_faults(where: str, part: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    """An example for every body, and each one is what its schema says."""
    for media, content in part.get("content", {}).items():
        if "schema" not in content:
            continue
        given = [content["example"]] if "example" in content else []
        given += [item["value"] for item in content.get("examples", {}).values()]
        if not given:
            yield f"{where} has no example"
        if "json" not in media:
            continue
        # The references of a schema are looked up in the document that it stands in.
        checker = Draft202012Validator({**content["schema"], "components": document["components"]})
        for example in given:
            for error in checker.iter_errors(example):
                yield f"{where}: the example is not of its schema: {error.json_path} {error.message[:120]}"


def _schema_faults(name: str, schema: dict[str, Any]) -> Iterator[str]:
    for field, content in schema.get("properties", {}).items():
        if not _SNAKE.match(field) and field not in _FOREIGN:
            yield f"{name}.{field}: not snake_case"
        if field == "state" and schema.get("additionalProperties") is False:
            yield f"{name}.state: a state is only ever told, never taken"
        if content.get("type") == "number":
            yield f"{name}.{field}: a binary fraction; amounts are fen, scores are decimal strings"


def _fee_faults(document: dict[str, Any]) -> Iterator[str]:
    names = set(document["components"]["schemas"])
    names |= {field for schema in document["components"]["schemas"].values() for field in schema.get("properties", {})}
    names |= set(document["paths"])
    for finding in mentions_fee(names=sorted(names)):
        if finding.outcome != "pass":
            yield f"Art. 7: {finding.message.en}: {dict(finding.facts)}"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(keys_file=Path(folder) / "keys.json", files_url=f"file:{folder}/files")
        found = list(faults(create_app(settings).openapi()))
    for fault in found:
        print(fault)
    print(f"contract: {len(found)} fault(s)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
