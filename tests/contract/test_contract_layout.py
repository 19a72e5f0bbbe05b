"""How the contract is written down: a page that can be read, of which a diff says what has changed."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.web.contract_layout import WIDTH, compact, layout
from app.web.reference import worded

ROOT = Path(__file__).parent.parent.parent
CONTRACT = ROOT / "openapi" / "openapi.json"


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        None,
        "字",
        {"a": []},
        [[1, 2], {"b": None}, "c"],
        {"words": [f"word-{number}" for number in range(60)], "empty": {}, "deep": {"one": {"only": ["x" * 130, 1.5]}}},
        {f"key {number}": number for number in range(40)},
        [{"字段": "值" * 70, "其他": [True, False, None]}, ['\\"\n']],
    ],
)
def test_what_is_laid_out_is_read_back_the_same(value: Any) -> None:
    text = layout(value)
    assert json.loads(text) == value
    assert json.dumps(json.loads(text)) == json.dumps(value), "members keep their order"
    assert layout(json.loads(text)) == text


def test_what_fits_on_a_line_stands_on_one() -> None:
    assert layout({"a": [1, {"b": None}]}) == '{"a": [1, {"b": null}]}\n'
    words = [f"word-{number}" for number in range(30)]
    parts = {"a": {"b": "x" * 60}, "c": 2}
    lines = layout({"words": words, "n": 1, "m": 2, "of": {"x": 1}, "kinds": ["y"], "parts": parts}).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines[0] == "{" and lines[-1] == "}"
    assert lines[1].startswith(' "words": ["word-0", "word-1"') and lines[1].endswith(","), "words stand as in a text"
    assert lines[-4].startswith('  "word-') and lines[-4].endswith('"word-29"],') and len(lines) == 7
    assert lines[-3] == ' "n": 1, "m": 2, "of": {"x": 1}, "kinds": ["y"],', "what is small stands beside others"
    own = f' "parts": {{"a": {{"b": "{"x" * 60}"}}, "c": 2}}'
    assert lines[-2] == own, "what has more parts stands on a line of its own"


def test_braces_of_one_thing_in_another_open_together() -> None:
    long = {"type": "string", "description": "x" * 100}
    text = layout({"content": {"application/json": {"example": "x" * 100, "schema": long}}})
    assert text.splitlines()[0] == '{"content": {"application/json": {'
    assert text.splitlines()[-1] == "}}}"


def test_only_single_texts_are_wider_than_the_page() -> None:
    lines = CONTRACT.read_text(encoding="utf-8").splitlines()
    wide = [line for line in lines if len(line.partition(', "x-enum-labels": ')[0]) > WIDTH]
    assert [line for line in wide if not line.strip().startswith(('"description"', '"text_', '"note_'))] == []


def test_the_contract_and_the_examples_are_laid_out(committed: dict[str, Any]) -> None:
    assert CONTRACT.read_text(encoding="utf-8") == layout(committed)
    examples = ROOT / "app" / "static" / "examples.json"
    assert examples.read_text(encoding="utf-8") == layout(json.loads(examples.read_text(encoding="utf-8")))


def test_a_released_contract_is_a_line_for_each_operation_and_component() -> None:
    for path in (ROOT / "openapi" / "released").glob("*.json"):
        text = path.read_text(encoding="utf-8")
        document = json.loads(text)
        assert text == compact(document), path.name
        parts = len(document["paths"]) + sum(map(len, document["components"].values()))
        assert len(text.splitlines()) < 2 * parts


def test_the_service_answers_the_contract_without_spaces(described: TestClient, committed: dict[str, Any]) -> None:
    answer = described.get("/openapi.json")
    assert answer.json() == worded(copy.deepcopy(committed))
    assert len(answer.content) < len(layout(answer.json()).encode())
    assert answer.text.startswith('{"openapi":"3.1.0"')
