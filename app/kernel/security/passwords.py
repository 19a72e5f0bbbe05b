"""Passwords and client secrets: Argon2id, off the event loop, a few at a time."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

from app.kernel.errors import TooMany, Unavailable
from app.measures.text import Text

if TYPE_CHECKING:
    from pwdlib import PasswordHash

# A hash takes tens of milliseconds and tens of megabytes: two at once are enough for two cores.
_LIMIT = 2


_LIMITER: RunVar[anyio.CapacityLimiter] = RunVar("password_limiter")


# Whoever comes from where nobody has signed in with this login waits for others like him, and for nobody else.
_STRANGERS: RunVar[anyio.CapacityLimiter] = RunVar("strangers_limiter")


# At once: of one door, or of one origin's strangers, and of all strangers. What comes beyond is refused at once: nobody
# waits for more than a second or two.
OF_ONE = 5
OF_STRANGERS = 20
OF_ALL = 80


# Verified when the login does not exist, so that the answer takes as long as for one that does: with the parameters
# that every hash of ours has, and made beforehand, since making one takes as long again.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$bB4F6vr65yrQ3KWo6WiUrg$WtlQODg/X0ttn9lfYPy8ASWkxXjqLnT3q/6eaAWFExM"


@cache
def _hasher() -> PasswordHash:
    """The library's choice of hash and parameters."""
    from pwdlib import PasswordHash

    return PasswordHash.recommended()


def _limiter() -> anyio.CapacityLimiter:
    limiter = _LIMITER.get(None)
    if limiter is None:
        limiter = anyio.CapacityLimiter(_LIMIT)
        _LIMITER.set(limiter)
    return limiter


class Queue:
    """Who has a secret looked at in this process. Nobody waits long: who comes when it is full is told to come again,
    before anything is hashed for him."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()
        self._strangers = 0

    @contextmanager
    def place(self, door: str, *, stranger: bool) -> Iterator[None]:
        """A place in the queue while it lasts. `door`: what shares its places, an origin for strangers; `TooMany` where
        it has as many as it may, `Unavailable` where all have."""
        if self._of[door] >= OF_ONE:
            raise TooMany(_COME_AGAIN, retry_after=2)
        if self._of.total() >= OF_ALL or (stranger and self._strangers >= OF_STRANGERS):
            raise Unavailable(_COME_AGAIN, retry_after=5)
        self._of[door] += 1
        self._strangers += stranger
        try:
            yield
        finally:
            self._strangers -= stranger
            self._of[door] -= 1
            if not self._of[door]:
                del self._of[door]


_COME_AGAIN = Text("同时登录的请求过多，请稍后再试", "Too many sign in at once; try again in a moment")


def _strangers() -> anyio.CapacityLimiter:
    limiter = _STRANGERS.get(None)
    if limiter is None:
        limiter = anyio.CapacityLimiter(1)
        _STRANGERS.set(limiter)
    return limiter


async def hash_secret(secret: str) -> str:
    """The Argon2id hash of a password or client secret."""
    return await anyio.to_thread.run_sync(_hash, secret, limiter=_limiter())


async def verify_secret(secret: str, hashed: str | None, *, stranger: bool = False) -> bool:
    """Whether the secret is the hashed one; false, in the same time, where there is none. Strangers are looked at one
    after the other, beside all others."""
    return await anyio.to_thread.run_sync(_verify, secret, hashed, limiter=_strangers() if stranger else _limiter())


def _hash(secret: str) -> str:
    return _hasher().hash(secret)


def _verify(secret: str, hashed: str | None) -> bool:
    return _hasher().verify(secret, hashed or _NOBODY) and hashed is not None


def random_secret() -> str:
    """43 characters, 256 bits: refresh tokens, client secrets, tracking codes."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """SHA-256 of a random secret: enough for what was drawn with 256 bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
