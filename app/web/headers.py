"""Headers of which there may be one. Of two, a proxy that looks may see the one and we the other."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.kernel.error_codes import FieldCode
from app.kernel.errors import Ambiguous, FieldError
from app.measures.text import Text
from app.web.problems import domain_problem

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


_ONCE = ("idempotency-key",)


class SingleHeaders:
    """Refuses a request that names one of these twice and differently; an `Idempotency-Key` twice at all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        repeated = sorted(_repeated(scope["headers"])) if scope["type"] == "http" else []
        if not repeated:
            await self._app(scope, receive, send)
            return
        named = ", ".join(repeated)
        text = Text(f"请求头 {named} 只能有一个", f"There may be only one header {named}")
        faults = [FieldError(f"/header/{name}", FieldCode.DUPLICATE, text) for name in repeated]
        error = Ambiguous(text, errors=faults)
        await domain_problem(Request(scope), error)(scope, receive, send)


def _repeated(headers: Iterable[tuple[bytes, bytes]]) -> set[str]:
    found: dict[str, bytes] = {}
    repeated = set()
    for raw, value in headers:
        name = raw.decode("latin-1").lower()
        if name not in SINGLE:
            continue
        if name in found and (name in _ONCE or found[name] != value.strip()):
            repeated.add(name)
        found.setdefault(name, value.strip())
    return repeated
