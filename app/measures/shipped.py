"""The data files that come with the measures, as they are, as JSON, and as the types of the measures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from importlib.resources import files
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

_Kind = TypeVar("_Kind")


def shipped_bytes(name: str) -> bytes:
    """A file of `data/` as it is."""
    return files("app.measures").joinpath("data", name).read_bytes()


# Any: each file has its own shape, which its one reader names.
def shipped_json(name: str) -> Any:
    """A JSON file of `data/`."""
    return json.loads(shipped_bytes(name))


def read_as(kind: type[_Kind], raw: Mapping[str, object]) -> _Kind:
    """`raw` as a dataclass of the measures, with all that it holds: enumerations by their words, decimals and fractions
    as texts ("0.4", "2/3"). For what is shipped; what callers send, `app/kernel/stored.py` reads and judges.

    KeyError names a missing field, TypeError those that are none; ValueError or ArithmeticError: a value that is none.
    """
    hints = get_type_hints(kind)
    unknown = sorted(set(raw) - set(hints))
    if unknown:
        raise TypeError(f"no fields of {kind.__name__}: {unknown}")
    # Any: the library asks for a type that a checker cannot name.
    known: Any = kind
    wanted = [field.name for field in fields(known) if field.name in raw or field.default is MISSING]
    return kind(**{name: _read(hints[name], raw[name]) for name in wanted})


# Any: a type, and what JSON holds for it.
def _read(kind: Any, raw: Any) -> object:
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in raw)
    if get_args(kind):
        # Something, or nothing.
        return None if raw is None else _read(get_args(kind)[0], raw)
    if isinstance(kind, type) and is_dataclass(kind):
        return read_as(kind, raw)
    # Beside these an enumeration, a decimal or a fraction.
    return raw if kind in (int, str, bool) else kind(str(raw))
