"""The first page: what the award is, where the round stands, what comes next (Arts. 2, 16 to 22)."""

from __future__ import annotations

from fastapi import Request, Response

from app.measures.state_machines import RoundState
from app.pages.asking import found, read
from app.pages.issued import issued_of
from app.pages.rendering import text
from app.pages.rounds import STEPS, dates, newest_notices, rounds, running
from app.pages.route import Pages, kept

pages = Pages()
_NOTICES = 5


@pages.page("/")
async def show_home(request: Request) -> Response:
    """What the award is, and where the round stands."""
    return await kept(request, lambda: _home(request))


async def _home(request: Request) -> str:
    listed = await rounds(request)
    now = running(listed)
    last = next((item for item in listed if item["state"] == RoundState.CONCLUDED), None)
    shown = now or last
    return text(
        request,
        "home.html",
        round=now,
        papers=[] if shown is None else await issued_of(request, "rounds", shown["id"]),
        steps=[(name, None if now is None else now["state"] in states) for name, states in STEPS],
        dates=await dates(request, listed),
        notices=await newest_notices(request, _NOTICES),
        last=last,
    )


@pages.page("/measures")
async def show_measures(request: Request) -> Response:
    """The measures in plain words by article, with what the service does about each (Arts. 1 to 33)."""
    return await kept(request, lambda: _measures(request))


async def _measures(request: Request) -> str:
    articles = await read(request, "/v1/measures/articles")
    rules = await read(request, "/v1/measures/rules")
    instruments = await read(request, "/v1/instruments")
    listed = rules["items"] if isinstance(rules["items"], list) else []
    return text(
        request,
        "measures.html",
        articles=articles["items"],
        rules={rule["id"]: rule for rule in listed},
        instruments=instruments["items"],
    )


@pages.page("/call")
async def show_call(request: Request) -> Response:
    """The open call: until when, for what, with which papers (Arts. 10, 16)."""
    return await kept(request, lambda: _call(request))


async def _call(request: Request) -> str:
    listed = await rounds(request)
    now = running(listed)
    told = None if now is None else await found(request, f"/v1/rounds/{now['id']}")
    moved = [] if now is None else (await read(request, f"/v1/rounds/{now['id']}/deadline-extensions"))["items"]
    papers = [] if now is None else await issued_of(request, "rounds", now["id"], {"call"})
    return text(request, "call.html", round=told, moved=moved, papers=papers)
