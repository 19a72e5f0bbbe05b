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
        self._reads = False
        # Those who came while it was being read, which may have seen the chain before they came.
        self._waiting: list[asyncio.Future[str]] = []
        self._telling: asyncio.Task[None] | None = None

    async def read(self, reader: Reader) -> str:
        """One reading answers all who asked before it began. Raises what the database fails with."""
        if self._reads:
            told: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            self._waiting.append(told)
            return await told
        self._reads = True
        try:
            return await end_of_the_chain(reader)
        finally:
            self._go_on(reader)

    def _go_on(self, reader: Reader) -> None:
        """Nobody reads where nobody waits."""
        self._reads = any(not told.done() for told in self._waiting)
        self._telling = asyncio.create_task(self._tell(reader)) if self._reads else None

    async def _tell(self, reader: Reader) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            end = await end_of_the_chain(reader)
        except Exception as error:
            for told in waiting:
                if not told.done():
                    told.set_exception(error)
        except asyncio.CancelledError:
            for told in waiting:
                told.cancel()
            raise
        else:
            for told in waiting:
                if not told.done():
                    told.set_result(end)
        finally:
            self._go_on(reader)


def _remember(where: OrderedDict[Wanted, What], wanted: Wanted, what: What, most: int) -> None:
    where[wanted] = what
    where.move_to_end(wanted)
    if len(where) > most:
        where.popitem(last=False)


def _frozen(answer: Answer) -> Frozen:
    # Whoever shows a token, or would rather have a table, is answered by the route, and otherwise.
    varies = "Accept, Accept-Encoding, Authorization"
    return Frozen(answer.body, "application/json", version=answer.etag, varies=varies, level=LEVEL)
