"""The desk as whoever sits at it finds it: signing in, refusals with article and remedy, faults beside their fields, a
trial that does nothing, files handed out, both languages, the keyboard alone."""

import csv
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyotp
import pytest
from playwright.sync_api import Locator, Page, expect

from app.measures.roles import Role
from sandbox.clock import MovableClock
from sandbox.seed import PASSWORD
from sandbox.stages.applications import apply, begin, register_applicant, request
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import Contender, conclude_round
from sandbox.stages.parties import PASSWORD as REGISTERED
from sandbox.stages.parties import register
from sandbox.stages.plaques import handed_over
from sandbox.stages.reviews import light_rules
from sandbox.stages.revocations import bring_case
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_revocations import FRAUD, decide
from tests.browser.conftest import TOOLS, Opening
from tests.browser.test_looked_at import tool

# The machine may be busy: what does not come at all is what counts.
expect.set_options(timeout=20_000)
PROBLEM = {"title": "样例", "detail": "样例：现在不能下载", "status": 422, "request_id": "样例"}
FOLDER = Path(__file__).parent.parent.parent / "app" / "static" / "desk"


def sign_in(tab: Page, login: str, password: str = PASSWORD) -> None:
    tab.locator("#login").fill(login)
    tab.locator("#password").fill(password)
    tab.locator("form.sign-in button.first").click()


def at(tab: Page, path: str) -> Locator:
    """The page of this address, once it is there."""
    tab.evaluate("path => (location.hash = path)", path)
    expect(tab.locator("main h1")).to_be_visible()
    tab.wait_for_load_state("networkidle")
    return tab.locator("main")


def seated(opening: Opening, login: str, **options: Any) -> Page:
    tab = opening("/desk", locale="zh-CN", **options)
    sign_in(tab, login)
    expect(tab.locator("nav a").first).to_be_visible()
    return tab


def test_a_wrong_password_is_told_and_a_right_one_opens_the_desk(opening: Opening) -> None:
    tab = opening("/desk")
    sign_in(tab, "office", "not the password of anybody")
    expect(tab.locator(".refusal")).to_be_visible()
    assert tab.locator("nav a").count() == 0
    sign_in(tab, "office")
    expect(tab.locator("header .who")).to_contain_text("office · 质量强县办")
    tab.reload()
    expect(tab.locator("nav a").first).to_be_visible()
    tab.get_by_role("button", name="退出").click()
    expect(tab.locator("#login")).to_be_visible()
    tab.goto("/desk#/v1/objections")
    tab.reload()
    expect(tab.locator("#login")).to_be_visible()
    assert tab.evaluate("sessionStorage.length") == 0


def test_a_second_factor_is_asked_for(world: World, clock: MovableClock, opening: Opening) -> None:
    asked = {"login": "office", "password": PASSWORD}
    begun = ok(world.public.post("/v1/second-factor-enrolments", asked), 201)
    code = pyotp.TOTP(begun["totp_secret"])
    shown = {"challenge": begun["challenge"], "code": code.at(clock.now())}
    ok(world.public.post("/v1/second-factors", shown), 201)
    clock.forward(minutes=2)
    tab = opening("/desk")
    sign_in(tab, "office")
    expect(tab.locator("#code")).to_be_visible()
    tab.locator("#code").fill("000000" if code.at(clock.now()) != "000000" else "111111")
    tab.locator("form.sign-in button.first").click()
    expect(tab.locator(".refusal")).to_be_visible()
    tab.locator("#code").fill(code.at(clock.now()))
    tab.locator("form.sign-in button.first").click()
    expect(tab.locator("header .who")).to_contain_text("office")


def test_what_stands_in_the_way_is_told_with_article_and_remedy(world: World, opening: Opening) -> None:
    round_id = open_round(world, review_rules=light_rules())
    apply(world, round_id)
    main = at(seated(opening, "office"), f"/v1/rounds/{round_id}")
    waiting = main.locator(f'[data-at="POST /v1/rounds/{round_id}/qualified-list"]').first
    assert waiting.evaluate("item => item.tagName") == "DETAILS", "not a button: it cannot be done now"
    waiting.locator("summary").click()
    expect(waiting.locator(".finding").first).to_contain_text(re.compile(r"依据第 \d+"))
    expect(waiting.locator(".finding .remedy").first).to_contain_text("怎么办")


def test_a_refusal_stands_beside_the_act_and_nothing_that_was_typed_is_lost(world: World, opening: Opening) -> None:
    made = ok(world.office.post("/v1/rounds", {"year": 2024, "title": "样例届"}), 201)
    path = f"/v1/rounds/{made['id']}"
    main = at(seated(opening, "office"), path)
    main.locator(f'button[data-at="POST {path}/call"]').first.click()
    form = main.locator(f'[data-at="POST {path}/call"] + .act-form > form').first
    title, send = form.locator('[data-pointer="/title"]'), form.locator("> .buttons > .first")
    title.fill("样例：评审通知，请交评审费200元")
    send.click()
    # A field that is missing is told beside it.
    expect(form.locator('[data-fault="/deadline"]')).not_to_be_empty()
    expect(form.locator(".refusal .request")).to_contain_text("请求标识")
    form.locator('[data-pointer="/deadline"]').fill("2024-04-30")
    form.locator('[data-add="/channels"]').click()
    form.locator('[data-pointer="/channels/0"]').fill("县政府网站")
    send.click()
    expect(form.locator(".refusal .finding").first).to_contain_text("依据第 7 条")
    expect(form.locator(".refusal .remedy").first).to_contain_text("怎么办")
    expect(form.locator('[data-fault="/deadline"]')).to_be_empty()
    assert title.input_value() == "样例：评审通知，请交评审费200元"
    title.fill("样例：评审通知")
    send.click()
    expect(form.locator(".done")).to_be_visible()


def test_a_trial_does_nothing_and_the_same_request_is_done_once(world: World, opening: Opening) -> None:
    tab = seated(opening, "office")
    main = at(tab, "/v1/rounds")
    main.locator('button[data-at="POST /v1/rounds"]').click()
    form = main.locator('[data-at="POST /v1/rounds"] + .act-form > form')
    form.locator('[data-pointer="/year"]').fill("2024")
    form.locator('[data-pointer="/title"]').fill("样例届")
    form.get_by_role("button", name="试办").click()
    expect(form.locator(".done")).to_have_text("可以办理；未生效")
    assert ok(world.public.get("/v1/rounds"))["items"] == []
    # Two presses before the answer are one request: both bear one key.
    form.locator("> .buttons > .first").dblclick()
    expect(tab.locator("main tbody tr")).to_have_count(1)
    assert len(ok(world.office.get("/v1/rounds"))["items"]) == 1


def test_another_version_is_told_and_the_form_is_what_is_on_record(world: World, opening: Opening) -> None:
    round_id = open_round(world, review_rules=light_rules())
    _, applicant = register_applicant(world, password=REGISTERED)
    (account,) = ok(world.office.get("/v1/accounts?role=applicant"))["items"]
    draft = begin(world, round_id, applicant)
    tab = opening("/desk")
    sign_in(tab, account["login"], REGISTERED)
    expect(tab.locator("nav a").first).to_be_visible()
    path = f"/v1/applications/{draft['id']}"
    main = at(tab, path)
    main.locator(f'button[data-at="PATCH {path}"]').first.click()
    form = main.locator(f'[data-at="PATCH {path}"] + .act-form > form').first
    staff = form.locator('[data-pointer="/content/staff"]')
    expect(staff).to_have_value("260")
    assert form.locator('[data-pointer="/content/figures/0/revenue_fen"]').input_value() == "12000", "in 万元"
    staff.fill("261")
    ok(applicant.patch(path, {"content": {"staff": 300}}, version=draft["version"]))
    form.locator("> .buttons > .first").click()
    expect(form.locator(".refusal")).to_be_visible()
    assert ok(applicant.get(path))["content"]["staff"] == 300
    at(tab, "/v1/rounds")
    main = at(tab, path)
    main.locator(f'button[data-at="PATCH {path}"]').first.click()
    form = main.locator(f'[data-at="PATCH {path}"] + .act-form > form').first
    form.locator('[data-pointer="/content/staff"]').fill("302")
    form.locator("> .buttons > .first").click()
    expect(form.locator(".done")).to_be_visible()
    content = ok(applicant.get(path))["content"]
    assert content["staff"] == 302
    # What the form did not touch is as it was, to the fen.
    assert content["figures"] == draft["content"]["figures"]
    assert content["certificates"] == draft["content"]["certificates"]


def test_papers_are_handed_out(world: World, opening: Opening) -> None:
    round_id = open_round(world)
    tab = seated(opening, "office")
    main = at(tab, f"/v1/rounds/{round_id}/documents")
    main.locator("tbody button[aria-expanded=false]").first.click()
    with tab.expect_download() as handed:
        main.get_by_role("button", name="下载 call.docx").click()
    assert Path(str(handed.value.path())).read_bytes().startswith(b"PK")


def handed(tab: Page, place: Locator, name: str) -> bytes:
    """What a button of this name hands out."""
    with tab.expect_download() as taken:
        place.get_by_role("button", name=name).click()
    return Path(str(taken.value.path())).read_bytes()


def test_a_list_is_handed_out_whole_as_it_is_filtered(world: World, opening: Opening) -> None:
    for number in range(3):
        register(world, verified=False, name=f"样例待核实{number}有限公司")
    register(world, name="样例已核实有限公司")
    tab = seated(opening, "office")
    main = at(tab, "/v1/organisations?state=unverified&limit=2")
    expect(main.locator("tbody tr")).to_have_count(2)
    told = handed(tab, main, "下载表格 CSV")
    rows = list(csv.reader(io.StringIO(told.decode("utf-8-sig"))))
    assert len(rows) == 4 and all("样例待核实" in "".join(row) for row in rows[1:]), rows
    book = openpyxl.load_workbook(io.BytesIO(handed(tab, main, "下载表格 XLSX")))
    assert [list(row) for row in book.worksheets[0].values][1][0] == rows[1][0]
    # The next page has the same button: the whole list again.
    main.locator("a.more").click()
    expect(main.locator("tbody tr")).to_have_count(1)
    assert len(handed(tab, main, "下载表格 CSV").decode("utf-8-sig").splitlines()) == 4
    # What is refused meanwhile is told under the button, and the list stays.
    tab.route(
        re.compile(r"/v1/organisations\?state=unverified$"), lambda route: route.fulfill(json=PROBLEM, status=422)
    )
    main.get_by_role("button", name="下载表格 CSV").click()
    expect(main.locator(".tables .refusal")).to_contain_text("样例：现在不能下载")
    expect(main.locator("tbody tr")).to_have_count(1)


def test_a_list_within_an_object_is_handed_out(world: World, opening: Opening) -> None:
    (winner,) = concluded(world, {}).winners
    handed_over(world, winner)
    world.clock.go("2025-06-01")
    case = decide(world, bring_case(world, winner.award_id, winner.applicant, FRAUD), number="会府字〔2025〕7号")
    (duty,) = ok(world.office.get(f"/v1/revocations/{case['id']}"))["open_duties"]
    tab = seated(opening, "office")
    main = at(tab, f"/v1/revocations/{case['id']}")
    assert duty["message_zh"] in handed(tab, main, "下载表格 CSV").decode("utf-8-sig")


def test_archives_stand_beside_the_papers_and_are_handed_out(world: World, opening: Opening) -> None:
    made = conclude_round(world, 2024, Contender())
    tab = seated(opening, "office")
    # What is counted by a word is called by its name.
    seats = at(tab, f"/v1/rounds/{made.round_id}/candidate-list").locator(".content dl").first
    expect(seats).to_contain_text("制造业")
    expect(seats).not_to_contain_text("manufacturing")
    main = at(tab, f"/v1/rounds/{made.round_id}/documents")
    main.locator("section.content summary").first.click()
    for name in ("executive_meeting.zip", "certificates.zip"):
        assert zipfile.is_zipfile(io.BytesIO(handed(tab, main, f"下载 {name}"))), name


def test_each_role_finds_what_the_contract_gives_it(world: World, opening: Opening) -> None:
    contract = world.client.get("/openapi.json").json()
    for login, role in (
        ("unit-wenwuba", Role.RECOMMENDING_UNIT),
        ("reviewer1", Role.REVIEWER),
        ("auditor", Role.AUDITOR),
    ):
        tab = seated(opening, login)
        shown = {link.get_attribute("href") for link in tab.locator("nav a").all()}
        may = {
            f"#{path}"
            for path, methods in contract["paths"].items()
            if {role, "public"} & set(methods.get("get", {}).get("x-roles", []))
        }
        assert shown and shown <= may
        assert ("#/v1/objections" in shown) == (role is Role.AUDITOR)
        tab.context.close()


def test_nothing_raw_stands_in_it(opening: Opening) -> None:
    tab = opening("/desk", locale="zh-CN")
    tab.locator("details.sign-in summary").click()
    acts = tab.locator("details.sign-in .act > button")
    expect(acts).to_have_count(4)
    for button in acts.all():
        button.click()
        expect(button).to_have_attribute("aria-expanded", "true")
    expect(tab.locator("details.sign-in form")).to_have_count(4)
    hints = tab.locator(".help").all_inner_texts()
    assert not [hint for hint in hints if re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", hint)]
    sign_in(tab, "office")
    expect(tab.locator("nav a").first).to_be_visible()
    expect(tab.locator("main h1")).to_be_visible()
    home = tab.locator("main").inner_text()
    assert re.search("年.*月.*日", home) and not re.search(r"\d{4}-\d\d-\d\dT", home)
    label = "async (row) => (await import('/desk/show.js')).labelOf(row)"
    assert tab.evaluate(label, {"id": "018e0000-0000-7000-8000-000000000001"}) == ""
    assert tab.evaluate(label, {"id": "018e0000-0000-7000-8000-000000000001", "number": "样例1号"}) == "样例1号"


def test_it_speaks_both_languages(opening: Opening) -> None:
    tab = seated(opening, "office")
    expect(tab.locator("nav")).to_contain_text("申报列表")
    tab.get_by_role("button", name="English").click()
    expect(tab.locator("nav")).to_contain_text("Applications")
    assert tab.locator("html").get_attribute("lang") == "en"
    at(tab, "/v1/rounds")
    chinese = re.compile(r"[\u4e00-\u9fff]")
    own = tab.locator("nav").inner_text() + tab.locator("main").inner_text()
    assert not chinese.search(own), own


def test_what_waits_comes_first_and_leads_to_it(world: World, opening: Opening) -> None:
    round_id = open_round(world, review_rules=light_rules())
    apply(world, round_id, name="样例已提交有限公司")
    register(world, verified=False, name="样例待核实有限公司")
    _, applicant = register_applicant(world, name="样例请求推荐有限公司")
    draft = begin(world, round_id, applicant)
    request(world, draft["id"], applicant)
    tab = seated(opening, "office")
    expect(tab.locator("main h1")).to_have_text("待办事项")
    turns = tab.locator("main .turn")
    expect(turns.filter(has_text="待核实").get_by_role("link", name="样例待核实有限公司")).to_be_visible()
    expect(turns.filter(has_text="已提交").get_by_role("link", name="样例已提交有限公司")).to_be_visible()
    # A call stands until its last day, told as people say it; nothing that is another's turn is there.
    expect(turns.filter(has_text="已发布公告").locator(".help")).to_have_text("截止 2024年4月30日")
    expect(turns.filter(has_text="待推荐")).to_have_count(0)
    turns.get_by_role("link", name="样例待核实有限公司").click()
    expect(tab.locator("main h1")).to_contain_text("样例待核实有限公司")
    first = tab.locator("main .offers > :is(.act, details)").first
    assert "act" in (first.get_attribute("class") or "").split(), "what can be done now comes first"
    unit = seated(opening, "unit-wenwuba")
    found = unit.locator("main .turn").get_by_role("link", name="样例请求推荐有限公司")
    expect(found.first).to_be_visible()
    assert "样例已提交有限公司" not in unit.locator("main").inner_text()
    auditor = seated(opening, "auditor")
    expect(auditor.locator("main")).to_contain_text("目前没有等您办理的事项")


def test_on_a_telephone_the_content_comes_before_the_contents(world: World, opening: Opening) -> None:
    open_round(world, review_rules=light_rules())
    tab = opening("/desk", phone=True, locale="zh-CN")
    sign_in(tab, "office")
    expect(tab.locator("main h1")).to_have_text("待办事项")
    menu, contents = tab.locator("header .menu"), tab.locator("nav a").first
    expect(contents).to_be_hidden()
    box = tab.locator("main h1").bounding_box()
    assert box is not None and box["y"] + box["height"] < 740 / 2
    expect(menu).to_have_attribute("aria-expanded", "false")
    menu.click()
    expect(menu).to_have_attribute("aria-expanded", "true")
    expect(contents).to_be_visible()
    contents.click()
    # Where it leads is shown, and the contents are folded again.
    expect(contents).to_be_hidden()
    expect(tab.locator("main h1")).not_to_have_text("待办事项")
    wide = seated(opening, "office")
    expect(wide.locator("header .menu")).to_be_hidden()


@pytest.mark.parametrize(
    ("instant", "zh", "en"),
    [
        ("2024-01-28T16:00:00Z", "2024年1月28日 24:00", "28 January 2024 24:00"),
        ("2024-01-28T16:00:00.000000+00:00", "2024年1月28日 24:00", "28 January 2024 24:00"),
        ("2024-01-29T00:00:00+08:00", "2024年1月28日 24:00", "28 January 2024 24:00"),
        ("2024-01-28T15:59:00Z", "2024年1月28日 23:59", "28 January 2024 at 23:59"),
        ("2024-01-28T16:01:00Z", "2024年1月29日 00:01", "29 January 2024 at 00:01"),
        ("2023-12-31T16:00:00Z", "2023年12月31日 24:00", "31 December 2023 24:00"),
        ("2024-01-29T00:00:00Z", "2024年1月29日 08:00", "29 January 2024 at 08:00"),
    ],
)
def test_midnight_ends_the_day_before_it(opening: Opening, instant: str, zh: str, en: str) -> None:
    tab = opening("/desk", locale="zh-CN")
    written = "async (at) => (await import('/desk/words.js')).written('due_at', at, {format: 'date-time'})"
    assert tab.evaluate(written, instant) == zh
    tab.evaluate("localStorage.setItem('desk.language', 'en')")
    assert tab.evaluate(written, instant) == en


def test_it_is_used_by_the_keyboard_alone(opening: Opening) -> None:
    tab = opening("/desk")
    expect(tab.locator("#login")).to_be_focused()
    tab.keyboard.type("office")
    tab.keyboard.press("Tab")
    tab.keyboard.type(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.locator("nav a").first).to_be_visible()
    tab.locator("body").press("Tab")
    tab.locator("nav summary").first.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("nav details").first).not_to_have_attribute("open", "")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    expect(tab.locator("nav a").first).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main h1")).to_be_visible()
    expect(tab.locator("main")).to_be_focused()


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_axe_finds_nothing_and_nothing_is_cut_off(world: World, opening: Opening, phone: bool) -> None:
    axe = tool(TOOLS / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    round_id = open_round(world, review_rules=light_rules())
    applied = apply(world, round_id, name="样例" * 90 + "有限公司")
    tab = opening("/desk", phone=phone, bypass_csp=True)
    found: list[tuple[str, str, object]] = []

    def look(where: str) -> None:
        tab.evaluate(axe)
        told = tab.evaluate("axe.run({resultTypes: ['violations']})")
        found.extend((where, item["id"], item["nodes"][0]["html"]) for item in told["violations"])
        wide, seen = tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        found.extend([(where, "wider than the screen", wide)] if wide > seen else [])

    expect(tab.locator("main h1")).to_be_visible()
    look("signing in")
    sign_in(tab, "office")
    expect(tab.locator("main h1")).to_have_text("待办事项")
    expect(tab.locator("nav a").first).to_be_visible(visible=not phone)
    if phone:
        tab.locator("header .menu").click()
        expect(tab.locator("nav a").first).to_be_visible()
        look("the contents")
    for path in ("", "/v1/rounds", f"/v1/rounds/{round_id}", "/v1/applications", f"/v1/applications/{applied.id}"):
        at(tab, path)
        look(path)
    tab.locator("details.further > summary").click()
    tab.locator("details.further .act > button").first.click()
    tab.wait_for_load_state("networkidle")
    look("a form")
    assert found == []


def test_it_is_small_and_knows_no_role() -> None:
    """A reference that is read in an hour; what a role may do is what the contract says."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert sum(text.count("\n") for text in texts.values()) < 2000
    for name, text in texts.items():
        assert not re.search(r"https?://", text), name
        assert "innerHTML" not in text and not re.search(r"\beval\b|new Function", text), name
        for role in Role:
            if role is not Role.PUBLIC:
                assert f'"{role}"' not in text, (name, role)
    assert "<script>" not in texts["index.html"] and "style=" not in texts["index.html"]
