"""What breaks a caller between two versions of the contract. Used by the tests; by hand: `contract_diff.py OLD NEW`."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Document = dict[str, Any]


def breaking_changes(old: Document, new: Document) -> list[str]:
    """Each change of `new` against `old` after which a caller of `old` fails."""
    return list(_changes(old, new))


def _changes(old: Document, new: Document) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method, before in methods.items():
            where = f"{method.upper()} {path}"
            after = new["paths"].get(path, {}).get(method)
            if after is None:
                yield f"{where}: removed"
                continue
            yield from _parameters(where, before, after)
            yield from _roles(where, before, after)
            yield from _body(where, before, after, old, new)
            yield from _answers(where, before, after, old, new)


def _parameters(where: str, before: Document, after: Document) -> Iterator[str]:
    known = {(item["in"], item["name"]): item for item in before.get("parameters", [])}
    present = {(item["in"], item["name"]): item for item in after.get("parameters", [])}
    for key, item in present.items():
        if item.get("required") and not known.get(key, {}).get("required"):
            yield f"{where}: parameter {key[1]} is now required"
    for key in known:
        if key not in present:
            yield f"{where}: parameter {key[1]} is gone"


def _roles(where: str, before: Document, after: Document) -> Iterator[str]:
    for role in sorted(set(before.get("x-roles", [])) - set(after.get("x-roles", []))):
        if "public" not in after.get("x-roles", []):
            yield f"{where}: {role} may no longer"


def _body(where: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    old_body, new_body = _content(before.get("requestBody", {})), _content(after.get("requestBody", {}))
    for media, schema in old_body.items():
        if media not in new_body:
            yield f"{where}: takes {media} no longer"
        else:
            yield from _narrower(f"{where} body", _resolve(schema, old), _resolve(new_body[media], new), old, new)


def _answers(where: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    for status, response in before["responses"].items():
        if not status.startswith("2"):
            continue
        if status not in after["responses"]:
            yield f"{where}: answers {status} no longer"
            continue
        present = _content(after["responses"][status])
        for media, schema in _content(response).items():
            if media in present:
                yield from _poorer(f"{where} {status}", _resolve(schema, old), _resolve(present[media], new), old, new)


def _narrower(where: str, old: Document, new: Document, old_doc: Document, new_doc: Document) -> Iterator[str]:
    """A body that was right and is no longer."""
    for field in sorted(set(new.get("required", [])) - set(old.get("required", []))):
        yield f"{where}: {field} is now required"
    for field, schema in old.get("properties", {}).items():
        if field not in new.get("properties", {}):
            yield f"{where}: {field} is no longer taken"
            continue
        before, after = _resolve(schema, old_doc), _resolve(new["properties"][field], new_doc)
        gone = set(before.get("enum", [])) - set(after.get("enum") or before.get("enum") or [])
        if gone:
            yield f"{where}: {field} no longer takes {sorted(gone)}"
        if before.get("type") != after.get("type"):
            yield f"{where}: {field} changed its type"
        elif before.get("type") == "object":
            yield from _narrower(f"{where}.{field}", before, after, old_doc, new_doc)


def _poorer(where: str, old: Document, new: Document, old_doc: Document, new_doc: Document) -> Iterator[str]:
    """An answer that lacks what was in it."""
    for field, schema in old.get("properties", {}).items():
        if field not in new.get("properties", {}):
            yield f"{where}: {field} is gone"
            continue
        before, after = _resolve(schema, old_doc), _resolve(new["properties"][field], new_doc)
        if before.get("type") != after.get("type"):
            yield f"{where}: {field} changed its type"


def _content(part: Document) -> dict[str, Document]:
    return {media: content.get("schema", {}) for media, content in part.get("content", {}).items()}


def _resolve(schema: Document, document: Document) -> Document:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def main() -> int:
    old, new = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3])
    found = breaking_changes(old, new)
    print("\n".join(found) or "nothing breaks")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
