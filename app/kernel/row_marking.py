"""Marks rows that have become final, before the next checkpoint is signed: whoever changes one afterwards past the
service is found by it, in whatever column."""

from __future__ import annotations

from app.kernel.clock import Clock
from app.store import row_marks
from app.store.database import Database
from app.store.final_rows import final_rows
from app.store.row_marks import End, Key


async def mark_final_rows(database: Database, clock: Clock) -> End:
    """Mark whatever is final and has no mark yet, a batch in each transaction; the last mark. What is killed between
    leaves marks that the next checkpoint signs."""
    # Without the keys nothing is marked; a service does not start without them where anything was.
    for spec in final_rows() if database.reader.seals is not None else ():
        after: Key | None = None
        while True:
            async with database.reading() as reading:
                looked = await row_marks.look(reading, spec, after=after)
            if looked.unmarked:
                async with database.writing() as session:
                    await row_marks.append(session, looked.unmarked, at=clock.now())
                    await session.commit()
            if (after := looked.last) is None:
                break
    async with database.reading() as session:
        return await row_marks.end(session)
