"""Rows that an act may replace as a whole, against the newest entry that tells of them (Art. 11, 21): a deliberation,
the verification of an applicant's record, a year of holidays. No mark can speak of them, and their entry has it all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Row, Table, func, select

from app.store.audit import AuditEntry, EntryOutcome
from app.store.consistency import Disagreement
from app.store.database import ReadSession
from app.store.models import Base

_TABLES = Base.metadata.tables
# Of few rows: a deliberation has a conclusion on every application of its round.
_BATCH = 20


@dataclass(frozen=True, slots=True)
class ReplacedRow:
    """Of a table whose rows an act replaces: the act, the column that tells its rows apart and how an entry names that
    row, the columns that an entry repeats, and those with who acted and when."""

    table: Table
    act: str
    key: str
    names: Callable[[AuditEntry], object]
    told: tuple[str, ...]
    by: str
    at: str | None = None

    @property
    def columns(self) -> frozenset[str]:
        """The columns that are compared with the entry."""
        return frozenset({*self.told, self.by} | ({self.at} if self.at else set()))


def _subject(entry: AuditEntry) -> object:
    return entry.subject_id


def _year(entry: AuditEntry) -> object:
    return entry.details.get("year")


REPLACED_ROWS = (
    ReplacedRow(
        _TABLES["deliberations"],
        "record_deliberation",
        "round_id",
        _subject,
        ("meeting_on", "members", "present", "chair", "offices", "minutes", "conclusions"),
        "recorded_by",
        "created_at",
    ),
    ReplacedRow(
        _TABLES["social_verifications"],
        "verify_record",
        "application_id",
        _subject,
        ("outcome", "evidence", "reason"),
        "recorded_by",
        "created_at",
    ),
    ReplacedRow(
        _TABLES["holiday_years"],
        "import_holiday_year",
        "year",
        _year,
        ("holidays", "workdays", "source"),
        "imported_by",
    ),
)


async def replaced(session: ReadSession) -> AsyncIterator[Disagreement]:
    """Where such a row is not what its newest entry says, has none, or is gone."""
    for kind in REPLACED_ROWS:
        newest = await _newest(session, kind)
        keys = list((await session.execute(select(kind.table.c[kind.key]).order_by(kind.table.c[kind.key]))).scalars())
        for key in sorted(newest.keys() - set(keys), key=str):
            yield Disagreement(kind.table.name, str(key), "the log tells of it, and its row is gone")
        for start in range(0, len(keys), _BATCH):
            some = keys[start : start + _BATCH]
            entries = await _entries(session, [newest[key] for key in some if key in newest])
            for row in (await session.execute(select(kind.table).where(kind.table.c[kind.key].in_(some)))).all():
                what = _wrong(kind, row, entries.get(newest.get(row._mapping[kind.key], 0)))
                if what is not None:
                    yield Disagreement(kind.table.name, str(row._mapping[kind.key]), what)
            session.expunge_all()


async def _newest(session: ReadSession, kind: ReplacedRow) -> dict[object, int]:
    """By row the number of the entry that tells of it last."""
    done = (AuditEntry.act == kind.act, AuditEntry.outcome == EntryOutcome.DONE)
    if kind.names is _subject:
        rows = await session.execute(
            select(AuditEntry.subject_id, func.max(AuditEntry.seq)).where(*done).group_by(AuditEntry.subject_id)
        )
        return {row[0]: row[1] for row in rows.all()}
    found = await session.execute(select(AuditEntry).where(*done).order_by(AuditEntry.seq))
    return {kind.names(entry): entry.seq for entry in found.scalars()}


async def _entries(session: ReadSession, numbers: Sequence[int]) -> Mapping[int, AuditEntry]:
    found = await session.execute(select(AuditEntry).where(AuditEntry.seq.in_(numbers)))
    return {entry.seq: entry for entry in found.scalars()}


def _wrong(kind: ReplacedRow, row: Row[tuple[object, ...]], entry: AuditEntry | None) -> str | None:
    if entry is None:
        return "the log does not tell of it"
    own = {name: _plain(row._mapping[name]) for name in kind.columns}
    said = {**{name: entry.details.get(name) for name in kind.told}, kind.by: _plain(entry.actor_id)}
    if kind.at is not None:
        said[kind.at] = _plain(entry.at)
    others = sorted(name for name in kind.columns if own[name] != said[name])
    return f"entry {entry.seq} tells otherwise: {', '.join(others)}" if others else None


def _plain(value: object) -> object:
    """A value of a column as an entry has it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
