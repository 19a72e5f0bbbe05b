"""A page as it is read: its text, its links, its forms with what stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from sandbox.world import World

READ_BY_PEOPLE = {"Accept": "text/html,application/xhtml+xml"}
# Addresses without anything in them that is named by an id.
ADDRESSES = (
    *("/", "/measures", "/call", "/check", "/notices", "/candidates", "/follow", "/report-mark"),
    *("/register", "/verify", "/exclusions", "/statistics", "/privacy"),
)
_VOID = frozenset({"meta", "link", "input", "br", "rect", "line"})


@dataclass
class Page(HTMLParser):
    """What was sent, taken apart. `fields`: by name, what a browser would send of the forms as they stand. `unmarked`:
    Chinese on an English page that no `lang` tells to be Chinese, so that it is read aloud as English."""

    status: int
    headers: Mapping[str, str]
    source: str
    words: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    unmarked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self._languages: list[str] = [""]
        self._chosen: tuple[str, bool] = ("", False)
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in _VOID:
            self._open.append(tag)
            self._languages.append(given.get("lang") or self._languages[-1])
        name = given.get("name") or ""
        if tag == "select":
            self._chosen = (name, False)
        elif tag == "option" and self._chosen[0] and (not self._chosen[1] or "selected" in given):
            self._chosen = (self._chosen[0], True)
            self.fields[self._chosen[0]] = given.get("value") or ""
        elif tag == "textarea":
            self.fields[name] = ""
            self._chosen = (name, False)
        elif tag == "input" and given.get("type") == "radio":
            if "checked" in given:
                self.fields[name] = given.get("value") or ""
        elif tag == "input" and given.get("type") != "file":
            self.fields[name] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
            self._languages.pop()

    def handle_data(self, data: str) -> None:
        if "textarea" in self._open:
            self.fields[self._chosen[0]] += data.removeprefix("\n") if not self.fields[self._chosen[0]] else data
        elif not {"script", "style"} & set(self._open):
            self.words.append(data)
            if self._languages[-1] == "en" and "title" not in self._open and re.search("[\u4e00-\u9fff]", data):
                self.unmarked.append(data.strip())

    @property
    def text(self) -> str:
        """What is read, blanks as one."""
        return re.sub(r"\s+", " ", " ".join(self.words))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of this name."""
        return [given for name, given in self.tags if name == tag]

    def faults(self) -> dict[str, str]:
        """What is told at fields, by the field's id."""
        found = re.findall(r'class="fault" id="f-([^"]+)-fault">([^<]+)<', self.source)
        return dict(found)

    def code(self) -> str:
        """The tracking code that is shown."""
        found: list[str] = re.findall(r'class="code"><code>([^<]+)</code>', self.source)
        return found[0]


def page_of(response: Any) -> Page:
    """An answer that must be a page."""
    assert response.headers["content-type"] == "text/html; charset=utf-8", response.text[:400]
    page = Page(response.status_code, dict(response.headers), response.text)
    assert page.unmarked == [], "Chinese on an English page is marked as such"
    return page


def opened(world: World, path: str, status: int = 200, **headers: str) -> Page:
    """The page at this address, which must have this status."""
    answer = page_of(world.client.get(path, headers=READ_BY_PEOPLE | headers))
    assert answer.status == status, answer.text[:600]
    return answer


def sent(world: World, path: str, status: int, form: Page, /, files: Any = None, **typed: str) -> Page:
    """What comes when the form on a page is filled in and sent as a browser sends it."""
    fields = form.fields | {name.replace("__", "/"): value for name, value in typed.items()}
    data = {name: value.replace("\n", "\r\n") for name, value in fields.items()}
    answer = page_of(
        world.client.post(path, data=data, files=files, headers=READ_BY_PEOPLE | {"Sec-Fetch-Site": "same-origin"})
    )
    assert answer.status == status, answer.text[:900]
    return answer
