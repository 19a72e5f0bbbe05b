"""What the contract must say of HTTP itself: who signs in and how, headers that are taken and answered."""

import re
from collections.abc import Iterator
from typing import Any

# What only an act takes, and what is answered where it is taken.
_OF_ACTS = {"dry_run": "Dry-Run", "Idempotency-Key": "Idempotency-Replayed", "If-Match": None}
# What every answer of a status says.
_OF_STATUS = {"401": "WWW-Authenticate", "405": "Allow", "429": "Retry-After", "503": "Retry-After"}
_WRITTEN = re.compile(r"^([A-Z][A-Za-z0-9]*)(-[A-Z][A-Za-z0-9]*)*$")


def resolved(part: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The part itself, where it is a reference to a component."""
    if "$ref" not in part:
        return part
    _, _, kind, name = part["$ref"].split("/")
    found: dict[str, Any] = document["components"][kind].get(name, {})
    return found


def http_faults(document: dict[str, Any]) -> Iterator[str]:
    """Every fault of this kind."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            where = f"{method.upper()} {path}"
            yield from _access_faults(where, operation, document)
            yield from _header_faults(where, method, operation, document)


def _access_faults(where: str, operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    """Who may call is told in the standard's words: nobody need sign in where an empty requirement is enough."""
    roles = operation.get("x-roles", [])
    if not roles:
        yield f"{where}: names no role"
    needed = operation.get("security", document.get("security", []))
    open_to_all = not needed or {} in needed
    if open_to_all != ("public" in roles):
        yield f"{where}: its security and its roles do not agree on whether it is public"
    known = document["components"].get("securitySchemes", {})
    for name in sorted({name for item in needed for name in item} - known.keys()):
        yield f"{where}: the security scheme {name} is not described"


def _header_faults(where: str, method: str, operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    """What an act takes stands at acts alone, as its standard writes it; what is answered to it is declared."""
    taken = {}
    for parameter in (resolved(item, document) for item in operation.get("parameters", [])):
        taken[parameter["name"]] = parameter
        if parameter["in"] == "header" and not _WRITTEN.match(parameter["name"]):
            yield f"{where}: the header {parameter['name']} is not written as its standard writes it"
    if method not in ("post", "patch", "put", "delete"):
        for name in sorted(_OF_ACTS.keys() & taken.keys()):
            yield f"{where}: a read that takes {name}"
    statuses = set(operation.get("responses", {}))
    if ("428" in statuses) != taken.get("If-Match", {}).get("required", False):
        yield f"{where}: If-Match is required exactly where its absence is 428"
    if "412" in statuses and "If-Match" not in taken:
        yield f"{where}: 412 where no version is taken"
    wanted = {header for name, header in _OF_ACTS.items() if name in taken and header}
    for status, response in operation.get("responses", {}).items():
        said = resolved(response, document).get("headers", {}).keys()
        needed = {"X-Request-ID"} | (wanted if status < "300" else {_OF_STATUS.get(status, "X-Request-ID")})
        for name in sorted(needed - said):
            yield f"{where}: {status} does not declare the header {name}"
