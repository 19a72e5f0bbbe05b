"""What is shipped as JSON is read as the types of the measures, and what is none of them is refused."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import pytest

from app.measures.shipped import read_as


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Part:
    colour: Colour
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    name: str
    count: int
    weight: Decimal
    agreed: bool
    parts: tuple[Part, ...]
    first: Part | None = None
    words: tuple[str, ...] = ("none",)


PLAIN: dict[str, object] = {"name": "a", "count": 2, "weight": 0.4, "agreed": True, "parts": [{"colour": "red"}]}


def test_every_value_is_read_as_the_type_of_its_field() -> None:
    assert read_as(Whole, PLAIN) == Whole("a", 2, Decimal("0.4"), True, (Part(Colour.RED),))
    more = {"first": {"colour": "red", "share": "2/3"}, "words": ["b", "c"], "weight": "0.40"}
    read = read_as(Whole, PLAIN | more)
    assert (read.first, read.words, str(read.weight)) == (Part(Colour.RED, Fraction(2, 3)), ("b", "c"), "0.40")
    assert type(read.parts[0].colour) is Colour


def test_nothing_is_nothing_and_what_is_not_there_has_its_default() -> None:
    assert read_as(Whole, PLAIN | {"first": None}).first is None
    assert read_as(Part, {"colour": "red", "share": None}) == Part(Colour.RED)


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_missing_field_is_named(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        read_as(Whole, {key: value for key, value in PLAIN.items() if key != name})


def test_fields_that_there_are_not_are_named() -> None:
    with pytest.raises(TypeError, match=r"^no fields of Whole: \['a', 'b'\]$"):
        read_as(Whole, PLAIN | {"b": 1, "a": 2})
    with pytest.raises(TypeError, match=r"no fields of Part: \['size'\]"):
        read_as(Whole, PLAIN | {"parts": [{"colour": "red", "size": 1}]})


@pytest.mark.parametrize("wrong", [{"parts": [{"colour": "blue"}]}, {"weight": "much"}])
def test_a_value_that_is_none_of_its_type_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        read_as(Whole, PLAIN | wrong)
