"""How long whoever guesses has to wait, counted in the database: a guesser gains nothing by asking several processes.

An origin has its own door to each login, which only its own wrong guesses shut. Whoever comes from where the login was
never used is counted besides with all other strangers to it, and with all that his origin tries: many addresses on one
login, and one address on many logins, come to an end as well. Who has signed in from an origin before is not counted
with strangers, so that nobody else can shut him out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel.errors import TooMany
from app.kernel.origins import network_of
from app.kernel.security.passwords import fingerprint
from app.measures.text import Text
from app.store import throttle as store
from app.store.database import WriteSession

# Guesses are forgotten when there was none for so long.
REMEMBERED = timedelta(hours=1)
# The first wait, doubled with each wrong guess that follows, up to the last.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
# Strangers to one login, and one origin at all logins, may err so many times as often as one origin at one login.
WIDER = 10


@dataclass(frozen=True, slots=True)
class Guess:
    """An attempt that was counted. `shuts_for`: how long its door, or a wider one, is shut if it was wrong."""

    doors: tuple[str, ...]
    shuts_for: timedelta | None


@dataclass(frozen=True, slots=True)
class _Door:
    key: str
    limit: int


async def begin(
    session: WriteSession, *, whose: str, origin: str | None, known: bool, limit: int, now: datetime
) -> Guess:
    """Count an attempt at the secret of `whose` before it is looked at; `TooMany` at a door that is shut, where it
    counts for nothing. `limit`: after so many wrong ones the door shuts."""
    doors = _doors(whose, network_of(origin), known=known, limit=limit)
    shuts = timedelta(0)
    for door in doors:
        counted = await store.count(session, key=door.key, now=now, window=REMEMBERED)
        if counted.shut_until is not None and counted.shut_until > now:
            raise shut(counted.shut_until - now)
        if counted.attempts >= door.limit:
            wait = min(FIRST_WAIT * 2 ** min(counted.attempts - door.limit, 10), LONGEST_WAIT)
            await store.shut(session, key=door.key, until=now + wait)
            shuts = max(shuts, wait)
    return Guess(tuple(door.key for door in doors), shuts or None)


async def right(session: WriteSession, guess: Guess) -> None:
    """The secret was right: the door is open, and the attempt counts at none of the wider ones."""
    own, *wider = guess.doors
    await store.forget(session, key=own)
    for key in wider:
        await store.take_back(session, key=key)


def shut(wait: timedelta) -> TooMany:
    """The refusal at a door that is shut for so long."""
    seconds = -(-wait // timedelta(seconds=1))
    text = Text(f"尝试次数过多，请 {seconds} 秒后再试", f"Too many attempts; try again in {seconds} seconds")
    return TooMany(text, retry_after=seconds)


def _doors(whose: str, network: str, *, known: bool, limit: int) -> Sequence[_Door]:
    """Always in this order, so that no two attempts wait for each other."""
    # People type passwords into the field of the login: it is not kept as it came.
    own = _Door(fingerprint(f"door:{network}:{whose}"), limit)
    if known:
        return (own,)
    strangers = _Door(fingerprint(f"strangers:{whose}"), limit * WIDER)
    return (own, strangers, _Door(fingerprint(f"origin:{network}"), limit * WIDER))
