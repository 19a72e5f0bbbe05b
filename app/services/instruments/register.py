"""The office keeps the law up to date: instruments (Art. 33), interpretations (Art. 32), holiday years (Art. 21)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.document_numbers import document_number
from app.measures.findings import Finding
from app.measures.instruments import Instrument, instrument_registrable
from app.measures.interpretations import RegisteredReading, reading_registrable
from app.measures.text import Text
from app.measures.working_days import HolidayYear, holiday_year_usable
from app.services.days import not_in_future
from app.services.instruments import in_force
from app.services.lifecycle import enter
from app.store import instruments as store


@dataclass(frozen=True, slots=True)
class Reading:
    """An entry of the register: the option chosen and the reading in words."""

    key: str
    value: str
    reading: Text
    document: str
    effective_on: date


async def register_instrument(
    context: WriteContext, *, new: Instrument, document_date: date
) -> tuple[store.RegisteredInstrument, Sequence[Finding]]:
    """An extension or a successor of what is registered; answers it with the findings, among them a warning of a number
    that is malformed."""
    await store.alone(context.session)
    not_in_future(document_date, context.today, "/document_date")
    readings = await in_force.readings(context.session, context.today)
    findings = [
        *instrument_registrable(new=new, registered=await in_force.instruments(context.session)),
        *document_number(number=new.number, day=document_date, readings=readings, rule_id="art33.in_force"),
    ]
    row = store.RegisteredInstrument(
        created_at=context.now,
        number=new.number,
        title_zh=new.title_zh,
        title_en=new.title_en,
        kind=new.kind,
        extends=new.extends,
        in_force_from=new.in_force_from,
        in_force_to=new.in_force_to,
        parameters=None if new.parameters is None else in_force.parameters_record(new.parameters),
        document_date=document_date,
        retroactive=new.retroactive,
        registered_by=context.actor.known_id,
    )
    noted = ("number", "kind", "in_force_from", "in_force_to", "parameters", "document_date", "retroactive")
    told = {name: getattr(row, name) for name in noted}
    await enter(context, row, "register_instrument", "instrument", findings=findings, **told)
    return row, findings


async def register_interpretation(
    context: WriteContext, *, entry: Reading
) -> tuple[store.RegisteredInterpretation, Sequence[Finding]]:
    """An entry of the register. Rounds that are called already go on with the readings frozen at their call."""
    await store.alone(context.session)
    plain = RegisteredReading(entry.key, entry.value, entry.document, entry.effective_on)
    findings = reading_registrable(entry=plain, registered=await in_force.registered_readings(context.session))
    row = store.RegisteredInterpretation(
        created_at=context.now,
        key=entry.key,
        value=entry.value,
        reading_zh=entry.reading.zh,
        reading_en=entry.reading.en,
        document=entry.document,
        effective_on=entry.effective_on,
        registered_by=context.actor.known_id,
    )
    told = {name: getattr(row, name) for name in ("key", "value", "document", "effective_on")}
    await enter(context, row, "register_interpretation", "interpretation", findings=findings, **told)
    return row, findings


async def import_holiday_year(
    context: WriteContext, *, year: int, holidays: Collection[date], workdays: Collection[date], source: str
) -> store.HolidayYearRow:
    """The holidays and make-up working days of a year, as the yearly notice gives them. An amended notice replaces the
    year as a whole; periods that were announced keep the last day announced."""
    await store.alone(context.session)
    data = HolidayYear(frozenset(holidays), frozenset(workdays), source)
    findings = holiday_year_usable(year=year, data=data)
    refuse(findings)
    listed = [day.isoformat() for day in sorted(data.holidays)]
    worked = [day.isoformat() for day in sorted(data.workdays)]
    row = await store.holiday_year(context.session, year)
    before = None if row is None else {"holidays": row.holidays, "workdays": row.workdays, "source": row.source}
    if row is None:
        row = store.HolidayYearRow(
            year=year, holidays=listed, workdays=worked, source=source, imported_by=context.actor.known_id
        )
        context.session.add(row)
    else:
        row.holidays, row.workdays, row.source = listed, worked, source
        row.imported_by = context.actor.known_id
    await context.session.flush()
    audit.record(
        context,
        "import_holiday_year",
        "holiday_year",
        None,
        findings=findings,
        year=year,
        holidays=listed,
        workdays=worked,
        source=source,
        replaced=before,
    )
    return row
