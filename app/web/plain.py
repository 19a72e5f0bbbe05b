"""The plain case of a request that comes often, answered before the framework takes the request apart.

A route that has such an answer is marked with `answered_first`. It is found by the same index, stands behind the same
checks of headers and bodies, is logged and measured under the same template, and its errors become the same problems.
Whatever is not plain (another parameter, one twice, a token where none is needed) it hands on to the route itself.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Response
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from app.kernel.clock import shanghai_day
from app.kernel.deliveries import Deliveries
from app.kernel.group_commit import GroupCommit
from app.kernel.paging import MAX_CURSOR, MAX_LIMIT, PageRequest
from app.kernel.security.tokens import AccessClaims, TokenIssuer
from app.kernel.throttle import Throttle
from app.reads.wire import Answer
from app.services.objections.incoming import Taken
from app.services.objections.take_objections_together import Offered
from app.store.idempotency import Earlier
from app.store.readers import Reader
from app.web.origin import origin_of
from app.web.public_pages import PublicPages

Kept = TypeVar("Kept")
Objections = GroupCommit[Offered, Taken | Earlier]
_OF_WRITES = frozenset({b"idempotency-key", b"if-match"})
_MAX_TOKEN = 4096
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class NotPlain(Exception):
    """The framework's route answers this request."""


class Asked:
    """What a request asks, read without ceremony: every method raises `NotPlain` where it says anything unusual."""

    __slots__ = ("_body", "_receive", "_request", "_scope")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope, self._receive = scope, receive
        self._body: bytes | None = None
        self._request: Request | None = None

    @property
    def reader(self) -> Reader:
        reader: Reader = self._scope["app"].state.database.reader
        return reader

    def kept(self, kind: Callable[[], Kept]) -> Kept:
        """What this application keeps between requests, one of each kind; made when it is first asked for."""
        state = self._scope["app"].state
        if not hasattr(state, "kept"):
            state.kept = {}
        kept: dict[object, Kept] = state.kept
        if kind not in kept:
            kept[kind] = kind()
        return kept[kind]

    @property
    def now(self) -> datetime:
        now: datetime = self._scope["app"].state.clock.now()
        return now

    @property
    def today(self) -> date:
        return shanghai_day(self.now)

    @property
    def deliveries(self) -> Deliveries:
        deliveries: Deliveries = self._scope["app"].state.deliveries
        return deliveries

    @property
    def objections(self) -> Objections:
        objections: Objections = self._scope["app"].state.objections
        return objections

    def objection(self) -> Callable[[], None]:
        """Counts this objection against the limit of its sender, once however often it is asked to; refuses over the
        limit. What is over it already, or brings a proof of work, is the route's."""
        throttle: Throttle = self._scope["app"].state.throttle
        client = self._scope.get("client")
        address = client[0] if client else ""
        if self.header(b"proof-of-work") is not None or throttle.full(address):
            raise NotPlain
        return cache(lambda: throttle.objection(address))

    @property
    def request_id(self) -> str:
        """The id that the middleware gave to this request."""
        given: str = self._scope["state"]["request_id"]
        return given

    @property
    def tracking_code(self) -> str | None:
        """The code that a page of ours has promised to what it sends on."""
        promised: str | None = self._scope["state"].get("tracking_code")
        return promised

    def only_reads(self) -> None:
        """No header says anything of a write, which a route that may write looks at."""
        if any(name in _OF_WRITES for name, _ in self._scope["headers"]):
            raise NotPlain

    def anonymous(self) -> None:
        """There is no token, which would have to be looked at."""
        if any(name == b"authorization" for name, _ in self._scope["headers"]):
            raise NotPlain

    def claims(self) -> AccessClaims:
        """What the token says; `Unauthenticated` for one that is not ours. The account is for the read to look at."""
        given = [value for name, value in self._scope["headers"] if name == b"authorization"]
        scheme, _, token = given[0].decode("latin-1").partition(" ") if len(given) == 1 else ("", "", "")
        if scheme.lower() != "bearer" or not token.strip() or len(token) > _MAX_TOKEN:
            raise NotPlain
        issuer: TokenIssuer = self._scope["app"].state.tokens
        claims = issuer.verify(token.strip(), now=self.now)
        # For the record, where the read refuses it.
        self._scope["state"]["claims"] = claims
        return claims

    @property
    def origin(self) -> str | None:
        """The address that it comes from."""
        return origin_of(self._scope)

    def query(self, *known: str) -> Mapping[str, str]:
        """The query's parameters: only these, each once."""
        if not self._scope["query_string"]:
            return {}
        pairs = parse_qsl(self._scope["query_string"].decode("latin-1"), keep_blank_values=True)
        found = dict(pairs)
        if len(found) != len(pairs) or not found.keys() <= set(known):
            raise NotPlain
        return found

    def id(self, name: str) -> UUID:
        """A UUID in the path, in its usual form."""
        return _id(self._scope["path_params"][name])

    def header(self, name: bytes) -> str | None:
        """A header that comes once at most."""
        given = [value for known, value in self._scope["headers"] if known == name]
        if len(given) > 1:
            raise NotPlain
        return given[0].decode("latin-1") if given else None

    @property
    def request(self) -> Request:
        """The same as the framework shows it."""
        if self._request is None:
            self._request = Request(self._scope, self._receive)
        return self._request

    async def body(self) -> bytes:
        """What was sent."""
        self._body = await self.request.body()
        return self._body

    async def receive(self) -> Message:
        """For the framework's route, where this request is handed on: what was read already comes once more."""
        body, self._body = self._body, None
        if body is None:
            return await self._receive()
        return {"type": "http.request", "body": body, "more_body": False}

    async def public_page(self, make: Callable[[], Awaitable[Answer]]) -> Response:
        """What `make` answers to anybody, kept in memory as long as nothing happens (`public_pages`)."""
        self.anonymous()
        wanted = (self._scope["path"], self._scope["query_string"], self.today)
        page = await self.kept(PublicPages).page(self.reader, wanted, make)
        return page.sent(self._scope)

    def text(self, name: str) -> str:
        """A segment of the path."""
        text: str = self._scope["path_params"][name]
        return text


def paging(query: Mapping[str, str]) -> PageRequest:
    """The page that is asked for."""
    cursor = query.get("cursor")
    if cursor is not None and len(cursor) > MAX_CURSOR:
        raise NotPlain
    limit = number(query, "limit", at_least=1, at_most=MAX_LIMIT)
    return PageRequest(20 if limit is None else limit, cursor)


def id_in(query: Mapping[str, str], name: str) -> UUID | None:
    """A parameter that is a UUID, in its usual form."""
    return _id(query[name]) if name in query else None


def _id(text: str) -> UUID:
    # The library takes hyphens anywhere, which the contract does not.
    if _UUID.fullmatch(text) is None:
        raise NotPlain
    return UUID(text)


def number(query: Mapping[str, str], name: str, *, at_least: int, at_most: int) -> int | None:
    """A parameter that is a number, written in digits."""
    text = query.get(name)
    if text is None:
        return None
    if (
        not (text.isascii() and text.isdecimal())
        or len(text) > len(str(at_most))
        or not at_least <= int(text) <= at_most
    ):
        raise NotPlain
    return int(text)


# None: as `NotPlain`.
Plain = Callable[[Asked], Awaitable[Answer | Response | None]]
Endpoint = TypeVar("Endpoint", bound=Callable[..., object])
_MARK = "answered_first"


def answered_first(plain: Plain) -> Callable[[Endpoint], Endpoint]:
    """Mark a route's function: `plain` answers the plain case of it."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _MARK, plain)
        return endpoint

    return mark


def plain_of(endpoint: object) -> Plain | None:
    """The plain answer of a route's function, where it has one."""
    found: Plain | None = getattr(endpoint, _MARK, None)
    return found


async def send_plain(answer: Answer, send: Send) -> None:
    """An answer as the framework sends it."""
    headers = [(b"content-length", b"%d" % len(answer.body)), (b"content-type", b"application/json")]
    if answer.etag is not None:
        headers.append((b"etag", f'"{answer.etag}"'.encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def as_response(answer: Answer) -> Response:
    """The same answer, given by a route."""
    headers = {} if answer.etag is None else {"ETag": f'"{answer.etag}"'}
    return Response(answer.body, media_type="application/json", headers=headers)
