"""Content that never changes: made once, kept with its hash and its compressed form, answered without work.

Two kinds may be kept: what is part of the release, and a row that the database refuses to change. Of anything else a
memory would go on telling what a decision has ended, in one worker and not in the next.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from anyio import to_thread
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

# Whoever keeps it asks each time whether it is still the same: another release may tell more.
_ASK_AGAIN = "public, no-cache"
# What fits into a packet gains nothing by being smaller.
_WORTH_COMPRESSING = 1024
_ROWS_BYTES = 8 << 20

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
    """One content. `cached`: what is said to those who keep it."""

    def __init__(self, body: bytes, media_type: str, *, cached: str = _ASK_AGAIN) -> None:
        self._media_type = media_type
        packed = gzip.compress(body, 9, mtime=0) if len(body) >= _WORTH_COMPRESSING else body
        smaller = len(packed) < len(body)
        common = {"Cache-Control": cached} | ({"Vary": "Accept-Encoding"} if smaller else {})
        self._plain = _form(body, common)
        self._packed = _form(packed, common, coding="gzip") if smaller else self._plain

    @property
    def size(self) -> int:
        """Bytes that it takes in memory."""
        return len(self._plain.body) + (len(self._packed.body) if self._packed is not self._plain else 0)

    def answer(self, request: Request) -> Response:
        """It, compressed for those who take that; 304 to those who have it in that form already."""
        form = self._packed if _takes_gzip(request.headers.getlist("accept-encoding")) else self._plain
        if _has(form.etag, request.headers.getlist("if-none-match")):
            told = {name: value for name, value in form.headers.items() if name != "Content-Encoding"}
            return Response(status_code=304, headers=told)
        return Response(form.body, media_type=self._media_type, headers=form.headers)


class FrozenRows:
    """The rows of one database that were asked for last, by their id, up to so many bytes."""

    def __init__(self, most_bytes: int = _ROWS_BYTES) -> None:
        self._most, self._bytes = most_bytes, 0
        self._kept: OrderedDict[UUID, Frozen] = OrderedDict()

    def find(self, key: UUID) -> Frozen | None:
        """What is kept of this row."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, key: UUID, content: Frozen) -> Frozen:
        """Keep it, and let go of those that nobody has asked for since; answers it."""
        if key not in self._kept:
            self._kept[key] = content
            self._bytes += content.size
            while self._bytes > self._most:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= gone.size
        return content


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


def _form(body: bytes, common: dict[str, str], coding: str | None = None) -> _Form:
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    return _Form(body, {**common, "ETag": etag} | ({"Content-Encoding": coding} if coding else {}), etag)


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
