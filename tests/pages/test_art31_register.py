"""Register, award, verification and reports as pages (Arts. 22, 23, 31)."""

import csv
import io
import re
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from sandbox.stages.awarded import concluded
from sandbox.stages.decision import Contender, candidates, conclude_round, in_publicity
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.pages import READ_BY_PEOPLE, opened, sent


def test_the_register_is_searched_by_name_year_and_status(world: World) -> None:
    concluded(world, {}, {})
    one, other = ok(world.public.get("/v1/awards"))["items"]
    page = opened(world, f"/register?name={one['awarded_name']}")
    assert one["certificate_number"] in page.text and other["certificate_number"] not in page.text
    assert page.fields["name"] == one["awarded_name"]
    for nothing in ("name=%25", "name=_", "year=2023", "status=revoked"):
        assert "没有符合条件" in opened(world, f"/register?{nothing}").text, nothing
    assert one["certificate_number"] in opened(world, "/register?year=2024&status=valid&name=").text


def test_a_register_without_awards_is_not_one_that_was_searched_in_vain(world: World) -> None:
    assert "还没有通报表彰过的奖项" in opened(world, "/register").text
    assert "没有符合条件的奖项" in opened(world, "/register?year=2024").text


def test_the_register_goes_on_from_page_to_page(world: World) -> None:
    concluded(world, *({"repeat_award": True, "first_award": False} for _ in range(30)))
    first = opened(world, "/register?status=valid")
    (more,) = [link["href"] for link in first.all("a") if link.get("rel") == "next"]
    second = opened(world, str(more))
    assert [page.source.count('href="/verify/') for page in (first, second)] == [25, 5]
    assert second.fields["status"] == "valid"


def test_an_award_tells_where_its_title_may_stand(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    page = opened(world, f"/awards/{winner.award_id}")
    assert "可以 ：组织形象宣传" in page.text and page.text.count("不可以") == 2
    assert "100,000 元" in page.text
    assert opened(world, f"/en/awards/{winner.award_id}").text.count(" No :") == 2


@pytest.mark.parametrize("typed", ["HCDH-2024-01", "hcdh 2024 01", "ＨＣＤＨ－２０２４－０１"])
def test_a_certificate_is_verified_however_its_number_is_typed(world: World, typed: str) -> None:
    conclude_round(world, 2024, Contender())
    sent_on = world.client.get("/verify", params={"number": typed}, follow_redirects=False)
    assert sent_on.status_code == 303
    assert "HCDH-2024-01" in opened(world, sent_on.headers["location"]).text
    english = world.client.get("/en/verify", params={"number": typed, "on": "2024-01-01"}, follow_redirects=False)
    assert english.headers["location"].startswith("/en/verify/")
    assert "Not yet valid" in opened(world, english.headers["location"]).text


def test_a_certificate_is_verified_as_of_any_day(world: World) -> None:
    conclude_round(world, 2024, Contender())
    days = {"2024-01-01": "尚未生效", "": "有效", "2027-04-10": "有效", "2027-04-11": "已过有效期"}
    for day, status in days.items():
        assert f" {status} " in opened(world, f"/verify/HCDH-2024-01?on={day}").text, day
    assert "须为日期" in opened(world, "/verify/HCDH-2024-01?on=x", 422).text


def test_a_number_that_is_none_leads_to_a_report(world: World) -> None:
    page = opened(world, "/verify/HCDH-2024-99", 404)
    assert page.fields["number"] == "HCDH-2024-99"
    assert any(link.get("href") == "/report-mark" for link in page.all("a"))
    assert opened(world, "/verify/%3Cb%3E", 422).fields["number"] == "<b>"


def test_a_forged_mark_is_reported_and_followed(world: World) -> None:
    form = opened(world, "/report-mark")
    wrong = sent(world, "/report-mark", 422, form, description="样例：门店悬挂伪造奖牌")
    assert wrong.fields["description"] == "样例：门店悬挂伪造奖牌" and "必填" in wrong.text
    typed = {"kind": "forgery", "subject": "样例门店", "reporter_name": "样例举报人"}
    codes = {sent(world, "/report-mark", 201, wrong, **typed).code() for _ in range(2)}
    (code,) = codes
    assert len(ok(world.office.get("/v1/mark-reports"))["items"]) == 1
    told = sent(world, "/follow", 200, opened(world, "/follow"), code=f" {code} ")
    assert "伪造、假冒标志" in told.text and "样例举报人" not in told.source and "样例门店" not in told.source


def test_notices_are_told_as_a_feed(world: World) -> None:
    in_publicity(world, Contender())
    (notice, *_) = ok(world.public.get("/v1/notices"))["items"]
    answer = world.client.get("/en/notices.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    space = "{http://www.w3.org/2005/Atom}"
    entry = next(iter(feed.iter(f"{space}entry")))
    assert entry.findtext(f"{space}id") == f"urn:uuid:{notice['id']}"
    assert entry.findtext(f"{space}title") == notice["title"]
    links = [link.get("href", "") for link in entry.iter(f"{space}link")]
    assert links and links[0].endswith(f"/en/notices/{notice['id']}")


def test_a_notice_is_told_with_its_hash_and_its_media(world: World) -> None:
    in_publicity(world, Contender())
    (notice, *_) = ok(world.public.get("/v1/notices"))["items"]
    page = opened(world, f"/notices/{notice['id']}")
    assert notice["body_hash"] in page.text and notice["media"][0]["name"] in page.text
    assert all(item["name"] in page.text for item in notice["body"]["names"])


def test_dates_are_told_to_calendars_until_they_are_over(world: World) -> None:
    made = in_publicity(world, Contender())
    one = next(iter(candidates(world, made.round_id).values()))
    answer = world.client.get("/dates.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert len(Calendar.from_ical(answer.content).walk("VEVENT")) == 1
    assert f"DTSTART;VALUE=DATE:{one['last_day'].replace('-', '')}" in answer.text and "公示期满" in answer.text
    world.clock.go("2025-01-01")
    assert not Calendar.from_ical(world.client.get("/dates.ics").content).walk("VEVENT")


def test_the_map_names_every_page_in_both_languages_and_robots_the_map(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    answer = world.client.get("/sitemap.xml")
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    found = [str(item.findtext(f"{space}loc")) for item in ElementTree.fromstring(answer.content)]
    paths = {item.replace("http://127.0.0.1:8000", "") for item in found}
    assert {"/", "/en", "/register", "/en/register", f"/awards/{winner.award_id}"} <= paths
    for path in paths:
        opened(world, path)
    robots = world.client.get("/robots.txt").text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in robots and "Disallow: /v1/" in robots


def test_the_rounds_are_counted_in_a_table_and_drawn_beside_it(world: World) -> None:
    conclude_round(world, 2024, Contender(), Contender(listed=False))
    page = opened(world, "/statistics")
    assert re.findall(r'<td data-label="[^"]+">(\d+)</td>', page.source) == ["2", "1", "1", "0"]
    assert re.findall(r'<td data-label="([^"]+)">', page.source) == ["审查合格", "候选", "获奖", "其中复评"]
    drawings = page.all("svg")
    assert len(drawings) == 2 and all(item["aria-hidden"] == "true" for item in drawings)
    assert not any("style" in given for _, given in page.tags)


def test_what_is_counted_is_had_for_a_spreadsheet(world: World) -> None:
    assert world.client.get("/statistics.csv").content == "\ufeff届次,年度,审查合格,候选,获奖,其中复评\r\n".encode()
    made = conclude_round(world, 2024, Contender(), Contender(listed=False))
    title = ok(world.public.get(f"/v1/rounds/{made.round_id}"))["title"]
    answer = world.client.get("/statistics.csv", headers=READ_BY_PEOPLE)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="statistics.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1:] == [[title, "2024", "2", "1", "1", "0"]]
    assert any(link.get("href") == "/statistics.csv" for link in opened(world, "/statistics").all("a"))


def test_a_round_without_a_list_yet_has_no_number_there_and_a_title_computes_nothing(world: World) -> None:
    open_round(world, 2024, title="=样例届")
    rows = list(csv.reader(io.StringIO(world.client.get("/en/statistics.csv").content.decode("utf-8-sig"))))
    assert rows[0][0] == "Round" and rows[1] == ["'=样例届", "2024", "", "", "0", "0"]


def test_art16_the_call_tells_until_when_and_what_to_prepare(world: World) -> None:
    assert "不接受申报" in opened(world, "/call").text
    # A round is held with the service alone: who applies finds where to sign in.
    assert any(link.get("href") == "/desk" for link in opened(world, "/call").all("a"))
    round_id = open_round(world, 2024, deadline="2024-04-30")
    rules = ok(world.public.get(f"/v1/rounds/{round_id}"))["review_rules"]
    page = opened(world, "/call")
    assert "正在接受申报" in page.text and "2024年4月30日" in page.text
    assert all(item["zh"] in page.text for item in (*rules["required_materials"], *rules["required_sections"]))
    body = {"new_deadline": "2024-05-10", "reason": "样例：顺延", "channel": "县政府网站"}
    ok(world.office.post(f"/v1/rounds/{round_id}/deadline-extensions", body))
    assert "2024年5月10日" in opened(world, "/call").text and "样例：顺延" in opened(world, "/call").text
    world.clock.go("2024-05-11")
    assert "申报已截止" in opened(world, "/call").text


def test_a_paper_is_verified_by_the_number_at_its_foot_and_says_when_there_is_a_later_one(world: World) -> None:
    path = f"/v1/rounds/{open_round(world)}/documents/call/issuance"
    first = ok(world.office.post(path, {}))
    page = opened(world, f"/verify/{first['number'].lower()}")
    for told in (first["number"], first["title"], first["sha256"], "系统印发的文书"):
        assert told in page.text
    ok(world.office.post(path, {"document_number": "会质强办〔2024〕9号"}))
    assert "已有新版" in opened(world, f"/verify/{first['number']}").text, "nothing of before is told from memory"
    assert "There is a later version" in opened(world, f"/en/verify/{first['number']}").text
    opened(world, "/verify/W2024-AAAAA-AAAAA", 404)
