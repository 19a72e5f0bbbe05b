"""Every body of the service is strict: whatever field of whatever schema it is, a value of another type of JSON is
refused there. What is asked of each kind of field stands in `WRONG`; a kind that is not named there fails the walk."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from app.schemas.common import Day, In, InstantIn
from tests.support.bodies import fields_of

_ANY_OBJECT: tuple[Any, ...] = ([], "x", 1, True)
WRONG: dict[str, tuple[Any, ...]] = {
    "date": (0, 1_700_000_000, 1.5, True, "0", "1704067200", "20240101", "2024-01-01T00:00:00", ["2024-01-01"]),
    "datetime": (0, 1_700_000_000, 1.5, True, "0", "1704067200", "2024-01-01", ["2024-01-01T00:00:00Z"]),
    "int": (True, False, "1", "１", 1.0, 1.5, [1]),
    "bool": (0, 1, 0.0, 1.0, "true", "false", "yes", [True]),
    "str": (0, 1.5, True, ["x"], {"x": "y"}),
    "uuid": (0, 1.5, True, ["0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"]),
    "enum": (0, 1, 1.5, True, ["x"]),
    "literal": (0, 1, 1.5, True, ["x"]),
    "url": (0, 1.5, True, ["http://example.org"]),
    "model": _ANY_OBJECT,
    "list": ({}, "x", 1, True),
    "dict": _ANY_OBJECT,
}
# The one field in which anything may stand: rules that the measures read, and judge strictly, themselves.
FREE = {"review_rules"}


def _values(node: Any, definitions: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Kind and wrong value, for the field and for what stands in it where it is a list or a dictionary."""
    while node["type"] in ("default", "nullable", "definition-ref", "definitions") or node["type"].startswith("func"):
        node = definitions[node["schema_ref"]] if node["type"] == "definition-ref" else node["schema"]
    kind = node["type"]
    for wrong in WRONG[kind]:
        yield kind, wrong
    if kind == "list":
        yield from ((inner, [wrong]) for inner, wrong in _values(node["items_schema"], definitions))
    if kind == "dict":
        yield from ((inner, {"a1": wrong}) for inner, wrong in _values(node["values_schema"], definitions))


def _refused(model: type[BaseModel], name: str, wrong: Any) -> bool:
    try:
        model.model_validate({name: wrong})
    except ValidationError as error:
        return any(item["loc"][0] == name for item in error.errors())
    return False


def test_every_field_of_every_body_refuses_other_types(bodies: list[type[BaseModel]]) -> None:
    kinds: set[str] = set()
    accepted = []
    for model in bodies:
        for name, (schema, definitions) in fields_of(model).items():
            if name in FREE:
                continue
            for kind, wrong in _values(schema, definitions):
                kinds.add(kind)
                if not _refused(model, name, wrong):
                    accepted.append((model.__name__, name, kind, wrong))
    assert accepted == []
    assert len(bodies) > 80
    # What the walk has not met it has not shown; no body takes an instant yet.
    assert kinds == set(WRONG) - {"datetime"}


def test_every_body_is_made_from_the_strict_base(bodies: list[type[BaseModel]]) -> None:
    assert [model.__name__ for model in bodies if not issubclass(model, In)] == []


@pytest.mark.parametrize("wrong", WRONG["datetime"])
def test_an_instant_is_a_text_too(wrong: Any) -> None:
    class Thing(In):
        at: InstantIn

    with pytest.raises(ValidationError):
        Thing.model_validate({"at": wrong})
    assert Thing.model_validate({"at": "2024-03-01T12:00:00+08:00"}).at.isoformat() == "2024-03-01T12:00:00+08:00"


def test_a_day_is_a_text_of_ten_characters() -> None:
    class Thing(In):
        on: Day

    assert Thing.model_validate({"on": "2024-02-29"}).on.isoformat() == "2024-02-29"
    for wrong in ("2023-02-29", "2024-2-9", " 2024-02-29", "2024-02-29\n", "２０２４-02-29", "+2024-02-9", ""):
        with pytest.raises(ValidationError):
            Thing.model_validate({"on": wrong})
