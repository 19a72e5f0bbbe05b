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
from app.store.idempotency import IdempotencyRecord

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
) -> IdempotencyRecord:
    """Take the key for this transaction. Raises `Replay` where it has an answer, `Collision` for another request.

    A second request with the same key waits in the database until the first has ended. `mark`: the fingerprint of the
    request, taken before the transaction begins, which must not wait for a slow body.
    """
    scope = str(account_id) if account_id else f"public:{request.url.path}"
    record, mine = await store.claim(session, scope=scope, key=key, fingerprint=mark, now=now)
    if mine:
        return record
    if record.fingerprint != mark:
        raise Collision(
            Text(
                "此 Idempotency-Key 已用于另一请求，请换用新值",
                "This Idempotency-Key belongs to another request; use a new one",
            ),
            code=ProblemCode.IDEMPOTENCY_KEY_REUSED,
        )
    headers = {str(name): str(value) for name, value in (record.headers or {}).items()}
    raise Replay(Response(record.body or b"", record.status or 200, {**headers, "Idempotency-Replayed": "true"}))


def keep(record: IdempotencyRecord, response: Response, *, shown_once: Collection[str] = ()) -> None:
    """Store the answer with the key. Fields `shown_once` are secrets of which only a fingerprint is kept: they are not
    stored, and a repetition answers null in their place."""
    record.status = response.status_code
    record.headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
    record.body = bytes(response.body)
    if shown_once and response.status_code < 300:
        body = json.loads(record.body)
        record.body = json.dumps(body | dict.fromkeys(shown_once), ensure_ascii=False).encode()


async def fingerprint(request: Request, *, content: str | None = None) -> str:
    """What tells one request from another. `content`: the hash of a body that has been streamed away already; else the
    body is read, whatever its type."""
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(content.encode() if content is not None else await request.body())
    return digest.hexdigest()
