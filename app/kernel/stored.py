"""What the database keeps and callers send as JSON, read as the types of the measures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from app.kernel.error_codes import FieldCode
from app.measures.instruments import Parameters
from app.measures.review_rules import ReviewRules
from app.measures.text import readable

Place = tuple[int | str, ...]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    review_rules: ReviewRules


_PARAMETERS = TypeAdapter(Parameters)


class Unreadable(ValueError):
    """JSON that is not what it should be. `found`: each fault as the validation library reports it, with its place
    below the body."""

    def __init__(self, found: Sequence[ErrorDetails]) -> None:
        super().__init__(", ".join("/".join(map(str, item["loc"])) for item in found))
        self.found = tuple(found)


def read_rules(stored: Mapping[str, object]) -> ReviewRules:
    """Review rules from JSON, as `ReviewRules.to_mapping` writes them; `Unreadable` with places below `review_rules`.
    Whether the rules make sense is for `review_rules_complete` to say."""
    return _rules(json.dumps(stored, ensure_ascii=False))


# A round keeps the same rules from its call to its end, and most requests of a round look at them several times.
@lru_cache(maxsize=16)
def _rules(written: str) -> ReviewRules:
    stored = json.loads(written)
    try:
        # As JSON, in which a text is no number and `true` is not 1, while decimals and dates are texts.
        rules = _Sent.model_validate_json(json.dumps({"review_rules": _written_out(stored)})).review_rules
    except ValidationError as error:
        raise Unreadable(error.errors(include_url=False, include_input=False)) from error
    blank = [_nothing_to_read(place) for place in _unreadable(rules, ("review_rules",))]
    if blank:
        raise Unreadable(blank)
    return rules


def read_parameters(stored: Mapping[str, object]) -> Parameters:
    """An instrument's parameters from JSON, name → value."""
    return _PARAMETERS.validate_python(stored)


def _written_out(value: object) -> object:
    """Numbers with a fraction as the text that they were sent as: 0.4 is four tenths, not the nearest double."""
    if isinstance(value, float):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _written_out(item) for name, item in value.items()}
    return [_written_out(item) for item in value] if isinstance(value, list) else value


def _unreadable(value: object, place: Place) -> Iterator[Place]:
    """Where a text is of signs that show nothing."""
    if isinstance(value, str):
        if not readable(value):
            yield place
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _unreadable(item, (*place, number))
    elif is_dataclass(value):
        for field in fields(value):
            yield from _unreadable(getattr(value, field.name), (*place, field.name))


def _nothing_to_read(place: Place) -> ErrorDetails:
    zh, en = "只含看不见的字符，等于没有填写", "Has nothing in it that can be read"
    return {"type": FieldCode.BLANK.value, "loc": place, "msg": en, "input": None, "ctx": {"zh": zh}}
