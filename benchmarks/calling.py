"""Calling an application in this process, with no client and no socket between: what is measured is the application."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Scope


@dataclass(frozen=True, slots=True)
class Call:
    """One request, ready to be sent any number of times."""

    method: str
    path: str
    query: str = ""
    token: str | None = None
    body: bytes = b""
    expected: int = 200


async def send(app: ASGIApp, call: Call) -> int:
    """Bytes of the answer's body. Raises where the status is another than expected: a refusal is no measurement."""
    status, size, parts = 0, 0, [b""]
    body_sent = False

    async def receive() -> Message:
        nonlocal body_sent
        if body_sent:
            return {"type": "http.disconnect"}
        body_sent = True
        return {"type": "http.request", "body": call.body, "more_body": False}

    async def take(message: Message) -> None:
        nonlocal status, size
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            body = message.get("body", b"")
            size += len(body)
            parts[0] = body

    await app(_scope(call), receive, take)
    if status != call.expected:
        raise RuntimeError(f"{call.method} {call.path}: {status} {parts[0].decode(errors='replace')[:1000]}")
    return size


def _scope(call: Call) -> Scope:
    headers = [(b"host", b"bench"), (b"accept", b"application/json")]
    if call.token is not None:
        headers.append((b"authorization", f"Bearer {call.token}".encode()))
    if call.body:
        headers += [(b"content-type", b"application/json"), (b"content-length", str(len(call.body)).encode())]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": call.method,
        "scheme": "http",
        "path": call.path,
        "raw_path": call.path.encode(),
        "root_path": "",
        "query_string": call.query.encode(),
        "headers": headers,
        "client": ("127.0.0.1", 40000),
        "server": ("127.0.0.1", 8000),
        "state": {},
    }
