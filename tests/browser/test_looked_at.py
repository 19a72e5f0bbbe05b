"""Every page looked at: axe and Lighthouse find nothing, and on a telephone nothing is cut off."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.live import LiveClient
from sandbox.stages.decision import Contender, candidates, conclude_round
from sandbox.world import World, ok
from tests.browser.conftest import TOOLS, Opening, base_of
from tests.support.pages import ADDRESSES, READ_BY_PEOPLE

_AXE = TOOLS / "axe-core" / "axe.min.js"
_LIGHTHOUSE = TOOLS / "lighthouse" / "cli" / "index.js"


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


def test_lighthouse_gives_full_marks_for_accessibility(
    world: World, served: Callable[[], LiveClient], tmp_path: Path
) -> None:
    """Every page in Chinese, full, and the first and the longest form in English."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: scripts/install-browser.sh")
    found = everything(world)
    # What is nowhere is answered with its status, which Lighthouse takes for a page that failed to load.
    paths = [path for path in found[::2] if opens(world, path)] + ["/en", "/en/check"]
    assert set(ADDRESSES) <= set(paths)
    less = {path: bad for path in paths if (bad := _marks_lost(node, f"{base_of(served)}{path}", tmp_path))}
    assert less == {}


def opens(world: World, path: str) -> bool:
    """Whether there is a page at the address."""
    return bool(world.client.get(path, headers=READ_BY_PEOPLE).status_code == 200)


def _marks_lost(node: str, url: str, folder: Path) -> list[str]:
    """What Lighthouse finds wanting in the accessibility of a page; nothing at full marks."""
    report = folder / "report.json"
    command = [node, str(tool(_LIGHTHOUSE)), url, "--only-categories=accessibility", "--output=json", "--quiet"]
    command += [f"--output-path={report}", "--chrome-flags=--headless=new --no-sandbox"]
    chromium = shutil.which("chromium") or ""
    subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": chromium}, capture_output=True, text=True)
    told = json.loads(report.read_text(encoding="utf-8"))
    if told["categories"]["accessibility"]["score"] == 1:
        return []
    return [name for name, audit in told["audits"].items() if audit["score"] not in (None, 1)] or ["no score"]


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
