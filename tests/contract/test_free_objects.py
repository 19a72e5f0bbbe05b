"""No object and no value of the contract goes without a word of what it holds."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from scripts.lint_contract import faults

CONTRACT = Path(__file__).parent.parent.parent / "openapi" / "openapi.json"


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return document


def test_every_object_says_what_it_holds(committed: dict[str, Any]) -> None:
    told = "\n".join(faults(committed))
    assert "unsaid fields" not in told and "may hold anything" not in told and "of any kind" not in told


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ({"type": "object"}, "an object of unsaid fields"),
        ({"type": ["object", "null"]}, "an object of unsaid fields"),
        ({"type": "object", "additionalProperties": True}, "an object of unsaid fields"),
        ({"type": "object", "additionalProperties": {}}, "an object of unsaid fields"),
        ({"description": "Whatever it is."}, "it may hold anything"),
        ({"$ref": "#/components/schemas/PlainValue"}, "a value of any kind"),
    ],
)
def test_one_that_does_not_is_found(committed: dict[str, Any], schema: dict[str, Any], found: str) -> None:
    changed = copy.deepcopy(committed)
    changed["components"]["schemas"]["RegisteredMediumOut"]["properties"]["more"] = schema
    assert f"RegisteredMediumOut.more: {found}" in "\n".join(faults(changed))


def test_values_of_one_kind_under_any_name_are_told(committed: dict[str, Any]) -> None:
    changed = copy.deepcopy(committed)
    more = {"description": "More.", "type": "object", "additionalProperties": {"type": "string"}}
    changed["components"]["schemas"]["RegisteredMediumOut"]["properties"]["more"] = more
    assert "RegisteredMediumOut.more" not in "\n".join(item for item in faults(changed) if "example" not in item)
