"""Stages that may be put back instead of built again: how they are marked, and who is asked."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast


class History(Protocol):
    """What a world has been through; the tests have one, the demonstration has none and builds every stage."""

    def run(self, world: Any, name: str, arguments: str, build: Callable[[], Any]) -> Any:
        """What `build` answers, kept from an earlier world with the same past where there is one."""


F = TypeVar("F", bound=Callable[..., Any])


def stage(build: F) -> F:
    """An act on a world, its first argument, that need not be built again. What it does must follow from the world, the
    clock and the arguments alone, and what it answers must be values and callers."""
    name = f"{build.__module__}.{build.__qualname__}"

    @functools.wraps(build)
    def put_back_or_build(world: Any, *args: Any, **kwargs: Any) -> Any:
        # Tests that race several acts do so in threads: those are what they are about.
        if world.history is None or threading.current_thread() is not threading.main_thread():
            return build(world, *args, **kwargs)
        return world.history.run(world, name, repr((args, kwargs)), lambda: build(world, *args, **kwargs))

    return cast("F", put_back_or_build)
