"""The contract is short and can be read: what is said twice is said once, and lint keeps it so."""

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.web.contract_examples import recordings, shortened
from app.web.contract_layout import WIDTH
from app.web.contract_schemas import NAMES, tidy
from scripts.contract_diff import breaking_changes
from scripts.contract_http import resolved
from scripts.lint_contract import MAX_LINES, faults

ROOT = Path(__file__).parent.parent.parent
CONTRACT = ROOT / "openapi" / "openapi.json"


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return document


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


# What it says once.


def test_a_problem_is_one_set_of_responses(committed: dict[str, Any]) -> None:
    for operation in _operations(committed):
        for status, response in operation["responses"].items():
            assert status < "300" or set(response) == {"$ref"}, operation["operationId"]


def test_no_parameter_and_no_answer_is_written_twice(committed: dict[str, Any]) -> None:
    written = Counter(
        json.dumps(part, ensure_ascii=False)
        for operation in _operations(committed)
        for part in (*operation.get("parameters", []), *operation["responses"].values())
        if part.keys() & {"schema", "content"} and "application/json" in part.get("content", {"application/json": 0})
    )
    assert [text for text, number in written.items() if number > 1] == []
    names = {parameter["name"] for parameter in committed["components"]["parameters"].values()}
    assert {"Idempotency-Key", "If-Match", "dry_run", "limit", "cursor"} <= names


def _named(document: dict[str, Any], path: str, method: str) -> dict[str, dict[str, Any]]:
    known = document["components"]["parameters"]
    items = document["paths"][path][method].get("parameters", [])
    found = [known[item["$ref"].rpartition("/")[2]] if "$ref" in item else item for item in items]
    return {item["name"]: item for item in found}


def test_parameters_stand_only_where_they_act(committed: dict[str, Any]) -> None:
    acting = {"dry_run", "Idempotency-Key", "If-Match"}
    # A read never takes them, be it one that gives positions to what is new or puts itself on record.
    for path, methods in committed["paths"].items():
        read = acting & set(_named(committed, path, "get")) if "get" in methods else set()
        assert read == set(), path
    assert acting & set(_named(committed, "/v1/tokens", "post")) == set()
    assert acting & set(_named(committed, "/v1/rounds", "post")) == {"dry_run", "Idempotency-Key"}
    assert acting & set(_named(committed, "/v1/rounds/{round_id}/call", "post")) == acting
    # Without it the answer is 428.
    assert _named(committed, "/v1/rounds/{round_id}", "patch")["If-Match"]["required"] is True
    assert "required" not in _named(committed, "/v1/rounds/{round_id}/call", "post")["If-Match"]


def test_one_signs_in_unless_an_operation_is_open(committed: dict[str, Any]) -> None:
    assert committed["security"] == [{"bearer": []}, {"oauth2": []}]
    for operation in _operations(committed):
        assert ("security" in operation) == ("public" in operation["x-roles"]), operation["operationId"]
    # An anonymous objection: a token is not even looked at.
    assert committed["paths"]["/v1/candidates/{candidate_id}/objections"]["post"]["security"] == []


def test_an_example_stands_at_one_operation_or_among_the_components(committed: dict[str, Any]) -> None:
    told: Counter[str] = Counter()
    for operation in _operations(committed):
        for part in (operation.get("requestBody", {}), *operation["responses"].values()):
            for content in part.get("content", {}).values():
                told[json.dumps(content.get("example"), ensure_ascii=False)] += 1
    assert [text for text, number in told.items() if number > 1 and len(text) >= WIDTH] == []


def test_recordings_are_short() -> None:
    for operation, found in recordings().items():
        assert (shortened(found.request), shortened(found.response)) == (found.request, found.response), operation


def test_a_recording_is_cut_and_not_changed() -> None:
    first = {"id": 1, "names": ["a", "b"], "parts": [{"n": 1}, {"n": 2}]}
    kept = {"id": 1, "names": ["a", "b"], "parts": [{"n": 1}]}
    assert shortened({"items": [first, {"id": 2}], "next_cursor": None}) == {"items": [kept], "next_cursor": None}
    assert shortened([1, 2, 3]) == [1, 2, 3] and shortened("x") == "x"


# How schemas are rewritten.


def _tidied(**schemas: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {"paths": {}, "components": {"schemas": schemas}}
    tidy(document)
    found: dict[str, Any] = document["components"]["schemas"]
    return found


def test_a_title_that_repeats_the_name_goes_and_another_stays() -> None:
    field = {"type": "string", "title": "Short Name"}
    found = _tidied(Thing={"type": "object", "title": "Thing", "properties": {"short_name": field, "other": field}})
    assert found["Thing"]["properties"] == {"short_name": {"type": "string"}, "other": field}
    assert "title" not in found["Thing"]


def test_null_is_a_type_beside_a_plain_one() -> None:
    null = {"type": "null"}
    kinds = {
        "text": {"anyOf": [{"type": "string", "maxLength": 4}, null], "default": None, "description": "d"},
        "other": {"anyOf": [{"type": "string"}, {"type": "integer"}, null]},
        "word": {"anyOf": [{"type": "string", "enum": ["a"]}, null]},
    }
    found = _tidied(Thing={"type": "object", "properties": kinds})["Thing"]["properties"]
    assert found["text"] == {"description": "d", "type": ["string", "null"], "maxLength": 4, "default": None}
    assert [part["type"] for part in found["other"]["anyOf"]] == ["string", "integer", "null"]
    assert found["word"] == kinds["word"]


def test_words_that_have_a_name_are_named() -> None:
    listed = {"type": "string", "enum": ["b", "a"], "description": "Here."}
    pattern = {"type": "string", "pattern": "^(a|b)$"}
    found = _tidied(
        Letter={"type": "string", "enum": ["a", "b"]},
        Thing={"type": "object", "properties": {"listed": listed, "pattern": pattern, "other": {"type": "string"}}},
    )["Thing"]["properties"]
    assert found["listed"] == {"description": "Here.", "$ref": "#/components/schemas/Letter"}
    assert found["pattern"] == {"$ref": "#/components/schemas/Letter"}


def test_integers_say_their_size_and_money_is_of_64_bits() -> None:
    small = {"type": "integer", "minimum": 0.0, "maximum": 9.0}
    properties = {"count": small, "prize_fen": small, "position": {"type": "integer"}}
    found = _tidied(Thing={"type": "object", "properties": properties})["Thing"]["properties"]
    assert json.dumps(found["count"]) == '{"type": "integer", "format": "int32", "minimum": 0, "maximum": 9}'
    assert found["prize_fen"]["format"] == found["position"]["format"] == "int64"


def test_names_say_nothing_of_modules_or_the_framework() -> None:
    found = _tidied(
        app__schemas__things__ThingIn={"type": "object"},
        PageOut_ThingOut_={"type": "array", "items": {"$ref": "#/components/schemas/Body_make_thing"}},
        Body_make_thing={"type": "object"},
        Zone={"type": "string", "enum": ["a"]},
        ThingZone={"type": "string", "enum": ["a"]},
    )
    assert sorted(found) == ["MakeThingForm", "ThingIn", "ThingPage", "ThingZone"]
    assert found["ThingPage"]["items"] == {"$ref": "#/components/schemas/MakeThingForm"}


def test_two_shapes_never_get_one_name() -> None:
    with pytest.raises(LookupError, match="ThingIn"):
        _tidied(app__schemas__a__ThingIn={"type": "object"}, app__schemas__b__ThingIn={"type": "object"})


def test_every_name_given_by_hand_is_needed(committed: dict[str, Any]) -> None:
    schemas = committed["components"]["schemas"]
    assert set(NAMES.values()) <= set(schemas)
    assert set(NAMES) & set(schemas) == set()


# What lint keeps.


def _lengthen(document: dict[str, Any]) -> None:
    document["components"]["schemas"] |= {
        f"Thing{number}": {"type": "object", "properties": {f"field_{n}": {"type": "string"} for n in range(9)}}
        for number in range(MAX_LINES // 9)
    }


def _repeat_words(document: dict[str, Any]) -> None:
    words = document["components"]["schemas"]["RoundState"]["enum"]
    document["components"]["schemas"]["RoundOut"]["properties"]["state"] = {"type": "string", "enum": words}


def _repeat_words_in_a_filter(document: dict[str, Any]) -> None:
    words = document["components"]["schemas"]["RoundState"]["enum"]
    document["paths"]["/v1/rounds"]["get"]["parameters"].append(
        {"name": "state", "in": "query", "schema": {"type": "string", "enum": words}}
    )


def _name(name: str) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["components"]["schemas"][name] = {"type": "object"}

    return change


def _field(field: str, schema: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["components"]["schemas"]["RoundIn"]["properties"][field] = schema

    return change


def _told_as_text(schema: str, field: str) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["components"]["schemas"][schema]["properties"][field] = {"type": "string"}

    return change


def _repeat_example(document: dict[str, Any]) -> None:
    content = document["paths"]["/v1/rounds"]["post"]["requestBody"]["content"]["application/json"]
    value = content.pop("example")
    content["examples"] = {"one": {"value": value}, "two": {"value": value}}


def _example(operation: str, status: str | None, change: Callable[[Any], object]) -> Callable[[dict[str, Any]], None]:
    """The example of a request (`status` None) or of an answer, changed."""

    def changed(document: dict[str, Any]) -> None:
        (found,) = (
            item
            for methods in document["paths"].values()
            for item in methods.values()
            if item["operationId"] == operation
        )
        part = found["requestBody"] if status is None else resolved(found["responses"][status], document)
        content = part["content"]["application/json"]
        if "example" not in content:
            (reference,) = content.pop("examples").values()
            name = reference["$ref"].rpartition("/")[2]
            content["example"] = copy.deepcopy(document["components"]["examples"][name]["value"])
        change(content["example"])

    return changed


def _without_violations(document: dict[str, Any]) -> None:
    (content,) = document["components"]["responses"]["Conflict"]["content"].values()
    content["examples"]["wrong_state"]["value"]["violations"] = []


def _without_reason(document: dict[str, Any]) -> None:
    (content,) = document["components"]["responses"]["Refused"]["content"].values()
    del content["examples"]["rule_refused"]["value"]["violations"][0]["reason"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            _example("create_round", None, lambda body: body.update(fee=1)),
            "POST /v1/rounds: the body: the example is not of its schema: $ Additional properties",
        ),
        (
            _example("create_round", "201", lambda body: body.update(receipts=[])),
            "POST /v1/rounds: 201: the example is not of its schema: $ Additional properties",
        ),
        (
            _example("list_recoveries", "200", lambda page: page["items"][0].update(receipts=[])),
            "GET /v1/recoveries: 200: the example is not of its schema: $.items[0] Additional properties",
        ),
        (
            _example("list_recoveries", "200", lambda page: page["items"][0].pop("amount_fen")),
            'GET /v1/recoveries: 200: the example is not of its schema: $.items[0] "amount_fen" is a required',
        ),
        (_without_violations, "409: the example wrong_state cites no rule"),
        (_without_reason, '422: the example is not of its schema: $.violations[0] "reason" is a required'),
    ],
)
def test_lint_finds_an_example_of_an_earlier_shape(
    committed: dict[str, Any], change: Callable[[dict[str, Any]], None], fault: str
) -> None:
    broken = copy.deepcopy(committed)
    change(broken)
    assert any(fault in told for told in faults(broken))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_lengthen, "what is said twice belongs into the components"),
        (_repeat_words, "RoundOut.state, RoundState: ['approved', "),
        (_repeat_words_in_a_filter, "RoundState, GET /v1/rounds: state: ['approved', "),
        (_name("app__schemas__rounds__RoundIn"), "app__schemas__rounds__RoundIn: the name of a module"),
        (_name("Body_issue_token"), "Body_issue_token: the name of a module or of the framework's making"),
        (_name("HTTPValidationError"), "HTTPValidationError: the name of a module or of the framework's making"),
        (_name("Kind"), "Kind: too general a name"),
        (_name("VisitPlan"), "VisitPlan: nothing says what it is"),
        (_field("short_name", {"type": "string", "title": "Short Name"}), "RoundIn.short_name: its title says"),
        (_field("size", {"type": "integer", "minimum": 0, "maximum": 9}), "RoundIn.size: an integer without its size"),
        (
            _field("prize_fen", {"type": "integer", "format": "int32", "minimum": 0, "maximum": 9}),
            "RoundIn.prize_fen: an amount that is not of 64 bits",
        ),
        (
            _field("size", {"type": ["integer", "null"], "format": "int32", "minimum": 0.0, "maximum": 9}),
            "RoundIn.size: a bound of an integer that is a fraction",
        ),
        (
            _field("size", {"type": "integer", "format": "int64", "minimum": 0}),
            "RoundIn.size: an integer that is taken",
        ),
        (_field("medium_kind", {"type": "string"}), "RoundIn.medium_kind: one of few words, and the contract takes it"),
        (_told_as_text("DisbursementOut", "state"), "DisbursementOut.state: one of few words, and the contract"),
        (_told_as_text("Violation", "reason"), "Violation.reason: one of few words, and the contract"),
        (_repeat_example, "POST /v1/rounds: the body has 2 examples"),
    ],
)
def test_lint_keeps_the_contract_short_and_its_names_plain(
    committed: dict[str, Any], change: Callable[[dict[str, Any]], None], fault: str
) -> None:
    broken = copy.deepcopy(committed)
    change(broken)
    assert any(fault in told for told in faults(broken))


# How versions are compared through references.


def test_the_comparison_follows_every_kind_of_reference() -> None:
    parameter: dict[str, Any] = {"name": "If-Match", "in": "header", "schema": {"type": "string"}}
    body: dict[str, Any] = {"content": {"application/json": {"schema": {"type": "integer", "format": "int32"}}}}
    answer: dict[str, Any] = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Word"}}}}
    word = {"type": "string", "enum": ["a", "b"]}

    def document(parameter: dict[str, Any], body: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        operation = {"parameters": [parameter], "requestBody": body, "responses": {"200": answer}}
        parts = {"parameters": {"P": _parameter}, "requestBodies": {"B": _body}, "responses": {"R": _answer}}
        return {"paths": {"/x": {"post": operation}}, "components": {"schemas": {"Word": word}, **parts}}

    def named(kind: str, name: str) -> dict[str, str]:
        return {"$ref": f"#/components/{kind}/{name}"}

    inline = {"name": "if-match", "in": "header", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}}
    _parameter, _body, _answer = dict(parameter), dict(body), dict(answer)
    plain = document(inline, {"content": {"application/json": {"schema": {"type": "integer"}}}}, answer)
    references = named("parameters", "P"), named("requestBodies", "B"), named("responses", "R")
    assert breaking_changes(plain, document(*references)) == []
    assert breaking_changes(document(*references), plain) == []
    _parameter = {**parameter, "required": True}
    _body = {"content": {"application/json": {"schema": {"type": "integer", "format": "int32", "maximum": 5}}}}
    _answer = {"content": {"application/json": {"schema": {"type": ["string", "null"], "enum": ["a", None]}}}}
    assert breaking_changes(plain, document(*references)) == [
        "POST /x: parameter if-match is now required",
        "POST /x body: maximum is now 5",
        "POST /x 200: changed its type, may now be null",
    ]


@pytest.mark.parametrize(
    ("before", "after", "breaks"),
    [
        ({"type": "string", "pattern": "^(a|b)$"}, {"type": "string", "enum": ["b", "a"]}, False),
        ({"type": "string", "pattern": "^(a|b)$"}, {"type": "string", "enum": ["a"]}, True),
        ({"anyOf": [{"type": "string", "maxLength": 4}, {"type": "null"}]}, {"type": ["string", "null"]}, False),
        ({"type": ["string", "null"]}, {"type": ["string", "null"], "maxLength": 4}, True),
        ({"type": ["string", "null"]}, {"type": "string"}, True),
        ({"anyOf": [{"type": "string"}, {"type": "null"}], "enum": ["a"]}, {"type": ["string", "null"]}, False),
    ],
)
def test_the_comparison_knows_one_meaning_in_two_writings(
    before: dict[str, Any], after: dict[str, Any], breaks: bool
) -> None:
    def document(schema: dict[str, Any]) -> dict[str, Any]:
        body = {"content": {"application/json": {"schema": schema}}}
        return {"paths": {"/x": {"post": {"requestBody": body, "responses": {}}}}, "components": {"schemas": {}}}

    assert bool(breaking_changes(document(before), document(after))) is breaks
