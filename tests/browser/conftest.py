"""A browser of this machine before a service on loopback. Whatever a test does, nothing leaves that service, and
nothing runs that its policy forbids."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.live import LiveClient, serving

TOOLS = Path(__file__).parent / "node" / "node_modules"
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
Opening = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of it is asked for by name, and on one database: what is looked at is in the browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def database_url(templates: Any) -> Iterator[str]:
    with templates["sqlite"].copy() as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            raise LookupError("chromium is not installed: scripts/install-browser.sh")
        pytest.skip("chromium is not installed: scripts/install-browser.sh")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def served(settings: Settings, clock: MovableClock) -> Iterator[Callable[[], LiveClient]]:
    """The service on loopback, on the clock of the test: started when it is first asked for, so that stages that are
    put back lie there before it."""
    with contextlib.ExitStack() as stack:
        started: list[LiveClient] = []

        def start() -> LiveClient:
            if not started:
                started.append(stack.enter_context(serving(create_app(settings, clock=clock))))
            return started[0]

        yield start


def base_of(served: Callable[[], LiveClient]) -> str:
    """The address of the service that is served."""
    return str(served().base_url).rstrip("/")


@pytest.fixture
def opening(browser: Browser, served: Callable[[], LiveClient]) -> Iterator[Opening]:
    """Opens a tab; at the end nothing has left the service, and nothing was refused by the policy."""
    contexts: list[BrowserContext] = []
    asked: list[str] = []
    said: list[str] = []

    def open_tab(path: str = "/", *, script: bool = True, phone: bool = False, **options: Any) -> Page:
        viewport: Any = PHONE if phone else DESKTOP
        base = base_of(served)
        context = browser.new_context(
            base_url=base, viewport=viewport, java_script_enabled=script, has_touch=phone, **options
        )
        contexts.append(context)
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda message: said.append(message.text))
        tab = context.new_page()
        tab.goto(path)
        return tab

    yield open_tab
    base = base_of(served)
    for context in contexts:
        context.close()
    assert asked and [url for url in asked if not url.startswith(f"{base}/")] == []
    # What a status says is no violation.
    assert [text for text in said if "the server responded with a status" not in text] == []
