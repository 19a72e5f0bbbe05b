"""The holidays and make-up working days of a year (Art. 21)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from app.kernel import audit
from app.kernel.context import WriteContext
from app.kernel.errors import refuse
from app.measures.working_days import HolidayYear, holiday_year_usable
from app.services.days import cited_in_time
from app.store import instruments as store


async def import_holiday_year(
    context: WriteContext, *, year: int, holidays: Collection[date], workdays: Collection[date], source: str
) -> store.HolidayYearRow:
    """The holidays and make-up working days of a year, as the yearly notice gives them. An amended notice replaces the
    year as a whole; periods that were announced keep the last day announced."""
    await store.alone(context.session)
    cited_in_time("/source", source, latest=context.today, earliest=date(year - 1, 1, 1))
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
