"""From plain values to the bytes of an answer, written as the schemas write them."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from app.kernel.security.principal import PUBLIC, Principal
from app.measures.acts import ACTS
from app.measures.state_machines import StateMachine
from app.schemas.offered import offered
from app.services.lifecycle import Asking, AvailableAction, Stateful, available_actions


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer, and its ETag where it has one (without the quotes)."""

    body: bytes
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, for what is told of his acts."""

    actor: Principal


ANYBODY = Caller(PUBLIC)


def dumps(value: object) -> bytes:
    """JSON: instants in UTC with `Z`, days, UUIDs and words as text, stored JSON as it is."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z)


def stored(json: bytes | None) -> orjson.Fragment | None:
    """JSON of the database, put into the answer as it is."""
    return None if json is None else orjson.Fragment(json)


def acts(machine: StateMachine, row: Stateful, asking: Asking) -> list[dict[str, object]]:
    """What the caller's role may do with the object by its state alone, as `available_actions` tells it."""
    return [_act(item) for item in available_actions(asking, machine, row)]


def _act(item: AvailableAction) -> dict[str, object]:
    name, where = ACTS[item.act], offered(item, {})
    return {
        "act": item.act,
        "name_zh": name.zh,
        "name_en": name.en,
        "allowed": item.allowed,
        "method": where.method,
        "path": where.path,
        "form": where.form,
        "reason": None,
        "blocked_by": [],
    }


def _plain(value: object) -> object:
    # A UUID of the driver's own kind; the library writes those of the standard library itself.
    return str(value)
