"""Turns at what is scarce, so that nobody takes it all: whoever hands in many files at once has one of them opened at a
time, in each process that serves, and the others' come in between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import anyio
from anyio.lowlevel import RunVar

from app.kernel.errors import TooMany
from app.measures.text import Text

# Files of one caller that wait at once; each lies whole in a temporary file.
MOST_WAITING = 16
# A file takes some seconds at most.
_COME_AGAIN = 10


@dataclass(slots=True)
class _Turn:
    lock: anyio.Lock = field(default_factory=anyio.Lock)
    waiting: int = 0


_asked_by: ContextVar[str | None] = ContextVar("asked_by", default=None)
_turns: RunVar[dict[str, _Turn]] = RunVar("fair_turns")


def asked_by(name: str) -> None:
    """From here on this request's turns are those of whoever is called so; forgotten with the request."""
    _asked_by.set(name)


@asynccontextmanager
async def turn() -> AsyncIterator[None]:
    """This caller's turn while it lasts; `TooMany` where as many wait as may. What the service does for nobody in
    particular takes no turns."""
    name = _asked_by.get()
    if name is None:
        yield
        return
    turns = _turns.get({})
    _turns.set(turns)
    own = turns.setdefault(name, _Turn())
    if own.waiting >= MOST_WAITING:
        text = Text("同时上传的文件过多，请稍后再试", "Too many files at once; try again in a moment")
        raise TooMany(text, retry_after=_COME_AGAIN)
    own.waiting += 1
    try:
        async with own.lock:
            yield
    finally:
        own.waiting -= 1
        if not own.waiting:
            del turns[name]
