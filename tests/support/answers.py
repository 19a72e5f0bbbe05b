"""Holds every answer of the tests to the contract: an object holds what it says, and nothing else."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from functools import cache
from typing import Any

import jsonschema_rs

from app.web.contract_layout import CONTRACT
from scripts.strict_schemas import Strict

_SPOKEN = ("application/json", "application/problem+json")


class Contract:
    """The contract that is served, its objects closed."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._strict = Strict(document["components"]["schemas"])
        self._responses = document["components"].get("responses", {})
        # By operation, status and media type; None where the contract knows no such answer.
        self._validators: dict[tuple[int, int, str], jsonschema_rs.Validator | None] = {}
        self._paths: defaultdict[tuple[str, int, str], list[tuple[list[str], dict[str, Any]]]] = defaultdict(list)
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                parts = path.split("/")
                self._paths[method.upper(), len(parts), _subject(parts)].append((parts, operation))

    def fault(self, method: str, path: str, status: int, media: str, body: bytes) -> str | None:
        """What of an answer the contract does not say, or None; None as well where it knows no such operation."""
        operation = self.operation(method, path)
        if operation is not None and str(status) not in operation["responses"]:
            return f"{method} {path} answers {status}, which the contract does not name: {body[:400]!r}"
        media = media.partition(";")[0]
        if media not in _SPOKEN or not body:
            return None
        validator = None if operation is None else self._validator(operation, status, media)
        if validator is None:
            return None
        for error in validator.iter_errors(json.loads(body)):
            place = "/".join(str(part) for part in error.instance_path)
            return f"{method} {path} answers {status} past the contract: /{place} {error.message[:400]}"
        return None

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        """The operation that answers there; None where the contract has none."""
        parts = path.split("/")
        found = [
            (sum(known.startswith("{") for known in template), operation)
            for template, operation in (
                *self._paths[method, len(parts), _subject(parts)],
                *self._paths[method, len(parts), _ANYTHING],
            )
            if all(known == part or known.startswith("{") for known, part in zip(template, parts, strict=True))
        ]
        return min(found, key=lambda item: item[0])[1] if found else None

    def _validator(self, operation: dict[str, Any], status: int, media: str) -> jsonschema_rs.Validator | None:
        # The operations stay as long as the contract.
        key = (id(operation), status, media)
        if key not in self._validators:
            self._validators[key] = self._made(operation, status, media)
        return self._validators[key]

    def _made(self, operation: dict[str, Any], status: int, media: str) -> jsonschema_rs.Validator | None:
        response = operation["responses"].get(str(status), {})
        if "$ref" in response:
            response = self._responses[response["$ref"].rpartition("/")[2]]
        schema = response.get("content", {}).get(media, {}).get("schema")
        return None if schema is None else self._strict.validator(schema)


# What has papers is told by a parameter.
_ANYTHING = "/v1/{}"


def _subject(parts: list[str]) -> str:
    """What an address is about: `/v1/rounds`, `/problems`; of several things, whichever they are."""
    if parts[1:2] == ["v1"] and parts[2].startswith("{"):
        return _ANYTHING
    return "/".join(parts[: 3 if parts[1:2] == ["v1"] else 2])


@cache
def contract() -> Contract:
    """The one that is committed; a test says when the code has gone on."""
    return Contract(json.loads(CONTRACT.read_text(encoding="utf-8")))


def plain(body: bytes, coding: str) -> bytes:
    """The body as it was before it was made smaller for the way."""
    return gzip.decompress(body) if coding == "gzip" else body
