"""Doing one thing over and over with a bounded number at once, and how long each took."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter, process_time

# A slice ends after its seconds or after so many requests, whichever comes first.
MOST_REQUESTS = 50_000

Act = Callable[[int], Awaitable[int]]


@dataclass(slots=True)
class Timed:
    """What was seen of one contender over all its slices."""

    name: str
    rates: list[float] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def rate(self) -> float:
        """Requests a second: the median of the slices, so that one disturbed slice does not decide."""
        return median(self.rates)

    @property
    def cpu_milliseconds(self) -> float:
        """Processor time of this process for one request, threads included, PostgreSQL's not. It tells more than the
        rate where the machine has other things to do."""
        return median(self.cpu)

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of all requests was answered."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def run_slice(timed: Timed, act: Act, *, seconds: float, clients: int) -> None:
    """`clients` at once call `act(n)`, n = 0, 1, 2, …, each the next as soon as its last is answered."""
    numbers = itertools.count()
    taken: list[float] = []
    cpu = process_time()
    started = perf_counter()
    until = started + seconds

    async def client() -> None:
        while (begun := perf_counter()) < until:
            number = next(numbers)
            if number >= MOST_REQUESTS:
                return
            timed.size = await act(number)
            taken.append((perf_counter() - begun) * 1000)

    await asyncio.gather(*(client() for _ in range(clients)))
    timed.rates.append(len(taken) / (perf_counter() - started))
    timed.cpu.append((process_time() - cpu) / len(taken) * 1000)
    timed.milliseconds += taken
