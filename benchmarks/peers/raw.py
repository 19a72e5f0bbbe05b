"""An objection as somebody would take it who writes it by hand: Starlette and asyncpg, with the SQL that the service
needs for it, one statement after the other. No law, no contract, no limits, no log.

    PEER_DATABASE=postgresql://… python -m uvicorn benchmarks.peers.raw:app
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_FIELDS = frozenset({"name", "contact", "facts", "evidence"})
_EARLIER = "SELECT fingerprint, status, body FROM idempotency_records WHERE scope = $1 AND key = $2"
_FACTS = """
SELECT candidates.id, candidates.round_id, notices.published_on, notices.ends_at
FROM candidates JOIN notices ON notices.id = candidates.notice_id JOIN rounds ON rounds.id = candidates.round_id
WHERE candidates.id = $1 FOR SHARE OF rounds"""
_OBJECTION = """
INSERT INTO objections (id, created_at, round_id, candidate_id, class, classified_because, state, received_at,
    tracking_hash, version)
VALUES ($1, $2, $3, $4, $5, '', $6, $2, $7, 1)"""
_ORIGINAL = """
INSERT INTO objection_originals (id, created_at, objection_id, name, contact, facts, evidence)
VALUES ($1, $2, $3, $4, $5, $6, $7)"""
_HEAD = "SELECT seq, hash FROM audit_head FOR UPDATE"
_ENTRY = """
INSERT INTO audit_entries (seq, at, act, actor_role, subject_type, subject_id, round_id, request_id, details,
    previous_hash, hash)
VALUES ($1, $2, 'take_objection', 'public', 'objection', $3, $4, $5, $6, $7, $8)"""
_MOVE = "UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 1"
_KEEP = """
INSERT INTO idempotency_records (id, created_at, scope, key, fingerprint, status, headers, body)
VALUES ($1, $2, $3, $4, $5, 201, '{}', $6)"""


async def take_objection(request: Request) -> Response:
    """201 with the tracking code; 422 and 404 without a reason."""
    sent = await request.body()
    said = orjson.loads(sent)
    if set(said) - _FIELDS or not all(isinstance(value, str) and len(value) <= 4000 for value in said.values()):
        return Response(status_code=422)
    key, scope, mark = request.headers.get("idempotency-key"), f"public:{request.url.path}", hashlib.sha256(sent)
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        if key is not None:
            earlier = await connection.fetchrow(_EARLIER, scope, key)
            if earlier is not None:
                return Response(earlier["body"], earlier["status"] if earlier["fingerprint"] == mark else 409)
        body = await _take(connection, UUID(request.path_params["candidate"]), said)
        if body is None:
            return Response(status_code=404)
        if key is not None:
            now = datetime.now(UTC)
            await connection.execute(_KEEP, uuid4(), now, scope, key, mark.hexdigest(), body)
    return Response(body, 201, media_type="application/json")


async def _take(connection: asyncpg.Connection, candidate: UUID, said: dict[str, str]) -> bytes | None:
    now, objection, code = datetime.now(UTC), uuid4(), secrets.token_urlsafe(32)
    row = await connection.fetchrow(_FACTS, candidate)
    if row is None:
        return None
    formal = bool(said.get("name") and said.get("contact") and said.get("facts")) and now < row["ends_at"]
    kind, state = ("formal", "received") if formal else ("informal", "informal")
    digest = hashlib.sha256(code.encode()).hexdigest()
    await connection.execute(_OBJECTION, objection, now, row["round_id"], row["id"], kind, state, digest)
    texts = (said.get(name) for name in ("name", "contact", "facts", "evidence"))
    await connection.execute(_ORIGINAL, uuid4(), now, objection, *texts)
    head = await connection.fetchrow(_HEAD)
    details = {"candidate_id": str(candidate), "classification": kind}
    entry = orjson.dumps([head["seq"] + 1, objection, now, details], option=orjson.OPT_SORT_KEYS)
    chained = hashlib.sha256(head["hash"].encode() + entry).hexdigest()
    place = (head["seq"] + 1, now, objection, row["round_id"], str(uuid4()), orjson.dumps(details).decode())
    await connection.execute(_ENTRY, *place, head["hash"], chained)
    await connection.execute(_MOVE, head["seq"] + 1, chained)
    return orjson.dumps({"tracking_code": code, "classification": kind, "lacking": [], "received_at": now})


async def ready(_request: Request) -> Response:
    """200 as soon as it answers."""
    return Response()


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    async with asyncpg.create_pool(os.environ["PEER_DATABASE"], min_size=8, max_size=8) as app.state.pool:
        yield


app = Starlette(
    lifespan=_lifespan,
    routes=[
        Route("/readyz", ready),
        Route("/v1/candidates/{candidate}/objections", take_objection, methods=["POST"]),
    ],
)
