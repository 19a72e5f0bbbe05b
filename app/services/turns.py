"""Long work on a whole round, done in turns: whoever else is served has his turn in between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TypeVar

from anyio.lowlevel import checkpoint

Item = TypeVar("Item")

# About ten milliseconds of work, where an item is an application.
_TURN = 20
# Rows by so many ids are read, or written, at a time.
SLICE = 200


async def in_turns(items: Iterable[Item], *, turn: int = _TURN) -> AsyncIterator[Item]:
    """The items one by one; after each `turn` of them other requests get theirs, so that a long list keeps nobody
    waiting."""
    for number, item in enumerate(items, start=1):
        yield item
        if number % turn == 0:
            await checkpoint()


async def in_slices(items: Sequence[Item], *, size: int = SLICE) -> AsyncIterator[Sequence[Item]]:
    """The items by slices of `size`, with a turn for the others after each: a statement for thousands is built and read
    in one go. Without items, no slice."""
    for first in range(0, len(items), size):
        yield items[first : first + size]
        await checkpoint()
