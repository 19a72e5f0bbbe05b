"""What makers of clients stumble over, and what readers miss: the lint finds each kind, in the old contract too."""

import copy
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.measures.roles import Role
from app.web.contract_chinese import described, in_english, plain
from app.web.contract_schemas import tidy
from app.web.reference import details, meaning, operations, page, role_names, schema, worded
from scripts.contract_clients import client_faults
from scripts.contract_words import silent_parameters, word_faults

ROOT = Path(__file__).parent.parent.parent
Change = Callable[[dict[str, Any]], object]


def _read(path: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "openapi" / path).read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    return _read("openapi.json")


def _field(name: str, **said: object) -> Change:
    return lambda document: document["components"]["schemas"]["RoundIn"]["properties"].update({name: said})


def _parameter(**schema: object) -> Change:
    said = {"name": "about", "in": "query", "schema": schema}
    return lambda document: document["paths"]["/v1/rounds"]["get"]["parameters"].append(said)


def _holds_itself(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    schemas["RoundOut"]["properties"]["before"] = {"$ref": "#/components/schemas/RoundIn"}
    schemas["RoundIn"]["properties"]["after"] = {"$ref": "#/components/schemas/RoundOut"}


def _unbound(schema: str, field: str, kind: str = "number") -> Change:
    return lambda document: document["components"]["schemas"][schema]["properties"].update({field: {"type": kind}})


def _answers_a_list(document: dict[str, Any]) -> None:
    content = {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/RoundOut"}}}}
    document["paths"]["/v1/rounds"]["get"]["responses"]["200"] = {"description": "Rounds.", "content": content}


def _unnamed_message(document: dict[str, Any]) -> None:
    told = document["webhooks"]["recommendationChanged"]["post"]["requestBody"]["content"]["application/json"]
    told["schema"] = {"type": "object", "properties": {"type": {"type": "string"}}}


def _nullable_form(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["IssueTokenForm"]["properties"]["code"]["type"] = ["string", "null"]


CLIENT_FAULTS: list[tuple[Change, str]] = [
    (lambda document: document["info"].update(title="“会昌独好”"), "its title is not ASCII"),
    (lambda document: document.pop("servers"), "it names no server"),
    (_field("share", type="string", format="fraction"), "RoundIn.share: the format fraction is of no standard"),
    (_field("size", type=["string", "integer"], format="int64"), "RoundIn.size: a format beside several types"),
    (_holds_itself, "RoundIn: it holds itself"),
    (_field("rules", type="object", default={"a": 1}), "RoundIn.rules: a default that holds objects"),
    (_field("rules", type="array", maxItems=2, default=[{"a": 1}]), "RoundIn.rules: a default that holds objects"),
    (_parameter(type=["string", "null"], maxLength=2), "list_rounds: the parameter about may be null"),
    (_parameter(anyOf=[{"type": "string", "maxLength": 2}, {"type": "null"}]), "the parameter about may be null"),
    (_nullable_form, "issue_token: the field code of its form may be null"),
    (_answers_a_list, "list_rounds: its answer has no name"),
    (_unnamed_message, "recommendation_changed: its body has no name"),
    (_field("remark", type="string"), "RoundIn.remark: a text that is taken in any length"),
    (_field("share", type="number", minimum=0), "RoundIn.share: a number that is taken without bounds"),
    (_field("share", type=["number", "null"], maximum=1), "RoundIn.share: a number that is taken without bounds"),
    (_field("of", type="object", additionalProperties={"type": "boolean"}), "a map that is taken in any length"),
    # What is sent is so whether or not it takes further fields, and however deep it lies.
    (_unbound("ReviewRulesIn", "committee_size"), "ReviewRulesIn.committee_size: a number that is taken without"),
    (_unbound("SectionLengthIn", "at_most"), "SectionLengthIn.at_most: a number that is taken without bounds"),
    (_unbound("NamedItem", "zh", "string"), "NamedItem.zh: a text that is taken in any length"),
    (_field("remarks", type="array", items={"type": "boolean"}), "RoundIn.remarks: a list that is taken in any length"),
]


@pytest.mark.parametrize(("change", "fault"), CLIENT_FAULTS)
def test_the_lint_finds_what_makers_of_clients_stumble_over(
    committed: dict[str, Any], change: Change, fault: str
) -> None:
    assert list(client_faults(committed)) == []
    broken = copy.deepcopy(committed)
    change(broken)
    assert fault in "\n".join(client_faults(broken))


def test_the_contract_of_the_version_before_has_such_faults() -> None:
    found = "\n".join(client_faults(_read("released/0.2.0.json")))
    for fault in ("its title is not ASCII", "it names no server", "of its form may be null", "the parameter"):
        assert fault in found


def test_what_the_framework_says_is_rewritten_for_makers_of_clients() -> None:
    form = {
        "type": "object",
        "properties": {"code": {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}]}},
    }
    thing = {
        "type": "object",
        "properties": {
            "share": {"anyOf": [{"type": "number", "maximum": 1.0}, {"type": "string", "format": "fraction"}]},
            "points": {"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "null"}]},
            "rules": {"type": "object", "default": {"a": 1}},
            "names": {"type": "array", "default": ["a"]},
        },
    }
    content = {"application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Body_sign_in"}}}
    document: dict[str, Any] = {
        "paths": {"/x": {"post": {"requestBody": {"content": content}, "responses": {}}}},
        "components": {"schemas": {"Body_sign_in": form, "Thing": thing}},
    }
    tidy(document)
    found = document["components"]["schemas"]
    assert found["SignInForm"]["properties"]["code"] == {"type": "string", "maxLength": 9}
    fields = found["Thing"]["properties"]
    # As a number, or as a text that is one.
    for name, right, wrong in (
        ("share", ("2/3", "1", "0.6"), ("2/0", "two thirds", "")),
        ("points", ("500", "0.5", "-3"), ("5e2", ".5", "many")),
    ):
        number, text, *_ = fields[name]["anyOf"]
        assert (number["type"], text["type"]) == ("number", "string")
        assert all(re.search(text["pattern"], value) for value in right)
        assert not any(re.search(text["pattern"], value) for value in wrong)
    assert "format" not in json.dumps(fields) and fields["share"]["anyOf"][0]["maximum"] == 1
    assert {name: fields[name] for name in ("rules", "names")} == {
        "rules": {"type": "object"},
        "names": {"type": "array", "default": ["a"]},
    }


# What people read.


def test_the_lint_finds_an_operation_without_chinese_and_a_field_without_a_meaning(committed: dict[str, Any]) -> None:
    assert list(word_faults(committed)) == []
    broken = copy.deepcopy(committed)
    broken["paths"]["/v1/rounds"]["get"]["operationId"] = "list_whatever"
    broken["components"]["schemas"]["RoundOut"]["properties"]["whatever"] = {"type": "string"}
    found = "\n".join(word_faults(broken))
    assert "list_whatever: no summary and description in Chinese" in found
    assert "RoundOut.whatever: nothing says what it is" in found
    assert len(list(word_faults(_read("released/0.2.0.json")))) > 50


NEW = "A sentence that nobody has translated."


@pytest.mark.parametrize(
    "place",
    [
        ("components", "schemas", "RoundOut", "description"),
        ("components", "schemas", "RoundOut", "properties", "called_at", "description"),
        ("components", "schemas", "RoundState", "description"),
        ("components", "headers", "ETag", "description"),
        ("components", "responses", "NotFound", "description"),
        ("components", "parameters", "Limit", "description"),
        ("components", "securitySchemes", "oauth2", "description"),
        ("paths", "/v1/rounds", "get", "responses", "200", "description"),
        ("webhooks", "recommendationChanged", "post", "description"),
        ("webhooks", "recommendationChanged", "post", "summary"),
        ("info", "description"),
    ],
)
def test_the_lint_finds_what_is_described_in_english_alone(committed: dict[str, Any], place: tuple[str, ...]) -> None:
    broken = copy.deepcopy(committed)
    part: Any = broken
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = NEW
    assert [fault for fault in word_faults(broken) if NEW in fault] != []


def test_the_lint_finds_a_parameter_of_which_nothing_is_said(committed: dict[str, Any]) -> None:
    broken = copy.deepcopy(committed)
    broken["paths"]["/v1/rounds"]["get"]["parameters"].append({"name": "whatever", "in": "query", "schema": {}})
    assert "whatever: nothing says what this parameter is" in "\n".join(word_faults(broken))


def test_whatever_the_served_contract_says_it_says_in_chinese_too(committed: dict[str, Any]) -> None:
    served = worded(copy.deepcopy(committed))
    parts = list(described(served))
    assert len(parts) > 2000
    for part in parts:
        told = part["description"]
        assert not in_english(told) or re.search("[\u4e00-\u9fff]", part["x-description-zh"]), told
    # Examples are what callers send: nothing is put beside what they call a description.
    assert "x-description-zh" not in json.dumps(served["components"]["examples"])
    # And so does whatever the page opens.
    for name in operations(served):
        opened = details(name)
        assert opened is not None
        assert all(re.search("[\u4e00-\u9fff]", meant["zh"]) for meant in opened["problems"].values())
        assert all(part.get("x-description-zh") for part in opened["parameters"]), name


def test_no_word_is_kept_for_what_is_no_more(committed: dict[str, Any]) -> None:
    def table(name: str) -> dict[str, Any]:
        return tomllib.loads((ROOT / "app" / "static" / "reference" / f"{name}.toml").read_text(encoding="utf-8"))

    assert set(table("operations")) == set(operations(committed))
    titles = {part["summary"] for methods in committed["webhooks"].values() for part in methods.values()}
    assert set(table("descriptions")) - {plain(part["description"]) for part in described(committed)} == titles
    fields = {name for part in committed["components"]["schemas"].values() for name in part.get("properties", {})}
    parameters = {part["name"] for part in committed["components"]["parameters"].values()}
    parameters |= {
        part["name"]
        for operation in operations(committed).values()
        for part in operation.get("parameters", [])
        if "name" in part
    }
    # A parameter that says itself what it is needs no other words.
    silent = {part["name"] for part in silent_parameters(committed)}
    for key in table("fields"):
        owner, _, name = key.rpartition(".")
        known = silent if owner == "parameter" else fields | parameters
        derived = {f"{name}_{ending}" for ending in ("id", "zh", "en")}
        assert owner or ({name} | derived) & known, key
        held = committed["components"]["schemas"].get(owner, {}).get("properties", {})
        assert not owner or (name in silent if owner == "parameter" else name in held), key


def test_a_name_means_the_same_in_both_languages_and_in_its_derived_forms() -> None:
    def told(schema: str, field: str) -> tuple[str, str] | None:
        found = meaning(schema, field)
        return None if found is None else (found.zh, found.en)

    assert told("RoundOut", "called_at") == ("发布公告的时刻", "When the call was published")
    assert told("FeedItemOut", "attempt") != told("DisbursementOut", "attempt")
    assert told("AwardOut", "award_id") == ("获奖的编号", "Id of the award")
    assert told("ArticleOut", "gist_zh") == ("要旨，中文", "Gist, in Chinese")
    assert told("ArticleOut", "gist_en") == ("要旨，英文", "Gist, in English")
    assert told("RoundOut", "whatever") is told("RoundOut", "gist_fen") is told("RoundOut", "whatever_id") is None


def test_the_served_contract_has_the_words(committed: dict[str, Any]) -> None:
    served = worded(copy.deepcopy(committed))
    operation = served["paths"]["/v1/rounds"]["post"]
    assert operation["x-summary-zh"] == "筹备一届评审" and "第十条" in operation["x-description-zh"]
    field = served["components"]["schemas"]["RoundOut"]["properties"]["called_at"]
    assert field["description"] == "When the call was published" and field["x-description-zh"] == "发布公告的时刻"
    # What a field says itself stands.
    kept = committed["components"]["schemas"]["EndorsementIn"]["properties"]["signed_on"]["description"]
    assert served["components"]["schemas"]["EndorsementIn"]["properties"]["signed_on"]["description"] == kept


def test_the_page_has_every_operation_with_its_roles_and_articles(committed: dict[str, Any]) -> None:
    shown = page()
    for name, operation in operations(committed).items():
        assert shown.count(f'id="{name}"') == 1
        assert operation["tags"]
    assert set(role_names()) == {role.value for role in Role}
    line = shown.partition('id="withdraw_award"')[2].partition("</summary>")[0]
    assert "县政府" in line and "第4、5、6、13、21、26、28条" in line and "Art. 4, 5, 6, 13, 21, 26, 28" in line
    assert "{{" not in shown


def test_what_the_service_sends_stands_on_the_page_as_well(committed: dict[str, Any]) -> None:
    shown = page()
    assert f"共 {len(operations(committed))} 个接口" in shown
    for name, methods in committed["webhooks"].items():
        for operation in methods.values():
            line = shown.partition(f'id="{operation["operationId"]}"')[2].partition("</summary>")[0]
            assert name in line and operation["summary"] in line and re.search("[\u4e00-\u9fff]", line)
            found = details(operation["operationId"])
            assert found is not None and found["sent"] and found["answers"] == {}
            assert set(found["problems"]) == set(operation["responses"])
            told = found["body"]["application/json"]
            named = told["schema"]["$ref"].rpartition("/")[2]
            assert schema(named) is not None and told["example"]["data"]
            assert re.search("[\u4e00-\u9fff]", found["text"]["zh"])


def test_an_operation_is_opened_with_all_that_it_takes_and_answers() -> None:
    found = details("create_application")
    assert found is not None
    assert (found["method"], found["path"]) == ("POST", "/v1/applications")
    assert {part["name"] for part in found["parameters"]} == {"dry_run", "Idempotency-Key"}
    assert found["parameters"][0]["x-description-zh"]
    assert found["body"]["application/json"]["example"]["round_id"]
    assert "Location" in found["answers"]["201"]["headers"]
    assert "409" in found["problems"] and "409" not in found["answers"]
    assert "**" not in found["text"]["en"] and "第十六条" in found["text"]["zh"]
    assert details("whatever") is None and schema("Whatever") is None
    assert schema("RoundState") is not None
