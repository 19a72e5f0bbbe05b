"""Plain values: what JSON can hold, and so what is stored, hashed and answered without further ado."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Plain: TypeAlias = "str | int | float | bool | Sequence[Plain] | Mapping[str, Plain] | None"

# What a rule looked at, by name, as its finding tells it.
Fact = Plain
Facts: TypeAlias = "dict[str, Fact]"


def words(value: object) -> list[str]:
    """The items of a list as words; none where the value is no list."""
    return [str(item) for item in value] if isinstance(value, list | tuple) else []
