"""What the database keeps and must not be able to read: sealed with keys that lie outside of it (AES-256-GCM).

One file of symmetric keys (JWKs of type `oct`), made at first start and readable by its owner alone. The first key
seals, all of them open: a new one is put in front, and the old ones stay for as long as anything names them.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from app.kernel.security.keys import BrokenKeys, Jwk, write_keys

_KEY_BYTES = 32
_NONCE_BYTES = 12
_KID_LENGTH = 16


class Unopened(ValueError):
    """Sealed with a key that is not in the file, for another purpose, or not what was sealed."""


@dataclass(frozen=True, slots=True)
class _Key:
    kid: str
    secret: bytes


class Keyring:
    """Seals and opens. `purpose` parts uses from each other: what was sealed for one opens for no other."""

    def __init__(self, path: Path) -> None:
        """The keys of the file, made with one where it is missing; `BrokenKeys` where it is not what it must be."""
        self._path = path
        load_data_keys(path)
        self._keys = _read(path)

    def seal(self, content: bytes, *, purpose: str) -> bytes:
        """The content, readable with the key alone."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        first, nonce = self._keys[0], os.urandom(_NONCE_BYTES)
        sealed = AESGCM(_derived(first, f"seal:{purpose}")).encrypt(nonce, content, purpose.encode())
        return first.kid.encode() + nonce + sealed

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """What was sealed; `Unopened` where it cannot be."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = self._key(sealed[:_KID_LENGTH].decode("ascii", "replace"))
        nonce, rest = sealed[_KID_LENGTH : _KID_LENGTH + _NONCE_BYTES], sealed[_KID_LENGTH + _NONCE_BYTES :]
        if key is None or len(nonce) < _NONCE_BYTES:
            raise Unopened("no key for it")
        try:
            return AESGCM(_derived(key, f"seal:{purpose}")).decrypt(nonce, rest, purpose.encode())
        except InvalidTag as error:
            raise Unopened("not what was sealed") from error

    def mark(self, content: bytes, *, purpose: str) -> str:
        """A keyed hash of the content: whoever has the database alone can test no guess against it."""
        first = self._keys[0]
        return f"{first.kid}:{_mac(first, content, purpose)}"

    def is_mark_of(self, mark: str, content: bytes, *, purpose: str) -> bool:
        """Whether `mark` was made of this content, with whichever key."""
        kid, _, told = mark.partition(":")
        key = self._key(kid)
        return key is not None and hmac.compare_digest(told, _mac(key, content, purpose))

    def _key(self, kid: str) -> _Key | None:
        for key in self._keys:
            if key.kid == kid:
                return key
        # Another process may have put a new one in front meanwhile.
        self._keys = _read(self._path)
        return next((key for key in self._keys if key.kid == kid), None)


def _mac(key: _Key, content: bytes, purpose: str) -> str:
    return hmac.new(_derived(key, f"mark:{purpose}"), content, "sha256").hexdigest()


def _derived(key: _Key, use: str) -> bytes:
    """One use, one key."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    return HKDFExpand(SHA256(), _KEY_BYTES, use.encode()).derive(key.secret)


def new_data_key() -> Jwk:
    """A fresh secret key as a JWK with a random `kid`."""
    secret = base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)).rstrip(b"=").decode()
    return {"kty": "oct", "k": secret, "kid": uuid4().hex[:_KID_LENGTH], "alg": "A256GCM"}


def load_data_keys(path: Path) -> None:
    """Make the file with one key where it is missing."""
    if not path.exists():
        write_keys(path, [new_data_key()], replace=False)


def rotate_data_keys(path: Path) -> str:
    """Put a new key in front, which seals from the next start on; all others go on opening. Answers its `kid`."""
    load_data_keys(path)
    fresh = new_data_key()
    write_keys(path, [fresh, *json.loads(path.read_text(encoding="utf-8"))["keys"]])
    return str(fresh["kid"])


def _read(path: Path) -> list[_Key]:
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not isinstance(content.get("keys"), list) or not content["keys"]:
        raise BrokenKeys("no list of keys")
    return [_key_of(jwk) for jwk in content["keys"]]


def _key_of(jwk: object) -> _Key:
    if not isinstance(jwk, dict) or jwk.get("kty") != "oct":
        raise BrokenKeys("not a key for A256GCM")
    kid, coded = str(jwk.get("kid")), str(jwk.get("k"))
    try:
        secret = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4))
    except binascii.Error as error:
        raise BrokenKeys("a key that cannot be read") from error
    if len(secret) != _KEY_BYTES or len(kid) != _KID_LENGTH or not kid.isascii():
        raise BrokenKeys("a key of another length")
    return _Key(kid, secret)
