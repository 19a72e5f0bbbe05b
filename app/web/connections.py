"""A connection to the service: bounded in number, in all and of one address, in the size and time of its head, in the
time of its body and of its reader. What is no HTTP, or too much of it, is answered with a problem document too."""

from __future__ import annotations

import re
from asyncio import TimerHandle, Transport
from http import HTTPStatus

from starlette.requests import Request
from uvicorn.middleware.proxy_headers import _TrustedHosts
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.kernel.error_codes import ProblemCode
from app.kernel.origins import network_of
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
    # For a whole body: so long, and a second more for so many bytes of it that have come. An upload of twenty megabytes
    # over a slow line ends within half an hour, a short text within half a minute, and what drips does not go on.
    body_seconds = 30.0
    slowest_bytes = 12_000
    # For a piece of an answer to be taken.
    reader_seconds = 20.0
    # Of one worker. When they are taken, whoever has sent least for its time makes room, unless it has just begun.
    max_connections = 1000
    shed_after_seconds = 1.0
    # Of these, of one address that is no trusted proxy: as many as the shipped proxy lets through.
    max_of_one_address = 100

    _begun = 0.0
    _received = 0
    # When what is still to come is late; None where nothing is. The timer may ring before: it is then set again. A
    # request that comes in one piece with nothing to wait for has none set for it.
    _due: float | None = None
    _timer: TimerHandle | None = None
    _feeds = False
    _stalled: TimerHandle | None = None
    _too_much: ProblemCode | None = None
    _head_bytes = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begun = self.loop.time()
        if self._one_too_many() or (len(self.connections) > self.max_connections and not self._make_room()):
            self._refuse(ProblemCode.UNAVAILABLE)
            return
        self._expect(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._read_again()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._feeds = True
        try:
            super().data_received(data)
        finally:
            self._feeds = False
            if self._due is not None:
                self._watch(self._due)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self._stalled or self.loop.call_later(self.reader_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        self._read_again()
        super().resume_writing()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = 0
        if self._due is None:
            self._begin()
            self._expect(self.head_seconds)

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
        if self._names_two_hosts():
            self._stop(ProblemCode.BAD_REQUEST)
        self._begin()
        self._expect_piece()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._received += len(body)
        super().on_body(body)
        if self.flow.read_paused:
            # The sender is ahead of us: what we take to catch up is not its time.
            self._begin()
        self._expect_piece()

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

    def _names_two_hosts(self) -> bool:
        """Whether the target is written with a host (RFC 9112, section 3.2.2), and `Host` names another: a program
        before this one may go by the one, and we would go by the other."""
        scheme, _, rest = self.url.partition(b"://")
        if not rest or b"/" in scheme:
            return False
        written = re.split(rb"[/?#]", rest, maxsplit=1)[0]
        named = next((value for name, value in self.headers if name == b"host"), b"")
        return bool(written.lower() != named.strip().lower())

    def _rings(self) -> None:
        self._timer = None
        if self._due is None:
            return
        if self._due > self.loop.time():
            self._watch(self._due)
            return
        self._due = None
        if self.flow.read_paused:
            # It is we who do not read.
            self._begin()
            self._expect_piece()
        else:
            self._end_late()

    def _end_late(self) -> None:
        if self._answering():
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

    def _one_too_many(self) -> bool:
        """Whether others of this address hold all that it may have."""
        host = self.client[0] if self.client else None
        if host is None or host in _TrustedHosts(self.config.forwarded_allow_ips or ""):
            return False
        network = network_of(host)
        held = [other for other in self._all() if other.client and network_of(other.client[0]) == network]
        return len(held) > self.max_of_one_address

    def _make_room(self) -> bool:
        """End the connection that has sent least for the time that we have waited for it; False where none waits."""
        now = self.loop.time()
        waiting = [other for other in self._all() if other._waits() and now - other._begun >= self.shed_after_seconds]
        if not waiting:
            return False
        min(waiting, key=lambda other: (other._received / (now - other._begun), other._begun))._end_late()
        return True

    def _all(self) -> list[Protocol]:
        return [other for other in self.connections if isinstance(other, Protocol)]

    def _waits(self) -> bool:
        """Whether a head or a body is still to come, and nothing holds it up but its sender."""
        return self._due is not None and not self.flow.read_paused and not self.transport.is_closing()

    def _begin(self) -> None:
        self._begun, self._received = self.loop.time(), 0

    def _expect_piece(self) -> None:
        """Of a body: within the time of a piece, and of the whole as far as it has come."""
        whole = self._begun + self.body_seconds + self._received / self.slowest_bytes - self.loop.time()
        self._expect(max(0.0, min(self.piece_seconds, whole)))

    def _expect(self, seconds: float) -> None:
        self._due = self.loop.time() + seconds
        if not self._feeds:
            self._watch(self._due)

    def _watch(self, due: float) -> None:
        """Have the timer ring by then."""
        if self._timer is not None:
            if self._timer.when() <= due:
                return
            self._timer.cancel()
        self._timer = self.loop.call_at(due, self._rings)

    def _expect_nothing(self) -> None:
        self._due = None

    def _read_again(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
