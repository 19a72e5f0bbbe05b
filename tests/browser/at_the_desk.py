"""Callers who act at the desk, in a browser: a stage of `sandbox` that asks for an act finds it done by hand.

A request to write becomes what a person does: the page is opened on which the contract shows the act, its button is
pressed, its form is filled in from the body, and sent. What the service answered is handed back. Reading is plain.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from playwright.sync_api import Browser, Locator, Page, Request

from app.measures.roles import Role
from sandbox.callers import Caller
from sandbox.clock import MovableClock
from sandbox.live import LiveClient
from sandbox.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Desk:
    """The desk in a browser, at a live service. `done`: the addresses at which somebody has acted through it."""

    def __init__(self, browser: Browser, client: LiveClient) -> None:
        self.browser, self.client = browser, client
        self.contract = client.get("/openapi.json").json()
        self.done: list[str] = []
        self.errors: list[str] = []
        self._pages: dict[UUID | None, Page] = {}

    def close(self) -> None:
        """Close every tab."""
        for page in self._pages.values():
            page.context.close()

    def page(self, account_id: UUID | None, token: str | None) -> Page:
        """The page of this account, with a token of now."""
        if account_id not in self._pages:
            context = self.browser.new_context(base_url=str(self.client.base_url), locale="zh-CN")
            self._pages[account_id] = context.new_page()
            self._pages[account_id].set_default_timeout(10_000)
            self._pages[account_id].on("pageerror", lambda error: self.errors.append(f"{error}"))
            self._pages[account_id].goto("/desk")
        page = self._pages[account_id]
        if token is not None:
            kept = json.dumps({"access_token": token})
            page.evaluate("kept => sessionStorage.setItem('desk.session', kept)", kept)
        return page

    def reads(self, path: str, role: Role) -> bool:
        """Whether the contract lets this role read at the address."""
        for template, methods in self.contract["paths"].items():
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path):
                roles = methods.get("get", {}).get("x-roles", [])
                return role in roles or "public" in roles
        return False


class Hand(Caller):
    """Acts at the desk; reads by plain requests."""

    def __init__(self, desk: Desk, clock: MovableClock, account_id: UUID | None, role: Role) -> None:
        super().__init__(desk.client, clock, account_id, role)  # type: ignore[arg-type]
        self.desk = desk

    def request(self, method: str, path: str, **options: Any) -> Any:
        if method == "GET":
            return super().request(method, path, **options)
        token = self.headers().get("Authorization", " ").split(" ", 1)[1] or None
        page = self.desk.page(self.account_id, token)
        self._open(page, method, path)
        form = page.locator(f'[data-at="{method} {path}"] + .act-form > form')
        form.wait_for()
        page.wait_for_load_state("networkidle")
        if "content" in options:
            given = options["params"]
            file: Any = {"name": given["filename"], "mimeType": "application/pdf", "buffer": options["content"]}
            form.locator("[data-file]").set_input_files(file)
            others = {name: value for name, value in given.items() if name != "filename" and value != "false"}
            for name, value in others.items():
                form.locator(f'[name="{name}"]').fill(value)
        else:
            _fill(form, "", options.get("json"))
        with page.expect_response(lambda answer: _is(answer.request, method, path)) as sent:
            form.locator("> .buttons > button.first").click()
        self.desk.done.append(f"{method} {path}")
        return httpx.Response(sent.value.status, content=sent.value.body())

    def _open(self, page: Page, method: str, path: str) -> None:
        """The page on which the act is, and its form."""
        if self.account_id is None:
            page.goto("/desk")
            page.reload()
            page.locator("details.sign-in > summary").click()
            page.locator(f'button[data-at="{method} {path}"]').click()
            return
        parts = path.split("/")
        above = ["/".join(parts[:length]) for length in range(len(parts) - 1, 2, -1)]
        shown = any(
            self._shown(page, place, method, path) for place in (*above, path) if self.desk.reads(place, self.role)
        )
        assert shown, f"no page of {self.role} shows {method} {path}"
        page.locator(f'button[data-at="{method} {path}"]').first.click()

    def _shown(self, page: Page, place: str, method: str, path: str) -> bool:
        """Whether the page of this address has the act, in the page, in what is folded or in a row."""
        page.goto("about:blank")
        page.goto(f"/desk#{place}")
        page.locator("main h1").wait_for()
        page.wait_for_load_state("networkidle")
        for folded in page.locator("details.further:not([open]) > summary, tbody button[aria-expanded=false]").all():
            folded.click()
        return page.locator(f'button[data-at="{method} {path}"]').count() > 0


def _is(request: Request, method: str, path: str) -> bool:
    return request.method == method and urlsplit(request.url).path == path


def _fill(form: Locator, pointer: str, value: Any) -> None:
    if value is None or (isinstance(value, dict | list) and not value):
        return
    boxes = form.locator(f'.boxes[data-pointer="{pointer}"]')
    if isinstance(value, Mapping):
        for name, item in value.items():
            _fill(form, f"{pointer}/{name}", item)
    elif isinstance(value, list) and boxes.count():
        for item in value:
            boxes.locator(f'input[value="{item}"]').check()
    elif isinstance(value, list):
        for number, item in enumerate(value):
            form.locator(f'[data-add="{pointer}"]').click()
            _fill(form, f"{pointer}/{number}", item)
    else:
        _enter(form.locator(f'[data-pointer="{pointer}"]'), value)


def _enter(place: Locator, value: Any) -> None:
    kind = place.evaluate("item => item.tagName === 'SELECT' ? 'select' : item.type")
    if kind == "select":
        place.select_option(str(value).lower() if isinstance(value, bool) else str(value))
    elif kind == "number":
        amount = value / int(place.get_attribute("data-factor") or 1)
        place.fill(f"{amount:f}".rstrip("0").rstrip("."))
    elif kind == "datetime-local":
        place.fill(datetime.fromisoformat(value).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"))
    else:
        place.fill(str(value))


class DeskWorld(World):
    """A world whose callers act at the desk."""

    def __init__(self, desk: Desk, clock: MovableClock) -> None:
        self.desk = desk
        super().__init__(desk.client, clock)  # type: ignore[arg-type]
        self.public = Hand(desk, clock, None, Role.PUBLIC)

    def by(self, login: str) -> Caller:
        plain = super().by(login)
        return Hand(self.desk, self.clock, plain.account_id, plain.role)

    def account(self, account_id: str | UUID, role: Role, login: str | None = None) -> Caller:
        return Hand(self.desk, self.clock, UUID(str(account_id)), role)
