"""Every sealed value of the database at once: whether it opens, and sealing it anew with the newest key."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Table, bindparam, literal_column, or_, select, text, update

from app.store import row_marks
from app.store.database import ReadSession, WriteSession
from app.store.first_schema.guards import lifted
from app.store.models import Base
from app.store.sealed import opened, sealed, seals_of
from app.store.seals import Seals

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Closed:
    """A value that does not open: its table, column and row, and the name of the key that would open it where that is
    what is missing."""

    table: str
    column: str
    row: UUID
    missing_key: str | None


async def any_sealed(session: ReadSession) -> bool:
    """Whether the database holds anything that is sealed, or marked, by keys outside of it."""
    if await row_marks.end(session) != row_marks.NONE_YET:
        return True
    for table, names in _sealed_columns():
        there = or_(*(table.c[name].is_not(None) for name in names))
        if (await session.execute(select(table.c.id).where(there).limit(literal_column("1")))).first() is not None:
            return True
    return False


async def closed(session: ReadSession) -> AsyncIterator[Closed]:
    """Every sealed value that does not open, in its place: changed, moved to another row, or of a key that is not
    there."""
    seals = seals_of(session)
    for table, names in _sealed_columns():
        async for row in _rows(session, table, names, locked=False):
            for name in names:
                if (value := getattr(row, name)) is not None and not _opens(seals, table, name, row.id, value):
                    yield Closed(table.name, name, row.id, seals.missing_key_of(value))


async def seal_anew(session: WriteSession) -> tuple[int, int]:
    """Seal with the newest key what another one has sealed: how many values were, and how many do not open and were
    left as they are. The account of the database owns the tables: rows that stay on record are let change for it."""
    seals, done, left = seals_of(session), 0, 0
    dialect = session.get_bind().dialect.name
    for table, names in _sealed_columns():
        allow, forbid = lifted(dialect, table.name)
        for statement in allow:
            await session.execute(text(statement))
        written = update(table).where(table.c.id == bindparam("of_row"))
        changed: list[dict[str, object]] = []
        async for row in _rows(session, table, names, locked=True):
            values = {name: getattr(row, name) for name in names}
            for name, value in values.items():
                if value is None or seals.is_newest(value):
                    continue
                if not _opens(seals, table, name, row.id, value):
                    left += 1
                    continue
                told = opened(seals, value, table=table.name, column=_text_of(name), row=row.id)
                values[name] = sealed(seals, told, table=table.name, column=_text_of(name), row=row.id)
                done += 1
            if any(values[name] is not getattr(row, name) for name in names):
                changed.append({"of_row": row.id, **values})
        if changed:
            await session.execute(written.values({name: bindparam(name) for name in names}), changed)
        for statement in forbid:
            await session.execute(text(statement))
    return done, left


def _opens(seals: Seals, table: Table, name: str, row: UUID, value: bytes) -> bool:
    try:
        opened(seals, value, table=table.name, column=_text_of(name), row=row)
    except ValueError:
        return False
    return True


def _text_of(name: str) -> str:
    return name.removeprefix("sealed_")


def _sealed_columns() -> Iterator[tuple[Table, list[str]]]:
    for table in Base.metadata.sorted_tables:
        names = [column.name for column in table.columns if column.name.startswith("sealed_")]
        if names:
            yield table, names


async def _rows(
    session: ReadSession,
    table: Table,
    names: list[str],
    *,
    locked: bool,
) -> AsyncIterator[Row[Any]]:  # Any: the id, and as many values as there are columns.
    columns = [table.c.id, *(table.c[name] for name in names)]
    after: UUID | None = None
    while True:
        query = select(*columns).order_by(table.c.id).limit(literal_column(str(_BATCH)))
        if after is not None:
            query = query.where(table.c.id > after)
        rows = (await session.execute(query.with_for_update() if locked else query)).all()
        for row in rows:
            yield row
        if len(rows) < _BATCH:
            return
        after = rows[-1].id
