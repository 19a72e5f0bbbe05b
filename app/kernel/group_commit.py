"""Small acts that come at once are committed at once: one transaction, one look at the end of the audit chain, one wait
for the disk. None of them is answered before the commit that holds it; each has its own entry in the chain."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from app.store.database import Database, WriteSession, spoiled_by_a_row

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

Write = Callable[[WriteSession, Sequence[Item]], Awaitable[Sequence[Outcome | Exception]]]
# Of one transaction: more of them would be felt by whoever waits for the chain meanwhile.
MOST = 64


class GroupCommit(Generic[Item, Outcome]):
    """The acts of one kind in one worker. Whoever comes while a group is written waits for the next."""

    def __init__(self, database: Callable[[], Database], write: Write[Item, Outcome]) -> None:
        """`write` carries the acts of a group out and answers for each what came of it or why it was refused, in their
        order; it does not commit, and what it refuses it has not written."""
        self._database, self._write = database, write
        self._waiting: list[tuple[Item, asyncio.Future[Outcome]]] = []
        self._at_work: asyncio.Task[None] | None = None

    async def one(self, item: Item) -> Outcome:
        """Carry out one act. It is committed when this returns; what it was refused with, or what the database failed
        with, is raised."""
        done: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._work())
        return await done

    async def _work(self) -> None:
        try:
            while self._waiting:
                for (_, done), outcome in await self._group():
                    if done.done():
                        continue
                    if isinstance(outcome, Exception):
                        done.set_exception(outcome)
                    else:
                        done.set_result(outcome)
        finally:
            self._at_work = None

    async def _group(self) -> list[tuple[tuple[Item, asyncio.Future[Outcome]], Outcome | Exception]]:
        group: list[tuple[Item, asyncio.Future[Outcome]]] = []
        try:
            async with self._database().writing() as session:
                # Whoever came while this one waited for its turn is of the group.
                group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                outcomes = await self._committed(session, [item for item, _ in group])
        except Exception as error:
            if not group:
                group, self._waiting = self._waiting, []
            if spoiled_by_a_row(error):
                # One of them cannot be written, and the others are not to suffer for it: each by itself. A lone one may
                # have met its own repetition in another process, and finds that on record now.
                outcomes = [await self._alone(item) for item, _ in group]
            else:
                outcomes = [error] * len(group)
        return list(zip(group, outcomes, strict=True))

    async def _alone(self, item: Item) -> Outcome | Exception:
        try:
            async with self._database().writing() as session:
                return (await self._committed(session, [item]))[0]
        except Exception as error:
            return error

    async def _committed(self, session: WriteSession, items: Sequence[Item]) -> Sequence[Outcome | Exception]:
        outcomes = await self._write(session, items)
        if len(outcomes) != len(items):
            raise RuntimeError(f"{len(items)} acts and {len(outcomes)} outcomes")
        await session.commit()
        return outcomes
