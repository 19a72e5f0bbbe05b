"""What the contract says in English, and its Chinese beside it (`x-description-zh`), from
`app/static/reference/descriptions.toml`: by the sentence, so that what changes in one language is missed in the other.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from app.web.contract_examples import Part

CHINESE = "x-description-zh"
# What holds values, not the contract's own words.
_VALUES = frozenset({"const", "default", "enum", "example", "examples", "x-enum-labels"})
_QUOTED = re.compile("`[^`]*`")
_WORD = re.compile("[A-Za-z]{2,}")


@cache
def sentences() -> Mapping[str, str]:
    """The Chinese of each English description; of several lines, with single blanks between the words."""
    text = files("app").joinpath("static", "reference", "descriptions.toml").read_text(encoding="utf-8")
    table: Mapping[str, str] = tomllib.loads(text)
    return table


def plain(description: str) -> str:
    """A description as the table has it."""
    return " ".join(description.split())


def in_english(description: str) -> bool:
    """Whether it says something in English: not names alone, nor the states of an object with their names."""
    return _WORD.search(_QUOTED.sub("", description)) is not None


def described(document: Part) -> Iterator[Part]:
    """Every part of the contract that has a description, but for its operations and subjects, whose Chinese stands
    elsewhere."""
    for methods in document["paths"].values():
        for operation in methods.values():
            yield from _within({key: part for key, part in operation.items() if key != "description"})
    for name in ("info", "components", "webhooks"):
        yield from _within(document.get(name, {}))


def _within(part: object, *, names: bool = False) -> Iterator[Part]:
    """`names`: its keys are the names of fields, whatever they are called."""
    if isinstance(part, list):
        for item in part:
            yield from _within(item)
    elif isinstance(part, dict):
        if not names and isinstance(part.get("description"), str):
            yield part
        for key, inner in part.items():
            if names or key not in _VALUES:
                yield from _within(inner, names=key == "properties" and not names)


def add_chinese(document: Part) -> None:
    """Put the Chinese beside each description, in place, where it has none yet, and beside the titles of webhooks."""
    for methods in document.get("webhooks", {}).values():
        for operation in methods.values():
            operation["x-summary-zh"] = sentences()[operation["summary"]]
    for part in list(described(document)):
        said = sentences().get(plain(part["description"]))
        if said is not None and CHINESE not in part:
            part[CHINESE] = said
