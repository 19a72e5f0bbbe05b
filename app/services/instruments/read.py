"""The law as it stands on a day, for everybody to read: instruments, the register of interpretations, holiday years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel.context import ReadContext
from app.measures.instruments import Instrument, instrument_on, shipped_instruments
from app.measures.interpretations import Interpretation, Readings, interpretations, readings_on
from app.measures.working_days import HolidayYear
from app.services.instruments import in_force
from app.store import instruments as store


@dataclass(frozen=True, slots=True)
class Instruments:
    """Shipped ones, registered ones, and the one in force today with the parameters that it carries, if any."""

    shipped: Sequence[Instrument]
    registered: Sequence[store.RegisteredInstrument]
    today: Instrument | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its entries, oldest first. `shipped` None: a registered one, which switches nothing."""

    key: str
    shipped: Interpretation | None
    entries: Sequence[store.RegisteredInterpretation]


@dataclass(frozen=True, slots=True)
class HolidayYearKnown:
    """A year that the service can count in. `imported` by the office, or shipped."""

    year: int
    data: HolidayYear
    imported: bool


async def list_instruments(context: ReadContext) -> Instruments:
    """Every normative document that the service knows (Art. 33)."""
    rows = await store.instruments(context.session)
    known = shipped_instruments() + tuple(in_force.as_instrument(row) for row in rows)
    return Instruments(shipped_instruments(), rows, instrument_on(context.today, known))


async def list_interpretations(context: ReadContext) -> tuple[Readings, Sequence[Question]]:
    """Today's readings and every question, the shipped ones first (Art. 32)."""
    entries: defaultdict[str, list[store.RegisteredInterpretation]] = defaultdict(list)
    for row in await store.interpretations(context.session):
        entries[row.key].append(row)
    today = readings_on(context.today, await in_force.registered_readings(context.session))
    shipped = [Question(key, item, entries.pop(key, [])) for key, item in interpretations().items()]
    return today, [*shipped, *(Question(key, None, rows) for key, rows in sorted(entries.items()))]


async def list_holiday_years(context: ReadContext) -> Sequence[HolidayYearKnown]:
    """The years that can be counted in, in order (Art. 21). A day of any other year is unknown, never guessed."""
    calendar = await in_force.working_calendar(context.session)
    imported = {row.year for row in await store.holiday_years(context.session)}
    return [HolidayYearKnown(year, calendar.years[year], year in imported) for year in sorted(calendar.years)]
