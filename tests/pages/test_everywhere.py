"""What holds for every page, empty and full, in both languages: nothing runs in it, nothing is loaded from afar."""

import json
import re
from typing import Any

import pytest

from sandbox.stages.decision import Contender, candidates, conclude_round, in_publicity
from sandbox.world import World, ok
from tests.api.test_art21_public_posts import coming_from, limited
from tests.support.pages import ADDRESSES, READ_BY_PEOPLE, Page, opened, page_of
from tests.support.problems import refused

LANGUAGES = ("", "/en")


def english(path: str) -> str:
    return f"/en{path}".removesuffix("/")


def holds(page: Page, path: str, *, in_english: bool) -> None:
    assert page.all("html") == [{"lang": "en" if in_english else "zh-CN"}]
    assert page.headers["content-language"] == ("en" if in_english else "zh-CN")
    assert len(page.all("h1")) == 1 and len(page.all("main")) == 1 and len(page.all("header")) == 1
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    # Nothing that runs or paints stands in the page itself; data for search engines is data.
    assert all(script.get("src") or script.get("type") == "application/ld+json" for script in page.all("script"))
    assert not page.all("style") and not any("style" in given for _, given in page.tags)
    assert not any(name.startswith("on") for _, given in page.tags for name in given)
    loaded = [given.get("src") or "" for _, given in page.tags if given.get("src")]
    loaded += [link.get("href") or "" for link in page.all("link") if link["rel"] in ("stylesheet", "icon")]
    assert loaded and all(re.fullmatch(r"/assets/[a-z]+\.(css|js|svg)", item) for item in loaded)
    # Every field has a label of its own.
    labelled = {label["for"] for label in page.all("label")}
    shown = [
        item for name in ("input", "select", "textarea") for item in page.all(name) if item.get("type") != "hidden"
    ]
    assert all(item["id"] in labelled for item in shown), path
    # What is chosen is read as words: no word of the contract is shown as it is, no Chinese name is missing.
    shown_words = re.findall(r"<option value=\"[^\"]*\"[^>]*>([^<]*)</option>", page.source)
    assert not [item for item in shown_words if re.fullmatch("[a-z]+(_[a-z]+)*", item)], path
    if not in_english:
        assert all(re.search("[\u4e00-\u9fff]|\\d", item) for item in shown_words), path
    ids = [given["id"] for _, given in page.tags if given.get("id")]
    assert len(ids) == len(set(ids)), path


def test_chinese_that_nobody_marks_is_found() -> None:
    for within, found in (("样例", ["样例"]), ('<b lang="zh-CN">样例</b>', []), ("<b>English</b>样例", ["样例"])):
        assert Page(200, {}, f'<html lang="en"><main><p>{within}</p></main></html>').unmarked == found


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_without_anything_to_tell_says_so(world: World, path: str) -> None:
    for where in (path, english(path)):
        holds(opened(world, where), path, in_english=where != path)


@pytest.mark.slow
def test_every_page_of_a_county_with_rounds_holds_in_both_languages(world: World) -> None:
    made = conclude_round(world, 2024, Contender(), Contender(listed=False))
    award = ok(world.public.get("/v1/awards"))["items"][0]
    name = next(iter(candidates(world, made.round_id).values()))
    paths = [
        *ADDRESSES,
        f"/awards/{award['id']}",
        f"/verify/{award['certificate_number']}",
        f"/candidates/{name['id']}/objection",
        *(f"/notices/{item['id']}" for item in ok(world.public.get("/v1/notices"))["items"]),
    ]
    for path in paths:
        one, other = opened(world, path), opened(world, english(path))
        holds(one, path, in_english=False)
        holds(other, path, in_english=True)
        # Each leads to the other, and both to both.
        alternates = [
            {link["hreflang"]: link["href"] for link in page.all("link") if link.get("hreflang")}
            for page in (one, other)
        ]
        assert alternates[0] == alternates[1] and set(alternates[0]) == {"zh-CN", "en", "x-default"}
        assert str(alternates[0]["zh-CN"]).endswith(path) and str(alternates[0]["en"]).endswith(english(path))
        assert any(link.get("href") == english(path) for link in one.all("a"))
        assert any(link.get("href") == path for link in other.all("a"))
        assert not re.search("[\u4e00-\u9fff]{12}", re.sub(r"<[^>]*lang=\"zh-CN\".*?</", "", other.source)), path


def test_the_english_home_opens_as_people_type_it(world: World) -> None:
    typed = opened(world, "/en/")
    assert typed.source == opened(world, "/en").source
    assert next(str(link["href"]) for link in typed.all("link") if link["rel"] == "canonical").endswith("/en")


def test_data_for_search_engines_is_json(world: World) -> None:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', opened(world, "/").source)
    assert json.loads(found[0])["@type"] == "GovernmentService"


def test_who_follows_a_link_to_nowhere_is_told_on_a_page_and_a_program_as_before(world: World) -> None:
    assert "未找到" in opened(world, "/nowhere", 404).text
    assert "Not found" in opened(world, "/en/nowhere", 404).text
    assert opened(world, "/nowhere", 404).headers["cache-control"] == "no-store"
    refused(world.client.get("/nowhere"), 404, "not_found")
    for accepted in ("text/html", "*/*"):
        refused(world.client.get("/v1/nowhere", headers={"Accept": accepted}), 404, "not_found")
    wrong = page_of(world.client.post("/", headers=READ_BY_PEOPLE))
    assert wrong.status == 405 and "GET" in wrong.headers["allow"]
    head = world.client.head("/nowhere", headers=READ_BY_PEOPLE)
    assert (head.status_code, head.content) == (404, b"")
    assert head.headers["content-type"] == "text/html; charset=utf-8"


def test_who_reads_too_much_or_sends_too_much_is_told_on_a_page(world: World) -> None:
    large = page_of(world.client.post("/en/check", content=b"x" * 2_000_000, headers=READ_BY_PEOPLE))
    assert large.status == 413 and "over the limit" in large.text
    refused(world.client.post("/check", content=b"x" * 2_000_000), 413, "too_large")
    limited(world, reads_per_minute=1)
    coming_from(world, "192.0.2.6")
    opened(world, "/")
    page = opened(world, "/en", 429)
    assert page.headers["retry-after"] and "Too many requests" in page.text
    refused(world.client.get("/v1/awards", headers=READ_BY_PEOPLE), 429, "too_many_requests")


@pytest.mark.parametrize(
    "path",
    [
        "/notices/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
        "/notices/x",
        "/awards/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
        "/candidates/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b/objection",
        "/candidates?round=x",
        "/verify/HCDH-2024-99",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(world: World, path: str) -> None:
    for where in (path, f"/en{path}"):
        assert opened(world, where, 404).headers["cache-control"] == "no-store"


def test_art21_names_are_on_no_page_before_they_are_published(world: World) -> None:
    made = conclude_round(world, 2024, Contender())
    award = ok(world.public.get("/v1/awards"))["items"][0]
    assert award["printed_name"] in opened(world, f"/candidates?round={made.round_id}").text


def test_what_is_asked_for_wrongly_is_told_and_kept(world: World) -> None:
    page = opened(world, "/register?year=x&name=%E7%94%B2", 422)
    assert page.fields["name"] == "甲" and page.fields["year"] == "x" and "须为整数" in page.text
    assert "Must be an integer" in opened(world, "/en/register?year=x", 422).text


def test_a_defect_of_ours_is_told_on_a_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a secret")

    monkeypatch.setattr("app.pages.home.rounds", broken)
    page = opened(world, "/", 500)
    assert "secret" not in page.source and page.headers["cache-control"] == "no-store"


def test_assets_are_kept_for_a_day_and_nothing_else_is_there(world: World) -> None:
    answer = world.client.get("/assets/site.css")
    assert answer.headers["cache-control"] == "public, max-age=86400" and answer.headers["etag"]
    assert world.client.get("/assets/base.html").status_code == 404


def test_the_first_page_is_small(world: World) -> None:
    in_publicity(world, Contender())
    whole = sum(len(world.client.get(path).content) for path in ("/", "/assets/site.css", "/assets/icon.svg"))
    assert whole < 100_000


def test_a_long_a_rare_and_a_hostile_name_are_shown_as_they_are_and_do_nothing(world: World) -> None:
    long = "样例" + "很长的名称" * 38 + "有限公司"
    rare = "样例𠮷𡈽𬌗食品厂"
    hostile = "样例</script><script>alert(1)</script>{{7*7}}有限公司"
    names = [long, rare, hostile]
    made = conclude_round(world, 2024, *(Contender(details={"name": name}) for name in names[:2]))
    in_candidates = opened(world, f"/candidates?round={made.round_id}")
    for award in ok(world.public.get("/v1/awards"))["items"]:
        page = opened(world, f"/awards/{award['id']}")
        assert award["awarded_name"] in names and award["awarded_name"] in page.text
        assert award["awarded_name"] in in_candidates.text
        assert award["awarded_name"] in opened(world, f"/verify/{award['certificate_number']}").text
        (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.source)
        assert json.loads(data)["name"] == award["awarded_name"]
    found = opened(world, "/register?name=𠮷𡈽")
    assert rare in found.text and long not in found.text
    for path in (f"/register?name={hostile}", f"/verify/{hostile.replace('/', '')}"):
        shown = page_of(world.client.get(path, headers=READ_BY_PEOPLE))
        assert "<script>alert" not in shown.source and "49" not in shown.text
        assert hostile in shown.fields.values() or hostile.replace("/", "") in shown.fields.values()
