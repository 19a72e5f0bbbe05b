"""Access tokens: ES256, keys chosen by `kid`. The only module that imports the JWT library.

The library has had key-confusion defects, so nothing of the choice is left to it: the algorithm is fixed, the key is
one of ours built at start-up, and issuer, audience, type, times and id are checked here.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import JWTError, jwt
from jose.backends.cryptography_backend import CryptographyECKey

from app.errors import Unauthenticated
from app.measures.findings import Text

_ALGORITHM = "ES256"
_TYPE = "at+jwt"
_LEEWAY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid token says: whose it is and when it was given."""

    account_id: UUID
    issued_at: datetime


class TokenIssuer:
    """Signs with the first key of the file, verifies with any of them."""

    def __init__(self, *, keys: list[dict[str, Any]], issuer: str, audience: str, lifetime: timedelta) -> None:
        if not keys:
            raise ValueError("no signing key")
        self._issuer, self._audience, self._lifetime = issuer, audience, lifetime
        self._kid = keys[0]["kid"]
        private = {key["kid"]: CryptographyECKey(key, _ALGORITHM) for key in keys}
        self._signer = private[self._kid]
        self._verifiers = {kid: key.public_key() for kid, key in private.items()}
        self.jwks = {
            "keys": [
                {name: value for name, value in key.items() if name in ("kty", "crv", "x", "y", "kid")}
                | {"use": "sig", "alg": _ALGORITHM}
                for key in keys
            ]
        }

    def issue(self, account_id: UUID, *, role: str, now: datetime) -> str:
        """A signed access token for the account, valid from `now` for the configured seconds."""
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(account_id),
            "role": role,
            "jti": str(uuid4()),
            # Parts of a second count: a token given just before a change of password must not survive it.
            "iat": now.timestamp(),
            "exp": int((now + self._lifetime).timestamp()),
        }
        return str(jwt.encode(claims, self._signer, algorithm=_ALGORITHM, headers={"kid": self._kid, "typ": _TYPE}))

    def verify(self, token: str, *, now: datetime) -> AccessClaims:
        """The claims of a token that is ours and in time; `Unauthenticated` for anything else."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != _ALGORITHM or header.get("typ") != _TYPE:
                raise _refusal()
            key = self._verifiers[header["kid"]]
            # Times are checked below against the injected clock, not against the library's.
            options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}
            claims = jwt.decode(token, key, algorithms=[_ALGORITHM], options=options)
            issued_at = datetime.fromtimestamp(_number(claims, "iat"), UTC)
            expires_at = datetime.fromtimestamp(_number(claims, "exp"), UTC)
            account_id = UUID(claims["sub"])
            UUID(claims["jti"])
        except (JWTError, KeyError, ValueError, TypeError, AttributeError, OverflowError, OSError) as error:
            raise _refusal() from error
        ours = claims.get("iss") == self._issuer and claims.get("aud") == self._audience
        if not ours or issued_at > now + _LEEWAY or expires_at <= now:
            raise _refusal()
        return AccessClaims(account_id, issued_at)


def _number(claims: dict[str, Any], name: str) -> float:
    value = claims[name]
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(name)
    return value


def _refusal() -> Unauthenticated:
    return Unauthenticated(
        Text("令牌无效或已过期，请重新登录", "The token is invalid or has expired; sign in again"), code="invalid_token"
    )


def new_key() -> dict[str, Any]:
    """A fresh private key as a JWK with a random `kid`."""
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    jwk = {name: _plain(value) for name, value in CryptographyECKey(pem, _ALGORITHM).to_dict().items()}
    return jwk | {"kid": uuid4().hex[:16], "alg": _ALGORITHM}


def _plain(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def load_keys(path: Path) -> list[dict[str, Any]]:
    """The keys of the file, the signing one first; made with one key where the file is missing."""
    if not path.exists():
        write_keys(path, [new_key()], replace=False)
    keys: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["keys"]
    return keys


def rotate_keys(path: Path, *, keep: int = 2) -> str:
    """Put a new key in front and keep the last `keep` in all; answers the new `kid`."""
    keys = [new_key(), *load_keys(path)][:keep]
    write_keys(path, keys)
    return str(keys[0]["kid"])


def write_keys(path: Path, keys: list[dict[str, Any]], *, replace: bool = True) -> None:
    """Write the file so that only its owner reads it and nobody sees half of it. `replace` false: of several processes
    that start at once the first one's file stays, and all of them read that."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{uuid4().hex}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"keys": keys}, file)
    if replace:
        draft.replace(path)
        return
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
