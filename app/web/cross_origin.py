"""Portals of other origins: their pages may call the service from a browser where the settings name them."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What a page may read of an answer, beside what it always may.
_READABLE = (
    *("Allow", "Content-Disposition", "Deprecation", "Dry-Run", "ETag", "Idempotency-Replayed", "Link", "Location"),
    *("RateLimit", "RateLimit-Policy", "Retry-After", "Sunset", "WWW-Authenticate", "X-Request-ID"),
)
_PREFLIGHT_SECONDS = 600
_METHODS = ("GET", "HEAD", "PATCH", "POST", "PUT", "DELETE")


class CrossOrigin(CORSMiddleware):
    """CORS for the origins that are named, and for no other. There are no cookies: a page has what its user's token
    permits, so that any header may be sent and none brings credentials along."""

    def __init__(self, app: ASGIApp, *, origins: frozenset[str]) -> None:
        super().__init__(
            app,
            allow_origins=sorted(origins),
            allow_methods=_METHODS,
            allow_headers=("*",),
            expose_headers=_READABLE,
            max_age=_PREFLIGHT_SECONDS,
        )
        self._any = "*" in origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whoever is not named is answered as if there were no such thing: his browser refuses what comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def varied(message: Message) -> None:
            # Also of answers to nobody in particular, which a cache may give to a page. The library says it of others.
            if message["type"] == "http.response.start" and not self._any:
                message.setdefault("headers", []).append((b"vary", b"Origin"))
            await send(message)

        origin = Headers(scope=scope).get("origin")
        if origin is None or not self.is_allowed_origin(origin):
            await self.app(scope, receive, varied)
        else:
            await super().__call__(scope, receive, send)
