"""The signing keys: one file of private JWKs, shared by all processes that serve and looked at again while they run.

A key may lie in the file before it signs (`signs_from`, seconds since 1970): it is in the JWKS by then, so that whoever
keeps a copy of the JWKS knows it when the first token comes. Of the keys that may sign the first one does; all verify.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any, Generic, TypeVar
from uuid import uuid4

import structlog

Made = TypeVar("Made")

# Any: the members of a JWK are text; ours has a number besides, and the library takes all.
Jwk = dict[str, Any]


# A key that was taken out of the file verifies for this long at most.
LOOK_AGAIN_SECONDS = 1.0


_MEMBERS = ("kty", "crv", "x", "y", "d", "kid")


_log = structlog.get_logger("keys")


class BrokenKeys(ValueError):
    """The file does not hold what it must."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One private key. `signs_from` zero: at once."""

    kid: str
    jwk: Jwk
    signs_from: float = 0.0


class WatchedKeys(Generic[Made]):
    """What `make` builds of the file's keys, built anew when the file has changed.

    A file that is away or broken changes nothing but the log: a slip of the operator's stops nobody. To void every
    token there is a command.
    """

    def __init__(
        self, path: Path, make: Callable[[Sequence[SigningKey]], Made], *, seconds: Callable[[], float]
    ) -> None:
        self._path, self._make, self._seconds = path, make, seconds
        load_keys(path)
        self._seen = _mark(path)
        self._made = make(read_keys(path))
        self._looked = seconds()

    def current(self) -> Made:
        """Looks at the file where the last look is a second old."""
        return self._look() if self._seconds() - self._looked >= LOOK_AGAIN_SECONDS else self._made

    def newest(self) -> Made:
        """Looks at the file now: for a `kid` that nobody here knows yet."""
        return self._look()

    def _look(self) -> Made:
        self._looked = self._seconds()
        try:
            mark = _mark(self._path)
            if mark != self._seen:
                # Noted first: a broken file is shown once, not every second.
                self._seen = mark
                self._made = self._make(read_keys(self._path))
                _log.info("keys_changed")
        except (OSError, ValueError) as error:
            _log.error("keys_unreadable", error=type(error).__name__)
        return self._made


def watch_keys(
    path: Path, make: Callable[[Sequence[SigningKey]], Made], *, seconds: Callable[[], float] = monotonic
) -> WatchedKeys[Made]:
    """Keys that are looked at again while the process runs; made where the file is missing."""
    return WatchedKeys(path, make, seconds=seconds)


def signing_key(keys: Sequence[SigningKey], *, now: datetime) -> SigningKey:
    """The first that may sign now; where none may yet, the one that may soonest."""
    ready = [key for key in keys if key.signs_from <= now.timestamp()]
    return ready[0] if ready else min(keys, key=lambda key: key.signs_from)


def _mark(path: Path) -> tuple[int, int, int]:
    # Follows links: a secret store swaps the link, and the file behind it is another one.
    status = path.stat()
    return status.st_mtime_ns, status.st_ino, status.st_size


def new_key() -> Jwk:
    """A fresh private key as a JWK with a random `kid`."""
    from cryptography.hazmat.primitives.asymmetric import ec

    numbers = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    public = numbers.public_numbers
    parts = {"x": public.x, "y": public.y, "d": numbers.private_value}
    coded = {name: base64.urlsafe_b64encode(value.to_bytes(32, "big")).rstrip(b"=") for name, value in parts.items()}
    jwk = {name: value.decode() for name, value in coded.items()}
    return {"kty": "EC", "crv": "P-256", **jwk, "kid": uuid4().hex[:16], "alg": "ES256"}


def load_keys(path: Path) -> list[Jwk]:
    """The JWKs of the file as they lie there; made with one key where the file is missing."""
    if not path.exists():
        write_keys(path, [new_key()], replace=False)
    return _jwks(path)


def read_keys(path: Path) -> list[SigningKey]:
    """The keys of the file; `BrokenKeys` where it is not what it must be."""
    keys = [_key(item) for item in _jwks(path)]
    if not keys or len({key.kid for key in keys}) != len(keys):
        raise BrokenKeys("one key at least, each with its own kid")
    return keys


def _jwks(path: Path) -> list[Jwk]:
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not isinstance(content.get("keys"), list):
        raise BrokenKeys("no list of keys")
    return list(content["keys"])


def _key(jwk: object) -> SigningKey:
    if not isinstance(jwk, dict) or any(not isinstance(jwk.get(name), str) or not jwk[name] for name in _MEMBERS):
        raise BrokenKeys("a key lacks a member")
    starts = jwk.get("signs_from", 0)
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-256") or not isinstance(starts, int | float):
        raise BrokenKeys("not a key for ES256")
    return SigningKey(jwk["kid"], jwk, float(starts))


def rotate_keys(path: Path, *, now: datetime, after: int = 0, keep: int = 2) -> str:
    """Put a new key in front that signs `after` seconds from now, and keep the first `keep` in all; answers its `kid`.

    `keep` 1 drops all others, so that it signs at once. Otherwise the one that signs until then stays in any case.
    """
    with changing(path):
        fresh, before = new_key(), load_keys(path)
        kept = [fresh, *before][:keep]
        if keep > 1:
            if after:
                fresh["signs_from"] = now.timestamp() + after
            signer = signing_key(read_keys(path), now=now)
            if signer.kid not in {key["kid"] for key in kept}:
                kept.append(signer.jwk)
        write_keys(path, kept)
    return str(fresh["kid"])


def write_keys(path: Path, keys: list[Jwk], *, replace: bool = True) -> None:
    """Write the file so that only its owner reads it and nobody sees half of it. `replace` false: of several processes
    that start at once the first one's file stays, and all of them read that."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{uuid4().hex}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"keys": keys}, file)
            file.flush()
            # On the disk before anything is sealed or signed with it: a power cut must not leave what no key opens.
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            with suppress(FileExistsError):
                os.link(draft, path)
    finally:
        # Also where the disk was full: half a file of keys lies nowhere.
        draft.unlink(missing_ok=True)
    with _folder(path) as folder:
        os.fsync(folder)


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Whoever else changes this file of keys waits meanwhile: of two who read it and write it at once, one would take
    the other's new key out, and with it whatever that has sealed by then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _folder(path) as folder:
        # The lock goes with whoever dies holding it.
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield


@contextmanager
def _folder(path: Path) -> Iterator[int]:
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
