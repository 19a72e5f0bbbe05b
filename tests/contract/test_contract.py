"""The contract is generated, committed, linted, and does not break its callers without a new version."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from app import __version__
from scripts.contract_diff import breaking_changes
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


def test_the_committed_contract_is_the_one_served(client: TestClient, committed: dict[str, Any]) -> None:
    assert client.get("/openapi.json").json() == committed, "run `make openapi`"


def test_the_contract_is_valid_openapi(committed: dict[str, Any]) -> None:
    validate(committed)


def test_every_operation_says_what_it_must(committed: dict[str, Any]) -> None:
    assert list(faults(committed)) == []


def test_nothing_breaks_callers_of_the_released_version(committed: dict[str, Any], released: dict[str, Any]) -> None:
    # Before 1.0 the second number is the one that may break.
    same = _version(released["info"]["version"])[:2] == _version(__version__)[:2]
    assert not same or breaking_changes(released, committed) == []


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


def test_the_lint_sees_each_kind_of_fault(committed: dict[str, Any]) -> None:
    broken = copy.deepcopy(committed)
    operation = broken["paths"]["/v1/rounds"]["post"]
    operation["description"] = "No citation."
    operation["summary"] = ""
    del operation["responses"]["401"]["content"]
    broken["components"]["schemas"]["RoundIn"]["properties"]["applicationFee"] = {"type": "number"}
    found = "\n".join(faults(broken))
    for fault in (
        "cites no article",
        "no summary",
        "401 is not a problem",
        "not snake_case",
        "binary fraction",
        "Art. 7",
    ):
        assert fault in found


def test_the_documentation_page_needs_no_network(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "http://" not in page.replace("http://www.w3.org", "") and "https://" not in page
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"):
        assert f"/docs/assets/{asset}" in page
        assert client.get(f"/docs/assets/{asset}").status_code == 200
    assert client.get("/docs/assets/../main.py").status_code == 404
    assert client.get("/docs/assets/other.js").status_code == 404
