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
            yield from _parameters(where, before, after, old, new)
            yield from _roles(where, before, after)
            yield from _body(where, before, after, old, new)
            yield from _answers(where, before, after, old, new)


def _parameters(where: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    known = {(item["in"], item["name"].lower()): item for item in before.get("parameters", [])}
    present = {(item["in"], item["name"].lower()): item for item in after.get("parameters", [])}
    for key, item in present.items():
        if item.get("required") and not known.get(key, {}).get("required"):
            yield f"{where}: parameter {key[1]} is now required"
    for key, item in known.items():
        if key not in present:
            yield f"{where}: parameter {key[1]} is gone"
        else:
            yield from _narrower(f"{where} parameter {key[1]}", item["schema"], present[key]["schema"], old, new)


def _roles(where: str, before: Document, after: Document) -> Iterator[str]:
    for role in sorted(set(before.get("x-roles", [])) - set(after.get("x-roles", []))):
        if "public" not in after.get("x-roles", []):
            yield f"{where}: {role} may no longer"


def _body(where: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    old_body, new_body = before.get("requestBody", {}), after.get("requestBody", {})
    if new_body.get("required") and not old_body.get("required"):
        yield f"{where}: a body is now required"
    present = _content(new_body)
    for media, schema in _content(old_body).items():
        if media not in present:
            yield f"{where}: takes {media} no longer"
        else:
            yield from _narrower(f"{where} body", schema, present[media], old, new)


def _answers(where: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    for status, response in before["responses"].items():
        if not status.startswith("2"):
            continue
        if status not in after["responses"]:
            yield f"{where}: answers {status} no longer"
            continue
        present = _content(after["responses"][status])
        for media, schema in _content(response).items():
            if media not in present:
                yield f"{where}: answers {media} no longer"
            else:
                yield from _poorer(f"{where} {status}", schema, present[media], old, new)


_BOUNDS = {
    "minimum": max, "exclusiveMinimum": max, "minLength": max, "minItems": max,
    "maximum": min, "exclusiveMaximum": min, "maxLength": min, "maxItems": min,
}  # fmt: skip


def _narrower(where: str, before: Document, after: Document, old_doc: Document, new_doc: Document) -> Iterator[str]:
    """What is sent: a value that was right and is no longer."""
    before_forms, after_forms = _forms(before, old_doc), _forms(after, new_doc)
    for kind, old in before_forms.items():
        if kind not in after_forms:
            yield f"{where}: changed its type, {kind} is no longer taken"
            continue
        new = after_forms[kind]
        yield from _bounds(where, old, new)
        for field in sorted(set(new.get("required", [])) - set(old.get("required", []))):
            yield f"{where}: {field} is now required"
        for field, schema in old.get("properties", {}).items():
            if field not in new.get("properties", {}):
                yield f"{where}: {field} is no longer taken"
            else:
                yield from _narrower(f"{where}.{field}", schema, new["properties"][field], old_doc, new_doc)
        if "items" in old and "items" in new:
            yield from _narrower(f"{where}[]", old["items"], new["items"], old_doc, new_doc)


def _bounds(where: str, old: Document, new: Document) -> Iterator[str]:
    # Where nothing was enumerated before, anything went.
    if "enum" in new and set(old.get("enum", ["anything"])) - set(new["enum"]):
        yield f"{where}: no longer takes {sorted(set(old.get('enum', ['anything'])) - set(new['enum']), key=str)}"
    for name, stricter in _BOUNDS.items():
        if name in new and (name not in old or stricter(old[name], new[name]) != old[name]):
            yield f"{where}: {name} is now {new[name]}"
    if new.get("pattern") not in (None, old.get("pattern")):
        yield f"{where}: its pattern is another"


def _poorer(where: str, before: Document, after: Document, old_doc: Document, new_doc: Document) -> Iterator[str]:
    """What is answered: something that was in it and is gone, or something that no reader expects."""
    before_forms, after_forms = _forms(before, old_doc), _forms(after, new_doc)
    for kind in sorted(set(after_forms) - set(before_forms)):
        yield f"{where}: changed its type, may now be {kind}"
    for kind, old in before_forms.items():
        new = after_forms.get(kind, {})
        if "enum" in old and set(new.get("enum", ["anything"])) - set(old["enum"]):
            yield f"{where}: may now be {sorted(set(new.get('enum', ['anything'])) - set(old['enum']), key=str)}"
        for field, schema in old.get("properties", {}).items():
            if field in new.get("properties", {}):
                yield from _poorer(f"{where}.{field}", schema, new["properties"][field], old_doc, new_doc)
            elif kind in after_forms:
                yield f"{where}: {field} is gone"
        if "items" in old and "items" in new:
            yield from _poorer(f"{where}[]", old["items"], new["items"], old_doc, new_doc)


def _forms(schema: Document, document: Document) -> dict[str, Document]:
    """The forms that a value may take, by type: references followed, alternatives one by one."""
    schema = _resolve(schema, document)
    alternatives = schema.get("anyOf") or schema.get("oneOf")
    if alternatives is None:
        return {_kind(schema): schema}
    found: dict[str, Document] = {}
    for item in alternatives:
        for kind, form in _forms(item, document).items():
            # Two objects of different make are told apart by what they must have.
            found[kind if kind not in found else f"{kind} {sorted(form.get('properties', {}))}"] = form
    return found


def _kind(schema: Document) -> str:
    plain = str(schema.get("type", "anything"))
    return f"{plain} ({schema['format']})" if "format" in schema else plain


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
