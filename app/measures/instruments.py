"""What is in force (Art. 33): the numbers of the law as dated data, one instrument per normative document, between two
days.

A trial ends by itself. An extension carries the numbers of the instrument it extends; a successor brings its own and
ends whatever was in force before it. Nothing here knows today's date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TypedDict

from app.measures.findings import Finding, fails, passes
from app.measures.plain import Fact, Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.shipped import read_as, shipped_json
from app.measures.text import plain_number, same_document


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of one instrument: whole years, days, rounds and seats, the prize in fen, a six-digit county code."""

    cycle_years: int
    seats_manufacturing: int
    seats_other: int
    interval_rounds: int
    prize_fen: int
    publicity_days: int
    validity_years: int
    exclusion_years_fraud: int
    exclusion_years_grounds: int
    lookback_years: int
    record_years: int
    operating_age_years: int
    profitable_years: int
    safety_level_max: int
    county_code: str


class InstrumentKind(StrEnum):
    """The measures themselves, a document that lengthens them, one that takes their place (Art. 33)."""

    ORIGINAL = "original"
    EXTENSION = "extension"
    SUCCESSOR = "successor"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One normative document. Both dates are days in force (`in_force_to` None: no end stated). `extends` is the number
    of the extended instrument, `parameters` is None for an extension. `dated`: the day of the document (None: before
    its force); `retroactive`: it states that it has force from before that day."""

    number: str
    title_zh: str
    title_en: str
    kind: InstrumentKind
    extends: str | None
    in_force_from: date
    in_force_to: date | None
    parameters: Parameters | None
    dated: date | None = None
    retroactive: bool = False

    @property
    def effective_from(self) -> date:
        """The first day in force: the day that it states, and not before its own date unless it says so (Art. 33)."""
        if self.dated is None or self.retroactive:
            return self.in_force_from
        return max(self.in_force_from, self.dated)

    def covers(self, day: date) -> bool:
        """Whether it is in force on that day, first and last included (Art. 33)."""
        return self.effective_from <= day and (self.in_force_to is None or day <= self.in_force_to)


@cache
def shipped_instruments() -> tuple[Instrument, ...]:
    """The instruments that come with the service: the trial measures of 2023."""
    return (_read_instrument(_shipped_data()),)


@cache
def parameter_articles() -> Mapping[str, str]:
    """Which article each parameter comes from, e.g. `prize_fen` → "8"."""
    return MappingProxyType({name: item["article"] for name, item in _shipped_data()["parameters"].items()})


def instrument_on(day: date, instruments: Sequence[Instrument]) -> Instrument | None:
    """The instrument in force on `day`, or None before the first and after a lapse.

    Only the line of the latest original or successor that has begun counts: a successor ends the line before it for
    good. An extension is returned with the parameters that it carries over.
    """
    root = _begun(day, instruments)
    if root is None:
        return None
    line = [item for item in instruments if item.covers(day) and _root(item, instruments) is root]
    if not line:
        return None
    chosen = root if root in line else max(line, key=lambda item: item.in_force_from)
    return replace(chosen, parameters=root.parameters)


def head_of(number: str, instruments: Sequence[Instrument]) -> Instrument | None:
    """The original or successor in whose line the instrument of this number stands: an extension goes on with what it
    extends (Art. 33). None for a number that no instrument has, however it is written."""
    found = next((item for item in instruments if same_document(item.number, number)), None)
    return None if found is None else _root(found, instruments)


def parameters_on(day: date, instruments: Sequence[Instrument]) -> Parameters | None:
    """The parameters in force on `day`, or None where no instrument is."""
    found = instrument_on(day, instruments)
    return None if found is None else found.parameters


@rule("art33.in_force")
def call_in_force(*, day: date, instruments: Sequence[Instrument]) -> list[Finding]:
    """A call dated `day` needs an instrument in force on it (Art. 33)."""
    found = instrument_on(day, instruments)
    if found is not None:
        return [_in_force(found, day)]
    return [_lapsed(day, instruments, Reason.MEASURES_LAPSED)]


@rule("art33.in_force")
def approval_in_force(
    *, day: date, instruments: Sequence[Instrument], transitional_basis: str | None = None
) -> list[Finding]:
    """An approval dated `day` needs an instrument in force, or after a lapse a recorded transitional basis (Art. 33).

    `transitional_basis` names the decision or document; it cannot stand in for measures that were never in force yet.
    """
    found = instrument_on(day, instruments)
    if found is not None:
        return [_in_force(found, day)]
    basis = (transitional_basis or "").strip()
    if basis and _begun(day, instruments) is not None:
        return [
            passes("art33.in_force", Reason.TRANSITIONAL_BASIS_RECORDED, day=day.isoformat(), transitional_basis=basis)
        ]
    return [_lapsed(day, instruments, Reason.TRANSITIONAL_BASIS_MISSING)]


def reaching_back(findings: Iterable[Finding]) -> str | None:
    """The instrument that a decision cites for a day before the instrument's own date, by its findings; None where it
    rests on none (Art. 33)."""
    found = (item for item in findings if item.reason is Reason.INSTRUMENT_REACHES_BACK)
    return next((str(item.facts["instrument"]) for item in found), None)


@rule("art33.in_force")
def instrument_registrable(*, new: Instrument, registered: Sequence[Instrument]) -> list[Finding]:
    """Whether `new` can be registered beside `registered`: no date may ever find two conflicting sets of numbers
    (Art. 33)."""
    findings = [*_own_defects(new, registered)]
    if new.kind is InstrumentKind.EXTENSION:
        findings += _extension_defects(new, registered)
    else:
        findings += _root_defects(new, registered)
    return findings or [_registrable(new)]


def _registrable(new: Instrument) -> Finding:
    if new.effective_from != new.in_force_from:
        return passes(
            "art33.in_force",
            Reason.IN_FORCE_FROM_ITS_DATE,
            effective_from=new.effective_from.isoformat(),
            **_period_facts(new),
        )
    return passes("art33.in_force", Reason.INSTRUMENT_REGISTRABLE, **_period_facts(new))


def _begun(day: date, instruments: Iterable[Instrument]) -> Instrument | None:
    """The latest original or successor that has begun by `day`."""
    begun = (item for item in instruments if item.kind is not InstrumentKind.EXTENSION and item.effective_from <= day)
    return max(begun, key=lambda item: item.effective_from, default=None)


def _root(item: Instrument, instruments: Iterable[Instrument]) -> Instrument | None:
    """The original or successor at the head of an extension's chain; None where the chain is broken or circular."""
    by_number = {plain_number(other.number): other for other in instruments}
    seen: set[str] = set()
    current: Instrument | None = item
    while current is not None and current.kind is InstrumentKind.EXTENSION:
        if current.number in seen or current.extends is None:
            return None
        seen.add(current.number)
        current = by_number.get(plain_number(current.extends))
    return current


def _own_defects(new: Instrument, registered: Sequence[Instrument]) -> list[Finding]:
    findings: list[Finding] = []
    if not new.number.strip() or any(same_document(item.number, new.number) for item in registered):
        findings.append(_refused(new, Reason.INSTRUMENT_NUMBER_UNUSABLE))
    # One that ends before its own date, and does not say that it reaches back, would never be in force.
    if new.in_force_to is not None and new.in_force_to < new.effective_from:
        findings.append(_refused(new, Reason.END_BEFORE_START))
    if new.parameters is not None:
        bad = [
            field.name
            for field in fields(Parameters)
            if field.name != "county_code" and not _positive(getattr(new.parameters, field.name))
        ]
        if not re.fullmatch(r"[0-9]{6}", new.parameters.county_code):
            bad.append("county_code")
        if bad:
            findings.append(_refused(new, Reason.PARAMETERS_INVALID, names=bad))
    return findings


def _extension_defects(new: Instrument, registered: Sequence[Instrument]) -> list[Finding]:
    findings: list[Finding] = []
    if new.parameters is not None:
        findings.append(_refused(new, Reason.EXTENSION_WITH_PARAMETERS))
    root = _root(new, registered)
    if root is None:
        findings.append(_refused(new, Reason.EXTENDED_INSTRUMENT_UNKNOWN, extends=new.extends))
        return findings
    if new.in_force_from < root.in_force_from:
        findings.append(_refused(new, Reason.EXTENSION_BEFORE_START))
    for other in registered:
        later = other.kind is not InstrumentKind.EXTENSION and other.in_force_from > root.in_force_from
        if later and (new.in_force_to is None or other.in_force_from <= new.in_force_to):
            findings.append(_refused(new, Reason.EXTENSION_PAST_SUCCESSOR, conflicts_with=other.number))
    return findings


def _root_defects(new: Instrument, registered: Sequence[Instrument]) -> list[Finding]:
    """An original must find its days free; a successor must begin after every line it ends."""
    findings: list[Finding] = []
    if new.parameters is None:
        findings.append(_refused(new, Reason.PARAMETERS_MISSING))
    if new.extends is not None:
        findings.append(_refused(new, Reason.EXTENDED_INSTRUMENT_WITHOUT_EXTENSION))
    for other in registered:
        if other.kind is InstrumentKind.EXTENSION:
            continue
        ends_it = new.kind is InstrumentKind.SUCCESSOR and other.in_force_from < new.in_force_from
        if not ends_it and _overlap(new, other.in_force_from, _line_end(other, registered)):
            findings.append(_refused(new, Reason.INSTRUMENTS_OVERLAP, conflicts_with=other.number))
    return findings


def _line_end(root: Instrument, instruments: Sequence[Instrument]) -> date:
    """The last day of an original or successor together with its extensions."""
    return max(item.in_force_to or date.max for item in instruments if _root(item, instruments) is root)


def _overlap(new: Instrument, first: date, last: date) -> bool:
    return new.in_force_from <= last and first <= (new.in_force_to or date.max)


def _positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _in_force(found: Instrument, day: date) -> Finding:
    if found.dated is not None and day < found.dated:
        return passes(
            "art33.in_force",
            Reason.INSTRUMENT_REACHES_BACK,
            day=day.isoformat(),
            dated=found.dated.isoformat(),
            **_period_facts(found),
        )
    return passes(
        "art33.in_force",
        Reason.INSTRUMENT_IN_FORCE,
        day=day.isoformat(),
        **_period_facts(found),
    )


def _lapsed(day: date, instruments: Sequence[Instrument], reason: Reason) -> Finding:
    root = _begun(day, instruments)
    if root is None:
        return fails("art33.in_force", Reason.NOT_YET_IN_FORCE, day=day.isoformat())
    # Of the line that has lapsed: an older line that ran longer on paper had ended with its successor.
    ended = (item.in_force_to for item in instruments if item.in_force_to and _root(item, instruments) is root)
    last = max(end for end in ended if end < day).isoformat()
    return fails("art33.in_force", reason, day=day.isoformat(), lapsed_on=last)


def _refused(new: Instrument, reason: Reason, /, **facts: Fact) -> Finding:
    return fails("art33.in_force", reason, **_period_facts(new), **facts)


def _period_facts(item: Instrument) -> Facts:
    end = item.in_force_to
    return {
        "instrument": item.number,
        "kind": item.kind.value,
        "in_force_from": item.in_force_from.isoformat(),
        "in_force_to": None if end is None else end.isoformat(),
    }


class _Number(TypedDict):
    value: int | str
    article: str


class _Shipped(TypedDict):
    number: str
    title_zh: str
    title_en: str
    kind: str
    extends: str | None
    in_force_from: str
    in_force_to: str | None
    parameters: dict[str, _Number]


def _shipped_data() -> _Shipped:
    data: _Shipped = shipped_json("instrument-2023.json")
    return data


def _read_instrument(data: _Shipped) -> Instrument:
    end = data["in_force_to"]
    return Instrument(
        number=data["number"],
        title_zh=data["title_zh"],
        title_en=data["title_en"],
        kind=InstrumentKind(data["kind"]),
        extends=data["extends"],
        in_force_from=date.fromisoformat(data["in_force_from"]),
        in_force_to=None if end is None else date.fromisoformat(end),
        parameters=read_as(Parameters, {name: item["value"] for name, item in data["parameters"].items()}),
    )
