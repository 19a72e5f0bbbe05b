"""For calendars, search engines and what else reads without eyes: dates, the map of the site, what may be read."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from importlib.resources import files

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

from app.kernel.errors import NotFound
from app.pages.asking import all_of
from app.pages.rendering import ENGLISH, HEADERS, is_english, text
from app.pages.rounds import Date, dates, rounds
from app.pages.route import CALENDAR, SITEMAP, Pages, kept
from app.web.frozen import Frozen, once

pages = Pages()
# What is read by its own address, beside notices and awards.
_ADDRESSES = (
    *("/", "/measures", "/call", "/check", "/notices", "/candidates", "/follow", "/report-mark"),
    *("/register", "/verify", "/exclusions", "/statistics", "/privacy"),
)
_MOST = 5000


def _asset(name: str, media_type: str) -> Frozen:
    content = files("app.pages").joinpath("static", name).read_bytes()
    return Frozen(content, media_type, cached="public, max-age=86400")


_ASSETS = {
    name: partial(_asset, name, media_type)
    for name, media_type in (
        ("site.css", "text/css; charset=utf-8"),
        ("site.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    )
}


@pages.page("/assets/{name}", languages=False)
async def show_asset(request: Request, name: str) -> Response:
    """The stylesheet, the one script, the sign."""
    if name not in _ASSETS:
        raise NotFound()
    return (await once(_ASSETS[name])).answer(request)


@pages.page("/dates.ics")
async def show_dates(request: Request) -> Response:
    """The days to come, for a calendar (RFC 5545)."""
    return await kept(request, lambda: _calendar(request), media_type=CALENDAR)


async def _calendar(request: Request) -> str:
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//huichang-quality-award//dates//ZH")
    calendar.add("version", "2.0")
    english = is_english(request)
    for item in await dates(request, await rounds(request)):
        event = Event()
        event.add("uid", f"{item.code}.{item.round_id}@huichang-quality-award")
        # The file is the same as long as what it tells is.
        event.add("dtstamp", request.app.state.clock.now().replace(hour=0, minute=0, second=0, microsecond=0))
        event.add("dtstart", date.fromisoformat(item.on))
        event.add("dtend", date.fromisoformat(item.on) + timedelta(days=1))
        event.add("summary", _summary(item, english=english))
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode()


def _summary(item: Date, *, english: bool) -> str:
    if item.code == "deadline":
        return f"{item.title}: last day for applications" if english else f"{item.title}：申报截止（24:00）"
    return f"{item.title}: last day for objections" if english else f"{item.title}：公示期满（24:00）"


@pages.page("/sitemap.xml", languages=False)
async def show_sitemap(request: Request) -> Response:
    """Every address that may be found, in both languages."""
    return await kept(request, lambda: _sitemap(request), media_type=SITEMAP)


async def _sitemap(request: Request) -> str:
    notices = await all_of(request, "/v1/notices", at_most=_MOST)
    awards = await all_of(request, "/v1/awards", at_most=_MOST)
    addresses = [
        *_ADDRESSES,
        *(f"/notices/{item['id']}" for item in notices),
        *(f"/awards/{item['id']}" for item in awards),
    ]
    return text(request, "sitemap.xml", addresses=[(item, f"{ENGLISH}{item}".removesuffix("/")) for item in addresses])


@pages.page("/robots.txt", languages=False)
async def show_robots(request: Request) -> Response:
    """What search engines may read: all that is published, none of the forms' answers, nothing of the API."""
    base = request.app.state.settings.public_base_url.rstrip("/")
    told = f"User-agent: *\nDisallow: /v1/\nDisallow: /docs\nDisallow: /follow/\n\nSitemap: {base}/sitemap.xml\n"
    return PlainTextResponse(told, headers=HEADERS | {"Cache-Control": "public, max-age=86400"})
