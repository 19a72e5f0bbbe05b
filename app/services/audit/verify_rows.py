"""Whether rows that are final are as they were marked (Art. 10, 22, 29): every column of them, whether an entry of the
log repeats it or not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import cast
from uuid import UUID

from app.store import row_marks, unreadable
from app.store.database import ReadSession
from app.store.final_rows import FinalRow, Part, marked_table
from app.store.privacy import was_anonymised
from app.store.row_marks import RowMark
from app.store.sealed import seals_of

# A row's key as it is told: without the signs of JSON.
_UNQUOTED = str.maketrans(dict.fromkeys('[]"'))


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that is not as it was marked, or a mark that does not follow the one before; and what is wrong with it."""

    where: str
    what: str


@dataclass(slots=True)
class Marks:
    """How many marks were looked at, and of which keys that are not in the file how many are."""

    count: int
    closed: dict[str, int]


async def faults(session: ReadSession, marks: Marks) -> AsyncIterator[RowFault]:
    """Every mark against the one before, and against its row."""
    last = row_marks.GENESIS
    while batch := await row_marks.following(session, marks.count):
        for mark in batch:
            if mark.position != marks.count + 1:
                yield RowFault(f"row_marks {marks.count + 1}", f"missing up to {mark.position - 1}")
            if row_marks.linked(last, mark) != mark.hash:
                yield RowFault(f"row_marks {mark.position}", "altered, or does not follow the one before it")
            marks.count, last = mark.position, mark.hash
        for name, some in groupby(sorted(batch, key=lambda mark: mark.of_table), key=lambda mark: mark.of_table):
            spec = marked_table(name)
            if spec is None:
                yield RowFault(f"row_marks of {name}", "nothing of this table is marked")
                continue
            async for fault in _of_table(session, spec, list(some), marks):
                yield fault
        session.expunge_all()


async def _of_table(
    session: ReadSession, spec: FinalRow, batch: Sequence[RowMark], marks: Marks
) -> AsyncIterator[RowFault]:
    rows, seals = await _rows(session, spec, sorted({mark.of_row for mark in batch})), seals_of(session)
    for mark in batch:
        row, part = rows.get(mark.of_row), spec.part(mark.part)
        if part is None:
            yield RowFault(f"row_marks {mark.position}", f"no part of {mark.of_table} is called {mark.part}")
        elif mark.of_row in rows and row is None:
            yield RowFault(_place(mark), unreadable.WHAT)
        elif row is None:
            yield RowFault(_place(mark), f"it was there at {_at(mark)}, and is gone")
        elif (kid := seals.missing_key_of_mark(mark.mark)) is not None:
            marks.closed[kid] = marks.closed.get(kid, 0) + 1
        elif not row_marks.holds(seals, spec, part, row, mark.mark) and not await _anonymised(session, part, row):
            yield RowFault(_place(mark), f"what was final of it at {_at(mark)} was changed since: {mark.part}")


async def _rows(session: ReadSession, spec: FinalRow, keys: Sequence[str]) -> Mapping[str, Mapping[str, object] | None]:
    """Rows by their keys, of those that are there; None for one that cannot be read."""
    try:
        return await row_marks.rows_with(session, spec, keys)
    except Exception as error:
        if not unreadable.cannot_be_read(error):
            raise
    each = await unreadable.singly(keys, lambda key: row_marks.rows_with(session, spec, [key]))
    return {key: None if one is None else one[key] for key, one in zip(keys, each, strict=True) if one is None or one}


async def _anonymised(session: ReadSession, part: Part, row: Mapping[str, object]) -> bool:
    if part.forgotten_as is None:
        return False
    subject_type, column = part.forgotten_as
    return await was_anonymised(session, subject_type, cast(UUID, row[column]))


def _place(mark: RowMark) -> str:
    return f"{mark.of_table} {mark.of_row.translate(_UNQUOTED)}"


def _at(mark: RowMark) -> str:
    return mark.at.isoformat(timespec="seconds")
