"""What was delivered to whom, put on record in groups: readers who come at once share one transaction and one look at
the end of the chain. None of them has his answer before it is on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.kernel.group_commit import GroupCommit
from app.store import audit as chain
from app.store.database import Database, WriteSession


class Deliveries:
    """The record of a worker's deliveries."""

    def __init__(self, database: Callable[[], Database]) -> None:
        self._group: GroupCommit[chain.Note, None] = GroupCommit(database, _write)

    async def record(self, note: chain.Note) -> None:
        """Put a delivery on record. It is there when this returns; where it cannot be, the database's error is raised,
        and nothing may be delivered."""
        await self._group.one(note)


async def _write(session: WriteSession, notes: Sequence[chain.Note]) -> Sequence[None]:
    await chain.append(session, *notes)
    return [None] * len(notes)
