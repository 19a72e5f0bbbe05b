"""What the database keeps and must not be able to read: sealed with keys that lie outside of it, by AES-256-GCM, or by
SM4-GCM (RFC 8998) where the settings say so.

One file of symmetric keys (JWKs of type `oct`), made at first start and readable by its owner alone. The first key
seals, all of them open: a new one is put in front, and the old ones stay for as long as anything names them. Of what is
sealed the first byte tells the algorithm, so that a change of the setting closes nothing.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from uuid import uuid4

from app.kernel.security.keys import LOOK_AGAIN_SECONDS, BrokenKeys, Jwk, changing, write_keys
from app.kernel.settings import Sealing, Settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KID_LENGTH = 16
# In front of what SM4 has sealed; a key's name begins with a digit or a letter.
_BY_SM4 = b"\x04"
_SM4_KEY_BYTES = 16


class Unopened(ValueError):
    """Sealed with a key that is not in the file, for another purpose, or not what was sealed."""


@dataclass(frozen=True, slots=True)
class _Key:
    kid: str
    secret: bytes
    # By use: each is drawn from the secret once, and what seals with it is made once.
    derived: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)
    ciphers: dict[str, AESGCM] = field(default_factory=dict, compare=False, repr=False)

    def of(self, use: str, *, length: int = _KEY_BYTES, kept: bool = False) -> bytes:
        """One use, one key. `kept`: the use is one of a few, such as a column's; others name a row or a request."""
        if (known := self.derived.get(use)) is not None:
            return known
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

        made = HKDFExpand(SHA256(), length, use.encode()).derive(self.secret)
        if kept:
            self.derived[use] = made
        return made

    def cipher(self, purpose: str, *, kept: bool) -> AESGCM:
        """What seals and opens for this purpose; `kept` as for `of`."""
        if (known := self.ciphers.get(purpose)) is not None:
            return known
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        made = AESGCM(self.of(f"seal:{purpose}", kept=kept))
        if kept:
            self.ciphers[purpose] = made
        return made


class Keyring:
    """Seals and opens. `purpose` parts uses from each other: what was sealed for one opens for no other. `bound` is
    told again to open it: what was sealed for one row opens in no other."""

    def __init__(self, path: Path, sealing: Sealing = Sealing.AES_256_GCM) -> None:
        """The keys of the file, made with one where it is missing; `BrokenKeys` where it is not what it must be, or
        where the library does not have the algorithm."""
        self._path, self._sealing = path, sealing
        load_data_keys(path)
        self._seen = _mark_of(path)
        self._keys = _read(path)
        self._looked = monotonic()
        if sealing is Sealing.SM4_GCM:
            _try_sm4()

    @classmethod
    def of(cls, settings: Settings) -> Keyring:
        """That of the settings."""
        return cls(settings.data_keys, settings.sealing)

    def seal(self, content: bytes, *, purpose: str, bound: bytes = b"") -> bytes:
        """The content, readable with the key alone."""
        first, nonce, told = self._first(), os.urandom(_NONCE_BYTES), purpose.encode() + bound
        if self._sealing is Sealing.SM4_GCM:
            sealed = _sm4_sealed(first, purpose, nonce, content, bound)
            return _BY_SM4 + first.kid.encode() + nonce + sealed
        return first.kid.encode() + nonce + first.cipher(purpose, kept=bool(bound)).encrypt(nonce, content, told)

    def open(self, sealed: bytes, *, purpose: str, bound: bytes = b"") -> bytes:
        """What was sealed; `Unopened` where it cannot be."""
        from cryptography.exceptions import InvalidTag

        key = self._key(kid_of(sealed))
        by_sm4 = sealed[:1] == _BY_SM4
        rest = sealed[_KID_LENGTH + by_sm4 :]
        nonce, rest, told = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], purpose.encode() + bound
        if key is None or len(rest) < _TAG_BYTES:
            raise Unopened("no key for it")
        try:
            if by_sm4:
                return _sm4_opened(key, purpose, nonce, rest, bound)
            return key.cipher(purpose, kept=bool(bound)).decrypt(nonce, rest, told)
        except InvalidTag as error:
            raise Unopened("not what was sealed") from error

    def is_newest(self, sealed: bytes) -> bool:
        """Whether it was sealed by the key and the algorithm that would seal it now."""
        by_sm4 = self._sealing is Sealing.SM4_GCM
        return kid_of(sealed) == self._first().kid and (sealed[:1] == _BY_SM4) == by_sm4

    def missing_key_of(self, sealed: bytes) -> str | None:
        """The name of the key that has sealed it, where that key is not in the file."""
        kid = kid_of(sealed)
        return kid if self._key(kid) is None else None

    def mark(self, content: bytes, *, purpose: str) -> str:
        """A keyed hash of the content: whoever has the database alone can test no guess against it."""
        first = self._first()
        return f"{first.kid}:{_mac(first, content, purpose)}"

    def is_mark_of(self, mark: str, content: bytes, *, purpose: str) -> bool:
        """Whether `mark` was made of this content, with whichever key."""
        kid, _, told = mark.partition(":")
        key = self._key(kid)
        return key is not None and hmac.compare_digest(told, _mac(key, content, purpose))

    def missing_key_of_mark(self, mark: str) -> str | None:
        """The name of the key that has made the mark, where that key is not in the file."""
        kid = mark.partition(":")[0]
        return kid if self._key(kid) is None else None

    def _key(self, kid: str) -> _Key | None:
        for key in self._keys:
            if key.kid == kid:
                return key
        # Another process may have put a new one in front meanwhile.
        self._read_anew()
        return next((key for key in self._keys if key.kid == kid), None)

    def _first(self) -> _Key:
        """The key that seals: a new one is noticed within a second."""
        if monotonic() - self._looked >= LOOK_AGAIN_SECONDS:
            self._looked = monotonic()
            with suppress(OSError, ValueError):
                # A file that is away or broken stops nobody who has read it.
                if (seen := _mark_of(self._path)) != self._seen:
                    self._read_anew()
                    self._seen = seen
        return self._keys[0]

    def _read_anew(self) -> None:
        known = {(key.kid, key.secret): key for key in self._keys}
        self._keys = [known.get((key.kid, key.secret), key) for key in _read(self._path)]


def kid_of(sealed: bytes) -> str:
    """The name of the key that has sealed it."""
    start = sealed[:1] == _BY_SM4
    return sealed[start : start + _KID_LENGTH].decode("ascii", "replace")


def _mark_of(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_ino


def _sm4_sealed(key: _Key, purpose: str, nonce: bytes, content: bytes, bound: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    secret = key.of(f"seal-sm4:{purpose}", length=_SM4_KEY_BYTES, kept=bool(bound))
    encryptor = Cipher(algorithms.SM4(secret), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(purpose.encode() + bound)
    return encryptor.update(content) + encryptor.finalize() + bytes(encryptor.tag)


def _sm4_opened(key: _Key, purpose: str, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    secret, tag = key.of(f"seal-sm4:{purpose}", length=_SM4_KEY_BYTES, kept=bool(bound)), sealed[-_TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(secret), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(purpose.encode() + bound)
    return decryptor.update(sealed[:-_TAG_BYTES]) + decryptor.finalize()


def _try_sm4() -> None:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        _sm4_sealed(_Key("0" * _KID_LENGTH, b"0" * _KEY_BYTES), "trial", b"0" * _NONCE_BYTES, b"", b"")
    except UnsupportedAlgorithm as error:
        raise BrokenKeys("AWARD_SEALING=sm4-gcm: the OpenSSL that is installed has no SM4-GCM") from error


def _mac(key: _Key, content: bytes, purpose: str) -> str:
    return hmac.new(key.of(f"mark:{purpose}"), content, "sha256").hexdigest()


def new_data_key() -> Jwk:
    """A fresh secret key as a JWK with a random `kid`."""
    secret = base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)).rstrip(b"=").decode()
    return {"kty": "oct", "k": secret, "kid": uuid4().hex[:_KID_LENGTH], "alg": "A256GCM"}


def load_data_keys(path: Path) -> None:
    """Make the file with one key where it is missing."""
    if not path.exists():
        write_keys(path, [new_data_key()], replace=False)


def rotate_data_keys(path: Path) -> str:
    """Put a new key in front, which seals within a second wherever the service runs; all others go on opening. Answers
    its `kid`."""
    fresh = new_data_key()
    with changing(path):
        load_data_keys(path)
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
