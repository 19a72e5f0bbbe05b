"""Every page looked at: axe and Lighthouse find nothing, and on a telephone nothing is cut off."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sandbox.live import LiveClient
from sandbox.stages.decision import Contender, candidates, conclude_round
from sandbox.world import World, ok
from tests.browser.conftest import TOOLS, Opening, base_of
from tests.support.pages import ADDRESSES, READ_BY_PEOPLE

_AXE = TOOLS / "axe-core" / "axe.min.js"
_LIGHTHOUSE = TOOLS / "lighthouse" / "core" / "index.js"
_MARKS = TOOLS.parent / "marks.mjs"


def tool(path: Path) -> Path:
    if not path.exists():
        if os.environ.get("CI"):
            raise LookupError(f"{path.name} is not installed: scripts/install-browser.sh")
        pytest.skip(f"{path.name} is not installed: scripts/install-browser.sh")
    return path


def everything(world: World) -> list[str]:
    """The addresses of all pages, in both languages, of a county with a concluded round."""
    made = conclude_round(world, 2024, Contender(), Contender(listed=False))
    award = ok(world.public.get("/v1/awards"))["items"][0]
    name = next(iter(candidates(world, made.round_id).values()))
    paths = [
        *ADDRESSES,
        f"/awards/{award['id']}",
        f"/verify/{award['certificate_number']}",
        "/verify/HCDH-2024-99",
        f"/candidates/{name['id']}/objection",
        *(f"/notices/{item['id']}" for item in ok(world.public.get("/v1/notices"))["items"]),
        "/nowhere",
    ]
    return [where for path in paths for where in (path, f"/en{path}".removesuffix("/"))]


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_axe_finds_nothing_and_nothing_is_cut_off(world: World, opening: Opening, phone: bool) -> None:
    axe = tool(_AXE).read_text(encoding="utf-8")
    paths = everything(world)
    # What looks is put into the page past its policy, which stays what it is for the page itself.
    tab = opening("/", phone=phone, bypass_csp=True)
    found = []
    for path in paths:
        tab.goto(path)
        tab.evaluate(axe)
        told = tab.evaluate("axe.run({resultTypes: ['violations']})")
        found += [(path, item["id"], item["nodes"][0]["html"]) for item in told["violations"]]
        wide, seen = tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        found += [(path, "wider than the screen", wide)] if wide > seen else []
    assert found == []


def test_axe_finds_nothing_where_something_is_wrong(world: World, opening: Opening) -> None:
    axe = tool(_AXE).read_text(encoding="utf-8")
    tab = opening("/check", bypass_csp=True)
    tab.get_by_role("button", name="开始自查").click()
    tab.evaluate(axe)
    told = tab.evaluate("axe.run({resultTypes: ['violations']})")
    assert [(item["id"], item["nodes"][0]["html"]) for item in told["violations"]] == []


def test_lighthouse_gives_full_marks_for_accessibility(world: World, served: Callable[[], LiveClient]) -> None:
    """Every page in Chinese, full, and the first and the longest form in English: axe, of which Lighthouse takes its
    marks, looks at every page in both languages above."""
    # What is nowhere is answered with its status, which Lighthouse takes for a page that failed to load.
    paths = [path for path in everything(world)[::2] if opens(world, path)] + ["/en", "/en/check"]
    assert set(ADDRESSES) <= set(paths)
    base = base_of(served)
    found = marks_lost([f"{base}{path}" for path in paths])
    assert list(found) == [f"{base}{path}" for path in paths]
    assert {address: bad for address, bad in found.items() if bad} == {}


def test_lighthouse_takes_marks_from_a_page_that_not_everybody_can_read(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>样例</title><img src='x.png'><a href='/'></a>")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        found = marks_lost([f"{base}/", f"{base}/nowhere"])
        server.shutdown()
    assert {"html-has-lang", "image-alt", "link-name"} <= set(found[f"{base}/"])
    assert found[f"{base}/nowhere"]


def opens(world: World, path: str) -> bool:
    """Whether there is a page at the address."""
    return bool(world.client.get(path, headers=READ_BY_PEOPLE).status_code == 200)


def marks_lost(addresses: list[str]) -> dict[str, list[str]]:
    """What Lighthouse finds wanting in the accessibility of each page; nothing at full marks."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: scripts/install-browser.sh")
    tool(_LIGHTHOUSE)
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    run = subprocess.run(
        [node, str(_MARKS)], input=json.dumps(addresses), env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    told: dict[str, list[str]] = json.loads(run.stdout)
    return told


def test_neither_numbers_nor_words_are_broken_in_the_register(world: World, opening: Opening) -> None:
    """A long name beside them takes what room is left, not theirs."""
    conclude_round(world, 2024, Contender(details={"name": "会昌县" + "样例超长名称科技股份" * 18 + "有限公司"}))
    for path in ("/register", "/en/register"):
        tab = opening(path)
        lines = "cell => cell.getClientRects().length"
        assert tab.locator("td.whole").count() == 2
        assert {cell.evaluate(lines) for cell in tab.locator("td.whole > a").all()} == {1}
        # The narrowest column is as wide as its longest word.
        assert tab.locator("td").first.evaluate("cell => cell.scrollWidth <= cell.clientWidth")
        assert tab.locator("td").first.evaluate("cell => cell.clientWidth") >= 60


def test_the_first_page_is_small_with_all_that_it_loads(world: World, opening: Opening) -> None:
    everything(world)
    tab = opening("/follow")
    sizes: list[int] = []
    tab.on("response", lambda response: sizes.append(len(response.body())))
    tab.goto("/", wait_until="networkidle")
    assert len(sizes) >= 2 and sum(sizes) < 100_000


def test_on_paper_there_is_the_text_and_no_way_about(world: World, opening: Opening) -> None:
    everything(world)
    tab = opening("/candidates")
    tab.emulate_media(media="print")
    assert not tab.get_by_role("navigation", name="主导航").is_visible()
    tab.goto("/register")
    assert not tab.get_by_role("search").is_visible()
    assert tab.get_by_role("main").is_visible() and not tab.locator("footer nav").is_visible()
