"""What the database keeps and callers send as JSON, read as the types of the measures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from app.measures.asks import Indicator
from app.measures.instruments import Parameters
from app.measures.review_rules import ConsultedDepartment, Named, ReviewRules, SchemeItem
from app.measures.text import readable


def _written_out(value: object) -> object:
    """Numbers with a fraction as the text that they were sent as: 0.4 is four tenths, not the nearest double."""
    if isinstance(value, float):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _written_out(item) for name, item in value.items()}
    return [_written_out(item) for item in value] if isinstance(value, list) else value


def _readable(value: ReviewRules) -> ReviewRules:
    """No text of the rules is of signs that show nothing."""
    named: list[Named | SchemeItem | ConsultedDepartment | Indicator] = [*value.required_materials]
    for entry in (*named, *value.required_sections, *value.items, *value.departments, *value.asks.indicators):
        for field in fields(entry):
            text = getattr(entry, field.name)
            if isinstance(text, str) and not readable(text):
                raise ValueError(f"{field.name} shows nothing")
    return value


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    review_rules: Annotated[ReviewRules, AfterValidator(_readable)]


_PARAMETERS = TypeAdapter(Parameters)


class Unreadable(ValueError):
    """JSON that is not what it should be. `pointers`: JSON pointers to what is missing or wrong, none twice."""

    def __init__(self, pointers: list[str]) -> None:
        super().__init__(", ".join(pointers))
        self.pointers = pointers


def read_rules(stored: Mapping[str, object]) -> ReviewRules:
    """Review rules from JSON, as `ReviewRules.to_mapping` writes them; `Unreadable` with pointers below
    `/review_rules`. Whether the rules make sense is for `review_rules_complete` to say."""
    try:
        # As JSON, in which a text is no number and `true` is not 1, while decimals and dates are texts.
        return _Sent.model_validate_json(json.dumps({"review_rules": _written_out(stored)})).review_rules
    except ValidationError as error:
        found = ("".join(f"/{part}" for part in item["loc"]) for item in error.errors())
        raise Unreadable(list(dict.fromkeys(found))) from error


def read_parameters(stored: Mapping[str, object]) -> Parameters:
    """An instrument's parameters from JSON, name → value."""
    return _PARAMETERS.validate_python(stored)
