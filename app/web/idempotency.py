"""Idempotency keys: the answer is stored in the transaction of the effect, and given again to the same request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from fastapi import Request, Response

from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision
from app.measures.text import Text
from app.store import idempotency as store
from app.store.database import WriteSession
from app.store.idempotency import Earlier

# Headers that belong to the stored answer; the rest are of the moment.
_KEPT = ("content-type", "etag", "location", "content-language")


class Replay(Exception):
    """This request was answered before; here is the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


async def claim(
    session: WriteSession,
    request: Request,
    *,
    key: str,
    mark: str,
    account_id: UUID | None,
    now: datetime,
) -> None:
    """Take the key for this transaction. Raises `Replay` where it has an answer, `Collision` for another request.

    A second request with the same key waits in the database until the first has ended. `mark`: the fingerprint of the
    request, taken before the transaction begins, which must not wait for a slow body.
    """
    named = store.Named(scope_of(account_id, request.url.path), key)
    earlier = await store.claim(session, named, fingerprint=mark, now=now)
    if earlier is not None:
        raise replayed(earlier, mark)
    request.state.claim = named


def scope_of(account_id: UUID | None, path: str) -> str:
    """Within what a key is one: an account's own requests, or what the public posts to one address."""
    return str(account_id) if account_id else f"public:{path}"


def replayed(earlier: Earlier, mark: str) -> Replay | Collision:
    """What is raised where the key has been used: the answer that it got, or that it was for another request."""
    if earlier.fingerprint != mark:
        return Collision(
            Text(
                "此 Idempotency-Key 已用于另一请求，请换用新值",
                "This Idempotency-Key belongs to another request; use a new one",
            ),
            code=ProblemCode.IDEMPOTENCY_KEY_REUSED,
        )
    headers = {str(name): str(value) for name, value in (earlier.headers or {}).items()}
    return Replay(Response(earlier.body or b"", earlier.status or 200, {**headers, "Idempotency-Replayed": "true"}))


def show_once(request: Request, fields: Collection[str]) -> None:
    """These fields of the answer are secrets of which only a fingerprint is kept: they are not stored, and a repetition
    answers null in their place."""
    request.state.shown_once = fields


def keep(request: Request, response: Response) -> None:
    """Have the answer stored with the key that this request has taken, if any."""
    named: store.Named | None = getattr(request.state, "claim", None)
    if named is not None:
        hidden = getattr(request.state, "shown_once", ())
        request.state.answer = store.Answered(named, *stored(response, hidden))


def stored(response: Response, hidden: Collection[str]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body as they are stored; fields that are `hidden` are null."""
    body = bytes(response.body)
    if hidden and response.status_code < 300:
        body = json.dumps(json.loads(body) | dict.fromkeys(hidden), ensure_ascii=False).encode()
    headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
    return response.status_code, headers, body


def kept(request: Request) -> store.Answered | None:
    """The answer that is to be stored with this request's key."""
    found: store.Answered | None = getattr(request.state, "answer", None)
    return found


async def fingerprint(request: Request, *, content: str | None = None) -> str:
    """What tells one request from another. `content`: the hash of a body that has been streamed away already; else the
    body is read, whatever its type."""
    sent = content.encode() if content is not None else await request.body()
    return fingerprint_of(request.method, request.url.path, request.url.query, sent)


def fingerprint_of(method: str, path: str, query: str, sent: bytes) -> str:
    """As `fingerprint`, from its parts."""
    digest = hashlib.sha256(f"{method} {path}?{query}\n".encode())
    digest.update(sent)
    return digest.hexdigest()
