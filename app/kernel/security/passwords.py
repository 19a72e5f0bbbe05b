"""Passwords and client secrets: Argon2id, off the event loop, a few at a time."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

if TYPE_CHECKING:
    from pwdlib import PasswordHash

# A hash takes tens of milliseconds and tens of megabytes: two at once are enough for two cores.
_LIMIT = 2


_LIMITER: RunVar[anyio.CapacityLimiter] = RunVar("password_limiter")


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


async def hash_secret(secret: str) -> str:
    """The Argon2id hash of a password or client secret."""
    return await anyio.to_thread.run_sync(_hash, secret, limiter=_limiter())


async def verify_secret(secret: str, hashed: str | None) -> bool:
    """Whether the secret is the hashed one; false, in the same time, where there is none."""
    return await anyio.to_thread.run_sync(_verify, secret, hashed, limiter=_limiter())


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
