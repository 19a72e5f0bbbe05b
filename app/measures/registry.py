"""Which functions decide which rule. A function enters itself with `@rule(...)`; docs and tests walk the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.measures.catalogue import CATALOGUE

RuleFunction = TypeVar("RuleFunction", bound=Callable[..., object])

_FUNCTIONS: dict[str, list[Callable[..., object]]] = {}


def rule(*rule_ids: str) -> Callable[[RuleFunction], RuleFunction]:
    """Enter the decorated function as deciding these rules; an unknown id is a `LookupError` at import."""
    unknown = [rule_id for rule_id in rule_ids if rule_id not in CATALOGUE]
    if unknown:
        raise LookupError(f"not in the catalogue: {unknown}")

    def enter(function: RuleFunction) -> RuleFunction:
        for rule_id in rule_ids:
            _FUNCTIONS.setdefault(rule_id, []).append(function)
        return function

    return enter


def functions_of(rule_id: str) -> tuple[Callable[..., object], ...]:
    """The functions that decide this rule; empty for a declaratory one."""
    return tuple(_FUNCTIONS.get(rule_id, ()))
