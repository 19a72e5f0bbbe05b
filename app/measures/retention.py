"""How long what leads to a person is kept, after which event and on which legal ground, and the notice of what it is
processed for: `data/retention.toml`. The measures name no period; the Personal Information Protection Law asks for the
shortest that the purpose needs (Art. 17 and 19 there)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import TypedDict, cast

from app.measures.dates import last_day_of_years
from app.measures.shipped import read_as, shipped_bytes
from app.measures.text import Text


class DataClass(StrEnum):
    """A class of data that leads to persons, for which a period is set."""

    OBJECTION_ORIGINAL = "objection_original"
    MARK_REPORT_ORIGINAL = "mark_report_original"
    APPLICATION_WITHOUT_AWARD = "application_without_award"
    APPLICATION_WITH_AWARD = "application_with_award"
    ORGANISATION_CONTACT = "organisation_contact"
    REVIEWER = "reviewer"
    ACCOUNT = "account"
    WEBHOOK = "webhook"


class Hold(StrEnum):
    """Why something whose period is over is kept yet: a case is pending."""

    CASE_OPEN = "case_open"
    ROUND_LIVE = "round_live"
    REVOCATION_OPEN = "revocation_open"
    MONEY_OPEN = "money_open"
    INVESTIGATES = "investigates"
    IN_POOL = "in_pool"


@dataclass(frozen=True, slots=True)
class RetentionPeriod:
    """Of one class: how many calendar years after the event it is kept, on which ground, and what becomes of it."""

    data_class: DataClass
    years: int
    what: Text
    event: Text
    becomes: Text
    ground: Text


@dataclass(frozen=True, slots=True)
class KeptForGood:
    """What is never anonymised, and on which ground."""

    what: Text
    ground: Text


@dataclass(frozen=True, slots=True)
class Purpose:
    """What data of whom is processed, for what, on which ground, who reads it, and which periods it has."""

    what: Text
    purpose: Text
    ground: Text
    readers: Text
    periods: tuple[DataClass, ...]


@dataclass(frozen=True, slots=True)
class Right:
    """What a person can ask for, by which article, and at which path of the service."""

    right: Text
    article: Text
    path: str


class _Shipped(TypedDict):
    anonymised: str
    periods: dict[str, dict[str, object]]
    handler: dict[str, object]
    kept: list[dict[str, object]]
    purposes: list[dict[str, object]]
    rights: list[dict[str, object]]


@cache
def _shipped() -> _Shipped:
    # TOML of our own, whose shape the tests hold.
    return cast(_Shipped, tomllib.loads(shipped_bytes("retention.toml").decode("utf-8")))


def anonymised_mark() -> str:
    """What stands in place of a text that was anonymised."""
    return _shipped()["anonymised"]


@cache
def retention_periods() -> Mapping[DataClass, RetentionPeriod]:
    """The period of every class, in the order of the data file."""
    return {
        DataClass(key): read_as(RetentionPeriod, {**raw, "data_class": key})
        for key, raw in _shipped()["periods"].items()
    }


def kept_for_good() -> Sequence[KeptForGood]:
    """What is always kept, and why."""
    return [read_as(KeptForGood, raw) for raw in _shipped()["kept"]]


def handler() -> Text:
    """Who answers for the data."""
    return read_as(Text, _shipped()["handler"])


def purposes() -> Sequence[Purpose]:
    """What personal data is processed for (Personal Information Protection Law, Art. 17)."""
    return [read_as(Purpose, raw) for raw in _shipped()["purposes"]]


def rights() -> Sequence[Right]:
    """What a person can ask for, and where."""
    return [read_as(Right, raw) for raw in _shipped()["rights"]]


def last_day_kept(data_class: DataClass, event_on: date) -> date:
    """The last day, included, on which data of the class is kept after an event of this day; calendar years."""
    return last_day_of_years(event_on, retention_periods()[data_class].years)


def due_on(data_class: DataClass, event_on: date) -> date:
    """The first day on which it is to be anonymised: the one after the last on which it is kept."""
    last = last_day_kept(data_class, event_on)
    return last if last == date.max else last + timedelta(days=1)


def is_due(data_class: DataClass, event_on: date, *, today: date) -> bool:
    """Whether the period after an event of this day is over."""
    return today > last_day_kept(data_class, event_on)
