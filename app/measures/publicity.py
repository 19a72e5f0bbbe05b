"""Publicity of the candidates (Art. 21): the media and the period. What is said against a name is in `objections`, what
may be proposed in `proposed`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.measures.dates import end_of_day, to_come
from app.measures.findings import Finding, fails, passes
from app.measures.instruments import Parameters
from app.measures.interpretations import Readings
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.text import plain_name, same_name
from app.measures.working_days import UnknownYear, WorkingCalendar

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """`published_on`: the first medium's day, from which objections are taken. `first_day` and `last_day` are the first
    and the last day counted. `ends_at`: the instant after its last second (exclusive)."""

    published_on: date
    first_day: date
    last_day: date
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PeriodAnswer:
    """`period` is None where a finding refuses."""

    period: Period | None
    findings: list[Finding]


class MediumKind(StrEnum):
    """What a medium is. All but the government's own site are news media."""

    NEWSPAPER = "newspaper"
    BROADCASTER = "broadcaster"
    COUNTY_MEDIA_CENTRE = "county_media_centre"
    NEWS_WEBSITE = "news_website"
    GOVERNMENT_WEBSITE = "government_website"


class NoticeKind(StrEnum):
    """What is published."""

    CANDIDATES = "candidates"
    ADDITION = "addition"
    CORRECTION = "correction"
    REMOVAL = "removal"
    REVOCATION = "revocation"
    EXCLUSION = "exclusion"
    ANNULMENT = "annulment"
    QUALIFIED_LIST = "qualified_list"


class NoticeMark(StrEnum):
    """What has become of a notice since: what it told is taken back, or is told otherwise by a later one."""

    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"


_GOVERNMENT_SITE = re.compile(
    "政府(?:采购|信息公开|门户|官方|官)?网|政府信息公开(?:平台|专栏)|政务(?:公开|服务)?网|"  # house: sentences
    r"\.gov\.cn(?![\w.-])"
)
_GOVERNMENT_HOST = re.compile(r"(?:^|\.)gov\.cn\.?$")
# An authority, be it the office itself, and what it tells of itself in.
_ORGAN = "(?:政府|[局厅署部委]|委员会|办公室|领导小组|强县办|质强办|管委会|街道|[乡镇])"  # house: sentences
_OWN = "(?:官|网|门户|主页|微信|微博|公众|订阅|服务号|视频号|政务号|抖音|头条号|app|客户端)"  # house: sentences
_ITSELF = "(?:政府|局|厅|委员会|办公室|领导小组)$"  # house: sentences
_ORGAN_SITE = re.compile(rf"{_ORGAN}(?:的|官方|政务)*{_OWN}|{_ITSELF}")  # house: sentences
_GROUP = re.compile("(?:微信|qq|钉钉|飞书|聊天|工作|业主|交流)群|群聊|朋友圈")  # house: sentences


@rule("art21.publicity")
def publicity_period(
    *,
    published_on: Sequence[date],
    announced_last_day: date | None,
    calendar: WorkingCalendar,
    parameters: Parameters,
    readings: Readings,
    recorded_on: date | None = None,
) -> PeriodAnswer:
    """The period of names published on these days, one per news medium (Art. 21; Shanghai dates).

    Counted from the latest medium, whose day does not count, or from `recorded_on`, the day of its record, where that
    is later: objections are taken on what is on record, and the public has the whole period for them, unless the
    register reads otherwise. The required end is the last of the days, rolled to a working day; a later announced end
    is taken as announced, an earlier one refused, a year without data refused.
    """
    cited: Facts = {"reading": readings.cite("publicity_counting"), "days": parameters.publicity_days}
    if not published_on:
        return _no_period(Reason.NOT_PUBLICISED, cited)
    latest = max(published_on)
    facts: Facts = {**cited, "published_on": [day.isoformat() for day in sorted(published_on)]}
    counted_from = latest
    if recorded_on is not None:
        facts |= {"recorded_on": recorded_on.isoformat(), "reading_of_record": readings.cite("late_record")}
        if readings["late_record"] == "from_the_record":
            counted_from = max(latest, recorded_on)
    try:
        required = _required_last_day(counted_from, calendar, parameters.publicity_days, readings["publicity_counting"])
    except UnknownYear as unknown:
        return _no_period(Reason.HOLIDAYS_UNKNOWN, {"year": unknown.year, **facts})
    facts["required_last_day"] = required.isoformat()
    last_day = announced_last_day or required
    if last_day < required:
        return _no_period(Reason.PERIOD_TOO_SHORT, {"announced_last_day": last_day.isoformat(), **facts})
    period = Period(min(published_on), counted_from + _ONE_DAY, last_day, end_of_day(last_day))
    facts |= {"first_day": period.first_day.isoformat(), "last_day": last_day.isoformat()}
    told = passes("art21.publicity", Reason.IN_PUBLICITY, **facts)
    return PeriodAnswer(period, [told])


def _no_period(reason: Reason, facts: Facts) -> PeriodAnswer:
    return PeriodAnswer(None, [fails("art21.publicity", reason, **facts)])


@rule("art21.publicity")
def through_news_media(*, kinds: Sequence[str | None], readings: Readings) -> list[Finding]:
    """Whether one medium at least of a publication of names is a news medium (Art. 21; kinds as `MediumKind`, None: not
    told). The government's site, where a call may be published (Art. 16), comes beside it."""
    facts: Facts = {"kinds": [kind for kind in kinds if kind is not None], "reading": readings.cite("news_media")}
    if any(kind is not None and kind != MediumKind.GOVERNMENT_WEBSITE for kind in kinds):
        return [passes("art21.publicity", Reason.IN_NEWS_MEDIA, **facts)]
    return [fails("art21.publicity", Reason.NO_NEWS_MEDIUM, **facts)]


def is_government_site(name: str) -> bool:
    """Whether a name is that of a government's site (Art. 16)."""
    return _GOVERNMENT_SITE.search(plain_name(name)) is not None


@rule("art21.publicity")
def appeared_as(*, kind: MediumKind | None, host: str | None) -> MediumKind | None:
    """As what a medium published (Art. 21): of the kind that the register says, but on a host of the government as the
    government's site, whatever else it is. `host`: of the address where it can be read, None where none is told."""
    if kind is not None and host is not None and _GOVERNMENT_HOST.search(host.casefold()):
        return MediumKind.GOVERNMENT_WEBSITE
    return kind


@rule("art21.publicity")
def medium_registrable(*, name: str, plain: str, kind: MediumKind) -> list[Finding]:
    """Whether a medium of this name can be registered as of this kind (Art. 21): a government's site, and that of an
    authority such as the office itself, is that and no news medium; a group of chatters or somebody's moments are no
    medium at all. `plain`: the name in simplified characters."""
    facts: Facts = {"medium": name, "kind": kind.value}
    if _GROUP.search(plain_name(plain)):
        return [fails("art21.publicity", Reason.NO_MEDIUM_AT_ALL, **facts)]
    news = kind is not MediumKind.GOVERNMENT_WEBSITE
    if news and is_government_site(plain):
        return [fails("art21.publicity", Reason.GOVERNMENT_SITE_AS_NEWS, **facts)]
    if news and _ORGAN_SITE.search(plain_name(plain)):
        return [fails("art21.publicity", Reason.ORGAN_SITE_AS_NEWS, **facts)]
    return [passes("art21.publicity", Reason.MEDIUM_REGISTRABLE, **facts)]


@rule("art21.publicity")
def medium_ended(*, ended_on: date, today: date) -> list[Finding]:
    """Whether a medium of the register can have ended on this day, its last: not on one to come (Shanghai dates). What
    it published until then stays published (Art. 21)."""
    facts: Facts = {"ended_on": ended_on.isoformat(), "today": today.isoformat()}
    if to_come([ended_on], today):
        return [fails("art21.publicity", Reason.END_IN_FUTURE, **facts)]
    return [passes("art21.publicity", Reason.MEDIUM_ENDED, **facts)]


@rule("art21.publicity")
def published_while_it_was_one(*, medium: str, published_on: date, ended_on: date | None) -> list[Finding]:
    """Whether a medium of the register published on a day on which it still was one (Art. 21). Nothing is found where
    it was, or has not ended."""
    if ended_on is None or published_on <= ended_on:
        return []
    facts: Facts = {"medium": medium, "published_on": published_on.isoformat(), "ended_on": ended_on.isoformat()}
    return [fails("art21.publicity", Reason.MEDIUM_HAD_ENDED, **facts)]


@rule("art21.publicity")
def publication_dated(*, published_on: Sequence[date], not_before: date, today: date) -> list[Finding]:
    """Whether the media's days can be those of a publication on record: none before `not_before`, the day from which
    the names could stand on the list in this form, none still to come (Shanghai dates). Counting begins with what has
    appeared (Art. 21)."""
    facts: Facts = {"not_before": not_before.isoformat(), "today": today.isoformat()}
    early = [day.isoformat() for day in published_on if day < not_before]
    ahead = [day.isoformat() for day in to_come(published_on, today)]
    findings: list[Finding] = []
    if early:
        findings.append(fails("art21.publicity", Reason.BEFORE_LIST, days=early, **facts))
    if ahead:
        findings.append(fails("art21.publicity", Reason.DATE_IN_FUTURE, days=ahead, **facts))
    return findings or [
        passes("art21.publicity", Reason.DATE_IN_ORDER, published_on=[day.isoformat() for day in published_on], **facts)
    ]


@rule("art21.publicity")
def recorded_in_time(*, period: Period, at: datetime) -> list[Finding]:
    """Whether a publication is put on record (aware instant `at`) while its period runs: objections are taken on what
    is on record, so nobody could object to one that is recorded after its last second (Art. 21)."""
    facts: Facts = {"last_day": period.last_day.isoformat(), "at": at.isoformat()}
    if at >= period.ends_at:
        return [fails("art21.publicity", Reason.RECORDED_AFTER_PERIOD, **facts)]
    return [passes("art21.publicity", Reason.WITHIN_TIME, **facts)]


@rule("art21.publicity")
def corrected_to_its_name(*, published_name: str, legal_name: str, former: Sequence[str]) -> list[Finding]:
    """Whether a published name is corrected to one that the organisation bears or has borne, as people read it: the
    public is told of nobody else (Art. 21). `former`: its former names on record."""
    facts: Facts = {"published_name": published_name, "legal_name": legal_name, "former_names": list(former)}
    if any(same_name(published_name, name) for name in (legal_name, *former)):
        return [passes("art21.publicity", Reason.ITS_OWN_NAME, **facts)]
    return [fails("art21.publicity", Reason.NOT_ITS_NAME, **facts)]


@rule("art21.publicity")
def found_in_the_name(*, found_on: date, listed_on: date) -> list[Finding]:
    """Whether a fault of a published name can have been found on that day (Shanghai dates): not before `listed_on`, the
    first day on which the name could be read as it stands (Art. 21). Nothing is found where it can."""
    if found_on >= listed_on:
        return []
    facts: Facts = {"found_on": found_on.isoformat(), "listed_on": listed_on.isoformat()}
    return [fails("art21.publicity", Reason.FOUND_BEFORE_LISTED, **facts)]


@rule("art21.publicity")
def nothing_to_publicise(*, names: Sequence[str], readings: Readings) -> list[Finding]:
    """An empty list has no name to publicise: the vacancy goes to the government (Art. 21). Any name needs its
    publicity."""
    cited: Facts = {"reading": readings.cite("empty_candidate_list"), "names": list(names)}
    if names:
        return [fails("art21.publicity", Reason.PUBLICITY_NEEDED, **cited)]
    return [passes("art21.publicity", Reason.LIST_EMPTY, **cited)]


def _required_last_day(counted_from: date, calendar: WorkingCalendar, days: int, counting: str) -> date:
    if counting == "working_days":
        return calendar.add_working_days(counted_from, days)
    return calendar.working_day_on_or_after(counted_from + timedelta(days=days))
