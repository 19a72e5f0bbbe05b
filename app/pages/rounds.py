"""Where the rounds stand, as the pages tell it: the one that runs, its steps, its dates (Arts. 16 to 22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from app.measures.state_machines import RoundState
from app.pages.asking import all_of, found, items_of, read
from app.pages.rendering import today

_OVER = frozenset({RoundState.CONCLUDED, RoundState.CANCELLED})
# The steps that the public follows, in their order; each with the states in which it is under way.
STEPS = (
    ("call", frozenset({RoundState.CALLED})),
    ("review", frozenset({RoundState.QUALIFIED, RoundState.ONSITE, RoundState.EVALUATED, RoundState.DELIBERATED})),
    ("publicity", frozenset({RoundState.PUBLICITY})),
    ("approval", frozenset({RoundState.PROPOSED, RoundState.APPROVED})),
    ("award", frozenset({RoundState.CONCLUDED})),
)


@dataclass(frozen=True, slots=True)
class Date:
    """A day that the public waits for. `code`: what it is, the same each time it is told."""

    code: str
    on: str
    round_id: str
    title: str


async def rounds(request: Request) -> list[dict[str, object]]:
    """All rounds that were called, the newest first."""
    return await all_of(request, "/v1/rounds")


def running(listed: list[dict[str, object]]) -> dict[str, object] | None:
    """The round that runs, where one does: one at a time (Art. 6)."""
    return next((item for item in listed if item["state"] not in _OVER), None)


async def newest_list(request: Request, listed: list[dict[str, object]]) -> Mapping[str, object] | None:
    """The candidate list that was published last."""
    for item in listed:
        told = await found(request, f"/v1/rounds/{item['id']}/candidate-list")
        if told is not None:
            return told
    return None


async def dates(request: Request, listed: list[dict[str, object]]) -> list[Date]:
    """The days to come of the round that runs: of applications, of objections."""
    now = running(listed)
    if now is None:
        return []
    named = str(now["id"]), str(now["title"])
    days = [Date("deadline", str(now["deadline"]), *named)] if now["deadline"] else []
    told = await found(request, f"/v1/rounds/{now['id']}/candidate-list")
    ends = {str(item["last_day"]) for item in items_of(told or {}, "candidates") if item["last_day"]}
    days += [Date(f"publicity-{end}", end, *named) for end in sorted(ends)]
    return [item for item in days if item.on >= today(request).isoformat()]


async def newest_notices(request: Request, number: int) -> list[dict[str, object]]:
    """So many notices, the newest first."""
    return items_of(await read(request, "/v1/notices", limit=number))
