"""What was refused goes on record too: sign-ins that fail, doors that shut, access that is not given.

A refusal writes nothing in its own request: it costs the same as before, and a log that cannot be written changes no
answer. It is noted here, and put on record together with those of the same moment within a second. The same refusal is
told once and then counted, so that a flood cannot fill the log: what is refused again and again, and what comes in
more kinds than are kept apart, has one entry in ten minutes that says how often.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from app.kernel.audit import entry_of
from app.kernel.clock import Clock
from app.store import audit as chain
from app.store.database import Database

# Refusals of one moment share a transaction.
TOGETHER = timedelta(seconds=1)
# The next entry of the same refusal comes no earlier.
COUNTED_FOR = timedelta(minutes=10)
# Kept apart at once, of one origin and of all; what comes beyond is counted without its particulars.
OF_AN_ORIGIN = 20
OF_ALL = 200

_log = structlog.get_logger("refusals")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused to whom. Two that are equal are the same refusal again. `details`: names and plain values, never
    a secret, and never what somebody typed for a login that there is none of: it may be a password."""

    act: str
    subject_type: str
    subject_id: UUID | None = None
    actor_id: UUID | None = None
    actor_role: str = "public"
    session_id: UUID | None = None
    origin: str | None = None
    details: tuple[tuple[str, str | int | bool | None], ...] = ()


@dataclass(slots=True)
class _Tally:
    at: datetime
    request_id: str
    count: int = 0
    # None: not on record yet.
    next_at: datetime | None = None


class RefusalLog:
    """The refusals of one process that are to be put on record."""

    def __init__(self, database: Callable[[], Database], clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._tallies: dict[Refusal, _Tally] = {}
        self._of_origin: Counter[str | None] = Counter()
        self._come = asyncio.Event()
        self._writing = asyncio.Lock()

    def note(self, refusal: Refusal, *, at: datetime, request_id: str) -> None:
        """Count a refusal; it is put on record soon."""
        refusal = self._kept_apart(refusal)
        tally = self._tallies.get(refusal)
        if tally is None:
            tally = self._tallies[refusal] = _Tally(at, request_id)
            self._of_origin[refusal.origin] += 1
        if not tally.count:
            tally.at, tally.request_id = at, request_id
        tally.count += 1
        self._come.set()

    def _kept_apart(self, refusal: Refusal) -> Refusal:
        if refusal in self._tallies:
            return refusal
        many = Refusal(refusal.act, "many", origin=refusal.origin)
        if len(self._tallies) >= OF_ALL:
            return replace(many, origin=None)
        return many if self._of_origin[refusal.origin] >= OF_AN_ORIGIN else refusal

    async def run(self) -> None:
        """Put on record what comes, until cancelled; then what is left."""
        try:
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._come.wait(), COUNTED_FOR.total_seconds())
                await asyncio.sleep(TOGETHER.total_seconds())
                await self._try()
        finally:
            await self._try(last=True)

    async def _try(self, *, last: bool = False) -> None:
        try:
            await self.flush(last=last)
        except Exception as error:
            # The answers were given long ago, and what is counted is tried again.
            _log.error("refusals_not_recorded", error=type(error).__name__, kinds=len(self._tallies))

    async def flush(self, *, last: bool = False) -> None:
        """Put on record what is due now. `last`: whatever there is."""
        async with self._writing:
            self._come.clear()
            now = self._clock.now()
            due = [
                (refusal, tally, tally.count)
                for refusal, tally in self._tallies.items()
                if tally.count and (last or tally.next_at is None or tally.next_at <= now)
            ]
            if due:
                async with self._database().writing() as session:
                    await chain.append(session, *(_note(*item) for item in due))
                    await session.commit()
            for _, tally, count in due:
                tally.count -= count
                tally.next_at = now + COUNTED_FOR
            self._forget(now)

    def _forget(self, now: datetime) -> None:
        over = [
            refusal
            for refusal, tally in self._tallies.items()
            if not tally.count and tally.next_at is not None and tally.next_at <= now
        ]
        for refusal in over:
            del self._tallies[refusal]
            self._of_origin[refusal.origin] -= 1
        self._of_origin += Counter()


def _note(refusal: Refusal, tally: _Tally, count: int) -> chain.Note:
    details = {**dict(refusal.details), "count": count}
    entry = {
        **entry_of(refusal.act, refusal.subject_type, refusal.subject_id, None, details),
        "outcome": chain.EntryOutcome.REFUSED,
    }
    return chain.Note(
        tally.at,
        refusal.actor_id,
        refusal.actor_role,
        tally.request_id,
        [entry],
        origin=refusal.origin,
        session_id=refusal.session_id,
    )
