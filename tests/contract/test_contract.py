"""The contract is generated, committed, linted, and does not break its callers without a new version."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from app import __version__
from app.web.contract import looks_at_version, policy_of, routes_of
from app.web.contract_examples import recordings
from app.web.policy import Acting
from scripts.contract_diff import breaking_changes
from scripts.contract_http import resolved
from scripts.lint_contract import faults

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def released() -> dict[str, Any]:
    """The contract of the newest released version."""
    versions = sorted((ROOT / "openapi" / "released").glob("*.json"), key=lambda path: _version(path.stem))
    document: dict[str, Any] = json.loads(versions[-1].read_text(encoding="utf-8"))
    return document


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def test_the_committed_contract_is_that_of_the_code(contract: dict[str, Any], committed: dict[str, Any]) -> None:
    # The one that is served: see `test_frozen.py`.
    assert contract == committed, "run `make openapi`"


def test_the_contract_is_valid_openapi(committed: dict[str, Any]) -> None:
    validate(committed)


def test_every_operation_says_what_it_must(committed: dict[str, Any]) -> None:
    assert list(faults(committed)) == []


def test_nothing_breaks_callers_of_the_released_version(
    application: FastAPI, committed: dict[str, Any], released: dict[str, Any]
) -> None:
    # Before 1.0 the second number is the one that may break.
    same = _version(released["info"]["version"])[:2] == _version(__version__)[:2]
    found = set(breaking_changes(released, committed)) - _named_in_vain(application)
    assert not same or found == set()


def _named_in_vain(app: FastAPI) -> set[str]:
    """What 0.2.0 named at operations on which it does nothing, or is refused, as the policies of both have it."""
    found = set()
    for route in routes_of(app):
        policy = policy_of(route)
        if not isinstance(policy, Acting):
            continue
        silent = {"dry_run", "idempotency-key"} if policy.plain else set()
        silent |= set() if looks_at_version(route, policy) else {"if-match"}
        found |= {f"{min(route.methods or ())} {route.path}: parameter {name} is gone" for name in silent}
    return found


def test_the_comparison_sees_what_breaks(committed: dict[str, Any]) -> None:
    assert breaking_changes(committed, committed) == []
    without_operation = copy.deepcopy(committed)
    del without_operation["paths"]["/v1/rounds"]["get"]
    assert "GET /v1/rounds: removed" in breaking_changes(committed, without_operation)
    narrower = copy.deepcopy(committed)
    schema = narrower["components"]["schemas"]["RoundIn"]
    schema["required"].append("review_rules")
    del narrower["components"]["schemas"]["RoundOut"]["properties"]["ordinal"]
    found = breaking_changes(committed, narrower)
    assert "POST /v1/rounds body: review_rules is now required" in found
    assert "GET /v1/rounds/{round_id} 200: ordinal is gone" in found
    closed = copy.deepcopy(committed)
    closed["paths"]["/v1/rounds"]["post"]["x-roles"] = ["auditor"]
    assert "POST /v1/rounds: office may no longer" in breaking_changes(committed, closed)


def _document(sent: dict[str, Any], answered: dict[str, Any], parameter: dict[str, Any]) -> dict[str, Any]:
    """One operation with these schemas."""
    return {
        "components": {"schemas": {"Sent": sent, "Answered": answered}},
        "paths": {
            "/v1/things": {
                "post": {
                    "parameters": [{"in": "query", "name": "limit", "schema": parameter}],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Sent"}}}},
                    "responses": {
                        "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answered"}}}}
                    },
                }
            }
        },
    }


_WORD: dict[str, Any] = {"type": "string", "enum": ["a", "b"]}
_SENT: dict[str, Any] = {
    "type": "object",
    "properties": {"words": {"type": "array", "items": _WORD}, "note": {"type": "string"}},
}
_ANSWERED: dict[str, Any] = {
    "type": "object",
    "properties": {"word": {"anyOf": [_WORD, {"type": "null"}]}, "size": {"type": "integer"}},
}
_PARAMETER: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 100}


@pytest.mark.parametrize(
    ("where", "changed", "found"),
    [
        ("sent", {"words": {"type": "array", "items": {**_WORD, "enum": ["a"]}}}, ".words[]: no longer takes ['b']"),
        ("sent", {"words": {"type": "array", "items": _WORD, "maxItems": 3}}, ".words: maxItems is now 3"),
        ("sent", {"words": _WORD}, "array is no longer taken"),
        ("sent", {"note": {"type": "string", "enum": ["x"]}}, ".note: no longer takes ['anything']"),
        ("sent", {"note": {"type": "string", "pattern": "^x$"}}, ".note: its pattern is another"),
        ("answered", {"word": _WORD | {"enum": ["a", "c"]}}, ".word: may now be ['c']"),
        ("answered", {"size": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}, ".size: changed its type, may now"),
        ("answered", {"size": {"type": "string"}}, ".size: changed its type, may now be string"),
        ("parameter", {"maximum": 50}, "parameter limit: maximum is now 50"),
    ],
)
def test_the_comparison_looks_into_everything(where: str, changed: dict[str, Any], found: str) -> None:
    parts = {"sent": _SENT, "answered": _ANSWERED, "parameter": _PARAMETER}
    part = parts[where]
    new = {**part, "properties": {**part["properties"], **changed}} if "properties" in part else {**part, **changed}
    breaks = breaking_changes(_document(**parts), _document(**{**parts, where: new}))
    assert len(breaks) == 1 and found in breaks[0]


@pytest.mark.parametrize(
    ("where", "changed"),
    [
        ("sent", {"note": {"type": "string", "title": "Note"}, "more": {"type": "string"}}),
        ("sent", {"note": {"anyOf": [{"type": "string"}, {"type": "null"}]}}),
        ("answered", {"word": _WORD, "more": {"type": "string"}}),
        ("parameter", {"maximum": 200}),
    ],
)
def test_what_widens_the_contract_breaks_nobody(where: str, changed: dict[str, Any]) -> None:
    parts = {"sent": _SENT, "answered": _ANSWERED, "parameter": _PARAMETER}
    part = parts[where]
    new = {**part, "properties": {**part["properties"], **changed}} if "properties" in part else {**part, **changed}
    assert breaking_changes(_document(**parts), _document(**{**parts, where: new})) == []


def test_the_lint_sees_each_kind_of_fault(committed: dict[str, Any]) -> None:
    broken = copy.deepcopy(committed)
    operation = broken["paths"]["/v1/rounds"]["post"]
    operation["description"] = "No citation."
    operation["summary"] = ""
    operation["tags"] = ["miscellaneous"]
    broken["components"]["responses"]["Unauthenticated"]["content"] = {}
    operation["requestBody"]["content"]["application/json"]["example"] = {"year": "MMXXIV"}
    del broken["security"]
    broken["components"]["schemas"]["RoundIn"]["properties"]["applicationFee"] = {"type": "number"}
    found = "\n".join(faults(broken))
    for fault in (
        "cites no article",
        "GET /v1/accounts: says neither who may nor how he signs in",
        "no summary",
        "its tag miscellaneous is not described",
        "401 is not a problem",
        "not snake_case",
        "binary fraction",
        "POST /v1/rounds: the body: the example is not of its schema: $.year",
        "Art. 7",
    ):
        assert fault in found


def test_every_operation_shows_what_it_really_answers(committed: dict[str, Any]) -> None:
    real = recordings()
    operations = [operation for methods in committed["paths"].values() for operation in methods.values()]
    spoken = {
        operation["operationId"]
        for operation in operations
        for status, response in operation["responses"].items()
        if status < "400" and "application/json" in resolved(response, committed).get("content", {})
    }
    assert sorted(spoken - set(real)) == [], "run `make examples`"
    assert sorted(set(real) - {operation["operationId"] for operation in operations}) == [], "run `make examples`"


def test_the_documentation_page_needs_no_network(described: TestClient) -> None:
    page = described.get("/docs").text
    assert "http://" not in page.replace("http://www.w3.org", "") and "https://" not in page
    for asset in ("reader.js", "reader.css"):
        assert f"/docs/assets/{asset}" in page
        assert described.get(f"/docs/assets/{asset}").status_code == 200
    assert described.get("/docs/assets/../main.py").status_code == 404
    assert described.get("/docs/assets/other.js").status_code == 404


def test_what_is_read_in_some_states_alone_says_so(contract: dict[str, Any]) -> None:
    named = {
        operation["operationId"]
        for operations in contract["paths"].values()
        for method, operation in operations.items()
        if method == "get" and "409" in operation["responses"]
    }
    assert named == {
        *("download_material", "read_dossier"),
        *("read_qualification", "read_qualification_worklist", "validate_draft"),
    }
