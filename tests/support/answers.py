"""Holds every answer of the tests to the contract: an object holds what it says, and nothing else."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from functools import cache
from typing import Any

import jsonschema_rs

from app.web.contract_layout import CONTRACT
from scripts.lint_contract import closed

_SPOKEN = ("application/json", "application/problem+json")
_AT = "urn:contract"


class Contract:
    """The contract that is served, its objects closed."""

    def __init__(self, document: dict[str, Any]) -> None:
        schemas = closed(document["components"]["schemas"])
        self._responses = document["components"].get("responses", {})
        self._registry = jsonschema_rs.Registry([(_AT, {"components": {"schemas": schemas}})])
        self._validators: dict[str, jsonschema_rs.Validator] = {}
        self._paths: defaultdict[tuple[str, int], list[tuple[list[str], dict[str, Any]]]] = defaultdict(list)
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                parts = path.split("/")
                self._paths[method.upper(), len(parts)].append((parts, operation))

    def fault(self, method: str, path: str, status: int, media: str, body: bytes) -> str | None:
        """What of an answer the contract does not say, or None; None as well where it knows no such answer."""
        media = media.partition(";")[0]
        operation = self._operation(method, path)
        if operation is None or media not in _SPOKEN or not body:
            return None
        response = operation["responses"].get(str(status), {})
        if "$ref" in response:
            response = self._responses[response["$ref"].rpartition("/")[2]]
        schema = response.get("content", {}).get(media, {}).get("schema")
        if schema is None:
            return None
        for error in self._validator(schema).iter_errors(json.loads(body)):
            place = "/".join(str(part) for part in error.instance_path)
            return f"{method} {path} answers {status} past the contract: /{place} {error.message[:400]}"
        return None

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        parts = path.split("/")
        found = [
            (sum(known.startswith("{") for known in template), operation)
            for template, operation in self._paths[method, len(parts)]
            if all(known == part or known.startswith("{") for known, part in zip(template, parts, strict=True))
        ]
        return min(found, key=lambda item: item[0])[1] if found else None

    def _validator(self, schema: dict[str, Any]) -> jsonschema_rs.Validator:
        text = json.dumps(closed(schema)).replace('"#/', f'"{_AT}#/')
        if text not in self._validators:
            self._validators[text] = jsonschema_rs.Draft202012Validator(json.loads(text), registry=self._registry)
        return self._validators[text]


@cache
def contract() -> Contract:
    """The one that is committed; a test says when the code has gone on."""
    return Contract(json.loads(CONTRACT.read_text(encoding="utf-8")))


def plain(body: bytes, coding: str) -> bytes:
    """The body as it was before it was made smaller for the way."""
    return gzip.decompress(body) if coding == "gzip" else body
