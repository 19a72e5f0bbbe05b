"""Access tokens, and other statements that are signed: ES256, keys chosen by `kid`; signatures of an outside provider.
The only module that imports the JWT library.

The library has had key-confusion defects, so nothing of the choice is left to it: the algorithm is fixed, the key is
one of ours, built when the file of keys is read, and issuer, audience, type, times and id are checked here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from uuid import UUID, uuid4

from jose import JWTError, jws, jwt
from jose.backends.cryptography_backend import CryptographyECKey, CryptographyRSAKey
from jose.exceptions import JOSEError

from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Unauthenticated
from app.kernel.security.keys import BrokenKeys, Jwk, SigningKey, signing_key, watch_keys
from app.measures.text import Text

_ALGORITHM = "ES256"


_TYPE = "at+jwt"


_LEEWAY = timedelta(seconds=5)


# Tokens that were verified and are kept: some megabyte.
_KEPT_AT_MOST = 4096


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid token says: whose it is, of which session, when it was given and when the secret was last shown."""

    account_id: UUID
    issued_at: datetime
    session_id: UUID
    proved_at: datetime
    role: str


@dataclass(frozen=True, slots=True)
class OfSession:
    """What a token says of its session: which one, when the secret was last shown, and when it ends."""

    session_id: UUID
    proved_at: datetime
    ends_at: datetime


class _KeySet:
    """The library's objects for one state of the file."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        try:
            private = {key.kid: CryptographyECKey(key.jwk, _ALGORITHM) for key in keys}
        except JOSEError as error:
            raise BrokenKeys("not a key for ES256") from error
        self.keys = keys
        self.signers = private
        self.verifiers = {kid: key.public_key() for kid, key in private.items()}
        self.jwks = {
            "keys": [
                {name: key.jwk[name] for name in ("kty", "crv", "x", "y", "kid")} | {"use": "sig", "alg": _ALGORITHM}
                for key in keys
            ]
        }


@dataclass(frozen=True, slots=True)
class _Verified:
    """A token whose signature was found good: by which keys, and how long it is one."""

    keys: _KeySet
    claims: AccessClaims
    begins_at: datetime
    expires_at: datetime


class TokenIssuer:
    """Signs with the first key of the file that may, verifies with any of them; follows the file while it runs."""

    def __init__(
        self,
        *,
        keys_file: Path,
        issuer: str,
        audience: str,
        lifetime: timedelta,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._issuer, self._audience, self._lifetime = issuer, audience, lifetime
        self._watched = watch_keys(keys_file, _KeySet, seconds=seconds)
        self._verified: dict[bytes, _Verified] = {}

    @property
    def jwks(self) -> dict[str, list[Jwk]]:
        """The public keys, also of those that do not sign yet."""
        return self._watched.current().jwks

    def issue(self, account_id: UUID, *, role: str, now: datetime, of: OfSession | None = None) -> str:
        """A signed access token for the account, valid from `now` for the configured seconds, and never longer than its
        session. None: of a session that is nowhere on record, for whoever tries a service whose keys are his own."""
        of = of or OfSession(uuid4(), now, now + self._lifetime)
        known = self._watched.current()
        kid = signing_key(known.keys, now=now).kid
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(account_id),
            "role": role,
            "jti": str(uuid4()),
            # Parts of a second count: a token given just before a change of password must not survive it.
            "iat": now.timestamp(),
            "exp": int(min(now + self._lifetime, of.ends_at).timestamp()),
            "sid": str(of.session_id),
            "auth_time": of.proved_at.timestamp(),
        }
        return str(jwt.encode(claims, known.signers[kid], algorithm=_ALGORITHM, headers={"kid": kid, "typ": _TYPE}))

    def verify(self, token: str, *, now: datetime) -> AccessClaims:
        """The claims of a token that is ours and in time; `Unauthenticated` for anything else. A signature is looked at
        once, as long as the keys stay as they are; the times each time."""
        mark = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(mark)
        if known is None or known.keys is not self._watched.current():
            known = self._look_at(token)
            if len(self._verified) >= _KEPT_AT_MOST:
                del self._verified[next(iter(self._verified))]
            self._verified[mark] = known
        if known.begins_at > now + _LEEWAY or known.expires_at <= now:
            raise _refusal()
        return known.claims

    def _look_at(self, token: str) -> _Verified:
        try:
            header = jwt.get_unverified_header(token)
            # What a header calls critical must be understood, and we understand nothing of the kind.
            if header.get("alg") != _ALGORITHM or header.get("typ") != _TYPE or "crit" in header:
                raise _refusal()
            keys = self._watched.current()
            if header["kid"] not in keys.verifiers:
                # Another process may sign already with a key that came since.
                keys = self._watched.newest()
            # Times are checked below against the injected clock, not against the library's.
            options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}
            claims = jwt.decode(token, keys.verifiers[header["kid"]], algorithms=[_ALGORITHM], options=options)
            issued_at = datetime.fromtimestamp(_number(claims, "iat"), UTC)
            not_before = datetime.fromtimestamp(_number(claims, "nbf" if "nbf" in claims else "iat"), UTC)
            expires_at = datetime.fromtimestamp(_number(claims, "exp"), UTC)
            proved_at = datetime.fromtimestamp(_number(claims, "auth_time"), UTC)
            account_id, session_id, role = UUID(claims["sub"]), UUID(claims["sid"]), str(claims["role"])
            UUID(claims["jti"])
        except (JWTError, KeyError, ValueError, TypeError, AttributeError, OverflowError, OSError) as error:
            raise _refusal() from error
        if claims.get("iss") != self._issuer or claims.get("aud") != self._audience:
            raise _refusal()
        return _Verified(
            keys,
            AccessClaims(account_id, issued_at, session_id, proved_at, role),
            max(issued_at, not_before),
            expires_at,
        )


class NotSigned(ValueError):
    """A statement that none of the known keys has signed, or one for another purpose."""


def sign_statement(content: bytes, *, key: Jwk, purpose: str) -> str:
    """The content as a compact JWS (RFC 7515), signed with a private key. `purpose` is its `typ`: what was signed for
    one is not taken for another."""
    return str(jws.sign(content, CryptographyECKey(key, _ALGORITHM), {"kid": key["kid"], "typ": purpose}, _ALGORITHM))


def opened_statement(signed: str, *, keys: Sequence[Jwk], purpose: str) -> bytes:
    """The content of a statement that one of these keys (public ones suffice) has signed; `NotSigned` otherwise."""
    try:
        header = jws.get_unverified_header(signed)
        if header.get("alg") != _ALGORITHM or header.get("typ") != purpose:
            raise NotSigned("for another purpose")
        key = next((item for item in keys if item["kid"] == header.get("kid")), None)
        if key is None:
            raise NotSigned("by an unknown key")
        public = {name: key[name] for name in ("kty", "crv", "x", "y", "kid")}
        return bytes(jws.verify(signed, CryptographyECKey(public, _ALGORITHM), [_ALGORITHM]))
    except (JOSEError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise error if isinstance(error, NotSigned) else NotSigned("the signature does not fit") from error


def outside_header(token: str) -> Mapping[str, object]:
    """The header of somebody else's token, as it says of itself; `ValueError` where it has none."""
    try:
        header: Mapping[str, object] = jwt.get_unverified_header(token)
    except JOSEError as error:
        raise ValueError("no token") from error
    return header


def outside_claims(token: str, key: Jwk, algorithm: str) -> Mapping[str, object]:
    """The claims of somebody else's token that is signed by this public key with this algorithm; `ValueError` for any
    other. The caller has chosen the algorithm to be asymmetric and of the key's kind, and looks at every claim."""
    maker = CryptographyECKey if algorithm.startswith("ES") else CryptographyRSAKey
    options = {f"verify_{name}": False for name in ("exp", "iat", "nbf", "aud", "iss", "sub", "jti", "at_hash")}
    try:
        claims: Mapping[str, object] = jwt.decode(
            token, maker(dict(key), algorithm), algorithms=[algorithm], options=options
        )
    except (JOSEError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise ValueError("not signed by this key") from error
    return claims


def _number(claims: Mapping[str, object], name: str) -> float:
    value = claims[name]
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(name)
    return value


def _refusal() -> Unauthenticated:
    return Unauthenticated(
        Text("令牌无效或已过期，请重新登录", "The token is invalid or has expired; sign in again"),
        code=ProblemCode.INVALID_TOKEN,
    )
