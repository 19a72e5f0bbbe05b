"""Request ids, structured logs, metrics, the limit on bodies: plain ASGI, around everything."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

import orjson
import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict, FilteringBoundLogger

from app.kernel.clock import SystemClock
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import TooLarge, TooMany
from app.kernel.throttle import Quota, Throttle
from app.kernel.tracing import enter_trace
from app.measures.text import Text
from app.store.base import new_id
from app.web.problems import domain_problem, log_defect, problem, unexpected
from app.web.tracing import continued

_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


# Others are counted as one: a label must not be the caller's to invent.
_READS = frozenset({"GET", "HEAD"})
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


Headers = list[tuple[bytes, bytes]]
# Bound once, where the log is configured: to bind it anew for each line took longer than to write the line.
_bound: dict[str, FilteringBoundLogger] = {}


class Metrics:
    """Counts and durations by route template: never by raw path, which callers could make without end.

    Where several workers serve one socket (`PROMETHEUS_MULTIPROC_DIR`), they count into files, and each tells the sum:
    a scrape that falls on one of them must not look as if the others had done nothing.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "award_http_requests_total", "Requests", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "award_http_request_seconds", "Duration of requests", ["method", "route"], registry=self.registry
        )

        self._kept: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. Its labels are looked up once: there are as many as routes have methods and statuses."""
        key = (method, route, status)
        if key not in self._kept:
            self._kept[key] = (self.requests.labels(method, route, str(status)), self.seconds.labels(method, route))
        counted, timed = self._kept[key]
        counted.inc()
        timed.observe(seconds)

    def text(self) -> bytes:
        """All of it, in the text format of Prometheus."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


class UnderWay:
    """The requests that are being answered, for whoever must not go before them."""

    def __init__(self) -> None:
        self._count, self._none = 0, asyncio.Event()

    def __enter__(self) -> None:
        self._count += 1
        self._none.clear()

    def __exit__(self, *_error: object) -> None:
        self._count -= 1
        if not self._count:
            self._none.set()

    async def over(self, *, seconds: float) -> bool:
        """Whether none is left within so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._count:
                    await self._none.wait()
        return not self._count


class Observer:
    """Gives each request an id, logs and measures it, and turns what nobody caught into a problem."""

    def __init__(
        self, app: ASGIApp, *, metrics: Metrics, answered_with: list[tuple[bytes, bytes]], under_way: UnderWay
    ) -> None:
        """`answered_with`: headers of every answer that does not say otherwise."""
        self._app, self._metrics, self._answered_with = app, metrics, answered_with
        self._under_way = under_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Ours alone: what a caller makes up must not look like it, least of all in the audit log.
        made = new_id()
        request_id = str(made)
        scope.setdefault("state", {})["request_id"] = request_id
        trace = continued(scope["headers"], made)
        enter_trace(trace["trace_id"])
        status, started = 500, time.perf_counter()
        begun = False

        async def tagged(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                begun, status = True, message["status"]
                headers = message.setdefault("headers", [])
                said = {name.lower() for name, _ in headers}
                headers.extend(item for item in self._answered_with if item[0] not in said)
                headers.append((b"x-request-id", request_id.encode()))
            await send(message)

        try:
            with self._under_way:
                await self._app(scope, receive, tagged)
        except asyncio.CancelledError:
            # The service ends, and this request has had its time. What it had written is rolled back.
            status = 503
            if not begun:
                await self._cut_off(scope, receive, tagged)
        except Exception as error:
            if begun:
                log_defect(request_id, error)
                # The connection must break, so that half an answer is not taken for a whole one; without the text of
                # the error, which the server would print.
                raise RuntimeError("an answer broke off") from None
            await unexpected(Request(scope), error)(scope, receive, tagged)
        finally:
            self._note(scope, status, time.perf_counter() - started, request_id, trace)

    async def _cut_off(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (task := asyncio.current_task()) is not None:
            task.uncancel()
        text = Text("服务正在重启，请稍后重试", "The service is ending; try again shortly")
        headers = {"Retry-After": "10", "Connection": "close"}
        await problem(Request(scope), ProblemCode.UNAVAILABLE, text, headers=headers)(scope, receive, send)

    def _note(self, scope: Scope, status: int, seconds: float, request_id: str, trace: dict[str, str]) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.note(method, route, status, seconds)
        # The template, not the path: a path may carry a tracking code.
        _bound["access"].info(
            "request",
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            request_id=request_id,
            **trace,
            **_callers_id(scope),
            # Why, where it was refused: a status alone tells an attack from a slip of the pen no better than this.
            **({"problem": code} if (code := scope["state"].get("problem")) is not None else {}),
        )


class BodyLimit:
    """Refuses bodies over the limit, by declared length at once and by counting where none is declared.

    Routes under `streamed` take files and keep their own, larger limit while they stream.
    """

    def __init__(self, app: ASGIApp, *, limit: int, streamed: tuple[str, ...]) -> None:
        self._app, self._limit, self._streamed = app, limit, streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].endswith(self._streamed):
            await self._app(scope, receive, send)
            return
        declared, in_pieces = b"0", False
        for name, value in scope["headers"]:
            if name == b"content-length":
                declared = value
            elif name == b"transfer-encoding":
                in_pieces = True
        if declared == b"0" and not in_pieces:
            # Without either there is no body (RFC 9112, section 6.3).
            await self._app(scope, receive, send)
            return
        if not declared.isdigit() or len(declared) > 18 or int(declared) > self._limit:
            await self._refuse(scope, receive, send)
            return
        seen = 0
        begun = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit:
                raise _OverLimit
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _OverLimit:
            if begun:
                raise
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = TooLarge(
            Text(f"请求体超过 {self._limit} 字节的上限", f"The body is over the limit of {self._limit} bytes")
        )
        await domain_problem(Request(scope), error)(scope, receive, send)


# What the public posts, and is counted: by operation.
COUNTED_POSTS = frozenset(
    {"add_evidence", "check_eligibility", "register_organisation", "report_mark", "take_objection"}
)


class Limits:
    """Refuses whoever reads without end, and tells what there may be: of reads, and of what the public posts. An act of
    whoever is signed in has no such limit."""

    def __init__(self, app: ASGIApp, *, throttle: Callable[[], Throttle]) -> None:
        self._app, self._throttle = app, throttle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        told: Headers = []
        if scope["type"] == "http" and scope["method"] in _READS and scope["client"] is not None:
            try:
                quota = self._throttle().read(scope["client"][0])
            except TooMany as error:
                refusal = domain_problem(Request(scope), error)
                refusal.raw_headers += _limits(b"reads", self._throttle().none_left(error.retry_after))
                await refusal(scope, receive, send)
                return
            told = [] if quota is None else _limits(b"reads", quota)
        if not told and (scope["type"] != "http" or scope["method"] != "POST"):
            await self._app(scope, receive, send)
            return

        async def limited(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = told or self._of_posts(scope, message["status"])
                message["headers"] = [*message.get("headers", ()), *found]
            await send(message)

        await self._app(scope, receive, limited)

    def _of_posts(self, scope: Scope, status: int) -> Headers:
        if getattr(scope.get("route"), "name", None) not in COUNTED_POSTS:
            return []
        policy, left = _limits(b"posts", self._throttle().posts())
        return [policy, left] if status == 429 else [policy]


def _limits(what: bytes, quota: Quota) -> Headers:
    """As the working group of HTTP writes it (draft-ietf-httpapi-ratelimit-headers)."""
    left = b'"%b";r=%d;t=%d' % (what, quota.left, quota.seconds)
    return [(b"ratelimit-policy", b'"%b";q=%d;w=60' % (what, quota.limit)), (b"ratelimit", left)]


class _OverLimit(BaseException):
    """Not an `Exception`: the framework must not mistake it for a body that cannot be parsed."""


_clock = SystemClock()


def _line(_logger: object, level: str, told: EventDict) -> str:
    """A line of the log, with its level and the instant in UTC; what is no JSON as it shows itself to developers."""
    told["level"] = "error" if level == "exception" else level
    told["timestamp"] = _clock.now()
    return orjson.dumps(told, default=repr, option=orjson.OPT_UTC_Z).decode()


class StandingLogger:
    """Writes lines to a stream that may be full or closed: a log that cannot be written changes no answer. The lines
    are lost; that they are is seen where they are missing, and the audit log does not depend on them."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        """Write a line, if it can be written."""
        with suppress(OSError, ValueError):
            self._stream.write(f"{line}\n")
            self._stream.flush()

    debug = info = warning = error = critical = msg


def configure_logging(level: str) -> None:
    """One JSON object a line on standard output."""
    stream = sys.stdout
    structlog.configure(
        processors=[
            structlog.processors.format_exc_info,
            _line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping().get(level.upper(), 20)),
        logger_factory=lambda *_: StandingLogger(stream),
        cache_logger_on_first_use=False,
    )
    _bound["access"] = structlog.get_logger("access").bind()


def _callers_id(scope: Scope) -> dict[str, str]:
    """The id by which the caller knows the request, for the log, where it has a form that may stand there."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text: str = value.decode("latin-1")
            if _REQUEST_ID.match(text):
                return {"callers_id": text}
    return {}
