"""Whoever sends a value of the wrong form is told in words what is expected, for every form and every list of words
that the service checks; never by a regular expression."""

import json
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from pydantic import ValidationError
from pydantic_core import SchemaValidator

from app.commands.pages import ROOT
from app.kernel.field_formats import EXPECTED, POSTCODE, Format, choices, expected, words_pattern
from app.schemas.field_messages import KINDS, field_fault
from app.web.contract import routes_of
from app.web.contract_schemas import FRACTION
from sandbox.world import World
from tests.support.problems import refused

_EXPRESSION = re.compile(r"[\^$\\\[\]{}|]")
_CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def checks(application: FastAPI) -> list[dict[str, Any]]:
    """Every check of a form or of a list of words in what the routes take: parameters, forms and bodies."""
    found = [
        check
        for route in routes_of(application)
        for field in _fields(route.dependant)
        for check in _checks(field._type_adapter.core_schema)
    ]
    return list({_key(check): check for check in found}.values())


def _fields(dependant: Dependant) -> Iterator[Any]:
    yield from dependant.path_params + dependant.query_params + dependant.header_params + dependant.body_params
    for child in dependant.dependencies:
        yield from _fields(child)


def _checks(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") in ("literal", "enum") or (node.get("type") == "str" and node.get("pattern")):
            yield node
        for part in node.values():
            yield from _checks(part)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from _checks(part)


def _key(check: dict[str, Any]) -> str:
    return str((check["type"], check.get("pattern"), _words(check), check.get("min_length")))


def _words(check: dict[str, Any]) -> list[str] | None:
    """The words that are taken; None for a form that is no list."""
    if check["type"] == "str":
        return choices(check["pattern"])
    listed = check["expected"] if check["type"] == "literal" else check["members"]
    return [str(item.value if isinstance(item, Enum) else item) for item in listed]


def answers(check: dict[str, Any]) -> tuple[str, str, str]:
    """Code and sentences, Chinese and English, for a value that no check takes."""
    wrong = "§" * (check.get("min_length") or 1)
    with pytest.raises(ValidationError) as caught:
        SchemaValidator({key: value for key, value in check.items() if key != "ref"}).validate_python(wrong)
    (item,) = caught.value.errors()
    code, text = field_fault(item)
    return code, text.zh, text.en


def test_the_answer_says_in_words_what_is_expected(checks: list[dict[str, Any]]) -> None:
    assert len(checks) > 40
    for check in checks:
        code, zh, en = answers(check)
        words = _words(check)
        assert _CHINESE.search(zh) and not _CHINESE.search(en), check
        assert not _EXPRESSION.search(zh + en), check
        if words is None:
            told = EXPECTED[Format(check["pattern"])]
            assert (code, zh, en) == ("wrong_format", told.zh, told.en)
        else:
            assert code == "not_allowed"
            assert zh.endswith("：" + "、".join(words)) and en.endswith(": " + ", ".join(words)), check


def test_a_form_without_words_would_be_found() -> None:
    nameless = {"type": "str", "pattern": "^[x-z]$"}
    assert expected("^[x-z]$") is None
    with pytest.raises(ValueError, match="is not a valid Format"):
        test_the_answer_says_in_words_what_is_expected([nameless] * 41)


def test_every_form_is_in_use_and_every_form_of_the_contract_has_its_words(checks: list[dict[str, Any]]) -> None:
    used = {check["pattern"] for check in checks if check["type"] == "str"}
    assert {item.value for item in Format} == {pattern for pattern in used if choices(pattern) is None}
    assert set(EXPECTED) == set(Format)
    contract = json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))
    # A fraction is no pattern's to refuse: the library reads it, and its refusal has words of ours.
    assert set(_patterns(contract)) <= used | {FRACTION}
    assert "2/3" in KINDS["fraction_parsing"][1].zh and re.fullmatch(FRACTION, "2/3")


def test_no_two_forms_share_an_expression_and_with_it_their_words() -> None:
    assert len(Format) == len(Format.__members__) == len({told.zh for told in EXPECTED.values()})
    # What consists of as many digits is told by its field.
    for told, zh in ((EXPECTED[Format.COUNTY], "行政区划代码"), (POSTCODE, "邮政编码")):
        assert zh in told.zh


def _patterns(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for part in node.values():
            yield from _patterns(part)
    elif isinstance(node, list):
        for part in node:
            yield from _patterns(part)


def test_words_are_read_back_from_their_expression() -> None:
    assert choices(words_pattern(["draft", "called_off"])) == ["draft", "called_off"]
    assert choices(Format.WORD.value) is None


def test_a_wrong_word_and_a_wrong_form_are_answered_over_http(world: World) -> None:
    for language, word, form in (
        ("zh", "须为以下之一：draft、", "须为 1 至 60 个字符，以小写字母开头，只含小写字母、数字和下划线"),
        ("en", "Must be one of: draft, ", "Must be 1 to 60 characters: lower-case letters, digits and underscores"),
    ):
        spoken = {"Accept-Language": language}
        (state,) = refused(world.office.get("/v1/applications?state=LOST", headers=spoken), 422, "invalid")["errors"]
        assert (state["pointer"], state["code"], state["rule"]) == ("/query/state", "not_allowed", None)
        assert state["message"].startswith(word) and "LOST" not in state["message"]
        (act,) = refused(world.auditor.get("/v1/audit-entries?act=A-B", headers=spoken), 422, "invalid")["errors"]
        assert (act["pointer"], act["code"]) == ("/query/act", "wrong_format")
        assert act["message"].startswith(form)
