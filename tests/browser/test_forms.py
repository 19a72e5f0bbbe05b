"""Each form is drawn in a browser, on a page of another origin, from its description alone; filled in and sent."""

import functools
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.callers import Caller
from sandbox.clock import MovableClock
from sandbox.live import LiveClient, serving
from sandbox.stages.applications import apply, begin, register_applicant
from sandbox.stages.decision import Contender, candidates, in_publicity
from sandbox.stages.integration import asked as asked_for
from sandbox.stages.qualification import asked, close_applications, consult
from sandbox.stages.reviews import panel, qualified
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok

PORTAL = Path(__file__).parent.parent.parent / "sandbox" / "portal"
Filling = Callable[..., Any]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what is asked for stands in the test."""


@pytest.fixture
def portal() -> Iterator[str]:
    """The portal's page, at an address of its own."""
    handler = functools.partial(_Quiet, directory=str(PORTAL))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def served(settings: Settings, clock: MovableClock, portal: str) -> Iterator[LiveClient]:
    """The service on loopback, on the world's database, which lets the portal's pages call it."""
    with serving(create_app(settings.model_copy(update={"allowed_origins": portal}), clock=clock)) as client:
        yield client


@pytest.fixture
def filling(browser: Browser, served: LiveClient, portal: str, world: World) -> Iterator[Filling]:
    """Opens a form as it was offered, fills in what it wants, sends it; answers status and body."""
    context = browser.new_context(locale="zh-CN")

    def fill_in(caller: Caller, form: str, path: str, *, language: str = "zh") -> Any:
        tab = context.new_page()
        said: list[str] = []
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        token = caller.headers().get("Authorization", "").removeprefix("Bearer ")
        api = str(served.base_url).rstrip("/")
        asked = {"api": api, "token": token, "form": form, "path": path, "language": language}
        tab.goto(f"{portal}/#{quote(json.dumps(asked))}")
        expect(tab.locator("main[data-ready]"), "\n".join(said)).to_be_attached()
        fill(tab, world.clock.today.isoformat())
        tab.get_by_role("button", name="OK").click()
        expect(tab.locator("output")).not_to_be_empty()
        status, _, body = tab.locator("output").inner_text().partition(" ")
        return int(status), json.loads(body), tab

    yield fill_in
    context.close()


def fill(tab: Page, today: str) -> None:
    """Whatever is wanted, by its kind of field alone: the first choice, the example, a number within its bounds."""
    whole = tab.locator("form > fieldset")
    wanted = whole.locator("div[data-wanted=true]")
    for button in wanted.locator("button[data-add]").all():
        if not button.locator("xpath=ancestor::div[@data-wanted='false']").count():
            button.click()
    everything = wanted.count() == 0
    for control in whole.locator("input, select, textarea").all():
        beside = control.locator("xpath=ancestor::div[@data-wanted='false']").count() > 0
        # In a row that is wanted, what has an example is filled in as well.
        if everything or not beside or _within_a_row(control):
            _enter(control, today)


def _within_a_row(control: Locator) -> bool:
    outer = control.locator("xpath=ancestor::div[@data-wanted]")
    return bool(outer.count() > 1 and outer.first.get_attribute("data-wanted") == "true" and _exampled(control))


def _exampled(control: Locator) -> bool:
    return bool(control.get_attribute("placeholder"))


def _enter(control: Locator, today: str) -> None:
    tag, kind = control.evaluate("element => [element.tagName, element.type]")
    example = control.get_attribute("placeholder") or ""
    if tag == "SELECT":
        values = control.locator("option").evaluate_all("all => all.map(one => one.value).filter(Boolean)")
        control.select_option(example if example in values else values[0])
    elif kind == "checkbox":
        control.check()
    elif kind == "date":
        control.fill(today)
    elif kind == "number":
        control.fill(example or _between(control))
    else:
        at_least = int(control.get_attribute("data-at-least") or 0)
        control.fill((example or "样例内容").ljust(at_least, "样"))


def _between(control: Locator) -> str:
    low, high, step = (
        int(control.get_attribute(name) or other) for name, other in (("min", 0), ("max", 10), ("step", 1))
    )
    return str(low + (high - low) // 2 // step * step)


def test_an_applicant_fills_in_the_form_of_the_round(world: World, filling: Filling) -> None:
    """Art. 16, 17: the act as it was offered, with the form that it names."""
    round_id = open_round(world, asks={"form_fields": ["staff", "contact"]})
    _, applicant = register_applicant(world)
    draft = begin(world, round_id, applicant)["id"]
    offered = ok(applicant.get(f"/v1/applications/{draft}"))["available_actions"]
    act = next(item for item in offered if item["form"] and item["method"] == "PATCH")
    status, told, tab = filling(applicant, act["form"], act["path"])
    assert status == 200, json.dumps(told, ensure_ascii=False)
    assert tab.locator("h1").inner_text() == "填报"
    expect(tab.get_by_text("注册资本 (万元)")).to_be_visible()
    content = told["content"]
    assert content["staff"] > 0 and content["figures"][0]["year"] == 2023
    # What was entered in 10,000 yuan is sent in fen.
    assert content["figures"][0]["net_profit_fen"] == 800_000_000
    rules = ok(world.public.get(f"/v1/rounds/{round_id}"))["review_rules"]
    assert sorted(content["sections"]) == sorted(item["code"] for item in rules["required_sections"])
    assert content["truthfulness"]["agreed"] is True and content["contact"]["name"]


def test_a_unit_gives_its_opinion(world: World, filling: Filling) -> None:
    """Art. 3: by the act that its queue offers it; the round asks for the order among those recommended."""
    round_id = open_round(world, asks={"recommendation": ["order"]})
    recommendation = asked_for(world, round_id).id
    unit = world.by("unit-wenwuba")
    shown = ok(unit.get(f"/v1/recommendations/{recommendation}"))
    act = next(item for item in shown["available_actions"] if "round_id" in (item["form"] or ""))
    status, told, tab = filling(unit, act["form"], act["path"], language="en")
    assert status == 200, json.dumps(told, ensure_ascii=False)
    assert told["state"] == "endorsed" and told["order"] == 1 and told["opinion"]
    expect(tab.locator("label", has_text="Signed on")).to_be_visible()


def test_a_department_answers(world: World, filling: Filling) -> None:
    """Art. 17: the first answer that its form offers, signed as the round asks."""
    round_id = open_round(world, asks={"opinions": ["signatory"]})
    apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    one = asked(world, "market", round_id)[0]
    form = ok(world.public.get(f"/v1/forms/reply_to_consultation?round_id={round_id}"))
    path = form["path"].replace("{consultation_id}", one["id"])
    status, told, _ = filling(world.by("department-market"), f"/v1/forms/{form['name']}?round_id={round_id}", path)
    assert status == 200, json.dumps(told, ensure_ascii=False)
    assert (told["state"], told["answer"]) == ("answered", "no_objection") and told["signatory"]


def test_a_reviewer_fills_in_the_sheet(world: World, filling: Filling) -> None:
    """Art. 18: every item of the round's scheme, in the steps of its rules."""
    round_id, applied = qualified(world)
    reviewer, assignment = panel(world, round_id, applied[0].id)[0]
    form = ok(world.public.get(f"/v1/forms/edit_score_sheet?round_id={round_id}"))
    path = form["path"].replace("{assignment_id}", assignment)
    status, told, tab = filling(reviewer, f"/v1/forms/{form['name']}?round_id={round_id}", path)
    assert status == 200, json.dumps(told, ensure_ascii=False)
    rules = ok(world.public.get(f"/v1/rounds/{round_id}"))["review_rules"]
    assert sorted(told["scores"]) == sorted(item["code"] for item in rules["items"])
    assert set(told["scores"].values()) == {50}
    expect(tab.locator("h3").first).to_be_visible()


def test_somebody_objects(world: World, filling: Filling) -> None:
    """Art. 21: with everything that the form has an example for, it is a formal one."""
    made = in_publicity(world, Contender())
    candidate = next(iter(candidates(world, made.round_id).values()))["id"]
    form = ok(world.public.get("/v1/forms/take_objection"))
    path = form["path"].replace("{candidate_id}", candidate)
    status, told, tab = filling(world.public, "/v1/forms/take_objection", path)
    assert status == 201, told
    assert told["classification"] == "formal" and told["tracking_code"]
    assert tab.locator("h1").inner_text() == "提出异议"
