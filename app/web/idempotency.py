"""Idempotency keys: the answer is stored, sealed, in the transaction of the effect, and given again to the same request
of a caller who still may."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from app.kernel.context import ReadContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision
from app.kernel.security.passwords import fingerprint as fingerprint_of
from app.kernel.security.principal import Principal
from app.kernel.security.sealing import Keyring, Unopened
from app.measures.text import Text
from app.store import idempotency as store
from app.store.database import ReadSession, WriteSession
from app.store.idempotency import Answered, Earlier, Named

# Headers that belong to the stored answer; the rest are of the moment.
_KEPT = ("content-type", "etag", "location", "content-language")
# Members of a body that are secrets. They tell no request from another: a hash of a password is not kept, keyed or not.
_SECRETS = frozenset({"password", "old_password", "new_password"})
_PURPOSE = "idempotency"
_SECRET_SEGMENT = "tracking_code"

# Refuses where the caller may not see any more what the stored answer shows.
Still = Callable[[ReadContext, Mapping[str, str]], Awaitable[None]]


class Replay(Exception):
    """This request was answered before; here is the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True)
class Claim:
    """A key with its request: of one caller, or of the public for one path. `mark` is the fingerprint of the request,
    taken before the transaction begins, which must not wait for a slow body."""

    keyring: Keyring
    scope: str
    standing: str
    key: str
    mark: str
    now: datetime

    @classmethod
    def of(cls, request: Request, principal: Principal, *, key: str, mark: str, now: datetime) -> Claim:
        """The claim of this request."""
        scope = str(principal.account_id) if principal.account_id else f"public:{_place(request)}"
        return cls(request.app.state.keyring, scope, _standing(principal), key, mark, now)

    @property
    def named(self) -> Named:
        """The key and within what it is one."""
        return Named(self.scope, self.key)

    @property
    def fingerprint(self) -> str:
        """What is kept of the request: a keyed hash."""
        return self.keyring.mark(self.mark.encode(), purpose=_PURPOSE)

    async def take(self, session: WriteSession) -> None:
        """Take the key for this transaction. Raises `Replay` where it has an answer, `Collision` for another request or
        where the caller's standing has changed since.

        A second request with the same key waits in the database until the first has ended.
        """
        earlier = await store.claim(
            session, self.named, fingerprint=self.fingerprint, standing=self.standing, now=self.now
        )
        if earlier is not None:
            raise self.replay(earlier)

    async def answered(self, session: ReadSession) -> bool:
        """Whether the key has an answer, be it of another request."""
        return await store.answered(session, self.named, now=self.now) is not None

    async def repeat(self, session: ReadSession) -> None:
        """As `take` where the key has an answer; nothing is taken where it has none."""
        earlier = await store.answered(session, self.named, now=self.now)
        if earlier is not None:
            raise self.replay(earlier)

    def answer(self, response: Response, *, shown_once: Collection[str] = ()) -> Answered:
        """The answer as it is stored with the key. Fields `shown_once` are secrets: they are not stored, and a
        repetition answers null in their place."""
        headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
        body = bytes(response.body)
        if shown_once and response.status_code < 300:
            body = json.dumps(json.loads(body) | dict.fromkeys(shown_once), ensure_ascii=False).encode()
        return Answered(self.named, response.status_code, headers, self.keyring.seal(body, purpose=self._purpose))

    @property
    def _purpose(self) -> str:
        # Bound to its caller and key: moved to another row it does not open.
        return f"{_PURPOSE}:{self.scope}:{self.key}"

    def replay(self, earlier: Earlier) -> Replay:
        """The answer that the key got, given again. Raises `Collision` for another request, or where the caller's
        standing has changed since."""
        if not self.keyring.is_mark_of(earlier.fingerprint, self.mark.encode(), purpose=_PURPOSE):
            raise Collision(
                Text(
                    "此 Idempotency-Key 已用于另一请求，请换用新值",
                    "This Idempotency-Key belongs to another request; use a new one",
                ),
                code=ProblemCode.IDEMPOTENCY_KEY_REUSED,
            )
        if earlier.standing != self.standing:
            raise _withdrawn()
        try:
            body = self.keyring.open(earlier.body, purpose=self._purpose) if earlier.body else b""
        except Unopened as error:
            raise _withdrawn() from error
        headers = {str(name): str(value) for name, value in (earlier.headers or {}).items()}
        return Replay(Response(body, earlier.status or 200, {**headers, "Idempotency-Replayed": "true"}))


def _place(request: Request) -> str:
    """The path for which a key of the public is one. One that carries a tracking code is written down nowhere."""
    path = request.url.path
    return fingerprint_of(path) if _SECRET_SEGMENT in request.path_params else path


def _standing(principal: Principal) -> str:
    """Whom the caller acts for, and as what: what was answered to the one is not shown to the other."""
    parts = (
        principal.role,
        principal.membership,
        principal.organisation_id,
        principal.unit_id,
        principal.department_id,
    )
    return " ".join("-" if part is None else str(part) for part in parts)


def _withdrawn() -> Collision:
    return Collision(
        Text(
            "此请求已办理；此后账号权限有变，不再提供当时的应答",
            "This request was carried out; the access of the account has changed since, and the answer is not repeated",
        ),
        code=ProblemCode.ANSWER_WITHDRAWN,
    )


def keep(request: Request, response: Response) -> None:
    """Have the answer stored with the key that this request has taken, if any."""
    claim: Claim | None = getattr(request.state, "claim", None)
    if claim is not None:
        request.state.answer = claim.answer(response, shown_once=getattr(request.state, "shown_once", ()))


def kept(request: Request) -> Answered | None:
    """The answer that is to be stored with this request's key."""
    found: Answered | None = getattr(request.state, "answer", None)
    return found


async def fingerprint(request: Request, *, content: str | None = None) -> str:
    """What tells one request from another. `content`: the hash of a body that has been streamed away already; else the
    body is read, whatever its type."""
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(content.encode() if content is not None else _without_secrets(await request.body()))
    return digest.hexdigest()


def _without_secrets(body: bytes) -> bytes:
    try:
        content = json.loads(body)
    except ValueError:
        return body
    bare = _bare(content)
    return body if bare == content else json.dumps(bare).encode()


def _bare(content: object) -> object:
    """The same without secrets, wherever they stand: a registration has its password one step down."""
    if isinstance(content, dict):
        return {name: _bare(value) for name, value in content.items() if name not in _SECRETS}
    if isinstance(content, list):
        return [_bare(value) for value in content]
    return content
