"""What the contract says of HTTP: who signs in and how, which headers are taken and answered; lint keeps it so."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.contract_http import http_faults

CONTRACT = Path(__file__).parent.parent.parent / "openapi" / "openapi.json"
Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return document


def _parameter(path: str, method: str, **said: object) -> Change:
    def change(document: dict[str, Any]) -> None:
        document["paths"][path][method].setdefault("parameters", []).append(said)

    return change


def _without_header(path: str, method: str, status: str, name: str) -> Change:
    return lambda document: document["paths"][path][method]["responses"][status]["headers"].pop(name)


def _of_problem(name: str, header: str) -> Change:
    return lambda document: document["components"]["responses"][name]["headers"].pop(header)


def _operation(path: str, method: str, **said: object) -> Change:
    return lambda document: document["paths"][path][method].update(said)


def _optional_version(document: dict[str, Any]) -> None:
    del document["components"]["parameters"]["RequiredIfMatch"]["required"]


ROUNDS, ROUND, CALL = "/v1/rounds", "/v1/rounds/{round_id}", "/v1/rounds/{round_id}/call"
LINT: list[tuple[Change, str]] = [
    (_parameter(ROUNDS, "get", name="dry_run", **{"in": "query"}), "GET /v1/rounds: a read that takes dry_run"),
    (_parameter(ROUND, "get", name="If-Match", **{"in": "header"}), "a read that takes If-Match"),
    (_parameter(ROUNDS, "post", name="if-none-match", **{"in": "header"}), "if-none-match is not written as"),
    (_optional_version, "PATCH /v1/rounds/{round_id}: If-Match is required exactly where"),
    (_parameter(CALL, "post", name="If-Match", required=True, **{"in": "header"}), "If-Match is required exactly"),
    (_without_header(ROUNDS, "post", "201", "Dry-Run"), "POST /v1/rounds: 201 does not declare the header Dry-Run"),
    (_without_header(ROUNDS, "post", "201", "Idempotency-Replayed"), "declare the header Idempotency-Replayed"),
    (_without_header(ROUND, "get", "200", "X-Request-ID"), "200 does not declare the header X-Request-ID"),
    (_of_problem("Stale", "X-Request-ID"), "412 does not declare the header X-Request-ID"),
    (_of_problem("TooMany", "Retry-After"), "429 does not declare the header Retry-After"),
    (_of_problem("Unauthenticated", "WWW-Authenticate"), "401 does not declare the header WWW-Authenticate"),
    (_operation(ROUNDS, "post", security=[]), "POST /v1/rounds: its security and its roles do not agree"),
    (_operation("/livez", "get", security=[{"bearer": []}]), "GET /livez: its security and its roles do not agree"),
    (_operation("/livez", "get", **{"x-roles": []}), "GET /livez: names no role"),
    (_operation(ROUNDS, "post", security=[{"cookie": []}]), "the security scheme cookie is not described"),
]


@pytest.mark.parametrize(("change", "fault"), LINT)
def test_the_lint_sees_what_is_not_as_the_standards_have_it(
    committed: dict[str, Any], change: Change, fault: str
) -> None:
    assert list(http_faults(committed)) == []
    broken = copy.deepcopy(committed)
    change(broken)
    assert fault in "\n".join(http_faults(broken))


def test_the_page_can_sign_in_by_what_the_contract_says(committed: dict[str, Any]) -> None:
    schemes = committed["components"]["securitySchemes"]
    assert schemes["bearer"]["scheme"] == "bearer"
    flows = schemes["oauth2"]["flows"]
    assert {name: flow["tokenUrl"] for name, flow in flows.items()} == {
        "password": "/v1/tokens",
        "clientCredentials": "/v1/tokens",
    }
    assert "post" in committed["paths"]["/v1/tokens"]
    # Both schemes are ways to the same token: one of them is enough.
    assert committed["security"] == [{"bearer": []}, {"oauth2": []}]
