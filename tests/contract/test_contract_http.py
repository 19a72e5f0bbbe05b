"""What the contract says of HTTP: who signs in and how, which headers are taken and answered; lint keeps it so."""

import copy
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.kernel.webhooks import message
from app.web.links import LOCATIONS
from scripts.contract_http import http_faults, resolved
from scripts.strict_schemas import Strict

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
    def change(document: dict[str, Any]) -> None:
        responses = document["paths"][path][method]["responses"]
        # Of this operation alone, where several answer alike.
        responses[status] = copy.deepcopy(resolved(responses[status], document))
        del responses[status]["headers"][name]

    return change


def _without_status(path: str, status: str) -> Change:
    return lambda document: document["paths"][path]["get"]["responses"].pop(status)


def _without_act_status(path: str, status: str) -> Change:
    return lambda document: document["paths"][path]["post"]["responses"].pop(status)


def _with_header(path: str, name: str) -> Change:
    def change(document: dict[str, Any]) -> None:
        responses = document["paths"][path]["get"]["responses"]
        responses["200"] = copy.deepcopy(resolved(responses["200"], document))
        responses["200"]["headers"][name] = {"schema": {"type": "string"}}

    return change


def _with_not_modified(path: str) -> Change:
    return lambda document: document["paths"][path]["get"]["responses"].update({"304": {"description": "As before."}})


def _of_problem(name: str, header: str) -> Change:
    return lambda document: document["components"]["responses"][name]["headers"].pop(header)


def _operation(path: str, method: str, **said: object) -> Change:
    return lambda document: document["paths"][path][method].update(said)


def _optional_version(document: dict[str, Any]) -> None:
    del document["components"]["parameters"]["RequiredIfMatch"]["required"]


FILE = "/v1/{collection}/{object_id}/documents/{file}"
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
    (_without_header(ROUNDS, "post", "201", "Location"), "POST /v1/rounds: 201 does not declare the header Location"),
    (_without_header(f"{ROUND}/decree", "post", "201", "Location"), "decree: 201 does not declare the header Location"),
    (_without_header(f"{ROUND}/candidates", "post", "201", "Location"), "candidates: 201 does not declare the header"),
    (_without_header(ROUNDS, "get", "200", "ETag"), "GET /v1/rounds: 200 does not declare the header ETag"),
    (_without_header(ROUNDS, "get", "200", "Link"), "GET /v1/rounds: 200 does not declare the header Link"),
    (_without_header(ROUNDS, "get", "200", "Content-Disposition"), "does not declare the header Content-Disposition"),
    (_without_header(ROUNDS, "get", "200", "RateLimit"), "200 does not declare the header RateLimit"),
    (_of_problem("Refused", "Content-Language"), "422 does not declare the header Content-Language"),
    (_with_header("/v1/instruments", "Link"), "GET /v1/instruments: 200 declares the header Link, which it never has"),
    (_with_header(FILE, "ETag"), "200 declares the header ETag, which it never has"),
    (_with_not_modified(FILE), "documents/{file}: 200 does not declare the header ETag"),
    (_without_act_status(f"{ROUND}/proposed-list", "415"), "an act that does not say that it takes no compressed"),
    (_without_status(ROUND, "304"), "GET /v1/rounds/{round_id}: a read that does not say that it answers 304"),
    (lambda document: document["webhooks"]["recommendationChanged"]["post"].pop("security"), "webhook recommendationC"),
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


def test_what_is_made_has_an_address_that_is_read(committed: dict[str, Any]) -> None:
    operations = {
        operation["operationId"]: (path, operation)
        for path, methods in committed["paths"].items()
        for operation in methods.values()
    }
    readable = {re.sub(r"\{\w+\}", "{}", path) for path, methods in committed["paths"].items() if "get" in methods}
    for name, template in LOCATIONS.items():
        path, operation = operations[name]
        assert re.sub(r"\{[\w.]+\}", "{}", template) in readable, name
        answered = {"id", "organisation.id"}
        assert set(re.findall(r"\{([\w.]+)\}", template)) <= {*answered, *re.findall(r"\{(\w+)\}", path)}, name
        assert "Location" in resolved(operation["responses"]["201"], committed)["headers"], name


def test_webhooks_are_what_is_sent(committed: dict[str, Any]) -> None:
    (told,) = committed["webhooks"].values()
    content = told["post"]["requestBody"]["content"]["application/json"]
    event, at = uuid4(), datetime(2024, 3, 1, 2, tzinfo=UTC)
    sent = message(event_id=event.hex, kind="recommendation.requested", at=at, data=content["example"]["data"])
    assert json.loads(sent.body) == content["example"]
    checker = Strict(committed["components"]["schemas"]).validator(content["schema"])
    assert list(checker.iter_errors(json.loads(sent.body))) == []
    assert list(checker.iter_errors({"type": "other", "timestamp": "x", "data": {}})) != []
    assert {item["name"] for item in told["post"]["parameters"]} == {
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "traceparent",
    }
