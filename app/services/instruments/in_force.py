"""Instruments, readings and working days, shipped and registered together."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from app.kernel.stored import read_parameters
from app.measures.instruments import (
    Instrument,
    InstrumentKind,
    Parameters,
    head_of,
    instrument_on,
    shipped_instruments,
)
from app.measures.interpretations import Readings, RegisteredReading, readings_on
from app.measures.working_days import HolidayYear, WorkingCalendar
from app.store import instruments as store
from app.store.database import ReadSession
from app.store.rounds import Round

_SOURCE = "State Council holiday notices, as published with chinesecalendar"


async def instruments(session: ReadSession) -> tuple[Instrument, ...]:
    """The shipped instrument and every registered extension or successor."""
    rows = await store.instruments(session)
    return shipped_instruments() + tuple(as_instrument(row) for row in rows)


async def head_of_line(session: ReadSession, number: str | None, day: date) -> str | None:
    """The number of the original or successor in whose line this instrument stands; where none is named, the one in
    force on the day. None where there is none."""
    known = await instruments(session)
    wanted = number
    if wanted is None:
        found = instrument_on(day, known)
        wanted = None if found is None else found.number
    head = None if wanted is None else head_of(wanted, known)
    return None if head is None else head.number


def as_instrument(row: store.RegisteredInstrument) -> Instrument:
    """A registered row as the measures see it."""
    return Instrument(
        number=row.number,
        title_zh=row.title_zh,
        title_en=row.title_en,
        kind=InstrumentKind(row.kind),
        extends=row.extends,
        in_force_from=row.in_force_from,
        in_force_to=row.in_force_to,
        parameters=None if row.parameters is None else read_parameters(row.parameters),
        dated=row.document_date,
        retroactive=row.retroactive,
    )


def parameters_record(parameters: Parameters) -> dict[str, object]:
    """Parameters as they are stored, name → value."""
    return asdict(parameters)


async def registered_readings(session: ReadSession) -> tuple[RegisteredReading, ...]:
    """The entries of the interpretation register, in the order of their registration."""
    rows = await store.interpretations(session)
    return tuple(RegisteredReading(row.key, row.value, row.document, row.effective_on) for row in rows)


async def readings(session: ReadSession, day: date) -> Readings:
    """How the open questions are read on this day."""
    return readings_on(day, await registered_readings(session))


async def cited(session: ReadSession, day: date, *keys: str) -> list[dict[str, str | None]]:
    """How these questions are read on this day, for the record of an act that rests on them (Art. 32)."""
    found = await readings(session, day)
    return [found.cite(key) for key in keys]


async def working_calendar(session: ReadSession) -> WorkingCalendar:
    """Published years, and the later ones that the office has imported; an import replaces a published year."""
    years = dict(_published_years())
    for row in await store.holiday_years(session):
        years[row.year] = HolidayYear(
            frozenset(date.fromisoformat(day) for day in row.holidays),
            frozenset(date.fromisoformat(day) for day in row.workdays),
            row.source,
        )
    return WorkingCalendar(MappingProxyType(years))


@cache
def _published_years() -> dict[int, HolidayYear]:
    from chinese_calendar import constants as published

    years = {day.year for day in published.holidays}
    return {
        year: HolidayYear(
            frozenset(day for day in published.holidays if day.year == year),
            frozenset(day for day in published.workdays if day.year == year),
            _SOURCE,
        )
        for year in years
    }


@dataclass(frozen=True, slots=True)
class Terms:
    """What a round's call has frozen for every test of its applications, read once."""

    parameters: Parameters
    readings: Readings


def round_terms(row: Round) -> Terms:
    """The parameters and readings frozen into a round at its call."""
    return Terms(round_parameters(row), round_readings(row))


def round_parameters(row: Round) -> Parameters:
    """The parameters frozen into a round at its call."""
    if row.parameters is None:
        raise RuntimeError("a round has no parameters before its call")
    return read_parameters(row.parameters)


def round_readings(row: Round) -> Readings:
    """The readings frozen into a round at its call."""
    frozen = row.readings or {"values": {}, "documents": {}}
    defaults = readings_on(date.min)
    return Readings(
        MappingProxyType({**defaults.values, **frozen["values"]}), MappingProxyType(dict(frozen["documents"]))
    )
