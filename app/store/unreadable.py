"""Values that a hand has put where no act could: a word that is none of its column's, an instant that is none. Whoever
looks at the whole record tells of them and goes on; a verifier that falls over one would say nothing of all the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from sqlalchemy.exc import OperationalError

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
