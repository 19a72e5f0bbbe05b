"""Slowing down guessers (see `guessing`) and floods: per address for what the public may post.

What the public posts
is counted in the memory of each process: an address must not be written down beside an objection, not even as a hash.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from app.kernel import guessing
from app.kernel.errors import TooMany
from app.kernel.guessing import Guess
from app.kernel.security.passwords import Queue, fingerprint
from app.kernel.settings import Settings
from app.measures.text import Text
from app.store import throttle as store
from app.store.database import Database, WriteSession

# A code has a million values, and three of them are right at a time: whoever has the password already is to have few
# tries, whatever the setting.
_CODE_WINDOW = timedelta(minutes=15)
_CODES = 10


class Throttle:
    """Both limits, from the settings, and the queue of secrets that are looked at."""

    def __init__(self, settings: Settings) -> None:
        self._attempts = settings.login_attempts
        self.hashes = Queue()
        self._posts = settings.public_posts_per_minute

    async def begin_guess(
        self,
        database: Database,
        secret_of: str,
        *,
        now: datetime,
        origin: str | None = None,
        known: bool = True,
    ) -> Guess:
        """Count an attempt before its secret is looked at, in a transaction of its own: so many asked at once are so
        many. Refuses where there were too many. `secret_of` names whose secret it is; `known`: whether it was shown
        from this origin before."""
        async with database.writing() as session:
            guess = await guessing.begin(
                session, whose=secret_of, origin=origin, known=known, limit=self._attempts, now=now
            )
            await session.commit()
        return guess

    async def guessed_right(self, session: WriteSession, guess: Guess) -> None:
        """Take back the attempt, in the transaction of what it was made for."""
        await guessing.right(session, guess)

    async def begin_code(self, database: Database, account_id: UUID, *, now: datetime) -> None:
        """Count a code of this account's second factor before it is looked at; refuses over the limit."""
        async with database.writing() as session:
            counted = await store.count(session, key=_code(account_id), now=now, window=_CODE_WINDOW)
            if counted.attempts > _CODES:
                raise TooMany(
                    Text("验证码错误次数过多，请十五分钟后再试", "Too many codes; try again in a quarter of an hour"),
                    retry_after=int(_CODE_WINDOW.total_seconds()),
                )
            await session.commit()

    async def code_was_right(self, session: WriteSession, account_id: UUID) -> None:
        """Take the code back, in the transaction of the sign-in."""
        await store.take_back(session, key=_code(account_id))

    async def first_use(self, session: WriteSession, token: str, *, now: datetime, until: datetime) -> bool:
        """Whether this token is used for the first time; noted until it is over, in the caller's transaction."""
        counted = await store.count(session, key=fingerprint(f"token:{token}"), now=now, window=until - now)
        return counted.attempts == 1

    def public_post(self, address: str) -> None:
        """Count a public write from this address; refuses over the limit."""
        if not self._counted(address):
            raise _too_many()

    @cached_property
    def _counted(self) -> Callable[[str], bool]:
        """Counts a post; whether it is within the limit."""
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import FixedWindowRateLimiter

        limiter, limit = FixedWindowRateLimiter(MemoryStorage()), RateLimitItemPerMinute(self._posts)
        return lambda address: limiter.hit(limit, "public", address)


def _code(account_id: UUID) -> str:
    return fingerprint(f"code:{account_id}")


def _too_many() -> TooMany:
    return TooMany(Text("请求过于频繁，请一分钟后再试", "Too many requests; try again in a minute"))
