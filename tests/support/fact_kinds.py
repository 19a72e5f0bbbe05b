"""Holds what findings tell to what `app/measures/data/facts.toml` says of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache

from app.measures.fact_kinds import BESIDE, FactKind, Words, fact_kinds, facts_by_reason
from app.measures.reasons import Reason

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def untold_facts(reason: Reason, facts: Mapping[str, object]) -> list[str]:
    """What of these facts `data/facts.toml` does not say: a fact that the reason is not told with, or a value that the
    fact cannot hold; none where it says all."""
    kinds, by_reason = _tables()
    known = {*by_reason[reason], *BESIDE}
    unnamed = [f"{reason}: {name} is not among its facts" for name in facts if name not in known]
    return unnamed + [
        f"{name}: {value!r} is of none of the kinds {', '.join(map(_told, kinds[name]))}"
        for name, value in facts.items()
        if name in known and not any(_holds(kind, value) for kind in kinds[name])
    ]


@cache
def _tables() -> tuple[Mapping[str, tuple[FactKind | Words, ...]], Mapping[Reason, tuple[str, ...]]]:
    """Kept here, as the law's own caches are taken off for its mutation, and a file read for each finding is hours."""
    return fact_kinds(), facts_by_reason()


def _told(kind: FactKind | Words) -> str:
    return kind if isinstance(kind, FactKind) else kind.of.__name__


def _holds(kind: FactKind | Words, value: object) -> bool:
    if isinstance(kind, FactKind):
        return _HOLDS[kind](value)
    if kind.several:
        return isinstance(value, list | tuple) and all(word in list(kind.of) for word in value)
    return value in list(kind.of)


def _is_day(value: object) -> bool:
    return isinstance(value, str) and _DAY.fullmatch(value) is not None and bool(date.fromisoformat(value))


def _is_instant(value: object) -> bool:
    return isinstance(value, str) and not _is_day(value) and datetime.fromisoformat(value).tzinfo is not None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _all(of: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list | tuple) and all(of(item) for item in value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_record(*names: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, Mapping) and set(value) == set(names)


_HOLDS: Mapping[FactKind, Callable[[object], bool]] = {
    FactKind.TEXT: _is_text,
    FactKind.DAY: _is_day,
    FactKind.INSTANT: _is_instant,
    FactKind.NUMBER: _is_number,
    FactKind.FEN: _is_number,
    FactKind.FLAG: lambda value: isinstance(value, bool),
    FactKind.TEXTS: _all(_is_text),
    FactKind.DAYS: _all(_is_day),
    FactKind.NUMBERS: _all(_is_number),
    FactKind.READING: _is_record("key", "value", "document"),
    FactKind.CERTIFICATES: _all(_is_record("standard", "number", "valid_from", "valid_to")),
    FactKind.NULL: lambda value: value is None,
}
