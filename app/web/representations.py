"""What is sent of a read: by a strong tag of its own, compressed for those who take that, not again to those who have
it, and without its body to those who ask for the head alone."""

from __future__ import annotations

import gzip
import hashlib

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
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
_READS = frozenset({"GET", "HEAD"})
# What tells of content is not told with a 304, whose content the caller has (RFC 9110, section 15.4.5).
_OF_CONTENT = (
    *("content-disposition", "content-encoding", "content-language", "content-length", "content-type", "link"),
)
# An answer that has seen to all of this itself says so here, in the state of its request.
DONE = "represented"


def tag_of(body: bytes, *, version: str | None = None, coding: str | None = None) -> str:
    """The strong tag of just this body in this coding; `version` is what `If-Match` reads of it."""
    parts = (version, hashlib.sha256(body).hexdigest()[:_DIGITS], "gz" if coding == "gzip" else None)
    return f'"{"-".join(part for part in parts if part)}"'


def takes_gzip(accepted: list[str]) -> bool:
    """Whether these `Accept-Encoding` take gzip."""
    weights = {}
    for part in ",".join(accepted).lower().split(","):
        coding, _, parameters = part.replace(" ", "").partition(";")
        weights[coding] = parameters.removeprefix("q=")
    weight = weights.get("gzip", weights.get("*"))
    # Without a weight it is 1; one of 0 refuses.
    return weight == "" or (weight is not None and weight.strip("0.") != "")


def has(tag: str, named: list[str]) -> bool:
    """Whether these `If-None-Match` name the tag."""
    tags = [item.strip().removeprefix("W/") for item in ",".join(named).split(",")]
    return tag in tags or "*" in tags


class Representations:
    """Sees to what leaves as the answer of a read. Nothing is compressed but that: what an act answers may hold a
    secret beside what the caller has made up (see decision 34)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reading = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        sent = _Sent(scope, send)
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
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            if "vary" not in headers:
                headers["vary"] = VARIES
            message["headers"] = headers.raw
            self._start = message
            return
        if message["type"] != "http.response.body" or self._start is None:
            await self._on(message)
            return
        start, self._start = self._start, None
        whole = not message.get("more_body", False)
        done = self._scope.get("state", {}).get(DONE, False)
        if whole and not done and start["status"] == 200 and self._scope["method"] in _READS:
            await self._represented(start, message.get("body", b""))
            return
        await self._send(start)
        await self._on(message)

    async def _represented(self, start: Message, body: bytes) -> None:
        asked, headers = Headers(scope=self._scope), MutableHeaders(raw=start["headers"])
        links = page_links(self._scope, body)
        if links is not None:
            headers.append("link", links)
        version = headers.get("etag", "").strip('"') or None
        packs = len(body) >= WORTH_COMPRESSING and "content-encoding" not in headers and _is_text(headers)
        coding = "gzip" if packs and takes_gzip(asked.getlist("accept-encoding")) else None
        headers["etag"] = tag_of(body, version=version, coding=coding)
        if has(headers["etag"], asked.getlist("if-none-match")):
            for name in _OF_CONTENT:
                del headers[name]
            start["status"], body = 304, b""
        elif coding is not None:
            body = await _packed(body)
            headers["content-encoding"], headers["content-length"] = coding, str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._on({"type": "http.response.body", "body": body})

    async def _on(self, message: Message) -> None:
        alone = self._scope["method"] == "HEAD" and message["type"] == "http.response.body"
        await self._send({**message, "body": b""} if alone else message)


async def _packed(body: bytes) -> bytes:
    if len(body) <= _AT_ONCE:
        return gzip.compress(body, LEVEL, mtime=0)
    return await to_thread.run_sync(lambda: gzip.compress(body, LEVEL, mtime=0))


def _is_text(headers: MutableHeaders) -> bool:
    kind = headers.get("content-type", "").partition(";")[0]
    return kind.startswith("text/") or kind.endswith("json")
