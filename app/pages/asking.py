"""What a page shows and does it asks of the service's own operations, as a portal would: one rule, one set of limits,
one wording. Nothing leaves the process: the request goes to the same router, without its headers and its state."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import orjson
from fastapi import Request, Response
from starlette.types import Message, Scope

# What an operation may know of the one who asks a page: the language. No token: a page is the public's.
_HANDED_ON = frozenset({b"accept-language", b"host"})
_MADE_BY_ROUTES = frozenset({"route", "endpoint", "path_params", "fastapi_inner_astack", "fastapi_function_astack"})


@dataclass(frozen=True, slots=True)
class Told:
    """What an operation has answered."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, object]

    @property
    def is_done(self) -> bool:
        """Whether it was carried out."""
        return self.status < 300


class Declined(Exception):
    """An operation has refused what the page itself cannot do without."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self.told = told


async def ask(
    request: Request,
    path: str,
    *,
    query: Mapping[str, object] | None = None,
    said: object = None,
    sent: AsyncIterator[bytes] | None = None,
    headers: Mapping[str, str] | None = None,
    tracking_code: str | None = None,
) -> Told:
    """Call an operation: a read, or a write where something is `said` (as JSON) or `sent` (as it is).
    `tracking_code`: which code a submission is to have."""
    writes = said is not None or sent is not None
    own = {"content-type": "application/json" if sent is None else "application/octet-stream"} if writes else {}
    scope: Scope = {
        **{name: value for name, value in request.scope.items() if name not in _MADE_BY_ROUTES},
        "method": "POST" if writes else "GET",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": urlencode({k: v for k, v in (query or {}).items() if v not in (None, "")}).encode(),
        "headers": [
            *(item for item in request.scope["headers"] if item[0] in _HANDED_ON),
            *((name.encode(), value.encode()) for name, value in (own | dict(headers or {})).items()),
        ],
        "state": {"request_id": request.state.request_id, "tracking_code": tracking_code},
    }
    body = sent if sent is not None else _whole(b"" if said is None else orjson.dumps(said))
    answer = _Answer()

    async def receive() -> Message:
        piece = await anext(body, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    try:
        await request.app.router(scope, receive, answer)
    except Exception as error:
        return await translated(Request(scope), error)
    return answer.told()


async def read(request: Request, path: str, **query: object) -> Mapping[str, object]:
    """What a read answers; `Declined` where it refuses."""
    told = await ask(request, path, query=query)
    if not told.is_done:
        raise Declined(told)
    return told.body


async def found(request: Request, path: str, **query: object) -> Mapping[str, object] | None:
    """As `read`; None for what there is not, or is not public yet."""
    told = await ask(request, path, query=query)
    if told.status == 404:
        return None
    if not told.is_done:
        raise Declined(told)
    return told.body


async def all_of(request: Request, path: str, *, at_most: int = 1000, **query: object) -> list[dict[str, object]]:
    """The items of a list, page after page."""
    items: list[dict[str, object]] = []
    cursor: object = None
    while len(items) < at_most:
        page = await read(request, path, **query, limit=100, cursor=cursor)
        items += items_of(page)
        cursor = page["next_cursor"]
        if cursor is None:
            break
    return items


def items_of(page: Mapping[str, object], name: str = "items") -> list[dict[str, object]]:
    """The objects of a list in an answer."""
    listed = page.get(name)
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


async def translated(request: Request, error: Exception) -> Told:
    """An error as the service's own translators tell it; raised where there is none for it."""
    handlers = request.app.exception_handlers
    for kind in type(error).__mro__:
        if kind in handlers:
            response: Response = await handlers[kind](request, error)
            return Told(response.status_code, dict(response.headers), orjson.loads(bytes(response.body)))
    raise error


async def _whole(body: bytes) -> AsyncIterator[bytes]:
    if body:
        yield body


class _Answer:
    """What the router sends, kept."""

    def __init__(self) -> None:
        self._status, self._headers, self._body = 500, dict[str, str](), bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = {name.decode().lower(): value.decode() for name, value in message.get("headers", [])}
        else:
            self._body += message.get("body", b"")

    def told(self) -> Told:
        body = orjson.loads(bytes(self._body)) if self._body else {}
        return Told(self._status, self._headers, body)
