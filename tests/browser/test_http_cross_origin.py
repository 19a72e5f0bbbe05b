"""A portal of another origin, as its page calls the service from a real browser: what `AWARD_ALLOWED_ORIGINS` lets it,
and that without it nothing can be read."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.live import serving
from sandbox.seed import PASSWORD

# What a portal does: it signs in, reads with a token, keeps the tag, asks again with it, and acts on a version.
_PORTAL = """async ([address, password]) => {
  const form = new URLSearchParams({ grant_type: "password", username: "office", password });
  const token = (await (await fetch(`${address}/v1/tokens`, { method: "POST", body: form })).json()).access_token;
  const Authorization = `Bearer ${token}`;
  const made = await fetch(`${address}/v1/rounds`, {
    method: "POST",
    headers: { Authorization, "Content-Type": "application/json", "Idempotency-Key": "portal-0001" },
    body: JSON.stringify({ year: 2024, title: "样例届" }),
  });
  const round = await made.json();
  const path = `${address}${made.headers.get("Location")}`;
  const read = await fetch(path, { headers: { Authorization, "Accept-Language": "en" } });
  const tag = read.headers.get("ETag");
  const again = await fetch(path, { headers: { Authorization, "Accept-Language": "en", "If-None-Match": tag } });
  const changed = await fetch(path, {
    method: "PATCH",
    headers: { Authorization, "Content-Type": "application/json", "If-Match": tag },
    body: JSON.stringify({ title: "样例届二" }),
  });
  const named = read.headers.get("X-Request-ID") !== null;
  return [made.status, read.status, again.status, changed.status, named, round.title];
}"""


class _Empty(http.server.BaseHTTPRequestHandler):
    """A portal's page with nothing on it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>portal</title>")

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def portal() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Empty) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def _asked(browser: Browser, settings: Settings, clock: MovableClock, portal: str, origins: str) -> object:
    """What the portal's page came to, or what its browser said."""
    chosen = settings.model_copy(update={"second_factor_required": False, "allowed_origins": origins})
    with serving(create_app(chosen, clock=clock)) as client:
        page = browser.new_context(locale="zh-CN").new_page()
        page.goto(portal)
        address = str(client.base_url).rstrip("/")
        call = f"(given) => ({_PORTAL})(given).catch((fault) => fault.name)"
        return page.evaluate(call, [address, PASSWORD])


def test_a_portal_that_is_named_does_all_from_its_page(
    browser: Browser, settings: Settings, clock: MovableClock, portal: str
) -> None:
    told = _asked(browser, settings, clock, portal, portal)
    # A browser answers 304 from what it keeps, and tells the page 200; asked for by the page it is a 304.
    assert told == [201, 200, 304, 200, True, "样例届"]


@pytest.mark.parametrize("origins", ["", "https://portal.example.org"])
def test_another_portal_reads_nothing(
    browser: Browser, settings: Settings, clock: MovableClock, portal: str, origins: str
) -> None:
    assert _asked(browser, settings, clock, portal, origins) == "TypeError"
