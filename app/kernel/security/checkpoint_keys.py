"""The keys that sign checkpoints of the audit log: keys of their own, so that who signs tokens cannot sign these.

One file of JWKs, readable by its owner alone. The first is private and signs. Those before it are kept for good, but
only their public halves: what they have signed can be verified for as long as anybody holds it, and nobody signs with
them any more.
"""

from __future__ import annotations

import json
from pathlib import Path

from app.kernel.security.keys import BrokenKeys, Jwk, changing, new_key, write_keys
from app.kernel.security.tokens import NotSigned, opened_statement, sign_statement

_PUBLIC = ("kty", "crv", "x", "y", "kid")


class CheckpointKeys:
    """Signs and opens; reads the file anew each time, so that a rotation needs no restart."""

    def __init__(self, path: Path) -> None:
        """Keys of this file, made with one where it is missing when first asked for."""
        self._path = path

    @property
    def jwks(self) -> dict[str, list[Jwk]]:
        """The public keys, also of those that sign no more."""
        public = [{name: key[name] for name in _PUBLIC} | {"use": "sig", "alg": "ES256"} for key in self._read()]
        return {"keys": public}

    @property
    def kid(self) -> str:
        """Of the key that signs."""
        return str(self._read()[0]["kid"])

    def sign(self, content: bytes, *, purpose: str) -> str:
        """A compact JWS over the content, of this `typ`; `BrokenKeys` where no key may sign."""
        first = self._read()[0]
        if "d" not in first:
            raise BrokenKeys("no private key in front")
        return sign_statement(content, key=first, purpose=purpose)

    def opened(self, signed: str, *, purpose: str) -> bytes:
        """What one of the keys has signed; `NotSigned` otherwise. No keys are made for that."""
        if not self._path.exists():
            raise NotSigned("there are no keys here")
        return opened_statement(signed, keys=public_keys(self._path), purpose=purpose)

    def load(self) -> None:
        """Make the file with one key where it is missing."""
        if not self._path.exists():
            write_keys(self._path, [new_key()], replace=False)

    def _read(self) -> list[Jwk]:
        self.load()
        return public_keys(self._path)


def public_keys(path: Path) -> list[Jwk]:
    """The keys of a file as they lie there, a JWKS that was published among them; `BrokenKeys` where it is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BrokenKeys("no list of keys") from error
    keys = content.get("keys") if isinstance(content, dict) else None
    if not isinstance(keys, list) or not keys:
        raise BrokenKeys("no list of keys")
    if any(not isinstance(key, dict) or not all(isinstance(key.get(name), str) for name in _PUBLIC) for key in keys):
        raise BrokenKeys("a key lacks a member")
    return keys


def rotate_checkpoint_key(path: Path) -> str:
    """Put a new key in front, which signs from now on; of the others the public halves stay. Answers its `kid`."""
    fresh = new_key()
    with changing(path):
        before = public_keys(path) if path.exists() else []
        write_keys(path, [fresh, *({name: key[name] for name in _PUBLIC} for key in before)])
    return str(fresh["kid"])
