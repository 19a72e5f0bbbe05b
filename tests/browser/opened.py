"""What a page in the browser has fetched."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page, Response


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
