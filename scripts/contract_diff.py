"""What breaks a caller between two versions of the contract. Used by the tests; by hand: `contract_diff.py OLD NEW`."""

import argparse
import json
import re
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
    known, present = _by_name(before, old), _by_name(after, new)
    for key, item in present.items():
        # Where 428 was told, it was required before this was said here.
        if item.get("required") and not known.get(key, {}).get("required") and "428" not in before["responses"]:
            yield f"{where}: parameter {key[1]} is now required"
    for key, item in known.items():
        if key not in present:
            yield f"{where}: parameter {key[1]} is gone"
        else:
            yield from _narrower(f"{where} parameter {key[1]}", item["schema"], present[key]["schema"], old, new)


def _by_name(operation: Document, document: Document) -> dict[tuple[str, str], Document]:
    """Parameters by place and name. Header fields have no case; null cannot be said outside a body."""
    found = {}
    for reference in operation.get("parameters", []):
        item = _resolve(reference, document)
        forms = [form for kind, form in _forms(item["schema"], document).items() if kind != "null"]
        found[item["in"], item["name"].lower()] = {**item, "schema": {"anyOf": forms}}
    return found


def _roles(where: str, before: Document, after: Document) -> Iterator[str]:
    for role in sorted(set(before.get("x-roles", [])) - set(after.get("x-roles", []))):
        if "public" not in after.get("x-roles", []):
            yield f"{where}: {role} may no longer"


def _body(where: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    old_body, new_body = _resolve(before.get("requestBody", {}), old), _resolve(after.get("requestBody", {}), new)
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
        present = _content(_resolve(after["responses"][status], new))
        for media, schema in _content(_resolve(response, old)).items():
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


_LISTED = re.compile(r"^\^\((\w+(?:\|\w+)*)\)\$$")


def _forms(schema: Document, document: Document) -> dict[str, Document]:
    """The forms that a value may take, by type: references followed, alternatives one by one."""
    schema = _resolve(schema, document)
    alternatives = schema.get("anyOf") or schema.get("oneOf")
    if alternatives is None and isinstance(schema.get("type"), list):
        alternatives = [{"type": kind} for kind in schema["type"]]
    if alternatives is None:
        return {_kind(schema): _plain(schema)}
    # What is said of the whole holds for each alternative: for null nothing but that it is null.
    whole = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf", "type")}
    found: dict[str, Document] = {}
    for item in alternatives:
        member = item if item == {"type": "null"} else {**whole, **_resolve(item, document)}
        for kind, form in _forms(member, document).items():
            # Two objects of different make are told apart by what they must have.
            found[kind if kind not in found else f"{kind} {sorted(form.get('properties', {}))}"] = form
    return found


def _plain(schema: Document) -> Document:
    """Words listed in a pattern are an enumeration; the length of an enumerated word says nothing more."""
    match = _LISTED.match(schema.get("pattern", ""))
    found = {**schema, "enum": match[1].split("|")} if match else schema
    if "enum" in found and "type" in found:
        # A null among the words is a form of its own.
        found = {**found, "enum": [word for word in found["enum"] if word is not None]}
    without = {"pattern"} if match else set()
    without |= {"maxLength", "minLength"} if "enum" in found else set()
    return {key: value for key, value in found.items() if key not in without}


def _kind(schema: Document) -> str:
    plain = str(schema.get("type", "anything"))
    # How many bits a whole number has is told beside its type; what it may be, its bounds say.
    return f"{plain} ({schema['format']})" if "format" in schema and plain != "integer" else plain


def _content(part: Document) -> dict[str, Document]:
    return {media: content.get("schema", {}) for media, content in part.get("content", {}).items()}


def _resolve(part: Document, document: Document) -> Document:
    """What a reference names, wherever in the document: a schema, a parameter, a response."""
    while "$ref" in part:
        found = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = {**found, **{key: value for key, value in part.items() if key != "$ref"}}
    return part


def _document(name: str) -> Document:
    try:
        found: Document = json.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{name} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{name} is no JSON") from error
    if "paths" not in found:
        raise argparse.ArgumentTypeError(f"{name} is no OpenAPI document")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Print each change that breaks a caller; 1 where there is one, else 0."""
    parser = argparse.ArgumentParser(description="What breaks a caller between two versions of the contract.")
    parser.add_argument("old", metavar="OLD", type=_document, help="the released contract, an OpenAPI document in JSON")
    parser.add_argument("new", metavar="NEW", type=_document, help="the contract to come")
    given = parser.parse_args(arguments)
    found = breaking_changes(given.old, given.new)
    print("\n".join(found) or "nothing breaks")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
