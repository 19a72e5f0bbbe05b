"""Whoever reads pages is told on a page what the service refuses before any page is reached: a path that leads nowhere,
a limit, a body too large. Who calls the API is told as before."""

from __future__ import annotations

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.pages.asking import Told
from app.pages.route import HTML, in_its_language, problem_page
from app.web.problems import MEDIA_TYPE

_API = "/v1"


class RefusalPages:
    """Turns a problem document into a page for those who take HTML."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_a_reader(scope):
            await self._app(scope, receive, send)
            return
        request = in_its_language(Request(scope, receive))
        await self._app(request.scope, receive, _Told(request, receive, send))
        # Where it was answered is for the log.
        scope.update({**request.scope, "headers": scope["headers"]})


class _Told:
    """One answer on its way out: a problem is held until it is whole."""

    def __init__(self, request: Request, receive: Receive, send: Send) -> None:
        self._request, self._receive, self._send = request, receive, send
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_a_problem(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._tell(self._start)

    async def _tell(self, start: Message) -> None:
        if not self._body:
            # Of a `HEAD`: what its `GET` would be is said in the type.
            headers = MutableHeaders(raw=start["headers"])
            headers["content-type"] = HTML
            del headers["content-length"]
            await self._send({**start, "headers": headers.raw})
            await self._send({"type": "http.response.body", "body": b""})
            return
        told = Told(start["status"], Headers(raw=start["headers"]), orjson.loads(bytes(self._body)))
        page = problem_page(self._request, told)
        await page(self._request.scope, self._receive, self._send)


def _is_a_reader(scope: Scope) -> bool:
    if f"{scope['path']}/".startswith(f"{_API}/"):
        return False
    return b"text/html" in next((value for name, value in scope["headers"] if name == b"accept"), b"")


def _is_a_problem(start: Message) -> bool:
    return Headers(raw=start.get("headers", [])).get("content-type", "") == MEDIA_TYPE
