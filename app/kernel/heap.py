"""When the garbage collector leaves alone what is there.

Who holds it is counted here: to ask the collector how much it leaves alone (`gc.get_freeze_count`) is to have it walk
through all of that, which is a fortieth of a second in a worker.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_held = 0


def freeze() -> None:
    """What is here stays for as long as the process: never looked through, its pages are never written to, and so
    remain shared with whoever is forked from it."""
    global _held
    _held += 1
    gc.freeze()


@contextmanager
def at_rest() -> Iterator[None]:
    """Around work that makes a great many objects: what was there before is left alone by the garbage collector, which
    would otherwise walk through all of it again and again and hold everybody meanwhile. Where it is left alone already,
    for good or for somebody else's work, nothing is added, and it stays so until the last has ended."""
    global _held
    if not _held:
        gc.freeze()
    _held += 1
    try:
        yield
    finally:
        _held -= 1
        if not _held:
            gc.unfreeze()
