"""Content that is kept with its hash and its compressed form, and answered without work.

For ever only what is part of the release may be kept. Of anything else a memory would go on telling what a decision has
ended, in one worker and not in the next: even a notice, whose text is frozen, is marked when its decision falls.
`public_pages` keeps those, and looks each time whether anything was decided.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from anyio import to_thread
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from app.web.links import is_page, page_links
from app.web.representations import DONE, WORTH_COMPRESSING, has, tag_of, takes_gzip, wishes

# Whoever keeps it asks each time whether it is still the same: another release may tell more.
_ASK_AGAIN = "public, no-cache"

# For the contract, beside the schema of the answer.
NOT_MODIFIED: dict[int | str, dict[str, object]] = {
    304: {"description": "It is still what the `ETag` in `If-None-Match` names."}
}


Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class _Form:
    """What is sent to those who take this coding, with its headers as they go over the wire; those to whoever has it;
    and its tag."""

    body: bytes
    headers: Headers
    known: Headers
    etag: str

    @classmethod
    def of(cls, body: bytes, headers: Mapping[str, str], etag: str) -> _Form:
        """The form whose answer has these headers. Of a 304 those of the content are left out."""
        known = {name: value for name, value in headers.items() if name not in ("Content-Encoding", "Content-Type")}
        return cls(body, _on_the_wire({**headers, "Content-Length": str(len(body))}), _on_the_wire(known), etag)


def _on_the_wire(headers: Mapping[str, str]) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


class _Ready(Response):
    """An answer whose headers are made already."""

    def __init__(self, status_code: int, body: bytes, headers: Headers) -> None:
        self.status_code, self.body, self.background = status_code, body, None
        self.raw_headers = list(headers)


class Frozen:
    """One content. `cached`: what is said to those who keep it; `version`: its own, where others know it by that;
    `varies`: what of a request it follows from; `level`: how hard it is compressed."""

    def __init__(
        self,
        body: bytes,
        media_type: str,
        *,
        cached: str = _ASK_AGAIN,
        version: str | None = None,
        varies: str = "Accept-Encoding",
        level: int = 9,
    ) -> None:
        self._body, self._version = body, version
        charset = "; charset=utf-8" if media_type.startswith("text/") and "charset=" not in media_type else ""
        self._common = {"Cache-Control": cached, "Vary": varies, "Content-Type": media_type + charset}
        self._level = level
        self._plain = self._form(body)
        self._is_page = is_page(body)
        # The links of the last address that it was asked for by: there is one, as a rule.
        self._linked: tuple[tuple[str, bytes], Headers] | None = None

    @cached_property
    def _packed(self) -> _Form:
        if len(self._body) < WORTH_COMPRESSING:
            return self._plain
        packed = gzip.compress(self._body, self._level, mtime=0)
        return self._form(packed, coding="gzip") if len(packed) < len(self._body) else self._plain

    def _form(self, sent: bytes, *, coding: str | None = None) -> _Form:
        tag = tag_of(self._body, version=self._version, coding=coding)
        headers = {**self._common, "ETag": tag} | ({"Content-Encoding": coding} if coding else {})
        return _Form.of(sent, headers, tag)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frozen) and self._plain == other._plain

    def __hash__(self) -> int:
        return hash(self._plain.etag)

    def answer(self, request: Request) -> Response:
        """It, compressed for those who take that; 304 to those who have it in that form already."""
        return self.sent(request.scope)

    def sent(self, scope: Scope) -> Response:
        """As `answer`, of a request that is not taken apart."""
        scope.setdefault("state", {})[DONE] = True
        accepted, known = wishes(scope)
        form = self._packed if accepted and takes_gzip(accepted) else self._plain
        if known and (known == [form.etag] or has(form.etag, known)):
            return _Ready(304, b"", form.known)
        return _Ready(200, form.body, [*form.headers, *self._links(scope)] if self._is_page else form.headers)

    def _links(self, scope: Scope) -> Headers:
        address = (scope["path"], scope["query_string"])
        if self._linked is None or self._linked[0] != address:
            links = page_links(scope, self._body)
            self._linked = (address, [] if links is None else [(b"link", links.encode("latin-1"))])
        return self._linked[1]


_made: dict[Callable[[], Frozen], Frozen] = {}


async def once(make: Callable[[], Frozen]) -> Frozen:
    """What `make` makes of the release: at the first time, in a thread, and from then on as it was."""
    found = _made.get(make)
    if found is None:
        found = _made.setdefault(make, await to_thread.run_sync(make))
    return found


def frozen_answer(told: BaseModel) -> Frozen:
    """An answer as a route would send it; a list can be had as a table as well."""
    return Frozen(told.model_dump_json().encode(), "application/json", varies="Accept, Accept-Encoding")
