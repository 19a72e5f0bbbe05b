"""The page of the contract in a real browser: small, from our own files alone, in both languages, on a desk and on a
phone; an operation is found, opened and tried on it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.live import serving
from sandbox.seed import PASSWORD
from tests.browser.opened import Watched

# The whole of what the page needs to show every operation's line, compressed.
LARGEST = 150_000


@pytest.fixture
def address(settings: Settings, clock: MovableClock) -> Iterator[str]:
    plain = settings.model_copy(update={"second_factor_required": False})
    with serving(create_app(plain, clock=clock)) as client:
        yield str(client.base_url).rstrip("/")


def opened(browser: Browser, address: str, **context: Any) -> tuple[Page, Watched]:
    page = browser.new_context(**{"locale": "zh-CN", **context}).new_page()
    watched = Watched()
    watched.watch(page)
    page.goto(f"{address}/docs")
    return page, watched


def test_it_is_small_and_comes_from_the_service_alone(browser: Browser, address: str) -> None:
    page, watched = opened(browser, address)
    page.locator("#applications > summary").click()
    expect(page.locator("#create_application > summary")).to_be_visible()
    page.locator("#create_application > summary").click()
    page.locator("#create_application .schema > summary").first.click()
    expect(page.locator("#create_application .schema dl").first).to_be_visible()
    assert 0 < watched.bytes_sent < LARGEST
    assert [url for url in watched.addresses if not url.startswith((address, "data:"))] == []
    assert watched.complaints == []


def test_groups_are_folded_and_a_filter_finds_by_name_role_and_article(browser: Browser, address: str) -> None:
    page, _ = opened(browser, address)
    assert page.locator(".group[open]").count() == 0
    assert page.locator(".operation:visible").count() == 0
    page.fill("#filter", "异议 公众")
    expect(page.locator("#take_objection")).to_be_visible()
    expect(page.locator("#assign_investigator")).to_be_hidden()
    page.fill("#filter", "第21条 质量强县办")
    expect(page.locator("#enter_letter")).to_be_visible()
    # One of several articles that it cites, and in the other language.
    page.fill("#filter", "art. 21 government")
    expect(page.locator("#withdraw_award")).to_be_visible()
    expect(page.locator("#take_objection")).to_be_hidden()
    page.fill("#filter", "")
    assert page.locator(".operation:visible").count() == 0
    # Wherever one was, what is found begins where it can be seen.
    page.goto(f"{address}/docs#list_retention_periods")
    page.locator("#list_retention_periods h3").first.wait_for()
    page.fill("#filter", "申报")
    below = page.locator(".filter").bounding_box()
    first = page.locator(".group:visible > summary").first.bounding_box()
    assert below is not None and first is not None and first["y"] >= below["y"] + below["height"] - 1


@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_read_in_both_languages_at_either_width(browser: Browser, address: str, width: int) -> None:
    page, watched = opened(browser, address, viewport={"width": width, "height": 844})
    page.goto(f"{address}/docs#submit_application")
    operation = page.locator("#submit_application")
    expect(operation.locator("h3").first).to_have_text("参数", use_inner_text=True)
    expect(operation.locator("summary").first).to_contain_text("提交申报", use_inner_text=True)
    expect(operation.locator("summary").first).to_contain_text("申报组织", use_inner_text=True)
    expect(operation.locator("dd").filter(has_text="试运行").first).to_be_visible()
    # Whatever is said on the Chinese page is said in Chinese: of a parameter, a field, a type, an answer that refuses.
    for folded in operation.locator(".schema > summary").all():
        folded.click()
    page.wait_for_load_state("networkidle")
    said = [
        text
        for text in operation.locator("dd:not(:has(details)):visible, p.note:visible").all_inner_texts()
        if text.strip()
    ]
    assert len(said) > 20 and [text for text in said if not re.search("[\u4e00-\u9fff]", text)] == []
    page.click("#language")
    expect(operation.locator("summary").first).to_contain_text("Submit the application", use_inner_text=True)
    expect(operation.locator("h3").first).to_have_text("Parameters", use_inner_text=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # It stays as it was chosen.
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert watched.complaints == []


def test_words_are_told_by_their_names_and_bounds_beside_what_they_bound(browser: Browser, address: str) -> None:
    page, watched = opened(browser, address)
    page.goto(f"{address}/docs#list_awards")
    operation = page.locator("#list_awards")
    operation.locator("dd > .schema > summary", has_text="RegisterStatus").click()
    words = operation.locator(".words").first
    expect(words).to_contain_text("有效", use_inner_text=True)
    expect(words).to_contain_text("valid")
    page.click("#language")
    expect(words).to_contain_text("Valid", use_inner_text=True)
    # The contract's own words stand in the letters of a program, without the marks that say so.
    assert "`" not in operation.inner_text() and operation.locator("dd code").count() > 0
    page.goto(f"{address}/docs#publish_call")
    body = page.locator("#publish_call .schema", has_text="CallIn").first
    body.locator("summary", has_text="CallIn").click()
    expect(body.locator("dt").filter(has_text="channels")).to_contain_text(
        "channels string[] · minItems 1 · maxItems 20 · (minLength 1 · maxLength 200)"
    )
    assert watched.complaints == []


def test_what_the_service_sends_is_opened_and_not_tried(browser: Browser, address: str) -> None:
    page, watched = opened(browser, address)
    page.goto(f"{address}/docs#recommendation_changed")
    operation = page.locator("#recommendation_changed")
    expect(operation.locator("summary i")).to_have_text("WEBHOOK")
    expect(operation.locator("h3").last).to_have_text("接收端的应答", use_inner_text=True)
    operation.locator(".schema > summary", has_text="RecommendationMessage").click()
    expect(operation.locator(".schema dt", has_text="timestamp")).to_be_visible()
    assert operation.locator("form").count() == 0
    assert watched.complaints == []


def test_problems_are_one_line_and_examples_are_folded(browser: Browser, address: str) -> None:
    page, _ = opened(browser, address)
    page.goto(f"{address}/docs#create_round")
    operation = page.locator("#create_round")
    expect(operation.locator("summary", has_text="RFC 9457")).to_have_count(1)
    expect(operation.locator("pre").first).to_be_hidden()


def test_an_operation_is_tried_by_who_signs_in_there(browser: Browser, address: str) -> None:
    page, _ = opened(browser, address)
    page.click("#account")
    page.fill("#sign-in input[name=username]", "office")
    page.fill("#sign-in input[name=password]", "wrong")
    page.click("#sign-in button")
    expect(page.locator("#sign-in output")).to_contain_text("不正确")
    page.fill("#sign-in input[name=password]", PASSWORD)
    page.click("#sign-in button")
    expect(page.locator("#account")).to_contain_text("退出", use_inner_text=True)
    page.goto(f"{address}/docs#create_round")
    operation = page.locator("#create_round")
    operation.locator("summary", has_text="试用").click()
    # A dry run, unless somebody says otherwise.
    expect(operation.locator("input[name=dry_run]")).to_have_value("true")
    operation.locator(".try button").click()
    expect(operation.locator(".try pre")).to_contain_text("201")
    page.click("#account")
    operation.locator(".try button").click()
    expect(operation.locator(".try pre")).to_contain_text("401")
