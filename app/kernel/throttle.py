"""Slowing down guessers and floods: per login for sign-ins that fail, per address for what the public may post.

Guesses are counted in the database, so that a guesser gains nothing by asking several processes. What the public posts
is counted in the memory of each process: an address must not be written down beside an objection, not even as a hash.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from app.kernel.errors import TooMany
from app.kernel.security.passwords import fingerprint
from app.kernel.settings import Settings
from app.measures.text import Text
from app.store import throttle as store
from app.store.database import Database, WriteSession

_WINDOW = timedelta(minutes=1)
# A code has a million values, and three of them are right at a time: whoever has the password already is to have few
# tries, whatever the setting.
_CODE_WINDOW = timedelta(minutes=15)
_CODES = 10


class Throttle:
    """Both limits, from the settings."""

    def __init__(self, settings: Settings) -> None:
        self._attempts = settings.login_attempts_per_minute
        self._posts = settings.public_posts_per_minute

    async def begin_guess(self, database: Database, secret_of: str, *, now: datetime) -> None:
        """Count an attempt before its secret is looked at, in a transaction of its own: so many asked at once are so
        many. Refuses over the limit. `secret_of` names whose secret it is."""
        async with database.writing() as session:
            count = await store.count(session, key=_key(secret_of), now=now, window=_WINDOW)
            if count > self._attempts:
                raise _too_many()
            await session.commit()

    async def guessed_right(self, session: WriteSession, secret_of: str) -> None:
        """Take back the attempt, in the transaction of what it was made for."""
        await store.take_back(session, key=_key(secret_of))

    async def begin_code(self, database: Database, account_id: UUID, *, now: datetime) -> None:
        """Count a code of this account's second factor before it is looked at; refuses over the limit."""
        async with database.writing() as session:
            if await store.count(session, key=_key(f"code:{account_id}"), now=now, window=_CODE_WINDOW) > _CODES:
                raise TooMany(
                    Text("验证码错误次数过多，请十五分钟后再试", "Too many codes; try again in a quarter of an hour")
                )
            await session.commit()

    async def code_was_right(self, session: WriteSession, account_id: UUID) -> None:
        """Take the code back, in the transaction of the sign-in."""
        await store.take_back(session, key=_key(f"code:{account_id}"))

    async def first_use(self, session: WriteSession, token: str, *, now: datetime, until: datetime) -> bool:
        """Whether this token is used for the first time; noted until it is over, in the caller's transaction."""
        return await store.count(session, key=fingerprint(f"token:{token}"), now=now, window=until - now) == 1

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


def _key(secret_of: str) -> str:
    # People type passwords into the field of the login: it is not kept as it came.
    return fingerprint(f"guess:{secret_of}")


def _too_many() -> TooMany:
    return TooMany(Text("请求过于频繁，请一分钟后再试", "Too many requests; try again in a minute"))
