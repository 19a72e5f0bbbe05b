"""A page from its template, in the language of its address: Chinese, and English under `/en`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.kernel.clock import SHANGHAI, shanghai_day
from app.kernel.settings import Settings
from app.measures.state_machines import STATE_MACHINES
from app.measures.text import Text

if TYPE_CHECKING:
    from jinja2 import Environment

ENGLISH = "/en"
# Nothing but our own files, nothing inline. A form goes to where it came from.
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
# `no-referrer`, as everywhere else, would have a browser hide from us as well where a form was sent from.
HEADERS = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "same-origin"}


def is_english(request: Request) -> bool:
    """Whether the address is that of an English page."""
    path = request.scope["path"]
    return bool(path == ENGLISH or path.startswith(f"{ENGLISH}/"))


def plain_path(request: Request) -> str:
    """The address without its language: that of the Chinese page."""
    path: str = request.scope["path"]
    return (path.removeprefix(ENGLISH) or "/") if is_english(request) else path


def today(request: Request) -> date:
    """The day, in Shanghai."""
    return shanghai_day(request.app.state.clock.now())


def text(request: Request, template: str, **values: object) -> str:
    """The page as text. `values` are what the template tells."""
    from markupsafe import Markup

    settings: Settings = request.app.state.settings
    english, path = is_english(request), plain_path(request)
    in_chinese, in_english = path, f"{ENGLISH}{path}".removesuffix("/")

    def t(zh: str, en: str) -> str:
        return en if english else zh

    def url(path: str, **query: object) -> str:
        kept = {name: value for name, value in query.items() if value not in (None, "")}
        where = f"{ENGLISH}{path}".removesuffix("/") if english else path
        return quote(where, safe="/~") + (f"?{urlencode(kept)}" if kept else "")

    query = request.url.query if request.method == "GET" else ""
    asked = f"?{query}" if query else ""
    around = {
        "t": t,
        "url": url,
        "english": english,
        # Names and titles are in Chinese on every page.
        "zh": Markup(' lang="zh-CN"') if english else "",
        "lang": "en" if english else "zh-CN",
        "path": path,
        "base_url": settings.public_base_url.rstrip("/"),
        "in_chinese": quote(in_chinese, safe="/~"),
        "in_english": quote(in_english, safe="/~"),
        "other": quote(in_chinese if english else in_english, safe="/~") + asked,
        "today": today(request),
        "contact": settings.privacy_contact,
        "megabytes": settings.max_file_bytes >> 20,
        "word": lambda machine, state: _one(_word(machine, state), english=english),
        "day": lambda value: _day(value, english=english),
        "moment": lambda value: _moment(value, english=english),
        "said": lambda item, name: item.get(f"{name}_{'en' if english else 'zh'}"),
    }
    return _environment().get_template(template).render(**around, **values)


def page(
    request: Request, template: str, *, status: int = 200, private: bool = False, **values: object
) -> HTMLResponse:
    """The page as an answer. `private`: nobody keeps it."""
    headers = {**HEADERS, "Content-Language": "en" if is_english(request) else "zh-CN"}
    if private or status >= 400:
        headers["Cache-Control"] = "no-store"
    return HTMLResponse(text(request, template, **values), status, headers)


def warm() -> None:
    """Make every template now, so that the first who opens a page does not wait for it. Once in a process."""
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("app.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["thousands"] = lambda value: f"{value:,}"
    return made


def _one(told: Text, *, english: bool) -> str:
    return told.en if english else told.zh


def _word(machine: str, state: str) -> Text:
    states: Mapping[str, Text] = STATE_MACHINES[machine].states
    return states[state]


def _day(value: object, *, english: bool) -> str:
    """A day as people write it; nothing where there is none."""
    if value is None or value == "":
        return ""
    on = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return f"{on.day} {on:%B} {on.year}" if english else f"{on.year}年{on.month}月{on.day}日"


def _moment(value: object, *, english: bool) -> str:
    """An instant as the county's clock shows it."""
    if value is None:
        return ""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    there = at.astimezone(SHANGHAI)
    return f"{_day(there.date(), english=english)} {there:%H:%M}"
