"""Values that a hand has put where no act could: a word that is none of its column's, an instant that is none. Whoever
looks at the whole record tells of them and goes on; a verifier that falls over one would say nothing of all the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import Select
from sqlalchemy.exc import OperationalError

from app.store.database import ReadSession

Key = TypeVar("Key")
Row = TypeVar("Row")
WHAT = "it holds what no act could have written, and cannot be read"


def cannot_be_read(error: Exception) -> bool:
    """Whether the error says that a value is none of its column's: not that the database is away."""
    if isinstance(error, OperationalError):
        # Text that is no text, as SQLite tells it.
        return "decode" in str(error.orig).lower()
    return isinstance(error, ValueError | LookupError | TypeError | ArithmeticError | AttributeError)


async def singly(keys: Sequence[Key], read: Callable[[Key], Awaitable[Row]]) -> list[Row | None]:
    """Each by itself, in their order; None for one that cannot be read."""
    found: list[Row | None] = []
    for key in keys:
        try:
            found.append(await read(key))
        except Exception as error:
            if not cannot_be_read(error):
                raise
            found.append(None)
    return found


class Unread(NamedTuple):
    """Of an entry of the log that cannot be read what keeps the chain together."""

    seq: int
    hash: str


async def entries_or_links(
    session: ReadSession, whole: Select[Row], links: Select[int, str], one: Callable[[int], Select[Row]]
) -> list[Row | Unread]:
    """Entries, each by itself where they cannot be read together. `links`: number and hash of the same ones; `one`: the
    entry of a number."""
    try:
        return list((await session.execute(whole)).scalars())
    except Exception as error:
        if not cannot_be_read(error):
            raise
    known = [Unread(row.seq, row.hash) for row in (await session.execute(links)).all()]

    async def read(link: Unread) -> Row:
        found: Row = (await session.execute(one(link.seq))).scalar_one()
        return found

    return [row or link for row, link in zip(await singly(known, read), known, strict=True)]
