"""What the headers of a request must be, and what those of every answer are."""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.kernel.error_codes import FieldCode, ProblemCode
from app.kernel.errors import Ambiguous, FieldError, UnsupportedMedia
from app.kernel.settings import Settings
from app.measures.text import Text
from app.web.problems import domain_problem, problem

# Every header that is no list (RFC 9110) and that a request may have: what decides who calls, for which act, on which
# version and with what, and what is logged of it. Said twice in the same words it is still clear, but for the key: it
# stands for one request, and whoever sends it twice has put two requests into one.
SINGLE = frozenset(
    {
        *("authorization", "host", "idempotency-key", "if-match"),
        *("content-disposition", "content-encoding", "content-length", "content-location", "content-range"),
        *("content-type", "date", "from", "if-modified-since", "if-range", "if-unmodified-since", "max-forwards"),
        *("access-control-request-method", "origin", "proxy-authorization", "range", "referer", "traceparent"),
        *("user-agent", "x-request-id"),
    }
)


_SINGLE = frozenset(name.encode() for name in SINGLE)
_ONCE = frozenset({b"idempotency-key"})


class SingleHeaders:
    """Refuses a request that names one of these twice and differently; an `Idempotency-Key` twice at all. Refuses a
    body that is compressed: how long it is would be known only when it lies in memory."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        repeated, coded = _faults(scope["headers"]) if scope["type"] == "http" else ([], False)
        if not repeated:
            if coded:
                text = Text("请求体不得压缩", "The body must not be compressed")
                refusal = domain_problem(Request(scope), UnsupportedMedia(text))
                # What is taken instead (RFC 9110, section 15.5.16).
                refusal.headers["Accept-Encoding"] = "identity"
                await refusal(scope, receive, send)
                return
            await self._app(scope, receive, send)
            return
        text = Text(f"请求头 {'、'.join(repeated)} 只能有一个", f"There may be only one header {', '.join(repeated)}")
        faults = [FieldError(f"/header/{name}", FieldCode.DUPLICATE, text) for name in repeated]
        error = Ambiguous(text, errors=faults)
        await domain_problem(Request(scope), error)(scope, receive, send)


def _faults(headers: Iterable[tuple[bytes, bytes]]) -> tuple[list[str], bool]:
    """Which of these headers come twice and may not, by name; and whether the body is compressed."""
    found: dict[bytes, bytes] = {}
    repeated = set()
    for raw, value in headers:
        name = raw.lower()
        if name not in _SINGLE:
            continue
        if name not in found:
            found[name] = value
        elif name in _ONCE or found[name].strip() != value.strip():
            repeated.add(name.decode())
    coding = found.get(b"content-encoding")
    return sorted(repeated), coding is not None and coding.strip().lower() not in (b"", b"identity")


# Probes come by address, whatever the service is called.
_PROBES = frozenset({"/livez", "/readyz"})


class KnownHosts:
    """Refuses a request that is addressed to somebody else: links that are made of the host's name lead elsewhere."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and self._hosts and scope["path"] not in _PROBES
        if asked and _host(scope["headers"]) not in self._hosts:
            await problem(Request(scope), ProblemCode.UNKNOWN_HOST)(scope, receive, send)
            return
        await self._app(scope, receive, send)


# A name or an address, of IPv6 in brackets, and perhaps a port (RFC 9112, section 3.2).
_AUTHORITY = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\s:@/?#\[\]]+))(?::[0-9]{0,5})?")


def _host(headers: Iterable[tuple[bytes, bytes]]) -> str:
    named = next((value for name, value in headers if name == b"host"), b"").decode("latin-1").strip().lower()
    found = _AUTHORITY.fullmatch(named)
    # What is no name with a port is nobody's: one program would take what stands before a sign, another what follows.
    return "" if found is None else found[1] or found[2]


# Nothing is loaded, run, embedded or framed; no address is taken as the base of others.
NOTHING_RUNS = "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"


def answered_with(settings: Settings) -> list[tuple[bytes, bytes]]:
    """The headers of every answer, for what does not say otherwise: not kept, not framed, nothing run."""
    headers = [
        (b"cache-control", b"no-store"),
        (b"content-security-policy", NOTHING_RUNS.encode()),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if settings.public_base_url.lower().startswith("https:"):
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return headers
