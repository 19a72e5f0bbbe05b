"""Where in an application something stands, in words: a paper names no JSON pointer (Art. 17)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from app.measures.review_rules import ReviewRules

_PARTS = {"content": "申报表", "organisation": "组织登记", "attachments": "申报材料"}
_BETWEEN = "—"


def place_told(pointer: str, *, rules: ReviewRules) -> str:
    """A pointer into an application (`/content/certificates/0/valid_to`) as people find the place: what they call each
    field, sections and materials by the names that the round gives them, and the place in a list counted from 1. What
    has no name stays as it is written."""
    above, *below = pointer.strip("/").split("/")
    own = {
        item.code: item.zh for item in (*rules.required_sections, *rules.required_materials, *rules.further_materials)
    }
    told = [_PARTS.get(above, above)]
    for part in below:
        told.append(f"第{int(part) + 1}项" if part.isdecimal() and len(part) < 4 else own.get(part) or _field(part))
    return _BETWEEN.join(told)


def _field(name: str) -> str:
    found = _labels().get(f"ContentIn.{name}") or _labels().get(name)
    return name if found is None else found["zh"]


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    """What people call the fields of a form: the words beside the contract, which stand above this floor."""
    text = files("app").joinpath("static", "labels.toml").read_text(encoding="utf-8")
    fields: Mapping[str, Mapping[str, str]] = tomllib.loads(text)["fields"]
    return fields
