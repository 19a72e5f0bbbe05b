"""A form takes what its operation takes: its schema is the operation's own, with words beside it."""

import copy
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator, FormatChecker
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.kernel.stored import read_parameters
from app.measures.asks import (
    Asks,
    FormField,
    Indicator,
    IndicatorUnit,
    OpinionDetail,
    ProductDetail,
    RecommendationDetail,
    SectionLength,
)
from app.measures.instruments import Parameters
from app.measures.review_rules import FileType, default_review_rules
from app.schemas.offered import BY_ROUND
from app.web.contract_examples import recordings
from app.web.forms import operations
from app.web.forms_of_round import RoundOfForm, asked_of_round, files_of

Schema = dict[str, Any]
ROOT = Path(__file__).parent.parent.parent
PARAMETERS = read_parameters({item.name: 3 for item in fields(Parameters)} | {"county_code": "360733"})
DEFAULT = default_review_rules()
# A round that asks for one of everything that a form can be asked for.
ASKING = replace(
    DEFAULT,
    file_types=(FileType.PDF, FileType.JPG),
    max_file_bytes=1 << 20,
    asks=Asks(
        form_fields=(FormField.STAFF,),
        product_details=(ProductDetail.CUSTOMERS,),
        indicators=(Indicator("customer_satisfaction", "顾客满意度", "Customer satisfaction", IndicatorUnit.PERCENT),),
        section_lengths=(SectionLength(DEFAULT.required_sections[0].code, 10, 900),),
        recommendation=(RecommendationDetail.ORDER, RecommendationDetail.COUNTY_ENDORSEMENT),
        opinions=(OpinionDetail.SIGNATORY,),
    ),
)
SAID = {"description", "examples", "example", "default", "title", "widget", "options", "order", "groups"}
SAID |= {
    "label_zh",
    "label_en",
    "help_zh",
    "help_en",
    "chosen_from",
    "counted_in",
    "asked",
    "at_least",
    "at_most",
    "step",
}
OPERATIONS = sorted(operations())


def form(operation: str, rules: Any = None) -> Schema:
    schema = operations()[operation].schema()
    if rules is not None:
        asked_of_round(operation, schema, RoundOfForm(2024, rules, PARAMETERS))
    return schema


def accepted(schema: Any, components: Schema) -> Any:
    """What of a schema decides: references written out, null among the types, nothing of what is only said."""
    if isinstance(schema, list):
        return [accepted(item, components) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return accepted({**components[schema["$ref"].rpartition("/")[2]], **beside}, components)
    found = {key: value for key, value in schema.items() if key not in SAID and not key.startswith("x-")}
    if "properties" in found:
        found["properties"] = {name: accepted(part, components) for name, part in found["properties"].items()}
    for key in set(found) - {"properties", "enum", "type", "required"}:
        found[key] = accepted(found[key], components)
    others = [part for part in found.get("anyOf", []) if part != {"type": "null"}]
    if len(others) == 1:
        rest = {key: value for key, value in found.items() if key != "anyOf"}
        found = {**others[0], **rest, "type": [others[0]["type"], "null"]}
        found |= {"enum": [*found["enum"], None]} if "enum" in found else {}
    # A map whose entries are named takes under these names what it takes under any.
    if isinstance(found.get("additionalProperties"), dict):
        named = found.pop("properties", {})
        assert all(part == found["additionalProperties"] for part in named.values())
    return found


def body_of(contract: Schema, operation: str) -> Schema:
    for methods in contract["paths"].values():
        for told in methods.values():
            if told["operationId"] == operation:
                found: Schema = told["requestBody"]["content"]["application/json"]["schema"]
                return found
    raise LookupError(operation)


def test_there_is_a_form_for_every_operation_that_takes_json(contract: Schema) -> None:
    taking = {
        told["operationId"]: (method.upper(), path)
        for path, methods in contract["paths"].items()
        for method, told in methods.items()
        if "application/json" in told.get("requestBody", {}).get("content", {})
    }
    assert {item.name: (item.method, item.path) for item in operations().values()} == taking


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_form_accepts_what_its_operation_accepts(contract: Schema, operation: str) -> None:
    wanted = accepted(body_of(contract, operation), contract["components"]["schemas"])
    for rules in (None, DEFAULT, ASKING):
        assert accepted(form(operation, rules), {}) == wanted
    Draft202012Validator.check_schema(form(operation, ASKING))


def changed(value: Any) -> Iterator[Any]:
    """What was sent, each part of it once left out, nothing, too long, or of another kind."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield {name: part for name, part in value.items() if name != key}
            yield from ({**value, key: part} for part in changed(item))
        yield {**value, "of_no_form": 1}
    elif isinstance(value, list):
        yield from (
            [*value[:place], part, *value[place + 1 :]] for place, item in enumerate(value) for part in changed(item)
        )
    yield from (None, "", "字" * 70_000, -(10**19), True, [], {}, [{}], {"a": None}, 2.5)


@pytest.mark.parametrize("operation", sorted({*BY_ROUND, "take_objection", "declare_conflict"}))
def test_both_judge_what_is_sent_alike(contract: Schema, operation: str) -> None:
    """Not by their text but by what they do, on what was sent in the tests and on what is wrong with it."""
    own = {**body_of(contract, operation), "components": contract["components"]}
    judges = [Draft202012Validator(item, format_checker=FormatChecker()) for item in (own, form(operation, ASKING))]
    sent = recordings()[operation].request
    assert all(judge.is_valid(sent) for judge in judges)
    verdicts = [(judges[0].is_valid(item), judges[1].is_valid(item)) for item in changed(sent)]
    assert [pair for pair in verdicts if pair[0] != pair[1]] == []
    assert (False, False) in verdicts


def test_what_a_round_asks_for_is_marked_and_not_required() -> None:
    content = form("edit_application", ASKING)["properties"]["content"]["properties"]
    assert {name for name, part in content.items() if part.get("asked")} == {
        *("staff", "figures", "sections", "indicators", "truthfulness"),
    }
    assert content["main_products"]["items"]["properties"]["customers"]["asked"] is True
    assert content["main_products"]["items"]["required"] == ["name"]
    first, *others = DEFAULT.required_sections
    told = content["sections"]["properties"]
    assert list(told) == [item.code for item in DEFAULT.required_sections]
    assert (told[first.code]["label_zh"], told[first.code]["at_least"], told[first.code]["at_most"]) == (
        first.zh,
        10,
        900,
    )
    assert "at_least" not in told[others[0].code] and all(part["asked"] for part in told.values())
    assert content["figures"]["items"]["properties"]["year"]["options"][0] == {
        "value": "2021",
        "zh": "2021年",
        "en": "2021",
    }
    assert content["indicators"]["items"]["properties"]["code"]["options"] == [
        {"value": "customer_satisfaction", "zh": "顾客满意度（%）", "en": "Customer satisfaction (%)"}
    ]
    plain = form("edit_application", DEFAULT)["properties"]["content"]["properties"]
    assert "asked" not in plain["staff"] and "asked" not in plain["indicators"]


def test_a_round_marks_the_forms_of_unit_department_and_reviewer() -> None:
    for operation, asked in (("endorse_application", {"order"}), ("reply_to_consultation", {"signatory"})):
        told = form(operation, ASKING)["properties"]
        assert {name for name, part in told.items() if part.get("asked")} == asked
        assert not any(part.get("asked") for part in form(operation, DEFAULT)["properties"].values())
    scores = form("edit_score_sheet", DEFAULT)["properties"]["scores"]
    assert list(scores["properties"]) == [item.code for item in DEFAULT.items]
    one = scores["properties"][DEFAULT.items[0].code]
    assert (one["label_zh"], one["step"], one["counted_in"]["zh"]) == (DEFAULT.items[0].zh, DEFAULT.score_step, "%")
    grouped = [code for group in scores["groups"] for code in group["fields"]]
    assert sorted(grouped) == sorted(scores["properties"])


def test_the_files_beside_a_form_are_those_of_the_round(application: FastAPI) -> None:
    settings: Settings = application.state.settings
    found = RoundOfForm(2024, ASKING, PARAMETERS)
    assert files_of("edit_score_sheet", found, settings) == []
    told = files_of("edit_application", found, settings)
    required = [item.code for item in ASKING.required_materials]
    assert [item["code"] for item in told if item["asked"]] == required
    assert [item["code"] for item in told] == [*required, "extra", "renewal"]
    assert told[0]["media_types"] == ["application/pdf", "image/jpeg"] and told[0]["max_bytes"] == 1 << 20
    large = RoundOfForm(2024, replace(ASKING, max_file_bytes=1 << 40), PARAMETERS)
    assert files_of("edit_application", large, settings)[0]["max_bytes"] == settings.max_file_bytes


def test_a_form_that_was_given_is_not_changed_by_the_next(described: TestClient) -> None:
    before = copy.deepcopy(form("edit_application"))
    form("edit_application", ASKING)
    assert form("edit_application") == before
    assert described.get("/v1/forms/edit_application").json()["body"] == before
    assert described.get("/v1/forms/submit_application").status_code == 404


def nodes(schema: Any) -> Iterator[Schema]:
    if isinstance(schema, dict):
        if "type" in schema or "anyOf" in schema:
            yield schema
        for part in schema.values():
            yield from nodes(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from nodes(part)


def test_every_node_has_the_members_that_the_contract_names(contract: Schema) -> None:
    """Its nodes hold nodes, of which the contract says so much only: that they are nodes again."""
    judge = Draft202012Validator({"$ref": "#/components/schemas/FormNode", "components": contract["components"]})
    named = set(contract["components"]["schemas"]["FormNode"]["properties"])
    for operation in OPERATIONS:
        for node in nodes(form(operation, ASKING)):
            assert set(node) <= named, (operation, set(node) - named)
            assert judge.is_valid(node), operation


def test_the_guides_tell_every_member_and_every_widget() -> None:
    """Whoever draws forms by the guide meets nothing that it does not name."""
    found = [node for operation in OPERATIONS for node in nodes(form(operation, ASKING))]
    widgets = {node["widget"] for node in found if "widget" in node}
    chosen_from = {node["chosen_from"] for node in found if "chosen_from" in node}
    members = {key for node in found for key in node} & SAID - {"description", "example", "label_en", "help_en"}
    for name in ("portal.md", "portal.zh.md"):
        told = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "integration" / name).read_text(encoding="utf-8")))
        assert widgets | chosen_from | members <= told, name
