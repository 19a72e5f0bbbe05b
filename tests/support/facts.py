"""What lies within a fact."""

from __future__ import annotations

from collections.abc import Mapping

from app.measures.plain import Fact


def part(fact: Fact | Mapping[str, Fact], *keys: str | int) -> Fact:
    """The value at these keys, from the outside in; fails where a fact holds none."""
    for key in keys:
        if isinstance(key, str):
            assert isinstance(fact, Mapping)
            fact = fact[key]
        else:
            assert isinstance(fact, list | tuple)
            fact = fact[key]
    return fact
