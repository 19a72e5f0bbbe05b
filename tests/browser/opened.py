"""A browser for the tests of the contract's page and of portals, and what it has fetched."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Response, sync_playwright


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine; without one the test is skipped aloud, in CI it fails."""
    path = shutil.which("chromium")
    if path is None:
        assert "CI" not in os.environ, "chromium is not installed"
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """What a page has asked for, how many bytes came, and what it complained of."""

    addresses: list[str] = field(default_factory=list)
    bytes_sent: int = 0
    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """From here on."""
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("response", self._came)
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def _came(self, response: Response) -> None:
        self.bytes_sent += int(response.headers.get("content-length", "0"))
