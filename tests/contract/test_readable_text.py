"""What must be filled in has something to read in it, in every field of every body."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from app.measures.text import readable
from tests.support.bodies import fields_of

INVISIBLE = [
    *"\u00ad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200d\u200e\u2028\u202e\u2060\u2800\u3000\u3164\ufe0f\ufeff",
    *"\uffa0\ufffc\ufffd\ue000\U0001d159\U000e0041\U000f0000\U0010ffff\u0378\U0002ffff\u0301\u20dd\u3099",
    "\u200b\u3164 \u00ad",
    "\ufeff\u0301\ue000",
]
SHOWN = [
    "样",
    "a",
    "7",
    "-",
    "。",
    "〇",
    "é",
    "e\u0301",
    "\u200b样\u200b",
    "\U00020000",
    "\U0002a6de",
    "\U000323af",
    "€",
]
# A secret is not there to be read; where to send changes is judged as a URL.
# An objection is never refused for what it lacks (Art. 21): what shows nothing is taken as not given.
OF_AN_OBJECTION = {"name", "contact", "facts", "evidence"}
SECRET = {"password", "old_password", "new_password", "refresh_token"}


@pytest.mark.parametrize("text", INVISIBLE)
def test_what_shows_nothing_is_not_readable(text: str) -> None:
    assert not readable(text)


@pytest.mark.parametrize("text", SHOWN)
def test_one_sign_that_shows_is_enough(text: str) -> None:
    assert readable(text)
    assert not readable("")


def _texts(node: Any, definitions: dict[str, Any], wrong: str) -> Iterator[Any]:
    """This text, placed where the field has a text without a form of its own."""
    while node["type"] in ("default", "nullable", "definition-ref", "definitions") or node["type"].startswith("func"):
        node = definitions[node["schema_ref"]] if node["type"] == "definition-ref" else node["schema"]
    if node["type"] == "str" and "pattern" not in node:
        yield wrong
    elif node["type"] == "list":
        yield from ([value] for value in _texts(node["items_schema"], definitions, wrong))
    elif node["type"] == "dict":
        yield from ({"a1": value} for value in _texts(node["values_schema"], definitions, wrong))


def test_every_text_of_every_body_refuses_what_shows_nothing(bodies: list[type[BaseModel]]) -> None:
    accepted, asked = [], 0
    for model in bodies:
        for name, (schema, definitions) in fields_of(model).items():
            if name in SECRET or (model.__name__, name) == ("WebhookIn", "url"):
                continue
            if model.__name__ in ("ObjectionIn", "LetterIn") and name in OF_AN_OBJECTION:
                assert {getattr(_validated(model, name, wrong), name) for wrong in INVISIBLE} == {None}
                continue
            for wrong in INVISIBLE:
                for value in _texts(schema, definitions, wrong):
                    asked += 1
                    if "blank" not in _codes(model, name, value):
                        accepted.append((model.__name__, name, wrong))
    assert accepted == []
    assert asked > 100 * len(INVISIBLE)


def _validated(model: type[BaseModel], name: str, value: Any) -> BaseModel:
    letter = {"received_on": "2024-05-30", "letter_reference": "样例"} if model.__name__ == "LetterIn" else {}
    return model.model_validate({**letter, name: value})


def _codes(model: type[BaseModel], name: str, value: Any) -> set[str]:
    try:
        model.model_validate({name: value})
    except ValidationError as error:
        return {item["type"] for item in error.errors() if item["loc"][0] == name}
    return set()
