"""The register's page, an application and an objection as somebody would write them by hand: Starlette and asyncpg,
with the SQL that the service needs for them, one statement after the other. No law, no contract, no limits, no log.

    PEER_DATABASE=postgresql://… PEER_KEYS=keys.json python -m uvicorn benchmarks.peers.raw:app
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
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
INSERT INTO objection_originals (id, created_at, objection_id, sealed_name, sealed_contact, sealed_facts,
    sealed_evidence)
VALUES ($1, $2, $3, $4, $5, $6, $7)"""
_HEAD = "SELECT seq, hash FROM audit_head FOR UPDATE"
_ENTRY = """
INSERT INTO audit_entries (seq, at, act, actor_role, subject_type, subject_id, round_id, request_id, details,
    previous_hash, hash, outcome)
VALUES ($1, $2, 'take_objection', 'public', 'objection', $3, $4, $5, $6, $7, $8, 'done')"""
_MOVE = "UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 1"
_KEEP = """
INSERT INTO idempotency_records (id, created_at, scope, key, fingerprint, standing, status, headers, body)
VALUES ($1, $2, $3, $4, $5, 'public', 201, '{}', $6)"""
_REGISTER = """
SELECT awards.id, awards.award_year, awards.awarded_name, awards.repeat_award, awards.certificate_number,
    awards.conferred_on, awards.valid_until, awards.revoked_on, rounds.ordinal, rounds.is_sample, decrees.number,
    organisations.name
FROM awards JOIN rounds ON rounds.id = awards.round_id JOIN decrees ON decrees.id = awards.decree_id
    JOIN organisations ON organisations.id = awards.organisation_id
WHERE awards.state IN ('conferred', 'revoked') ORDER BY awards.id DESC LIMIT $1"""
_ACCOUNT = "SELECT role, organisation_id, deactivated_at, tokens_valid_from FROM accounts WHERE id = $1"
_APPLICATION = """
SELECT applications.id, round_id, organisation_id, applications.state, snapshot, applications.number, submitted_at,
    snapshot_hash, sector, seat_category, confirmed_at, closed_reason, closed_rule, closed_at, applications.created_at,
    applications.version, rounds.state AS round_state, rounds.deadline
FROM applications JOIN rounds ON rounds.id = applications.round_id WHERE applications.id = $1"""
_ASKED = """
SELECT recommendations.id, unit_id, recommending_units.name AS unit_name, recommendations.state, due_at, answered_at,
    opinion, reason
FROM recommendations JOIN recommending_units ON recommending_units.id = unit_id WHERE application_id = $1
ORDER BY recommendations.id"""
# As long as a notice.
_CONSTANT = orjson.dumps({"text": "x" * 1000})
_SHANGHAI = timezone(timedelta(hours=8))
_SHOWN = [
    "id",
    "round_id",
    "organisation_id",
    "state",
    "number",
    "submitted_at",
    "snapshot_hash",
    "sector",
    "seat_category",
    "confirmed_at",
    "closed_reason",
    "closed_rule",
    "closed_at",
    "created_at",
    "version",
]


async def register(request: Request) -> Response:
    """A page of the register."""
    limit = int(request.query_params.get("limit", "20"))
    if not 1 <= limit <= 100:
        return Response(status_code=422)
    rows = await request.app.state.pool.fetch(_REGISTER, limit + 1)
    today = datetime.now(_SHANGHAI).date()
    lines = [
        {
            "id": row["id"],
            "award_year": row["award_year"],
            "round_ordinal": row["ordinal"],
            "awarded_name": row["awarded_name"],
            "printed_name": row["name"],
            "repeat_award": row["repeat_award"],
            "status": _status(row, today),
            "conferred_on": row["conferred_on"],
            "valid_until": row["valid_until"],
            "revoked_on": row["revoked_on"],
            "certificate_number": row["certificate_number"],
            "decree_number": row["number"],
            "is_sample": row["is_sample"],
        }
        for row in rows[:limit]
    ]
    next_one = lines[-1]["id"] if len(rows) > limit else None
    return Response(orjson.dumps({"items": lines, "next_cursor": next_one}, default=str), media_type="application/json")


def _status(row: asyncpg.Record, today: date) -> str:
    if row["revoked_on"] is not None:
        return "revoked"
    return "valid" if today <= row["valid_until"] else "expired"


async def application(request: Request) -> Response:
    """An application of the caller's organisation."""
    claims = _claims(request, request.headers.get("authorization", "").removeprefix("Bearer "))
    if claims is None:
        return Response(status_code=401)
    pool, wanted = request.app.state.pool, UUID(request.path_params["application"])
    account = await pool.fetchrow(_ACCOUNT, UUID(str(claims["sub"])))
    if account is None or account["deactivated_at"] or float(claims["iat"]) < account["tokens_valid_from"].timestamp():
        return Response(status_code=401)
    row = await pool.fetchrow(_APPLICATION, wanted)
    if row is None or row["organisation_id"] != account["organisation_id"]:
        return Response(status_code=404)
    asked = await pool.fetch(_ASKED, wanted)
    snapshot = orjson.loads(row["snapshot"])
    shown = {
        **{name: row[name] for name in _SHOWN},
        "organisation": snapshot["organisation"],
        "content": snapshot["content"],
        "recommendations": [dict(item) for item in asked],
        "available_actions": [{"act": "hand_in_renewal", "allowed": row["state"] == "evaluated", "blocked_by": []}],
    }
    return Response(orjson.dumps(shown, default=str), media_type="application/json")


def _claims(request: Request, token: str) -> dict[str, str | float] | None:
    """What a good token says."""
    try:
        head, said, signature = token.split(".")
        key = request.app.state.keys[orjson.loads(_decoded(head))["kid"]]
        raw = _decoded(signature)
        pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        key.verify(pair, f"{head}.{said}".encode(), ec.ECDSA(SHA256()))
    except (ValueError, KeyError, InvalidSignature):
        return None
    claims: dict[str, str | float] = orjson.loads(_decoded(said))
    return claims if float(claims["exp"]) > datetime.now(UTC).timestamp() else None


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _keys() -> dict[str, ec.EllipticCurvePublicKey]:
    read = orjson.loads(Path(os.environ["PEER_KEYS"]).read_bytes())["keys"]
    return {one["kid"]: _key(*(int.from_bytes(_decoded(one[name]), "big") for name in ("x", "y"))) for one in read}


def _key(x: int, y: int) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


async def take_objection(request: Request) -> Response:
    """201 with the tracking code; 422 and 404 without a reason."""
    sent = await request.body()
    said = orjson.loads(sent)
    if set(said) - _FIELDS or not all(isinstance(value, str) and len(value) <= 4000 for value in said.values()):
        return Response(status_code=422)
    key, scope, mark = (
        request.headers.get("idempotency-key"),
        f"public:{request.url.path}",
        hashlib.sha256(sent).hexdigest(),
    )
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
            await connection.execute(_KEEP, uuid4(), now, scope, key, mark, body)
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
    # Not sealed: what sealing costs shows in the difference.
    texts = (text and text.encode() for text in map(said.get, ("name", "contact", "facts", "evidence")))
    await connection.execute(_ORIGINAL, uuid4(), now, objection, *texts)
    head = await connection.fetchrow(_HEAD)
    details = {"candidate_id": str(candidate), "classification": kind}
    entry = orjson.dumps([head["seq"] + 1, objection, now, details], default=str, option=orjson.OPT_SORT_KEYS)
    chained = hashlib.sha256(head["hash"].encode() + entry).hexdigest()
    place = (head["seq"] + 1, now, objection, row["round_id"], str(uuid4()), orjson.dumps(details).decode())
    await connection.execute(_ENTRY, *place, head["hash"], chained)
    await connection.execute(_MOVE, head["seq"] + 1, chained)
    return orjson.dumps({"tracking_code": code, "classification": kind, "lacking": [], "received_at": now})


async def constant(_request: Request) -> Response:
    """What every answer costs at the least."""
    return Response(_CONSTANT, media_type="application/json")


async def ready(_request: Request) -> Response:
    """200 as soon as it answers."""
    return Response()


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.keys = _keys()
    async with asyncpg.create_pool(os.environ["PEER_DATABASE"], min_size=8, max_size=8) as app.state.pool:
        yield


app = Starlette(
    lifespan=_lifespan,
    routes=[
        Route("/readyz", ready),
        Route("/constant", constant),
        Route("/v1/awards", register),
        Route("/v1/applications/{application}", application),
        Route("/v1/candidates/{candidate}/objections", take_objection, methods=["POST"]),
    ],
)
