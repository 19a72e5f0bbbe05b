"""How often this process has written to a database, whichever engine did it: the service's or a test's own."""

import itertools
from typing import Any

from sqlalchemy import Engine, event

_READING = ("SELECT", "PRAGMA", "BEGIN")
_writes = itertools.count(1)
_last = 0


def counted() -> int:
    """A number that rises with every statement that may write."""
    return _last


def unseen() -> None:
    """Something was written, or may have been by another process."""
    global _last
    _last = next(_writes)


def may_write(statement: str) -> bool:
    """Whether a statement does more than read."""
    return not statement.lstrip().upper().startswith(_READING)


@event.listens_for(Engine, "before_cursor_execute")
def _count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if may_write(statement):
        unseen()
