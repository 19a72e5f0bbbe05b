"""An outside OpenID provider, the county's or the province's: whether a token is its own, for us, now, and whose it is.

Nothing of the choice is left to the library or to the token: the algorithms are asymmetric ones, the key is one of the
provider's set, of the algorithm's kind, and every claim is looked at here.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic

import anyio
import structlog

from app.kernel.error_codes import FieldCode
from app.kernel.errors import FieldError, Invalid, NotGranted, Unavailable
from app.kernel.security.keys import Jwk
from app.kernel.security.tokens import outside_claims, outside_header
from app.kernel.settings import Settings
from app.measures.text import Text

# What a key of each algorithm is. No `none` and no shared secret: whoever knows the public key could sign with it.
_KINDS = {
    "RS256": ("RSA", None),
    "RS384": ("RSA", None),
    "RS512": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
}
# 2048 bits, in the characters of base64.
_SHORTEST_MODULUS = 342
_LEEWAY = timedelta(seconds=5)
# A token is exchanged when it is given, not kept for later.
_OLDEST = timedelta(minutes=10)
# A key that the provider has taken out of its set verifies for this long at most.
_KEPT_SECONDS = 600.0
# So often at most is the provider asked, whatever tokens come.
_PAUSE_SECONDS = 10.0
# While the provider is away, the keys that were known go on for so long.
_STALE_SECONDS = 3600.0
_LONGEST_SET = 65_536
_MOST_KEYS = 20

_log = structlog.get_logger("outside_provider")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who it is, by the provider's word, and until when the token says so."""

    issuer: str
    subject: str
    expires_at: datetime
    # When the person signed in there; None where that is not asked for.
    signed_in_at: datetime | None = None


class OutsideProvider:
    """The provider of the settings, if there is one."""

    def __init__(
        self,
        settings: Settings,
        *,
        get: Callable[[], Awaitable[bytes]] | None = None,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self.issuer = settings.outside_issuer
        self._audience, self._claim = settings.outside_audience, settings.outside_subject_claim
        self._acr = frozenset(item.strip() for item in (settings.outside_acr or "").split(",")) - {""}
        self._oldest_sign_in = settings.outside_sign_in_seconds
        allowed = settings.outside_allow_private
        self._get = get or partial(_fetch_set, settings.outside_jwks_url or "", allow_private=allowed)
        self._seconds = seconds
        self._keys: list[Jwk] = []
        self._fetched: float | None = None
        self._asked: float | None = None
        self._turn = anyio.Lock()

    async def subject_of(self, token: str, *, nonce: str | None, now: datetime) -> Subject:
        """Who the token is of; `NotGranted`, in the same words, for any that is not one to take. `nonce`: what the
        sign-in at the provider was begun with. `Unavailable` where the provider's keys are not to be had."""
        if self.issuer is None:
            text = Text("未设置外部身份提供方", "No outside provider is set")
            raise Invalid(text, errors=[FieldError("/grant_type", FieldCode.NOT_ALLOWED, text)])
        try:
            claims = await self._signed(token)
            return self._subject(claims, nonce=nonce, now=now)
        except (ValueError, TypeError, OverflowError, OSError) as error:
            _log.info("outside_token_refused", cause=str(error)[:80])
            raise _refusal() from error

    async def _signed(self, token: str) -> Mapping[str, object]:
        header = outside_header(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in _KINDS:
            raise ValueError("algorithm")
        # What must be understood and is not: no extension is.
        if "crit" in header or str(header.get("typ", "JWT")).upper() != "JWT":
            raise ValueError("header")
        # The second time with the newest set: the provider may sign already with a key that came since.
        for newer_than in (_KEPT_SECONDS, _PAUSE_SECONDS):
            key = _chosen(await self._current(newer_than=newer_than), kid, algorithm)
            if key is not None:
                with suppress(ValueError):
                    return outside_claims(token, key, algorithm)
        raise ValueError("key or signature")

    async def _current(self, *, newer_than: float) -> list[Jwk]:
        async with self._turn:
            now = self._seconds()
            young = self._fetched is not None and now - self._fetched < newer_than
            asked = self._asked is not None and now - self._asked < _PAUSE_SECONDS
            if not young and not asked:
                self._asked = now
                try:
                    self._keys = _keys_of(await self._get())
                    self._fetched = now
                except (OSError, ValueError) as error:
                    _log.error("outside_keys_unreadable", cause=str(error)[:80])
            if self._fetched is None or now - self._fetched > _STALE_SECONDS:
                raise Unavailable(
                    Text(
                        "外部身份提供方暂不可用，请稍后重试", "The outside provider does not answer; try again shortly"
                    )
                )
            return self._keys

    def _subject(self, claims: Mapping[str, object], *, nonce: str | None, now: datetime) -> Subject:
        if claims.get("iss") != self.issuer:
            raise ValueError("iss")
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        # Given to several, it says in `azp` whom it was given to.
        party = claims.get("azp", self._audience if len(audiences) == 1 else None)
        if self._audience is None or self._audience not in audiences or party != self._audience:
            raise ValueError("aud")
        expires_at, issued_at = _instant(claims, "exp"), _instant(claims, "iat")
        if expires_at <= now or not now - _OLDEST <= issued_at <= now + _LEEWAY:
            raise ValueError("time")
        if "nbf" in claims and _instant(claims, "nbf") > now + _LEEWAY:
            raise ValueError("nbf")
        if claims.get("nonce") != nonce:
            raise ValueError("nonce")
        subject = claims.get(self._claim)
        if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
            raise ValueError("subject")
        if self._acr and claims.get("acr") not in self._acr:
            raise ValueError("acr")
        return Subject(str(self.issuer), subject, expires_at, self._signed_in_at(claims, now))

    def _signed_in_at(self, claims: Mapping[str, object], now: datetime) -> datetime | None:
        """When the person signed in at the provider, where that is asked for; ValueError where it was too long ago."""
        if self._oldest_sign_in is None:
            return None
        at = _instant(claims, "auth_time")
        if not now - timedelta(seconds=self._oldest_sign_in) <= at <= now + _LEEWAY:
            raise ValueError("auth_time")
        return min(at, now)


async def _fetch_set(url: str, *, allow_private: bool) -> bytes:
    from app.kernel.fetching import fetch

    return await fetch(url, limit=_LONGEST_SET, allow_private=allow_private)


def _chosen(keys: list[Jwk], kid: object, algorithm: str) -> Jwk | None:
    """The key of this `kid`; where the token names none, the only one that there is for the algorithm."""
    found = [key for key in keys if _is_for(key, algorithm) and kid in (None, key.get("kid"))]
    return found[0] if len(found) == 1 else None


def _is_for(key: Jwk, algorithm: str) -> bool:
    family, curve = _KINDS[algorithm]
    if key.get("kty") != family or key.get("use", "sig") != "sig" or key.get("alg", algorithm) != algorithm:
        return False
    if family == "RSA":
        return len(str(key.get("n", ""))) >= _SHORTEST_MODULUS
    return bool(key.get("crv") == curve)


def _keys_of(content: bytes) -> list[Jwk]:
    told = json.loads(content)
    keys = told.get("keys") if isinstance(told, dict) else None
    if not isinstance(keys, list) or not keys or len(keys) > _MOST_KEYS:
        raise ValueError("no set of keys")
    return [key for key in keys if isinstance(key, dict)]


def _instant(claims: Mapping[str, object], name: str) -> datetime:
    value = claims.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(name)
    return datetime.fromtimestamp(value, UTC)


def _refusal() -> NotGranted:
    return NotGranted(Text("外部身份令牌无效或已过期", "The outside provider's token is not valid, or is over"))
