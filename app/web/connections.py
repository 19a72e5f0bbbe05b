"""A connection to the service: bounded in number, in the size and time of its head, in the time of its body and of its
reader. What is no HTTP, or too much of it, is answered with a problem document too."""

from __future__ import annotations

from asyncio import TimerHandle, Transport
from collections.abc import Callable
from http import HTTPStatus

from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.kernel.error_codes import ProblemCode
from app.store.base import new_id
from app.web.problems import problem

_MAX_HEADERS = 100
_MAX_HEAD_BYTES = 32_768
_MAX_TARGET_BYTES = 8_192


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 with limits. Seconds and numbers are the class's, so that a test can wait for less."""

    # From the connection, or the first byte of a further request, to the end of its head.
    head_seconds = 10.0
    # Between two pieces of a body; a slow line sends a piece in this time, a dead one does not.
    piece_seconds = 20.0
    # For a piece of an answer to be taken.
    reader_seconds = 20.0
    # Of one worker.
    max_connections = 1000

    _timer: TimerHandle | None = None
    _stalled: TimerHandle | None = None
    _too_much: ProblemCode | None = None
    _head_bytes = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.max_connections:
            self._refuse(ProblemCode.UNAVAILABLE)
            return
        self._expect(self.head_seconds, self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        self._read_again()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self._stalled or self.loop.call_later(self.reader_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        self._read_again()
        super().resume_writing()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = 0
        if self._timer is None:
            self._expect(self.head_seconds, self._late)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > _MAX_TARGET_BYTES:
            self._stop(ProblemCode.TARGET_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._head_bytes += len(name) + len(value)
        if len(self.headers) > _MAX_HEADERS or self._head_bytes > _MAX_HEAD_BYTES:
            self._stop(ProblemCode.HEADERS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        self._expect(self.piece_seconds, self._late)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._expect(self.piece_seconds, self._late)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._expect_nothing()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What the server does with what its parser refuses."""
        self._refuse(self._too_much or ProblemCode.BAD_REQUEST)

    def _stop(self, code: ProblemCode) -> None:
        # The parser goes on with what it has, unless it is told.
        self._too_much = code
        raise ValueError(code)

    def _late(self) -> None:
        self._timer = None
        if self.flow.read_paused:
            # It is we who do not read.
            self._expect(self.piece_seconds, self._late)
        elif self._answering():
            self.transport.abort()
        else:
            self._refuse(ProblemCode.TOO_SLOW)

    def _answering(self) -> bool:
        # None until the first request, whatever the server's own annotation says.
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and cycle.response_started and not cycle.response_complete

    def _refuse(self, code: ProblemCode) -> None:
        self._expect_nothing()
        request_id = str(new_id())
        request = Request({"type": "http", "headers": [], "state": {"request_id": request_id}})
        retry = {"Retry-After": "10"} if code is ProblemCode.UNAVAILABLE else {}
        response = problem(request, code, headers=retry)
        headers = [
            *response.raw_headers,
            (b"x-request-id", request_id.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"connection", b"close"),
        ]
        first = f"HTTP/1.1 {response.status_code} {HTTPStatus(response.status_code).phrase}".encode()
        self.transport.write(b"\r\n".join([first, *(name + b": " + value for name, value in headers), b"", b""]))
        self.transport.write(response.body)
        self.transport.close()

    def _expect(self, seconds: float, otherwise: Callable[[], None]) -> None:
        self._expect_nothing()
        self._timer = self.loop.call_later(seconds, otherwise)

    def _expect_nothing(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _read_again(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
