"""Arts. 16, 21: what a medium is, the office's register says on a document, and not whoever types it: the candidates
are published in one at least that is a news medium."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.measures.review_rules import default_review_rules
from sandbox.stages.decision import Contender, deliberate, evaluated_round, publication
from sandbox.world import World, ok
from tests.support.problems import refused

Publishing = Callable[..., Any]


@pytest.fixture
def publishing(world: World) -> Publishing:
    """A round after its deliberation: its candidate list is published in these media, on its day."""
    made = evaluated_round(world, Contender())
    deliberate(world, made.round_id)

    def publish(*media: dict[str, Any], dry: bool = True) -> Any:
        entries = [{"published_on": world.clock.today.isoformat()} | item for item in media]
        body = {"application_ids": made.ids, "publication": publication(world.clock.today, media=entries)}
        path = f"/v1/rounds/{made.round_id}/candidate-list"
        return world.office.post(path, body, params={"dry_run": str(dry).lower()})

    return publish


def registered(world: World, name: str, kind: str) -> str:
    entry = {"name": name, "kind": kind, "document": "样例：许可证"}
    return str(ok(world.office.post("/v1/media", entry), 201)["id"])


@pytest.mark.parametrize("medium", [{"name": "微信群", "kind": "news_website"}, {"name": "会昌县人民政府网"}])
def test_art21_what_is_not_in_the_register_is_no_news_medium(publishing: Publishing, medium: dict[str, Any]) -> None:
    told = refused(publishing(medium), 422, "rule_refused", "art21.publicity")
    assert [item["reason"] for item in told["violations"]] == ["no_news_medium"]


@pytest.mark.parametrize("written", ["《样例日报》", "〈样例日报〉", "样例日报", " 《 样例日报 》 "])
@pytest.mark.parametrize("kept", ["样例晚报", "《样例晚报》"])
def test_art21_a_newspaper_is_the_same_in_title_marks(
    world: World, publishing: Publishing, written: str, kept: str
) -> None:
    registered(world, kept, "newspaper")
    for name in (written, "样例晚报", "《样例晚报》"):
        ok(publishing({"name": name, "kind": "newspaper"}), 201)
    twice = refused(publishing({"name": "样例日报"}, {"name": "《样例日报》"}), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in twice["errors"]] == [("/publication/media/1/name", "duplicate")]
    told = refused(publishing({"name": "《样例早报》", "kind": "newspaper"}), 422, "rule_refused", "art21.publicity")
    assert "名录" in told["violations"][0]["remedy_zh"]


@pytest.mark.parametrize("name", ["会昌县人民政府官网", "会昌县人民政府官方网站", "www.huichang.gov.cn"])
def test_art16_art21_the_governments_site_serves_the_call_under_each_of_its_names(world: World, name: str) -> None:
    entry = {"name": name, "kind": "news_website", "document": "样例：许可证"}
    told = refused(world.office.post("/v1/media", entry), 422, "rule_refused", "art21.publicity")
    assert [item["reason"] for item in told["violations"]] == ["government_site_as_news"]
    made = ok(world.office.post("/v1/rounds", {"year": 2024, "title": "2024年样例届"}), 201)
    call = {"title": "2024年评审通知", "channels": [name], "deadline": "2024-04-30"}
    ok(world.office.post(f"/v1/rounds/{made['id']}/call", call))


@pytest.mark.parametrize("kind", ["news_website", "newspaper", "county_media_centre", "broadcaster"])
@pytest.mark.parametrize(
    "name", ["会昌县市场监督管理局官网", "会昌县質量強縣工作領導小組辦公室網站", "会昌县市监局微信公众号"]
)
def test_art21_the_offices_own_site_is_no_news_medium(world: World, name: str, kind: str) -> None:
    entry = {"name": name, "kind": kind, "document": "样例：许可证"}
    (why,) = refused(world.office.post("/v1/media", entry), 422, "rule_refused", "art21.publicity")["violations"]
    assert why["reason"] == "organ_site_as_news" and "新闻媒体" in why["message_zh"] and why["remedy_zh"]
    registered(world, name, "government_website")


@pytest.mark.parametrize(
    ("url", "news"),
    [
        ("https://www.huichang.gov.cn/zhiliang/1.html", False),
        ("https://WWW.Huichang.GOV.CN:8443/1", False),
        ("https://news.example.org/www.huichang.gov.cn", True),
        ("https://www.huichang.gov.cn.example.org/1", True),
    ],
)
def test_art21_what_can_be_read_on_the_governments_site_only_is_no_publication_in_a_news_medium(
    world: World, publishing: Publishing, url: str, news: bool
) -> None:
    medium = {"medium_id": registered(world, "样例新闻网", "news_website"), "url": url}
    if news:
        ok(publishing(medium), 201)
        return
    told = refused(publishing(medium), 422, "rule_refused", "art21.publicity")
    assert [item["reason"] for item in told["violations"]] == ["no_news_medium"]
    ok(publishing(medium, {"name": "样例日报", "kind": "newspaper"}), 201)


@pytest.mark.parametrize("url", ["https://[::1", "https://[1", "https://]/", "https://[x]/"])
def test_art21_what_only_looks_like_an_address_is_a_fault_of_its_field(
    world: World, publishing: Publishing, url: str
) -> None:
    medium = {"medium_id": registered(world, "样例新闻网", "news_website"), "url": url}
    (fault,) = refused(publishing(medium), 422)["errors"]
    assert fault["pointer"] == "/publication/media/0/url"
    ok(publishing({**medium, "url": "https://[::1]:8443/1"}), 201)


def test_art21_the_register_says_what_it_is_and_not_the_sender(world: World, publishing: Publishing) -> None:
    registered(world, "会昌县人民政府网", "government_website")
    told = refused(publishing({"name": "会昌县人民政府网", "kind": "newspaper"}), 422, "invalid")
    assert told["errors"][0]["pointer"] == "/publication/media/0/kind"
    refused(publishing({"name": "会昌县人民政府网"}), 422, "rule_refused", "art21.publicity")
    ok(publishing({"name": "会昌县人民政府网"}, {"name": "样例日报", "kind": "newspaper"}), 201)


def test_art21_a_publication_refers_to_the_register_by_id(world: World, publishing: Publishing) -> None:
    medium_id = registered(world, "样例融媒体中心", "county_media_centre")
    told = ok(publishing({"medium_id": medium_id}, dry=False), 201)
    notice = ok(world.public.get(f"/v1/notices/{told['candidates'][0]['notice_id']}"))
    assert [(item["name"], item["kind"]) for item in notice["media"]] == [("样例融媒体中心", "county_media_centre")]


@pytest.mark.parametrize("medium", [{}, {"medium_id": str(UUID(int=7))}, {"medium_id": "both", "name": "样例日报"}])
def test_art21_a_medium_is_named_once_and_is_there(
    world: World, publishing: Publishing, medium: dict[str, Any]
) -> None:
    if medium.get("medium_id") == "both":
        medium = medium | {"medium_id": registered(world, "样例融媒体中心", "county_media_centre")}
    told = refused(publishing(medium), 422, "invalid")
    assert told["errors"][0]["pointer"] == "/publication/media/0/medium_id"


def test_art21_a_later_entry_takes_the_place_of_the_former(world: World, publishing: Publishing) -> None:
    first = registered(world, "样例新闻网", "news_website")
    ok(publishing({"medium_id": first}), 201)
    ok(end(world, first, world.clock.today.isoformat()))
    registered(world, "样例 新闻网", "government_website")
    for medium in ({"medium_id": first}, {"name": "样例新闻网"}):
        refused(publishing(medium), 422, "rule_refused", "art21.publicity")


@pytest.mark.parametrize("kind", ["newspaper", "county_media_centre"])
@pytest.mark.parametrize("name", ["样例周刊1", "样例周刊１", "《样例周刊1》", "样例 周刊1"])
def test_art21_a_medium_is_registered_once_however_it_is_written(world: World, name: str, kind: str) -> None:
    medium_id = registered(world, "样例周刊1", "newspaper")
    entry = {"name": name, "kind": kind, "document": "样例：许可证"}
    refused(world.office.post("/v1/media", entry), 409, "name_taken")
    registered(world, "样例周刊2", "newspaper")
    # One that has ended is entered anew, as what it has become.
    ok(end(world, medium_id, world.clock.today.isoformat()))
    registered(world, name, kind)
    refused(world.office.post("/v1/media", entry), 409, "name_taken")


def test_art21_of_two_entries_at_once_one_is_taken(world: World) -> None:
    entries = [{"name": name, "kind": "newspaper", "document": "样例：许可证"} for name in ("样例报", "《样例报》")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda entry: world.office.post("/v1/media", entry).status_code, entries))
    assert sorted(answers) == [201, 409]


def test_art21_the_register_is_public_and_the_offices_to_keep(world: World) -> None:
    registered(world, "样例新闻网", "news_website")
    known = {item["name"]: item for item in ok(world.public.get("/v1/media", params={"limit": 100}))["items"]}
    assert (known["样例新闻网"]["kind"], known["样例新闻网"]["document"]) == ("news_website", "样例：许可证")
    entry = {"name": "样例", "kind": "blog", "document": "样例"}
    refused(world.office.post("/v1/media", entry), 422, "invalid")
    refused(world.office.post("/v1/media", {"name": "样例", "kind": "newspaper"}), 422, "invalid")
    for caller in (world.government, world.auditor):
        refused(caller.post("/v1/media", entry | {"kind": "newspaper"}), 403, "forbidden")


def end(world: World, medium_id: str, ended_on: str, caller: Any = None) -> Any:
    body = {"ended_on": ended_on, "reason": "样例：休刊"}
    return (caller or world.office).post(f"/v1/media/{medium_id}/ending", body)


def test_art21_a_medium_ends_and_what_it_published_before_stays(world: World, publishing: Publishing) -> None:
    medium_id = registered(world, "样例晚报", "newspaper")
    today = world.clock.today
    told = ok(publishing({"medium_id": medium_id}, dry=False), 201)
    ended = ok(end(world, medium_id, today.isoformat()))
    assert (ended["state"], ended["ended_on"], ended["ended_reason"]) == ("ended", today.isoformat(), "样例：休刊")
    refused(end(world, medium_id, today.isoformat()), 409, "wrong_state", "art21.publicity")
    notice = ok(world.public.get(f"/v1/notices/{told['candidates'][0]['notice_id']}"))
    assert (notice["media"][0]["kind"], notice["mark"]) == ("newspaper", None)
    shown = {item["id"]: item for item in ok(world.public.get("/v1/media", params={"limit": 100}))["items"]}
    assert shown[medium_id] == ended
    (entry,) = [
        item
        for item in ok(world.auditor.get("/v1/audit-entries", params={"limit": 50}))["items"]
        if item["act"] == "end_medium"
    ]
    assert entry["details"]["reason"] == "样例：休刊"


@pytest.mark.parametrize("by", ["medium_id", "name"])
def test_art21_a_medium_publishes_to_its_last_day_and_not_after(world: World, publishing: Publishing, by: str) -> None:
    medium_id = registered(world, "样例晚报", "newspaper")
    named = {"medium_id": medium_id} if by == "medium_id" else {"name": "样例 晚报"}
    last = world.clock.today
    ok(end(world, medium_id, last.isoformat()))
    ok(publishing(named), 201)
    world.clock.forward(days=1)
    told = refused(publishing(named), 422, "invalid", "art21.publicity")
    assert told["errors"][0]["pointer"] == "/publication/media/0/published_on"
    assert [item["reason"] for item in told["violations"]] == ["medium_had_ended"]
    # One that begins again is registered anew; the later entry counts.
    registered(world, "样例晚报", "newspaper")
    ok(publishing(named), 201)


def test_art21_a_medium_ends_on_no_day_to_come_and_by_the_office_alone(world: World) -> None:
    medium_id = registered(world, "样例晚报", "newspaper")
    tomorrow = (world.clock.today + timedelta(days=1)).isoformat()
    told = refused(end(world, medium_id, tomorrow), 422, "rule_refused", "art21.publicity")
    assert [item["reason"] for item in told["violations"]] == ["end_in_future"]
    for caller in (world.government, world.auditor, world.by("reviewer1")):
        refused(end(world, medium_id, "2024-03-01", caller), 403, "forbidden")
    refused(end(world, str(UUID(int=7)), "2024-03-01"), 404)


def test_art21_a_medium_is_named_once_however_it_is_named(world: World, publishing: Publishing) -> None:
    medium_id = registered(world, "样例晚报", "newspaper")
    told = refused(publishing({"medium_id": medium_id}, {"name": "样例 晚报"}), 422, "invalid")
    assert [(item["pointer"], item["code"]) for item in told["errors"]] == [("/publication/media/1/name", "duplicate")]


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("会昌县人民政府网", "news_website", "government_site_as_news"),
        ("某某微信群", "news_website", "no_medium_at_all"),
    ],
)
def test_art21_the_register_takes_nothing_under_another_name(world: World, name: str, kind: str, reason: str) -> None:
    entry = {"name": name, "kind": kind, "document": "样例：许可证"}
    told = refused(world.office.post("/v1/media", entry), 422, "rule_refused", "art21.publicity")
    assert [item["reason"] for item in told["violations"]] == [reason]
    assert name not in [item["name"] for item in ok(world.public.get("/v1/media", params={"limit": 100}))["items"]]


def test_art16_one_channel_of_a_call_is_the_governments_site_or_a_medium_of_the_register(world: World) -> None:
    rules = default_review_rules().to_mapping()
    made = ok(world.office.post("/v1/rounds", {"year": 2024, "title": "样例评审", "review_rules": rules}), 201)
    path = f"/v1/rounds/{made['id']}/call"

    def call(*channels: str) -> Any:
        body = {"title": "样例公告", "channels": list(channels), "deadline": "2024-04-30"}
        return world.office.post(path, body, params={"dry_run": "true"})

    told = refused(call("路边电线杆", "会昌手机报"), 422, "rule_refused", "art16.call")
    assert [item["reason"] for item in told["violations"]] == ["no_known_channel"]
    ok(call("路边电线杆", "会昌县人民政府网"))
    medium_id = registered(world, "会昌手机报", "newspaper")
    ok(call("路边电线杆", "会昌手机报"))
    ended = (world.clock.today - timedelta(days=1)).isoformat()
    ok(end(world, medium_id, ended))
    refused(call("会昌手机报"), 422, "rule_refused", "art16.call")
