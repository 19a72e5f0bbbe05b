"""How often this process has written to a database, whichever engine did it: the service's or a test's own."""

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, event

_READING = ("SELECT", "PRAGMA", "BEGIN")
_writes = itertools.count(1)
_last = 0
# How many of them templates and stages did, and how many of these are being made within each other.
_beforehand = 0
_depth = 0


def counted() -> int:
    """A number that rises with every statement that may write."""
    return _last


def by_tests() -> int:
    """As `counted`, without what was written beforehand."""
    return _last - _beforehand


@contextlib.contextmanager
def beforehand() -> Iterator[None]:
    """What is written as long as this lasts, a template or a stage writes: a test finds it there."""
    global _depth, _beforehand
    began, _depth = _last, _depth + 1
    try:
        yield
    finally:
        _depth -= 1
        if not _depth:
            _beforehand += _last - began


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
