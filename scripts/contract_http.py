"""What the contract must say of HTTP itself: who signs in and how, headers that are taken and answered."""

import re
from collections.abc import Iterator
from typing import Any

# What only an act takes, and what is answered where it is taken.
_OF_ACTS = {"dry_run": "Dry-Run", "Idempotency-Key": "Idempotency-Replayed", "If-Match": None}
# What every answer of a status says.
_OF_STATUS = {"401": "WWW-Authenticate", "405": "Allow", "429": "Retry-After", "503": "Retry-After"}
_IN_PATH = re.compile(r"\{\w+\}")
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
            if method == "get":
                yield from _read_faults(where, operation, document)
            if method == "post" and _has_address(path, document):
                yield from _undeclared(where, operation, document, "201", {"Location"})
    for name, methods in document.get("webhooks", {}).items():
        for operation in methods.values():
            if "requestBody" not in operation or operation.get("security") != []:
                yield f"webhook {name}: says not what it sends, or asks the receiver's visitors to sign in"


def _read_faults(where: str, operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    """What is read has a tag, is not sent twice, and says how many more there may be."""
    if "application/json" in _content(operation, document, "200") and "304" not in operation["responses"]:
        yield f"{where}: a read that does not say that it answers 304"
    wanted = {"RateLimit", "RateLimit-Policy"}
    # What is sent as a stream has no tag: nobody keeps it, and each opening of a file is on record.
    wanted |= {"ETag"} if "304" in operation["responses"] else set()
    # A table is a file with a name.
    wanted |= {"Content-Disposition"} if "text/csv" in _content(operation, document, "200") else set()
    wanted |= {"Link"} if _schema(operation, document, "200").endswith("Page") else set()
    yield from _undeclared(where, operation, document, "200", wanted)
    declared = resolved(operation["responses"].get("200", {}), document).get("headers", {}).keys()
    for name in sorted(({"ETag", "Link"} - wanted) & declared):
        yield f"{where}: 200 declares the header {name}, which it never has"


def _undeclared(
    where: str, operation: dict[str, Any], document: dict[str, Any], status: str, names: set[str]
) -> Iterator[str]:
    answer = operation.get("responses", {}).get(status)
    if answer is not None:
        for name in sorted(names - resolved(answer, document).get("headers", {}).keys()):
            yield f"{where}: {status} does not declare the header {name}"


def _has_address(path: str, document: dict[str, Any]) -> bool:
    """Whether what a POST there makes has an address of its own: below that path, or at it."""
    for other, methods in document["paths"].items():
        below = re.fullmatch(re.escape(path) + r"/\{\w+\}(/content)?", other)
        if "get" in methods and below:
            return True
    made = _schema(document["paths"][path].get("post", {}), document, "201")
    for other, methods in document["paths"].items():
        # What is answered is what a read of something named in the path answers.
        within = set(_IN_PATH.findall(other)) <= set(_IN_PATH.findall(path))
        if made and within and "get" in methods and _schema(methods["get"], document, "200") == made:
            return True
    at_it = document["paths"][path].get("get")
    schema = "" if at_it is None else _schema(at_it, document, "200")
    properties = document["components"]["schemas"].get(schema, {}).get("properties", {})
    return bool(properties) and "items" not in properties


def _content(operation: dict[str, Any], document: dict[str, Any], status: str) -> dict[str, Any]:
    found: dict[str, Any] = resolved(operation.get("responses", {}).get(status, {}), document).get("content", {})
    return found


def _schema(operation: dict[str, Any], document: dict[str, Any], status: str) -> str:
    content = _content(operation, document, status).get("application/json", {})
    return str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]


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
    if method not in ("get", "head") and "415" not in statuses:
        yield f"{where}: an act that does not say that it takes no compressed body (415)"
    if "412" in statuses and "If-Match" not in taken:
        yield f"{where}: 412 where no version is taken"
    wanted = {header for name, header in _OF_ACTS.items() if name in taken and header}
    for status, response in operation.get("responses", {}).items():
        said = resolved(response, document).get("headers", {}).keys()
        needed = {"X-Request-ID"} | (wanted if status < "300" else {_OF_STATUS.get(status, "X-Request-ID")})
        needed |= {"Content-Language"} if status >= "400" else set()
        for name in sorted(needed - said):
            yield f"{where}: {status} does not declare the header {name}"
