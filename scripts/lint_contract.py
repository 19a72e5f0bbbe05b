"""The contract's own lint: what every operation must say, how things are named, that nothing asks for a fee (Art. 7).

Prints each fault and exits with 1 when there is one.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
    for path, methods in document["paths"].items():
        if not _KEBAB.match(path):
            yield f"{path}: not kebab-case"
        for method, operation in methods.items():
            name = operation.get("operationId", "")
            where = f"{method.upper()} {path}"
            if name in seen or not _SNAKE.match(name):
                yield f"{where}: operationId {name!r} is not unique snake_case"
            seen.add(name)
            yield from _operation_faults(where, operation)
    for name, schema in document["components"]["schemas"].items():
        yield from _schema_faults(name, schema)
    yield from _fee_faults(document)


def _operation_faults(where: str, operation: dict[str, Any]) -> Iterator[str]:
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
        content = response.get("content", {})
        if status >= "400" and set(content) != {"application/problem+json"}:
            yield f"{where}: {status} is not a problem document"
        for media in content.values():
            if "example" not in media and "examples" not in media and "schema" in media:
                yield f"{where}: {status} has no example"
    for media in operation.get("requestBody", {}).get("content", {}).values():
        if "example" not in media and "examples" not in media:
            yield f"{where}: the body has no example"


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
