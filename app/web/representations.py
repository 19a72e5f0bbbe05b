"""What is sent of a read: by a strong tag of its own, compressed for those who take that, not again to those who have
it, and without its body to those who ask for the head alone."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from functools import lru_cache

from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.links import page_links

# What fits into a packet gains nothing by being smaller.
WORTH_COMPRESSING = 1024
# A length that is compressed in a few milliseconds; what is longer goes into a thread.
_AT_ONCE = 128 * 1024
# The tag of a packed form holds for this level alone.
LEVEL = 5
_DIGITS = 32
# As what (a list may be had as a table), how it is packed, the language of messages, who asks: what does not say
# otherwise may follow from these.
VARIES = "Accept, Accept-Encoding, Accept-Language, Authorization"
_VARIES = VARIES.encode("latin-1")
_READS = frozenset({"GET", "HEAD"})
# What tells of content is not told with a 304, whose content the caller has (RFC 9110, section 15.4.5).
_OF_CONTENT = (
    *(b"content-disposition", b"content-encoding", b"content-language", b"content-length", b"content-type", b"link"),
)
# An answer that has seen to all of this itself says so here, in the state of its request.
DONE = "represented"


def tag_of(body: bytes, *, version: str | None = None, coding: str | None = None) -> str:
    """The strong tag of just this body in this coding; `version` is what `If-Match` reads of it."""
    parts = (version, hashlib.sha256(body).hexdigest()[:_DIGITS], "gz" if coding == "gzip" else None)
    return f'"{"-".join(part for part in parts if part)}"'


def takes_gzip(accepted: list[str]) -> bool:
    """Whether these `Accept-Encoding` take gzip."""
    return _takes_gzip(",".join(accepted))


# Browsers say it in few ways.
@lru_cache(maxsize=64)
def _takes_gzip(accepted: str) -> bool:
    weights = {}
    for part in accepted.lower().split(","):
        coding, _, parameters = part.replace(" ", "").partition(";")
        weights[coding] = parameters.removeprefix("q=")
    weight = weights.get("gzip", weights.get("*"))
    # Without a weight it is 1; one of 0 refuses.
    return weight == "" or (weight is not None and weight.strip("0.") != "")


def has(tag: str, named: list[str]) -> bool:
    """Whether these `If-None-Match` name the tag."""
    tags = [item.strip().removeprefix("W/") for item in ",".join(named).split(",")]
    return tag in tags or "*" in tags


def wishes(scope: Scope) -> tuple[list[str], list[str]]:
    """What a request says of the coding that it takes, and of what it has already."""
    accepted, known = [], []
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accepted.append(value.decode("latin-1"))
        elif name == b"if-none-match":
            known.append(value.decode("latin-1"))
    return accepted, known


class Representations:
    """Sees to what leaves as the answer of a read. Nothing is compressed but that: what an act answers may hold a
    secret beside what the caller has made up (see decision 34)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = _Sent(scope, send)
        if scope["method"] != "HEAD":
            await self._app(scope, receive, sent)
            return
        reading = {**scope, "method": "GET"}
        try:
            await self._app(reading, receive, sent)
        finally:
            # Where it was answered is for the log.
            scope.update({**reading, "method": scope["method"]})


class _Sent:
    """One answer on its way out."""

    __slots__ = ("_scope", "_send", "_start")

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = message["headers"] = list(message.get("headers", ()))
            if not any(name == b"vary" for name, _ in headers):
                headers.append((b"vary", _VARIES))
            if self._is_done() and self._scope["method"] != "HEAD":
                await self._send(message)
            else:
                self._start = message
            return
        if message["type"] != "http.response.body" or self._start is None:
            await self._on(message)
            return
        start, self._start = self._start, None
        whole = not message.get("more_body", False)
        if whole and not self._is_done() and start["status"] == 200 and self._scope["method"] in _READS:
            await self._represented(start, message.get("body", b""))
            return
        await self._send(start)
        await self._on(message)

    def _is_done(self) -> bool:
        return bool(self._scope.get("state", {}).get(DONE, False))

    async def _represented(self, start: Message, body: bytes) -> None:
        accepted, named = wishes(self._scope)
        said = dict(start["headers"])
        headers = [item for item in start["headers"] if item[0] != b"etag"]
        links = page_links(self._scope, body)
        if links is not None:
            headers.append((b"link", links.encode("latin-1")))
        version = said.get(b"etag", b"").decode("latin-1").strip('"') or None
        packs = len(body) >= WORTH_COMPRESSING and b"content-encoding" not in said and _is_text(said)
        coding = "gzip" if packs and accepted and takes_gzip(accepted) else None
        tag = tag_of(body, version=version, coding=coding)
        headers.append((b"etag", tag.encode("latin-1")))
        if named and has(tag, named):
            headers = [item for item in headers if item[0] not in _OF_CONTENT]
            start["status"], body = 304, b""
        elif coding is not None:
            body = await _packed(body)
            headers = [item for item in headers if item[0] != b"content-length"]
            headers += [(b"content-encoding", coding.encode()), (b"content-length", b"%d" % len(body))]
        await self._send({**start, "headers": headers})
        await self._on({"type": "http.response.body", "body": body})

    async def _on(self, message: Message) -> None:
        alone = self._scope["method"] == "HEAD" and message["type"] == "http.response.body"
        await self._send({**message, "body": b""} if alone else message)


async def _packed(body: bytes) -> bytes:
    if len(body) <= _AT_ONCE:
        return gzip.compress(body, LEVEL, mtime=0)
    return await to_thread.run_sync(lambda: gzip.compress(body, LEVEL, mtime=0))


def _is_text(headers: Mapping[bytes, bytes]) -> bool:
    kind = headers.get(b"content-type", b"").partition(b";")[0]
    return kind.startswith(b"text/") or kind.endswith(b"json")
