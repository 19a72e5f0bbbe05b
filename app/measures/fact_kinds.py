"""What the facts of findings hold, as `data/facts.toml` says it: of which kind each is, and which a reason may be told
with. No rule is decided here; the contract is made from it, and the tests hold every finding to it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from app.measures.reasons import Reason
from app.measures.shipped import shipped_bytes

# What any finding may name: the act that comes next and whose it is; of several applications or days at once, the one
# that it is about.
BESIDE = ("application_id", "next_act", "next_by", "number", "organisation", "recommendation_id", "tested_on")


class FactKind(StrEnum):
    """What a fact holds. fen: an amount. reading: how an open question was read (Art. 32), as a finding cites it.
    certificates: those that were stated (Art. 13(3))."""

    TEXT = "text"
    DAY = "day"
    INSTANT = "instant"
    NUMBER = "number"
    FEN = "fen"
    FLAG = "flag"
    TEXTS = "texts"
    DAYS = "days"
    NUMBERS = "numbers"
    READING = "reading"
    CERTIFICATES = "certificates"
    NULL = "null"


@cache
def fact_kinds() -> Mapping[str, tuple[FactKind, ...]]:
    """Every fact by its name, with each kind of value that it may hold."""
    return {name: tuple(FactKind(kind) for kind in kinds.split(" or ")) for name, kinds in _table("kinds").items()}


@cache
def facts_by_reason() -> Mapping[Reason, tuple[str, ...]]:
    """The facts that a reason may be told with, beside what any finding may name (`BESIDE`)."""
    return {Reason(reason): tuple(names) for reason, names in _table("reasons").items()}


def _table(name: str) -> dict[str, str]:
    table: dict[str, str] = tomllib.loads(shipped_bytes("facts.toml").decode("utf-8"))[name]
    return table
