"""A list of words has a name in the contract, wherever it is taken, told or asked by."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.lint_contract import faults

CONTRACT = Path(__file__).parent.parent.parent / "openapi" / "openapi.json"
HERE = {"type": "string", "enum": ["here", "there"]}


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return document


def _field(field: str, schema: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["components"]["schemas"]["RoundIn"]["properties"][field] = schema

    return change


def _filter(document: dict[str, Any]) -> None:
    parameters = document["paths"]["/v1/rounds"]["get"]["parameters"]
    parameters.append({"name": "place", "in": "query", "schema": HERE})


def _webhook(document: dict[str, Any]) -> None:
    body = document["webhooks"]["recommendationChanged"]["post"]["requestBody"]
    body["content"]["application/json"]["schema"] = {"type": "object", "properties": {"type": HERE}}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_field("place", HERE), "RoundIn.place: words without a name"),
        (_field("place", {"type": "string", "pattern": "^(on|off)$"}), "RoundIn.place: words without a name"),
        (_field("place", {"type": "string", "pattern": "^on$|^off$"}), "RoundIn.place: words without a name"),
        (_field("place", {"anyOf": [{"const": "on"}, {"const": "off"}]}), "RoundIn.place: words without a name"),
        (_field("places", {"type": "array", "items": HERE}), "RoundIn.places[]: words without a name"),
        (_field("place", {"anyOf": [HERE, {"type": "null"}]}), "RoundIn.place: words without a name"),
        (_filter, "GET /v1/rounds: place: words without a name"),
        (_webhook, "POST webhook recommendationChanged.type: words without a name"),
    ],
)
def test_words_without_a_name_are_found(
    committed: dict[str, Any], change: Callable[[dict[str, Any]], None], fault: str
) -> None:
    assert not any("words without a name" in told for told in faults(committed))
    broken = copy.deepcopy(committed)
    change(broken)
    assert any(told.startswith(fault) for told in faults(broken))


def _text(schema: str, field: str, told: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["components"]["schemas"][schema]["properties"][field] = told

    return change


@pytest.mark.parametrize(
    ("schema", "field", "told", "found"),
    [
        ("OrganisationOut", "legal_form", {"type": "string"}, "legal_form"),
        ("OrganisationOut", "size_class", {"type": ["string", "null"]}, "size_class"),
        ("DepartmentOut", "categories", {"type": "array", "items": {"type": "string"}}, "categories[]"),
        ("LateStep", "step", {"type": "string"}, "step"),
        ("MisuseOut", "gate", {"anyOf": [{"type": "string"}, {"type": "null"}]}, "gate"),
    ],
)
def test_what_is_a_word_in_one_schema_is_no_text_in_another(
    committed: dict[str, Any], schema: str, field: str, told: dict[str, Any], found: str
) -> None:
    broken = copy.deepcopy(committed)
    _text(schema, field, told)(broken)
    fault = f"{schema}.{found}: elsewhere one of few words, and here any text"
    assert any(item == fault for item in faults(broken))
