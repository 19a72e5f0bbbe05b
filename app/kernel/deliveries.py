"""What was delivered to whom, put on record in batches: readers who come at once share one transaction and one look at
the end of the chain. None of them has his answer before it is on record."""

from __future__ import annotations

import asyncio

from app.store import audit as chain
from app.store.database import Database


class Deliveries:
    """The record of a worker's deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[chain.Note, asyncio.Future[None]]] = []
        self._at_work: asyncio.Task[None] | None = None

    async def record(self, note: chain.Note) -> None:
        """Put a delivery on record. It is there when this returns; where it cannot be, the database's error is raised,
        and nothing may be delivered."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((note, done))
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._work())
        await done

    async def _work(self) -> None:
        # Whoever comes while a batch is written waits for the next.
        while self._waiting:
            batch, self._waiting = self._waiting, []
            error = await self._write([note for note, _ in batch])
            for _, done in batch:
                if done.done():
                    continue
                if error is None:
                    done.set_result(None)
                else:
                    done.set_exception(error)
        self._at_work = None

    async def _write(self, notes: list[chain.Note]) -> Exception | None:
        try:
            async with self._database.writing() as session:
                await chain.append(session, *notes)
                await session.commit()
        except Exception as error:
            return error
        return None
