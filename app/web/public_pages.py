"""Pages that anybody may read, kept as they were made for as long as nothing has happened.

Every act writes its entry to the end of the audit chain, in the transaction of its effect. A page that was made for
this end of the chain is therefore the page that would be made now, in whichever worker, on the same day.
The end is read for every request, after it came, so that no page outlives a revocation by a moment; those who come
while it is being read are told by one reading.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.reads.wire import Answer
from app.store.audit import end_of_the_chain
from app.store.readers import Reader
from app.web.frozen import Frozen
from app.web.representations import LEVEL

# Together some megabytes: what is longer is not kept, and what was not asked for goes first.
_PAGES = 256
_LONGEST = 64 * 1024
_ASKED_BEFORE = 1024

# What was asked for: path and query as they came, and the day.
Wanted = tuple[str, bytes, date]
What = TypeVar("What")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A page, and the end of the chain for which it was made."""

    end: str
    page: Frozen


class PublicPages:
    """The pages of one worker. What is asked for once is not kept. `freeze`: how an answer is sent."""

    def __init__(self, freeze: Callable[[Answer], Frozen] | None = None) -> None:
        self._freeze = freeze or _frozen
        self._kept: OrderedDict[Wanted, _Kept] = OrderedDict()
        self._asked: OrderedDict[Wanted, None] = OrderedDict()
        self._end = EndOfTheChain()

    async def page(self, reader: Reader, wanted: Wanted, make: Callable[[], Awaitable[Answer]]) -> Frozen:
        """The page that `make` would make now. Whatever `make` raises is raised, and nothing is kept."""
        if wanted not in self._asked:
            _remember(self._asked, wanted, None, _ASKED_BEFORE)
            return self._freeze(await make())
        # Read before the page is made: a page may be newer than its end says, and is made again then; never older.
        end = await self._end.read(reader)
        known = self._kept.get(wanted)
        if known is not None and known.end == end:
            self._kept.move_to_end(wanted)
            return known.page
        answer = await make()
        page = self._freeze(answer)
        if len(answer.body) <= _LONGEST:
            _remember(self._kept, wanted, _Kept(end, page), _PAGES)
        return page


class EndOfTheChain:
    """The hash at the end of the audit chain, as it stands at some moment after it was asked for."""

    def __init__(self) -> None:
        self._reading: asyncio.Task[str] | None = None
        self._next: asyncio.Task[str] | None = None

    async def read(self, reader: Reader) -> str:
        """One reading answers all who asked before it began. Raises what the database fails with."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._read(reader))
            return await asyncio.shield(self._reading)
        # The one that is at work may have seen the chain before this request came.
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._reading, reader))
        return await asyncio.shield(self._next)

    async def _read(self, reader: Reader) -> str:
        try:
            return await end_of_the_chain(reader)
        finally:
            self._reading = None

    async def _after(self, before: asyncio.Task[str], reader: Reader) -> str:
        await asyncio.wait([before])
        self._reading, self._next = self._next, None
        return await self._read(reader)


def _remember(where: OrderedDict[Wanted, What], wanted: Wanted, what: What, most: int) -> None:
    where[wanted] = what
    where.move_to_end(wanted)
    if len(where) > most:
        where.popitem(last=False)


def _frozen(answer: Answer) -> Frozen:
    # Whoever shows a token, or would rather have a table, is answered by the route, and otherwise.
    varies = "Accept, Accept-Encoding, Authorization"
    return Frozen(answer.body, "application/json", version=answer.etag, varies=varies, level=LEVEL)
