"""A client that enters the service's event loop once for a request.

Starlette's own enters it some ten times: for each event, stream and piece of an answer. Every time one thread wakes
another, and that took two milliseconds of a request, four times what the service's own framework takes. And its loop
ends with it; this one's stays, and with it connections that belong to a loop (`tests.support.kept_connections`).
"""

import contextlib
from collections.abc import AsyncIterator
from typing import Self

import anyio.from_thread
import httpx2
import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.support.answers import contract, plain


class StraightClient(TestClient):
    """Starlette's client, whose requests are answered whole: whoever wants to watch an answer come takes Starlette's.
    What the service fails on is answered with 500, not raised."""

    def __init__(self, app: FastAPI, *, client: tuple[str, int], loop: BlockingPortal) -> None:
        super().__init__(app, raise_server_exceptions=False, client=client)
        self._loop = loop
        self._transport = _Straight(self, httpx2.ASGITransport(app, raise_app_exceptions=False, client=client))

    def __enter__(self) -> Self:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(anyio.from_thread, "start_blocking_portal", lambda **_: contextlib.nullcontext(self._loop))
            return super().__enter__()


class _Straight(httpx2.BaseTransport):
    """The library's transport for applications, called in the client's loop."""

    def __init__(self, client: StraightClient, inside: httpx2.ASGITransport) -> None:
        self._client, self._inside = client, inside

    def coming_from(self, address: str) -> None:
        """From here on requests come from this address."""
        self._inside.client = (address, 50_000)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if not isinstance(request.stream, httpx2.AsyncByteStream):
            request.stream = _Pieces(request.stream)
        portal = self._client.portal
        assert isinstance(portal, BlockingPortal), "the client is used as a context"
        status, headers, body = portal.call(self._answered, request)
        sent = plain(body, headers.get("content-encoding", ""))
        fault = contract().fault(request.method, request.url.path, status, headers.get("content-type", ""), sent)
        assert fault is None, fault
        return httpx2.Response(status, headers=headers, stream=httpx2.ByteStream(body), request=request)

    async def _answered(self, request: httpx2.Request) -> tuple[int, httpx2.Headers, bytes]:
        answer = await self._inside.handle_async_request(request)
        # As it comes over the wire: the client itself decodes what is compressed.
        return answer.status_code, answer.headers, b"".join([piece async for piece in answer.aiter_raw()])


class _Pieces(httpx2.AsyncByteStream):
    """A body that is made while it is sent."""

    def __init__(self, made: httpx2.SyncByteStream) -> None:
        self._made = made

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._made:
            yield piece
