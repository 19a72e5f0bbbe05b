"""What a list of a body is told apart by is stated once: a second entry of the same key is refused, at its place. Which
lists have a key is read from the contract; one without says why."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

import app.main  # noqa: F401 - every schema is there
from app.schemas.once import Once
from app.schemas.strict import In

# Lists whose entries may be alike.
WITHOUT_KEY = {
    ("BatchIn", "items"): "told together with every other fault of the batch",
    ("ContentIn", "adverse_records"): "two events may be alike in all that is stated of them",
    ("EligibilityCheckIn", "exclusions"): "two exclusions may run at once",
    ("ReplyIn", "records"): "two events may be alike in all that is stated of them",
    ("TableIn", "rows"): "a table may say the same twice",
}
# What an entry states, where it is not its key as a whole, or more.
ALSO = {("ContentIn", "indicators"): ("code", "year", "value"), ("PublicationIn", "media"): ("medium_id",)}
# Texts for fields whose pattern has no example of its own.
WORDS = {"^[a-z][a-z0-9_]{0,63}$": "word"}


def models() -> list[type[In]]:
    def below(cls: type[In]) -> Iterator[type[In]]:
        for sub in cls.__subclasses__():
            yield sub
            yield from below(sub)

    found = {model.__name__: model for model in below(In) if model.__module__.startswith("app.schemas")}
    return [found[name] for name in sorted(found)]


def lists() -> Iterator[tuple[type[In], str, dict[str, Any], dict[str, Any]]]:
    """Model, field, schema of the list, and the definitions beside it."""
    for model in models():
        told = model.model_json_schema()
        for name, schema in told.get("properties", {}).items():
            for one in (schema, *schema.get("anyOf", ())):
                if one.get("type") == "array":
                    yield model, name, one, told.get("$defs", {})


KEYED = [
    pytest.param(*item, id=f"{item[0].__name__}-{item[1]}")
    for item in lists()
    if (item[0].__name__, item[1]) not in WITHOUT_KEY
]


def test_every_list_has_a_key_or_says_why_it_has_none() -> None:
    keyless = {
        (model.__name__, name)
        for model, name, schema, _ in lists()
        if not (schema.get("uniqueItems") or schema.get("x-unique-by"))
    }
    assert keyless == set(WITHOUT_KEY)
    assert len(KEYED) > 40


def sample(schema: dict[str, Any], defs: dict[str, Any], number: int, also: tuple[str, ...] = ()) -> Any:
    """A value of the schema; of another `number`, another one where the type allows."""
    schema = {**defs[schema["$ref"].rsplit("/", 1)[1]], **schema} if "$ref" in schema else schema
    chosen = next((item for item in schema.get("anyOf", ()) if item.get("type") != "null"), schema)
    if chosen is not schema:
        return sample({**chosen, **{key: value for key, value in schema.items() if key == "examples"}}, defs, number)
    if schema.get("enum"):
        return schema["enum"][number % len(schema["enum"])]
    if schema.get("type") == "object":
        wanted = [name for name in schema["properties"] if name in (*schema.get("required", ()), *also)]
        return {name: sample(schema["properties"][name], defs, number) for name in wanted}
    if schema.get("type") == "array":
        return [sample(schema["items"], defs, number)] if schema.get("minItems") else []
    if schema.get("type") == "integer":
        return max(schema.get("minimum", 0), schema.get("examples", [0])[0]) + number
    if schema.get("type") == "boolean":
        return True
    return text(schema, number)


def text(schema: dict[str, Any], number: int) -> str:
    if schema.get("format") == "uuid":
        return str(uuid.UUID(int=number + 1))
    if schema.get("format") == "date":
        return f"2024-0{number + 1}-01"
    if schema.get("pattern"):
        return str((schema.get("examples") or [WORDS.get(schema["pattern"], "/figures")])[0]) + ("", "1", "2")[number]
    return f"样例{number}（甲）"


@pytest.mark.parametrize(("model", "name", "schema", "defs"), KEYED)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_second_entry_of_one_key_is_refused_at_its_place(
    model: type[In], name: str, schema: dict[str, Any], defs: dict[str, Any], data: st.DataObject
) -> None:
    fields = tuple(filter(None, schema.get("x-unique-by", "").split(", ")))
    also = ALSO.get((model.__name__, name), fields)
    field = model.model_fields[name]
    adapter: TypeAdapter[Any] = TypeAdapter(model)
    count = data.draw(st.integers(1, min(2, schema.get("maxItems", 3) - 1)))
    items = [sample(schema["items"], defs, number, also) for number in range(count)]
    again = data.draw(st.integers(0, count - 1))
    place = data.draw(st.integers(again + 1, count))
    twice = [*items[:place], items[again], *items[place:]]
    found = [item for item in faults(adapter, {name: twice}) if item["type"] == "duplicate"]
    own = [item for item in found if item["loc"][0] == name]
    assert [item["loc"][1] for item in own] == [place], (twice, faults(adapter, {name: twice}))
    if fields:
        assert own[0]["loc"][2] in fields
    assert not [item for item in faults(adapter, {name: items}) if item["loc"][:1] == (name,)], field


def faults(adapter: TypeAdapter[Any], body: dict[str, Any]) -> list[Any]:
    try:
        adapter.validate_json(json.dumps(body))
    except ValidationError as error:
        return list(error.errors())
    return []


@pytest.mark.parametrize(
    ("one", "other"), [("样例（甲）", "样例(甲)"), ("ＩＳＯ　9001", "iso 9001"), ("样例　甲", "样例甲")]
)
def test_texts_are_one_where_people_read_one(one: str, other: str) -> None:
    with pytest.raises(ValidationError):
        Once().check([one, other])
    assert Once().check([one, "样例乙"]) == [one, "样例乙"]


def test_entries_whose_key_says_nothing_are_told_from_no_other() -> None:
    assert len(Once("number").check([Nameless(), Nameless()])) == 2


class Nameless(In):
    """An entry without a number."""

    number: str | None = None
