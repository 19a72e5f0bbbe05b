"""What every opener of a file says, and the time that it has."""

from __future__ import annotations

import time


class Unreadable(Exception):
    """It cannot be opened, or there is nothing in it that people can read."""


class Costly(Unreadable):
    """To open it takes more time, memory or parts than a document has."""


class Unsafe(Unreadable):
    """It does something when people open it, or has members that leave its place."""


class Locked(Exception):
    """It opens with a password only."""


class Deadline:
    """The moment by which a file is opened, so many seconds from now; one that takes longer is built to."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def check(self) -> None:
        """Raises Costly once the time is over."""
        if time.monotonic() > self._until:
            raise Costly
