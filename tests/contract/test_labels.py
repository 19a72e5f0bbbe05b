"""Every word that a person chooses and every field that a person fills in has a name in Chinese and in English."""

import copy
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.measures.text import Text
from app.schemas import labels
from app.schemas.labels import counted_in, field_help, field_label, groups_of, labels_of, title
from app.schemas.offered import ADDRESSES
from app.schemas.words import STATES_OF
from app.web import contract_labels, forms, vocabularies
from app.web.contract_layout import layout
from app.web.reference import meaning
from app.web.vocabularies import words_of

ROOT = Path(__file__).parent.parent.parent
SHIPPED: dict[str, Any] = tomllib.loads((ROOT / "app" / "static" / "labels.toml").read_text(encoding="utf-8"))
# Filled in by people who know neither the contract nor English.
OF_PEOPLE = ("edit_application", "edit_score_sheet", "endorse_application", "reply_to_consultation", "take_objection")


def enumerations(contract: dict[str, Any]) -> dict[str, list[str]]:
    return {name: schema["enum"] for name, schema in contract["components"]["schemas"].items() if "enum" in schema}


def owned(contract: dict[str, Any], *operations: str) -> Iterator[tuple[str, str]]:
    """Each field of what these operations take (all of them, where none is named), with its component."""
    seen = set[str]()

    def walk(schema: Any, owner: str) -> Iterator[tuple[str, str]]:
        if isinstance(schema, list):
            for item in schema:
                yield from walk(item, owner)
        elif isinstance(schema, dict):
            name = schema.get("$ref", "").rpartition("/")[2]
            if name and name not in seen:
                seen.add(name)
                yield from walk(contract["components"]["schemas"][name], name)
            yield from ((owner, field) for field in schema.get("properties", {}))
            for part in ("properties", "items", "anyOf", "additionalProperties"):
                inner = schema.get(part, [])
                yield from walk(list(inner.values()) if part == "properties" and inner else inner, owner)

    for methods in contract["paths"].values():
        for operation in methods.values():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body and (not operations or operation["operationId"] in operations):
                yield from walk(body["schema"], "")


def test_every_word_of_every_enumeration_is_named(contract: dict[str, Any]) -> None:
    for name, words in enumerations(contract).items():
        found = labels_of(name, words)
        assert list(found) == words
        assert all(re.search("[\u4e00-\u9fff%]", text.zh) for text in found.values()), name
        assert all(re.search("[A-Za-z%]", text.en) for text in found.values()), name
        assert [item.value for item in words_of(name, words)] == words
        if name not in contract_labels.LONG:
            told = contract["components"]["schemas"][name]["x-enum-labels"]
            assert told == {word: {"zh": text.zh, "en": text.en} for word, text in found.items()}


def test_an_enumeration_without_labels_is_refused(contract: dict[str, Any]) -> None:
    for name, words in (("SizeClass", ["large", "gigantic"]), ("NobodyNamedIt", ["one"]), ("RoundState", ["over"])):
        changed = copy.deepcopy(contract)
        changed["components"]["schemas"][name] = {"type": "string", "enum": words}
        with pytest.raises(LookupError, match=name):
            contract_labels.label(changed)


def test_nothing_is_named_that_there_is_not(contract: dict[str, Any]) -> None:
    known = enumerations(contract)
    assert {
        name: list(words) for name, words in SHIPPED["enumerations"].items() if set(words) != set(known[name])
    } == {}
    fields = set(owned(contract))
    plain = {field for _, field in fields} | {f"{owner}.{field}" for owner, field in fields}
    assert set(SHIPPED["fields"]) - plain == set()
    assert set(SHIPPED["help"]) | set(SHIPPED["counted_in"]) <= plain


def test_a_word_has_one_name_wherever_it_stands() -> None:
    """What the sentences, the state machines or the catalogue name already is not named again."""
    elsewhere = {*STATES_OF, *labels._IN_SENTENCES, *labels._OF_CODES, *labels._OF_RULES, *labels._PART_OF}
    assert elsewhere & set(SHIPPED["enumerations"]) == set()


def test_every_field_of_every_form_is_named(contract: dict[str, Any]) -> None:
    for owner, field in owned(contract):
        text = field_label(owner, field)
        assert text.zh.strip() and text.en.strip(), (owner, field)
    for operation in forms.operations():
        if operation not in ADDRESSES:
            assert title(operation).strip()


def test_what_is_said_beside_a_field_is_said_in_chinese_too(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    for owner, field in owned(contract, *OF_PEOPLE):
        if owner and "description" in schemas[owner]["properties"][field]:
            assert field_help(owner, field), f"{owner}.{field}"


def test_amounts_say_in_what_they_are_entered() -> None:
    assert counted_in("YearFiguresIn", "revenue_fen") == labels.Quantity(Text("万元", "10,000 yuan"), 1_000_000)
    assert counted_in("OrderIn", "amount_fen") == labels.Quantity(Text("元", "yuan"), 100)
    assert counted_in("OrderIn", "bank_name") is None


def test_a_long_form_has_each_field_in_one_group(contract: dict[str, Any]) -> None:
    for schema in SHIPPED["groups"]:
        grouped = [field for group in groups_of(schema) for field in group.fields]
        assert sorted(grouped) == sorted(contract["components"]["schemas"][schema]["properties"])


def test_the_names_of_words_stand_behind_the_words() -> None:
    labels = {word: {"zh": "字" * 60, "en": "x" * 60} for word in ("one", "two")}
    lines = layout({"description": "d" * 80, "enum": ["one", "two"], "x-enum-labels": labels}).splitlines()
    assert len(lines) == 4 and lines[2].startswith(' "enum": ["one", "two"], "x-enum-labels": {"one": ')


def test_every_field_and_parameter_has_a_name_in_the_vocabularies(contract: dict[str, Any]) -> None:
    parts = contract["components"]
    held = {
        name
        for key, schema in parts["schemas"].items()
        if key not in vocabularies.UNNAMED
        for name in schema.get("properties", {})
    }
    asked = {item["name"] for item in parts["parameters"].values() if item["in"] != "header"}
    named = {item.value: item for item in vocabularies._fields()}
    assert (held | asked) - set(named) == set()
    assert all(item.zh.strip() and item.en.strip() for item in named.values())


def test_a_field_is_not_named_twice(contract: dict[str, Any]) -> None:
    assert set(SHIPPED["shown"]) & set(SHIPPED["fields"]) == set()
    assert {name for name in SHIPPED["shown"] if meaning("", name) is not None} == set()
    assert set(SHIPPED["shown"]) <= {item.value for item in vocabularies._fields()}


def test_a_column_is_named_of_a_list_that_there_is(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    for name, told in SHIPPED["columns"].items():
        owner, _, field = name.partition(".")
        parts = [item["$ref"].rpartition("/")[2] for item in schemas[owner].get("oneOf", [])] or [owner]
        assert any(field in schemas[part]["properties"] for part in parts), name
        assert told["zh"].strip() and told["en"].strip()
        # One that is called so anyway needs no name of its own.
        assert labels.shown_label(field) != Text(told["zh"], told["en"]), name
