"""The plain case of an act that anybody may do and many do at once: no token to look at, a JSON body, perhaps an
idempotency key. As with the reads, whatever is not plain is the framework's route's to answer, and to refuse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from fastapi import Response
from pydantic import BaseModel, ValidationError

from app.kernel.field_formats import Format
from app.kernel.security.principal import PUBLIC
from app.reads.wire import dumps
from app.store.idempotency import Earlier
from app.web.idempotency import Claim, fingerprint
from app.web.plain import Asked, NotPlain
from app.web.policy import strict_json

Body = TypeVar("Body", bound=BaseModel)
_PRINTABLE = re.compile(Format.PRINTABLE_ASCII.value)
_KEY_LENGTHS = range(8, 129)


def without_query(asked: Asked) -> None:
    """Nothing is asked beside the act itself: no dry run, no version."""
    asked.query()
    if asked.header(b"if-match") is not None:
        raise NotPlain


async def body(asked: Asked, kind: type[Body]) -> Body:
    """The body, where it is as the contract wants it; what is wrong with any other, the framework's route tells."""
    if asked.header(b"content-type") != "application/json":
        raise NotPlain
    try:
        return kind.model_validate(strict_json(await asked.body()))
    except (ValueError, RecursionError, ValidationError):
        raise NotPlain from None


async def claim(asked: Asked) -> Claim | None:
    """The idempotency key of what the public posts, if any, with its request."""
    key = asked.header(b"idempotency-key")
    if key is None:
        return None
    if len(key) not in _KEY_LENGTHS or _PRINTABLE.fullmatch(key) is None:
        raise NotPlain
    mark = await fingerprint(asked.request)
    return Claim.of(asked.request, PUBLIC, key=key, mark=mark, now=asked.now)


def created(told: Mapping[str, object]) -> Response:
    """201 with what was made, for its maker alone."""
    return Response(dumps(told), 201, {"Cache-Control": "no-store"}, media_type="application/json")


def replayed(earlier: Earlier, claim: Claim | None) -> Response:
    """The answer that the key got before; raises the refusal of one that belongs to another request."""
    if claim is None:
        raise RuntimeError("repeated without a key")
    return claim.replay(earlier).response
