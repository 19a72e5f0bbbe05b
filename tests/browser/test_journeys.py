"""The public's journeys, with script and without: the same clicks, the same end."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.kernel.throttle import Throttle
from sandbox.live import LiveClient
from sandbox.stages.applications import PDF
from sandbox.stages.decision import Contender, conclude_round, in_publicity
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.browser.conftest import Opening

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
FACTS = "样例：该组织去年有产品抽查不合格。\n第二行。"


def headed(tab: Page, title: str) -> None:
    expect(tab.locator("h1")).to_have_text(title)


@SCRIPT
def test_somebody_checks_the_conditions_and_mends_what_is_missing(world: World, opening: Opening, script: bool) -> None:
    open_round(world, 2024)
    tab = opening("/", script=script)
    tab.get_by_role("main").get_by_role("link", name="自查申报条件").first.click()
    headed(tab, "申报条件自查")
    tab.get_by_role("button", name="开始自查").click()
    expect(tab.get_by_role("alert")).to_contain_text("没有丢失")
    tab.get_by_label("组织形式").select_option("limited_company")
    tab.get_by_label("是（企业").check()
    tab.get_by_label("成立日期").fill("2015-05-20")
    tab.get_by_label("行业代码").fill("1392")
    for year in (2021, 2022, 2023):
        group = tab.get_by_role("group", name=str(year))
        group.get_by_label("营业收入").fill("12000")
        group.get_by_label("净利润").fill("-5" if year == 2023 else "800")
    tab.get_by_role("button", name="开始自查").click()
    expect(tab.get_by_role("status")).to_contain_text("不符合")
    findings = tab.locator(".answer")
    expect(findings).to_contain_text("2023年度未盈利")
    expect(findings).to_contain_text("怎么办")
    # What was typed is there still: one figure is mended, and one finding is gone.
    tab.get_by_role("group", name="2023").get_by_label("净利润").fill("900")
    tab.get_by_role("button", name="开始自查").click()
    expect(tab.locator(".answer")).not_to_contain_text("未盈利")
    expect(tab.get_by_label("成立日期")).to_have_value("2015-05-20")


@SCRIPT
def test_art21_somebody_objects_with_a_file_and_follows_it(
    world: World, opening: Opening, script: bool, tmp_path: Path
) -> None:
    in_publicity(world, Contender())
    evidence = tmp_path / "样例证据.pdf"
    evidence.write_bytes(PDF)
    tab = opening("/candidates", script=script, phone=True)
    tab.get_by_role("link", name="对它提出异议").click()
    headed(tab, "提出异议")
    tab.get_by_label("真实姓名").fill("样例异议人")
    tab.get_by_label("联系方式").fill("0797-5611111")
    tab.get_by_label("事实").fill(FACTS)
    tab.get_by_role("button", name="提交异议").click()
    headed(tab, "异议已收到")
    expect(tab.get_by_role("status")).to_contain_text("正式异议")
    code = tab.locator(".code code").inner_text()
    assert code not in tab.url
    tab.get_by_label("证据文件").set_input_files(evidence)
    tab.get_by_role("button", name="上传").click()
    expect(tab.get_by_role("status")).to_contain_text("已收到 样例证据.pdf")
    # Days later, on another machine.
    later = opening("/follow", script=script)
    later.get_by_label("回执编码").fill(code)
    later.get_by_role("button", name="查询").click()
    headed(later, "异议进度")
    expect(later.get_by_role("main")).to_contain_text("已受理")
    assert code not in later.url
    later.goto("/follow")
    later.get_by_label("回执编码").fill("x" * 43)
    later.get_by_role("button", name="查询").click()
    expect(later.get_by_role("alert")).to_contain_text("没有此回执编码")


@SCRIPT
def test_art31_somebody_verifies_a_certificate(world: World, opening: Opening, script: bool) -> None:
    conclude_round(world, 2024, Contender())
    tab = opening("/en", script=script, phone=True)
    tab.get_by_role("link", name="Verify a certificate").click()
    tab.get_by_label("Number of the certificate").fill("hcdh 2024 01")
    tab.get_by_role("button", name="Verify").click()
    expect(tab.get_by_role("status")).to_contain_text("Valid")
    tab.get_by_label("On which day").fill("2030-01-01")
    tab.get_by_role("button", name="Verify").click()
    expect(tab.get_by_role("status")).to_contain_text("Expired")
    tab.get_by_role("link", name="中文").click()
    expect(tab.get_by_role("status")).to_contain_text("已过有效期")
    tab.goto("/register")
    tab.get_by_role("link", name="样例").first.click()
    expect(tab.get_by_role("main")).to_contain_text("称号现在可以怎样使用")


@SCRIPT
def test_art21_somebody_reads_a_notice_on_a_telephone(world: World, opening: Opening, script: bool) -> None:
    in_publicity(world, Contender(details={"name": "样例（会昌）" + "很长的名称" * 18 + "股份有限公司"}))
    tab = opening("/", script=script, phone=True)
    tab.get_by_role("link", name="候选名单公示").first.click()
    notice = ok(world.public.get("/v1/notices"))["items"][0]
    headed(tab, notice["title"])
    expect(tab.get_by_role("main")).to_contain_text(notice["body"]["names"][0]["name"])
    tab.get_by_text("核对本公告是否被改动").click()
    expect(tab.get_by_text(notice["body_hash"])).to_be_visible()
    # Nothing is wider than the telephone.
    box = tab.get_by_role("main").bounding_box()
    assert box is not None and box["width"] <= 360
    tab.get_by_role("link", name="对名单有异议").click()
    headed(tab, "候选名单")


def test_art21_in_a_flood_the_browser_proves_its_work_by_itself(
    world: World, opening: Opening, served: Callable[[], LiveClient]
) -> None:
    in_publicity(world, Contender())
    state = served().app.state
    state.throttle = Throttle(state.settings.model_copy(update={"public_posts_per_minute": 0}))
    tab = opening("/candidates")
    tab.get_by_role("link", name="对它提出异议").click()
    tab.get_by_label("事实").fill(FACTS)
    tab.get_by_role("button", name="提交异议").click()
    expect(tab.locator("h1")).to_have_text("异议已收到", timeout=60_000)


def test_everything_is_reached_by_the_keyboard_alone(world: World, opening: Opening) -> None:
    in_publicity(world, Contender())
    tab = opening("/candidates")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="跳到正文")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="对它提出异议")).to_be_focused()
    # What has the focus is seen to have it.
    outline = tab.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    tab.keyboard.press("Enter")
    headed(tab, "提出异议")
    tab.get_by_label("事实").focus()
    for text in (FACTS.partition("\n")[0], "样例：通报", "样例异议人", "0797-5611111"):
        tab.keyboard.insert_text(text)
        tab.keyboard.press("Tab")
    expect(tab.get_by_role("button", name="提交异议")).to_be_focused()
    tab.keyboard.press("Enter")
    headed(tab, "异议已收到")


def test_a_fault_is_gone_to_and_said(world: World, opening: Opening) -> None:
    in_publicity(world, Contender())
    tab = opening("/candidates")
    tab.get_by_role("link", name="对它提出异议").click()
    tab.get_by_role("button", name="提交异议").click()
    expect(tab.get_by_role("alert")).to_be_focused()
    tab.get_by_role("alert").get_by_role("link").first.click()
    expect(tab.get_by_label("事实")).to_be_focused()
    described = tab.get_by_label("事实").get_attribute("aria-describedby") or ""
    assert "f-facts-fault" in described.split()
