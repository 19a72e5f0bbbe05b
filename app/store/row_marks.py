"""Marks of rows that are final: a keyed hash of what of a row no act changes any more, chained to the mark before. A
checkpoint signs how many there are and the hash of the last, so that a row which was changed past the service is found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Protocol, cast
from uuid import UUID

from sqlalchemy import Table, UniqueConstraint, insert, literal, literal_column, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from app.measures.hashes import canonical_json
from app.store.base import Base
from app.store.database import ReadSession, WriteSession
from app.store.final_rows import FinalRow, Part
from app.store.sealed import opened, seals_of
from app.store.seals import Seals

GENESIS = "0" * 64
BATCH = 200
# The values of a row's key, in the order of its columns.
Key = Sequence[object]
_PURPOSE = "row mark"


class RowMark(Base):
    """The mark of a part of a row. Triggers in the database refuse update and delete."""

    __tablename__ = "row_marks"
    __table_args__ = (UniqueConstraint("of_table", "of_row", "part"),)

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    of_table: Mapped[str]
    # The row's key, as JSON: a list of its columns' values as text.
    of_row: Mapped[str]
    part: Mapped[str]
    # The name of the key that made it, and the keyed hash: nobody tries guesses at what was anonymised.
    mark: Mapped[str]
    at: Mapped[datetime]
    hash: Mapped[str] = mapped_column(unique=True)


class End(NamedTuple):
    """How many marks there are, and the hash of the last."""

    position: int
    hash: str


NONE_YET = End(0, GENESIS)


class _Row(Protocol):
    """A row of whatever columns, by their names."""

    def _asdict(self) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class Unmarked:
    """A part of a row that has become final, with the keyed hash of its content."""

    of_table: str
    of_row: str
    part: str
    mark: str


async def end(session: ReadSession) -> End:
    """The last mark."""
    query = select(RowMark.position, RowMark.hash).order_by(RowMark.position.desc()).limit(literal_column("1"))
    row = (await session.execute(query)).first()
    return NONE_YET if row is None else End(row.position, row.hash)


async def hashes_at(session: ReadSession, positions: Collection[int]) -> dict[int, str]:
    """The hashes of the marks with these numbers, of those that are there."""
    query = select(RowMark.position, RowMark.hash).where(RowMark.position.in_(positions))
    return {0: GENESIS} | {row.position: row.hash for row in (await session.execute(query)).all()}


async def append(session: WriteSession, items: Sequence[Unmarked], *, at: datetime) -> None:
    """Add marks to the end. Who comes to the same end at the same time is refused by its key, and comes again."""
    position, last = await end(session)
    rows = []
    for item in items:
        position += 1
        row = RowMark(
            position=position, of_table=item.of_table, of_row=item.of_row, part=item.part, mark=item.mark, at=at
        )
        last = linked(last, row)
        rows.append({**_fields(row), "at": at, "hash": last})
    await session.execute(insert(cast(Table, RowMark.__table__)), rows)


async def following(session: ReadSession, position: int) -> Sequence[RowMark]:
    """The marks after this number in their order, a batch of them."""
    query = select(RowMark).where(RowMark.position > position).order_by(RowMark.position)
    return (await session.execute(query.limit(literal_column(str(BATCH))))).scalars().all()


def linked(previous: str, row: RowMark) -> str:
    """The hash of a mark: over the one before it and what it says."""
    return hashlib.sha256(f"{previous}\n{canonical_json(_fields(row))}".encode()).hexdigest()


def _fields(row: RowMark) -> dict[str, object]:
    return {
        "position": row.position,
        "of_table": row.of_table,
        "of_row": row.of_row,
        "part": row.part,
        "mark": row.mark,
        "at": row.at.isoformat(),
    }


@dataclass(frozen=True, slots=True)
class Looked:
    """A page of a table: what of it is final and has no mark, and the key to go on from; None at the end."""

    unmarked: Sequence[Unmarked]
    last: Key | None


async def look(session: ReadSession, spec: FinalRow, *, after: Key | None) -> Looked:
    """The next page of a table, in the order of its key."""
    rows, last = await _page(session, spec, after)
    due = [(key_of(spec, row), part) for row in rows for part in spec.parts if part.is_final(row)]
    known = await _known(session, spec, {key for key, _ in due})
    new = [(key, part) for key, part in due if (key, part.name) not in known]
    whole, seals = await rows_with(session, spec, {key for key, _ in new}), seals_of(session)
    found = [
        Unmarked(spec.table.name, key, part.name, mark)
        for key, part in new
        if key in whole and (mark := mark_of(seals, spec, part, whole[key])) is not None
    ]
    return Looked(found, last)


async def rows_with(session: ReadSession, spec: FinalRow, keys: Collection[str]) -> dict[str, Mapping[str, object]]:
    """Whole rows by their keys, of those that are there."""
    if not keys:
        return {}
    wanted = [values for key in keys if (values := spec.values_of(key)) is not None]
    query = select(spec.table).where(tuple_(*spec.table.primary_key).in_(wanted))
    return {key_of(spec, row): row for row in _told((await session.execute(query)).all())}


def key_of(spec: FinalRow, row: Mapping[str, object]) -> str:
    """A row's key as a mark names it."""
    return canonical_json([_plain(row[column.name]) for column in spec.table.primary_key])


def mark_of(seals: Seals, spec: FinalRow, part: Part, row: Mapping[str, object]) -> str | None:
    """The keyed hash of what this part of the row holds; None where something of it does not open."""
    try:
        return seals.mark(_content(seals, spec, part, row), purpose=_PURPOSE)
    except ValueError:
        # What does not open is told where sealed values are looked at.
        return None


def holds(seals: Seals, spec: FinalRow, part: Part, row: Mapping[str, object], mark: str) -> bool:
    """Whether the mark was made of what the row holds now."""
    try:
        return seals.is_mark_of(mark, _content(seals, spec, part, row), purpose=_PURPOSE)
    except ValueError:
        return False


async def _page(
    session: ReadSession, spec: FinalRow, after: Key | None
) -> tuple[Sequence[Mapping[str, object]], Key | None]:
    keys = list(spec.table.primary_key)
    names = dict.fromkeys([*(column.name for column in keys), *spec.asked])
    query = select(*(spec.table.c[name] for name in names)).order_by(*keys)
    if after is not None:
        came = tuple_(*(literal(value, column.type) for column, value in zip(keys, after, strict=True)))
        query = query.where(tuple_(*keys) > came)
    rows = _told((await session.execute(query.limit(literal_column(str(BATCH))))).all())
    return rows, [rows[-1][column.name] for column in keys] if len(rows) == BATCH else None


def _told(rows: Sequence[_Row]) -> list[Mapping[str, object]]:
    return [row._asdict() for row in rows]


async def _known(session: ReadSession, spec: FinalRow, keys: set[str]) -> set[tuple[str, str]]:
    if not keys:
        return set()
    query = select(RowMark.of_row, RowMark.part).where(RowMark.of_table == spec.table.name, RowMark.of_row.in_(keys))
    return {(row.of_row, row.part) for row in (await session.execute(query)).all()}


def _content(seals: Seals, spec: FinalRow, part: Part, row: Mapping[str, object]) -> bytes:
    told: dict[str, object] = {"": [spec.table.name, key_of(spec, row), part.name]}
    for name in part.columns:
        value = row[name]
        if isinstance(value, bytes):
            # Sealing anew changes the bytes, and not what they say.
            text = name.removeprefix("sealed_")
            value = opened(seals, value, table=spec.table.name, column=text, row=cast(UUID, row["id"]))
        told[name] = _plain(value)
    return canonical_json(told).encode()


def _plain(value: object) -> object:
    """A value as it is hashed, from whichever database it comes."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value) if isinstance(value, UUID) else value
