"""What a service that runs for years sweeps out by itself: answers past their time, tokens and counters that are over,
pieces of uploads that a kill left behind. One process at a time does it, and a failure stops nobody."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from datetime import timedelta

import structlog
from structlog.typing import FilteringBoundLogger as BoundLogger

from app.kernel.clock import Clock
from app.kernel.files import FileStore
from app.store import idempotency, identity, throttle
from app.store.database import Database, database_away
from app.store.sweeps import take_turn

EVERY = timedelta(hours=1)
# An expired token is kept for a while: its second use still tells that it was stolen.
_TOKENS_KEPT = timedelta(days=7)
# Whoever comes too late with one is told the same before and after.
_INVITATIONS_KEPT = timedelta(days=7)
# Whoever has not signed in from somewhere for so long is a stranger there again.
_ORIGINS_KEPT = timedelta(days=180)
# No upload takes this long.
_PIECES_KEPT = timedelta(days=1)
# A start is busy enough without it.
_FIRST_AFTER = timedelta(minutes=1)

_log = structlog.get_logger("sweep")


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each went."""

    answers: int
    refresh_tokens: int
    counters: int
    invitations: int
    upload_pieces: int
    known_origins: int = 0


def tell_lost_turn(log: BoundLogger, turn: str, error: Exception) -> None:
    """Log that a turn of what a process does by itself came to nothing; the service goes on, and the next turn may go
    better. A database that is busy or away is told as where a request meets it: it is no defect of the turn."""
    if database_away(error):
        log.error("database_unavailable", during=turn, error=type(error).__name__)
    else:
        log.error(f"{turn}_failed", error=type(error).__name__)


class Sweeper:
    """The sweep of one process."""

    def __init__(self, database: Database, files: FileStore, clock: Clock) -> None:
        self._database, self._files, self._clock = database, files, clock

    async def run(self) -> None:
        """Sweep every hour until cancelled."""
        pause = _FIRST_AFTER
        while True:
            await asyncio.sleep(pause.total_seconds())
            pause = EVERY
            try:
                swept = await self.sweep()
            except Exception as error:
                tell_lost_turn(_log, "sweep", error)
                continue
            if swept is not None:
                _log.info("swept", **asdict(swept))

    async def sweep(self) -> Swept | None:
        """Sweep now, None where it is not due or another process's turn."""
        now = self._clock.now()
        async with self._database.writing() as session:
            if not await take_turn(session, "all", now=now, every=EVERY):
                return None
            answers = await idempotency.purge(session, now=now, older_than=idempotency.KEPT_FOR)
            tokens = await identity.purge_sessions(session, over_before=now - _TOKENS_KEPT)
            origins = await identity.purge_origins(session, last_before=now - _ORIGINS_KEPT)
            counters = await throttle.purge(session, now=now)
            invitations = await identity.purge_invitations(session, expired_before=now - _INVITATIONS_KEPT)
            await session.commit()
        pieces = await self._files.sweep_pieces(before=now - _PIECES_KEPT)
        return Swept(answers, tokens, counters, invitations, pieces, origins)
