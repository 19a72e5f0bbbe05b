"""Content that is kept with its hash and its compressed form, and answered without work.

For ever only what is part of the release may be kept. Of anything else a memory would go on telling what a decision has
ended, in one worker and not in the next: even a notice, whose text is frozen, is marked when its decision falls.
`public_pages` keeps those, and looks each time whether anything was decided.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from anyio import to_thread
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

# Whoever keeps it asks each time whether it is still the same: another release may tell more.
_ASK_AGAIN = "public, no-cache"
# What fits into a packet gains nothing by being smaller.
_WORTH_COMPRESSING = 1024

# For the contract, beside the schema of the answer.
NOT_MODIFIED: dict[int | str, dict[str, object]] = {
    304: {"description": "It is still what the `ETag` in `If-None-Match` names."}
}


@dataclass(frozen=True, slots=True)
class _Form:
    """What is sent to those who take this coding, and the hash of just that."""

    body: bytes
    headers: dict[str, str]
    etag: str


class Frozen:
    """One content. `cached`: what is said to those who keep it; `etag`: its own, without the quotes, where others know
    it by that (it is not compressed then: another form would need another). Otherwise the hash of what is sent."""

    def __init__(self, body: bytes, media_type: str, *, cached: str = _ASK_AGAIN, etag: str | None = None) -> None:
        self._media_type, self._body = media_type, body
        self._compressible = etag is None and len(body) >= _WORTH_COMPRESSING
        self._common = {"Cache-Control": cached} | ({"Vary": "Accept-Encoding"} if self._compressible else {})
        self._plain = _form(body, self._common, etag=etag)

    @cached_property
    def _packed(self) -> _Form:
        packed = gzip.compress(self._body, 9, mtime=0) if self._compressible else self._body
        return _form(packed, self._common, coding="gzip") if len(packed) < len(self._body) else self._plain

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frozen) and self._plain == other._plain

    def __hash__(self) -> int:
        return hash(self._plain.etag)

    def answer(self, request: Request) -> Response:
        """It, compressed for those who take that; 304 to those who have it in that form already."""
        form = self._packed if _takes_gzip(request.headers.getlist("accept-encoding")) else self._plain
        if _has(form.etag, request.headers.getlist("if-none-match")):
            told = {name: value for name, value in form.headers.items() if name != "Content-Encoding"}
            return Response(status_code=304, headers=told)
        return Response(form.body, media_type=self._media_type, headers=form.headers)


_made: dict[Callable[[], Frozen], Frozen] = {}


async def once(make: Callable[[], Frozen]) -> Frozen:
    """What `make` makes of the release: at the first time, in a thread, and from then on as it was."""
    found = _made.get(make)
    if found is None:
        found = _made.setdefault(make, await to_thread.run_sync(make))
    return found


def frozen_answer(told: BaseModel) -> Frozen:
    """An answer as a route would send it."""
    return Frozen(told.model_dump_json().encode(), "application/json")


def _form(body: bytes, common: dict[str, str], *, coding: str | None = None, etag: str | None = None) -> _Form:
    tag = f'"{etag or hashlib.sha256(body).hexdigest()}"'
    return _Form(body, {**common, "ETag": tag} | ({"Content-Encoding": coding} if coding else {}), tag)


def _takes_gzip(accepted: list[str]) -> bool:
    weights = {}
    for part in ",".join(accepted).lower().split(","):
        coding, _, parameters = part.replace(" ", "").partition(";")
        weights[coding] = parameters.removeprefix("q=")
    weight = weights.get("gzip", weights.get("*"))
    # Without a weight it is 1; one of 0 refuses.
    return weight == "" or (weight is not None and weight.strip("0.") != "")


def _has(etag: str, named: list[str]) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in ",".join(named).split(",")]
    return etag in tags or "*" in tags
