"""What counts on a day of what people record and decide: an act that is dated back is judged by it (Arts. 13, 22)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.kernel.clock import shanghai_day
from app.measures.facts import RecordFinding, Severity
from app.measures.stated_days import Until, begun_by, stood_on
from app.services.organisations.former_profiles import registrations_on
from app.store import qualification
from app.store.database import ReadSession
from app.store.organisations import Organisation
from app.store.organisations.profiles import Registration, registration_of


def made_by(day: date | None, at: datetime | None) -> bool:
    """Whether an act of that instant counts on the day; None: whatever was done counts."""
    return day is None or (at is not None and begun_by(day, shanghai_day(at)))


@dataclass(frozen=True, slots=True)
class Found:
    """What a person has decided of a record."""

    finding: RecordFinding
    attributable: bool | None
    severity: Severity | None


def found_now(row: qualification.AdverseRecord | qualification.FormerFinding) -> Found:
    """What a row says was decided."""
    return Found(RecordFinding(row.finding), row.attributable, None if row.severity is None else Severity(row.severity))


async def found_of(
    session: ReadSession, records: Sequence[qualification.AdverseRecord], day: date | None
) -> dict[UUID, Found]:
    """By record, what stood decided of it at the end of a day, where it was on record by then; what is decided of it
    now, where it was not, or where no day is asked about."""
    if day is None:
        return {row.id: found_now(row) for row in records}
    former: defaultdict[UUID, list[Until[Found]]] = defaultdict(list)
    for item in await qualification.former_findings(session, [row.id for row in records]):
        former[item.record_id].append(Until(shanghai_day(item.created_at), found_now(item)))
    return {
        row.id: stood_on(day, found_now(row), former[row.id] if made_by(day, row.created_at) else ()) for row in records
    }


async def registrations(
    session: ReadSession, organisations: Mapping[UUID, Organisation], day: date | None
) -> Mapping[UUID, Registration]:
    """These registrations, as they stood at the end of a day where one is asked about."""
    if day is None:
        return {key: registration_of(row) for key, row in organisations.items()}
    return await registrations_on(session, organisations, day)
