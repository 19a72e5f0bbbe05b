"""Slowing down guessers and floods: per login for sign-ins that fail, per address for what the public may post.

Counted in the process: with several replicas each counts its own share, and the proxy in front may count the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.errors import TooMany, Unauthenticated
from app.measures.findings import Text
from app.settings import Settings


class Throttle:
    """Both limits, from the settings."""

    def __init__(self, settings: Settings) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._sign_ins = RateLimitItemPerMinute(settings.login_attempts_per_minute)
        self._posts = RateLimitItemPerMinute(settings.public_posts_per_minute)

    @contextmanager
    def failures(self, login: str) -> Iterator[None]:
        """Around a sign-in: refuses when too many have failed for this login in this minute."""
        if not self._limiter.test(self._sign_ins, "sign-in", login):
            raise _too_many()
        try:
            yield
        except Unauthenticated:
            self._limiter.hit(self._sign_ins, "sign-in", login)
            raise

    def public_post(self, address: str) -> None:
        """Count a public write from this address; refuses over the limit."""
        if not self._limiter.hit(self._posts, "public", address):
            raise _too_many()


def _too_many() -> TooMany:
    return TooMany(Text("请求过于频繁，请一分钟后再试", "Too many requests; try again in a minute"))
