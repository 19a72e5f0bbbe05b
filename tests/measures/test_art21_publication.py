"""Art. 21: a publication is on record when it has appeared; an empty list has nothing to publicise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.measures.publicity import (
    MediumKind,
    Period,
    appeared_as,
    found_in_the_name,
    medium_ended,
    medium_registrable,
    nothing_to_publicise,
    publication_dated,
    published_while_it_was_one,
    recorded_in_time,
)
from tests.measures.procedure_samples import READINGS, only, shanghai
from tests.support.facts import part

RULE = "art21.publicity"
MADE, TODAY = date(2024, 9, 2), date(2024, 9, 5)


@pytest.mark.parametrize("day", [MADE, TODAY])
def test_a_medium_has_published_between_the_making_of_the_list_and_today(day: date) -> None:
    finding = only(publication_dated(published_on=[day], not_before=MADE, today=TODAY), RULE, "pass")
    assert finding.facts["published_on"] == [day.isoformat()]


def test_a_day_before_the_list_was_made_is_refused() -> None:
    finding = only(
        publication_dated(published_on=[TODAY, date(2024, 9, 1)], not_before=MADE, today=TODAY), RULE, "fail"
    )
    assert finding.facts["days"] == ["2024-09-01"]
    assert finding.message.en == "Published before the name could stand on the list, 2 September 2024"


def test_a_day_that_is_still_to_come_is_refused() -> None:
    finding = only(publication_dated(published_on=[MADE, date(2024, 9, 6)], not_before=MADE, today=TODAY), RULE, "fail")
    assert finding.facts["days"] == ["2024-09-06"]
    assert finding.message.en == "The day of publication is still to come"


def test_both_faults_are_told_together() -> None:
    days = [date(2024, 9, 1), date(2024, 9, 6)]
    assert len(publication_dated(published_on=days, not_before=MADE, today=TODAY)) == 2


def test_an_empty_list_has_nothing_to_publicise() -> None:
    finding = only(nothing_to_publicise(names=[], readings=READINGS), RULE, "pass")
    assert part(finding.facts, "reading", "key") == "empty_candidate_list"


def test_any_name_needs_its_publicity() -> None:
    finding = only(nothing_to_publicise(names=["甲"], readings=READINGS), RULE, "fail")
    assert finding.facts["names"] == ["甲"]


def test_a_publication_is_recorded_before_its_last_second_has_gone() -> None:
    ends_at = shanghai(2024, 6, 14)
    period = Period(date(2024, 6, 3), date(2024, 6, 4), date(2024, 6, 13), ends_at)
    only(recorded_in_time(period=period, at=ends_at - timedelta(microseconds=1)), RULE, "pass")
    finding = only(recorded_in_time(period=period, at=ends_at), RULE, "fail")
    assert finding.message.en == "The period was over before it was put on record: nobody could object"
    assert dict(finding.facts) == {"last_day": "2024-06-13", "at": ends_at.isoformat()}
    assert finding.remedy is not None


@pytest.mark.parametrize(
    ("ended_on", "reason"), [(date(2025, 12, 31), "medium_ended"), (date(2026, 1, 1), "end_in_future")]
)
def test_a_medium_ends_on_a_day_that_has_come(ended_on: date, reason: str) -> None:
    (finding,) = medium_ended(ended_on=ended_on, today=date(2025, 12, 31))
    assert (finding.rule, finding.reason) == ("art21.publicity", reason)
    assert finding.outcome == ("pass" if reason == "medium_ended" else "fail")
    assert dict(finding.facts) == {"ended_on": ended_on.isoformat(), "today": "2025-12-31"}


@pytest.mark.parametrize(("ended_on", "late"), [(None, False), (date(2025, 12, 31), False), (date(2025, 12, 30), True)])
def test_a_medium_publishes_to_its_last_day(ended_on: date | None, late: bool) -> None:
    found = published_while_it_was_one(medium="样例晚报", published_on=date(2025, 12, 31), ended_on=ended_on)
    assert [(item.rule, item.outcome, item.reason) for item in found] == (
        [("art21.publicity", "fail", "medium_had_ended")] if late else []
    )
    assert [dict(item.facts) for item in found] == (
        [{"medium": "样例晚报", "published_on": "2025-12-31", "ended_on": "2025-12-30"}] if late else []
    )


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("样例日报", "newspaper", "medium_registrable"),
        ("群众日报", "newspaper", "medium_registrable"),
        ("会昌县人民政府网", "government_website", "medium_registrable"),
        ("会昌县政务公开网", "government_website", "medium_registrable"),
        ("会昌县人民政府网", "news_website", "government_site_as_news"),
        ("会昌县 政府门户网站", "newspaper", "government_site_as_news"),
        ("会昌县人民政府官网", "news_website", "government_site_as_news"),
        ("会昌县人民政府官方网站", "county_media_centre", "government_site_as_news"),
        ("会昌县政府信息公开平台", "news_website", "government_site_as_news"),
        ("www.huichang.GOV.cn", "news_website", "government_site_as_news"),
        ("huichang.gov.cn.example.com", "news_website", "medium_registrable"),
        ("会昌县市场监督管理局官网", "news_website", "organ_site_as_news"),
        ("会昌县市场监管局微信公众号", "county_media_centre", "organ_site_as_news"),
        ("会昌县质量强县工作领导小组办公室网站", "news_website", "organ_site_as_news"),
        ("质强办公众号", "news_website", "organ_site_as_news"),
        ("会昌县市场监督管理局", "newspaper", "organ_site_as_news"),
        ("文武坝镇官方微博", "news_website", "organ_site_as_news"),
        ("会昌县委宣传部网站", "news_website", "organ_site_as_news"),
        ("会昌县市场监督管理局官网", "government_website", "medium_registrable"),
        ("会昌县融媒体中心微信公众号", "county_media_centre", "medium_registrable"),
        ("中国质量新闻网", "news_website", "medium_registrable"),
        ("会昌广播电视台", "broadcaster", "medium_registrable"),
        ("某某微信群", "news_website", "no_medium_at_all"),
        ("ＱＱ群", "government_website", "no_medium_at_all"),
        ("局长的朋友圈", "broadcaster", "no_medium_at_all"),
    ],
)
def test_art21_a_medium_is_registered_as_what_its_name_says(name: str, kind: str, reason: str) -> None:
    (found,) = medium_registrable(name="样例原写", plain=name, kind=MediumKind(kind))
    assert (found.reason, found.facts["medium"], found.facts["kind"]) == (reason, "样例原写", kind)
    assert (found.outcome == "pass") is (reason == "medium_registrable")


@pytest.mark.parametrize(
    ("host", "government"),
    [
        ("www.huichang.gov.cn", True),
        ("HUICHANG.GOV.CN.", True),
        ("gov.cn", True),
        ("huichang.gov.cn.example.com", False),
        ("huichanggov.cn", False),
        ("news.example.org", False),
        (None, False),
    ],
)
def test_art21_what_stands_on_a_host_of_the_government_is_no_publication_in_a_news_medium(
    host: str | None, government: bool
) -> None:
    for kind in MediumKind:
        expected = MediumKind.GOVERNMENT_WEBSITE if government else kind
        assert appeared_as(kind=kind, host=host) is expected
    # What is in no register is of no kind.
    assert appeared_as(kind=None, host=host) is None


@pytest.mark.parametrize(("day", "early"), [(19, True), (20, False), (21, False)])
def test_art21_nothing_is_found_in_a_name_before_it_could_be_read(day: int, early: bool) -> None:
    found = found_in_the_name(found_on=date(2024, 5, day), listed_on=date(2024, 5, 20))
    assert [(item.rule, item.outcome.value, item.reason) for item in found] == (
        [("art21.publicity", "fail", "found_before_listed")] if early else []
    )
    assert [dict(item.facts) for item in found] == (
        [{"found_on": "2024-05-19", "listed_on": "2024-05-20"}] if early else []
    )
