"""What the facts of findings hold, as `data/facts.toml` says it: of which kind each is, and which a reason may be told
with. No rule is decided here; the contract is made from it, and the tests hold every finding to it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.measures.asks import IndicatorUnit, NoticeCounting
from app.measures.deadlines import Step
from app.measures.facts import HonourLevel, LegalForm, RecordCategory, RecordFinding, Severity, UnitKind
from app.measures.objections import ObjectionLack
from app.measures.publicity import MediumKind
from app.measures.reasons import Reason
from app.measures.removal import RemovalGround, WithdrawalGround
from app.measures.review_rules import FormPart
from app.measures.reviewers import UndertakingKind
from app.measures.reviews import Stage
from app.measures.revocations import AccidentGrade, Ground, RevocationKind
from app.measures.roles import Role
from app.measures.sectors import SeatCategory, SectorTag
from app.measures.shipped import shipped_bytes
from app.measures.state_machines import AwardState, DisbursementState
from app.measures.title_use import TitleUseKind
from app.measures.validity import CertificateStatus

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


@dataclass(frozen=True, slots=True)
class Words:
    """A fact that holds a word of an enumeration, or several of them."""

    of: type[StrEnum]
    several: bool = False


_ENUMERATIONS: Mapping[str, type[StrEnum]] = {
    words.__name__: words
    for words in (
        AccidentGrade,
        AwardState,
        CertificateStatus,
        DisbursementState,
        FormPart,
        Ground,
        HonourLevel,
        IndicatorUnit,
        LegalForm,
        MediumKind,
        NoticeCounting,
        ObjectionLack,
        Reason,
        RecordCategory,
        RecordFinding,
        RemovalGround,
        RevocationKind,
        Role,
        SeatCategory,
        SectorTag,
        Severity,
        Stage,
        Step,
        TitleUseKind,
        UndertakingKind,
        UnitKind,
        WithdrawalGround,
    )
}
_SEVERAL = "several of "


@cache
def fact_kinds() -> Mapping[str, tuple[FactKind | Words, ...]]:
    """Every fact by its name, with each kind of value that it may hold."""
    return {name: tuple(map(_kind, kinds.split(" or "))) for name, kinds in _table("kinds").items()}


def _kind(told: str) -> FactKind | Words:
    words = _ENUMERATIONS.get(told.removeprefix(_SEVERAL))
    return FactKind(told) if words is None else Words(words, several=told.startswith(_SEVERAL))


@cache
def facts_by_reason() -> Mapping[Reason, tuple[str, ...]]:
    """The facts that a reason may be told with, beside what any finding may name (`BESIDE`)."""
    return {Reason(reason): tuple(names) for reason, names in _table("reasons").items()}


def _table(name: str) -> dict[str, str]:
    table: dict[str, str] = tomllib.loads(shipped_bytes("facts.toml").decode("utf-8"))[name]
    return table
