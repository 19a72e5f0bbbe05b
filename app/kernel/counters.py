"""Counts per minute that all workers share, in memory that goes with them.

An address must not be written down beside an objection, not even as a hash: so nothing of this is in the database or in
a file. The memory lies where the workers begin, each place in it is found by a keyed hash whose key is drawn at the
start, and two addresses may fall on one place: of 65,536 that is rare, and costs the second one a proof of work.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import tempfile
import time
from hashlib import blake2b

_PLACES = 1 << 16
_ENTRY = struct.Struct("=II")
_WINDOW_SECONDS = 60


class Counters:
    """How often something was done in the present minute, by name. The processes that are forked from the one that made
    it count together."""

    def __init__(self, *, lock: int | None = None) -> None:
        """`lock`: an open file by which processes wait for each other; one process alone needs none."""
        self._key = os.urandom(32)
        self._memory = mmap.mmap(-1, _PLACES * _ENTRY.size)
        self._lock = lock

    def count(self, name: str) -> int:
        """Count one more; answers how many there are in this minute."""
        place, minute = self._place(name), int(time.monotonic() // _WINDOW_SECONDS)
        if self._lock is not None:
            fcntl.lockf(self._lock, fcntl.LOCK_EX)
        try:
            begun, counted = _ENTRY.unpack_from(self._memory, place)
            counted = min(counted + 1, 0xFFFFFFFF) if begun == minute else 1
            _ENTRY.pack_into(self._memory, place, minute, counted)
        finally:
            if self._lock is not None:
                fcntl.lockf(self._lock, fcntl.LOCK_UN)
        return counted

    def seconds_left(self) -> int:
        """Until the next minute begins; at least one."""
        return _WINDOW_SECONDS - int(time.monotonic()) % _WINDOW_SECONDS

    def counted(self, name: str) -> int:
        """How many there are in this minute."""
        begun, counted = _ENTRY.unpack_from(self._memory, self._place(name))
        return counted if begun == int(time.monotonic() // _WINDOW_SECONDS) else 0

    def _place(self, name: str) -> int:
        digest = blake2b(name.encode(), key=self._key, digest_size=8).digest()
        return int.from_bytes(digest, "big") % _PLACES * _ENTRY.size


_shared: Counters | None = None


def share() -> None:
    """Make the counters that all workers are to count in, before they begin."""
    global _shared
    # The system's lock goes with a process that dies holding it.
    with tempfile.TemporaryFile() as file:
        _shared = Counters(lock=os.dup(file.fileno()))


def counters() -> Counters:
    """Those that the workers share; where nothing was shared, fresh ones."""
    return _shared or Counters()
