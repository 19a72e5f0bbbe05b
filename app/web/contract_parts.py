"""What many operations of the contract share is said once, in its components: parameters, headers, examples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from app.web.contract_examples import Part
from app.web.contract_layout import WIDTH

# Header fields as their standards write them; HTTP itself does not care.
_WRITTEN = {"idempotency-key": "Idempotency-Key", "if-match": "If-Match"}


_HEADERS = {
    "ETag": "The tag of just what is sent, for `If-None-Match`; for `If-Match` where the object has a version.",
    "Link": "The `first` page and the `next`, where there is one (RFC 8288).",
    "Location": "Where what was made can be read.",
    "RateLimit": "How many reads are left, and seconds until they are counted anew; of public posts when none is.",
    "RateLimit-Policy": "How many reads, or public posts, there may be in how many seconds; for whom they are counted.",
    "Content-Disposition": "The name of the file.",
    "Content-Language": "The language of what is told to people: `zh-CN` or `en`.",
    "Dry-Run": "`true`: nothing was written. It is there after a `dry_run` alone.",
    "Idempotency-Replayed": "`true`: the answer that this `Idempotency-Key` got before. Else it is not there.",
    "X-Request-ID": "The id under which this request is logged.",
    "Retry-After": "Seconds to wait.",
    "WWW-Authenticate": "How to sign in: `Bearer`; at the token endpoint `Basic`.",
    "Allow": "The methods that there are.",
}
# Of every answer, and of every refusal of its status.
_ALWAYS = ("X-Request-ID",)
_OF_STATUS = {"401": ("WWW-Authenticate",), "405": ("Allow",), "429": ("Retry-After",), "503": ("Retry-After",)}
# Of every refusal: what is said of it.
_OF_PROBLEMS = ("Content-Language",)
# Which answers have these follows from their kind; one was recorded as that of an operation that was said to end.
_OF_KINDS = frozenset({"Link"})
# Of whatever is answered where reads or public posts are counted.
_OF_LIMITS = ("RateLimit", "RateLimit-Policy")
# What the answer says where the caller may name this.
_ANSWERING = {"dry_run": "Dry-Run", "Idempotency-Key": "Idempotency-Replayed"}


def parameters_of(parameters: list[Part], *, rehearsed: bool, versioned: bool, needs_version: bool) -> list[Part]:
    """The parameters of an act, without those that do nothing there.

    `rehearsed`: it has a dry run, and its answer is kept for an `Idempotency-Key`. `versioned`: it looks at `If-Match`;
    `needs_version`: and refuses without.
    """
    silent = set() if rehearsed else {"dry_run", "idempotency-key"}
    silent |= set() if versioned else {"if-match"}
    found = [parameter for parameter in parameters if parameter["name"] not in silent]
    return [{**item, "required": True} if needs_version and item["name"] == "if-match" else item for item in found]


def named(parameters: list[Part]) -> set[str]:
    """The headers that answer to a parameter."""
    names = {_WRITTEN.get(parameter["name"], parameter["name"]) for parameter in parameters}
    return {header for name, header in _ANSWERING.items() if name in names}


def headers_of(recorded: tuple[str, ...], *more: Iterable[str]) -> Part:
    """References to the headers of an answer of success: those that it was recorded with, and more."""
    recorded_as = {name for name in _HEADERS if name.lower() in recorded} - _OF_KINDS
    return references({*recorded_as, *_ALWAYS, *chain.from_iterable(more)})


# From this many characters on an example takes more of a page than it tells by being another one.
_LONG = 2 * WIDTH


def headers_of_problem(status: str) -> Part:
    """References to the headers that every refusal of this status has."""
    return references({*_ALWAYS, *_OF_PROBLEMS, *_OF_STATUS.get(status, ()), *_OF_LIMITS})


def references(names: set[str]) -> Part:
    """References to these headers."""
    return {name: {"$ref": f"#/components/headers/{_joined(name)}"} for name in _HEADERS if name in names}


def share(document: Part) -> None:
    """Move what two operations or more have alike into the components, in place."""
    components = document["components"]
    components["headers"] = {_joined(name): _header(name, text) for name, text in _HEADERS.items()}
    components["parameters"] = _share_parameters(document)
    components["examples"] = _share_examples(document)
    components["responses"] |= _share_answers(document)


def _header(name: str, text: str) -> Part:
    """What stands at every answer of its kind is there; the others may be missing."""
    always = name in (*_ALWAYS, *_OF_PROBLEMS) or any(name in names for names in _OF_STATUS.values())
    return {"description": text, **({"required": True} if always else {}), "schema": {"type": "string"}}


def _operations(document: Part) -> Iterator[Part]:
    for methods in document["paths"].values():
        yield from methods.values()


def _share_parameters(document: Part) -> Part:
    for operation in _operations(document):
        if "parameters" in operation:
            operation["parameters"] = [_plain(parameter) for parameter in operation["parameters"]]
    uses = Counter(_text(item) for operation in _operations(document) for item in operation.get("parameters", []))
    names: dict[str, str] = {}
    for text, number in uses.items():
        if number > 1:
            names[text] = _parameter_name(json.loads(text), set(names.values()))
    for operation in _operations(document):
        if "parameters" in operation:
            operation["parameters"] = [
                {"$ref": f"#/components/parameters/{names[_text(item)]}"} if _text(item) in names else item
                for item in operation["parameters"]
            ]
    return {name: json.loads(text) for text, name in sorted(names.items(), key=lambda item: item[1])}


def _plain(parameter: Part) -> Part:
    found = dict(parameter)
    found["name"] = _WRITTEN.get(found["name"], found["name"])
    if not found.get("required"):
        found.pop("required", None)
    if "description" in found:
        found["schema"] = {key: value for key, value in found["schema"].items() if key != "description"}
    return found


def _parameter_name(parameter: Part, taken: set[str]) -> str:
    """`RoundId` in a path, `RoundIdFilter` in a query; a second of the same name says what is different in it."""
    plain = _joined(parameter["name"].replace("_", "-"))
    plain += "Filter" if parameter["in"] == "query" and parameter["schema"].get("format") == "uuid" else ""
    plain = f"Required{plain}" if parameter.get("required") and parameter["in"] == "header" else plain
    if plain in taken and "default" in parameter["schema"]:
        plain = f"{plain}Of{parameter['schema']['default']}"
    if plain in taken:
        raise LookupError(f"two shared parameters would be called {plain}")
    return plain


def _share_examples(document: Part) -> Part:
    """Examples of more than a line that stand at several operations."""
    _tell_an_object_once(document)
    holders = [content for content in _contents(document) if "example" in content]
    uses = Counter(_text(content["example"]) for content in holders)
    names: dict[str, str] = {}
    for content in holders:
        text = _text(content["example"])
        if uses[text] < 2 or len(text) < WIDTH:
            continue
        if text not in names:
            plain = content["schema"].get("$ref", "Example").rpartition("/")[2]
            same = sum(name.rstrip("0123456789") == plain for name in names.values())
            names[text] = f"{plain}{same + 1}" if same else plain
        del content["example"]
        content["examples"] = {"recorded": {"$ref": f"#/components/examples/{names[text]}"}}
    return {name: {"value": json.loads(text)} for text, name in sorted(names.items(), key=lambda item: item[1])}


def _share_answers(document: Part) -> Part:
    """Acts that answer the same object with the same headers: each answer that stands at several of them."""
    answers = [
        (operation["responses"], status, part)
        for operation in _operations(document)
        for status, part in operation["responses"].items()
        if "schema" in part.get("content", {}).get("application/json", {})
    ]
    uses = Counter(_text(part) for _, _, part in answers)
    names: dict[str, str] = {}
    for responses, status, part in answers:
        text = _text(part)
        if uses[text] < 2:
            continue
        if text not in names:
            plain = part["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            if plain in document["components"]["responses"]:
                raise LookupError(f"an answer and a problem would be called {plain}")
            same = sum(name.rstrip("0123456789") == plain for name in names.values())
            names[text] = f"{plain}{same + 1}" if same else plain
        responses[status] = {"$ref": f"#/components/responses/{names[text]}"}
    return {name: json.loads(text) for text, name in sorted(names.items(), key=lambda item: item[1])}


def _tell_an_object_once(document: Part) -> None:
    """Acts answer the object that they are done to. Where it is long, its example is that of the operation that reads
    it, or of the first that answers it: ten pictures of one object tell a reader no more."""
    answers: dict[str, list[tuple[bool, Part]]] = {}
    for methods in document["paths"].values():
        for method, operation in methods.items():
            for content in _successes(operation):
                if "example" in content and len(_text(content["example"])) > _LONG:
                    answers.setdefault(_text(content["schema"]), []).append((method == "get", content))
    for alike in answers.values():
        _, shown = max(alike, key=lambda answer: answer[0])
        for _, content in alike:
            content["example"] = shown["example"]


def _successes(operation: Part) -> Iterator[Part]:
    for status, part in operation["responses"].items():
        if status < "300":
            yield from part.get("content", {}).values()


def _contents(document: Part) -> Iterator[Part]:
    for operation in _operations(document):
        for part in (operation.get("requestBody", {}), *operation["responses"].values()):
            yield from part.get("content", {}).values()


def _joined(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("-"))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
