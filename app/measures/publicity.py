"""Publicity of the candidates (Art. 21): its period, objections, and what may go on the proposed list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.measures.dates import end_of_day
from app.measures.findings import Finding, fails, passes
from app.measures.interpretations import Readings
from app.measures.objectors import is_contact, is_name, says_something
from app.measures.parameters import Parameters
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.state_machines import OPEN_OBJECTION_STATES, ObjectionState
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


class ObjectionClass(StrEnum):
    """formal: verified and closed with a reason, blocks while open. informal: kept and answered, blocks nothing."""

    FORMAL = "formal"
    INFORMAL = "informal"


class ObjectionOutcome(StrEnum):
    """How a formal objection is decided; its state is the same word."""

    UPHELD = ObjectionState.UPHELD.value
    DISMISSED = ObjectionState.DISMISSED.value
    INADMISSIBLE = ObjectionState.INADMISSIBLE.value


class NoticeKind(StrEnum):
    """What is published."""

    CANDIDATES = "candidates"
    ADDITION = "addition"
    CORRECTION = "correction"
    REMOVAL = "removal"
    REVOCATION = "revocation"
    EXCLUSION = "exclusion"
    QUALIFIED_LIST = "qualified_list"


@dataclass(frozen=True, slots=True)
class ObjectionFacts:
    """One objection as it came in: aware instant of receipt; name, contact and facts may be empty."""

    received_at: datetime
    name: str
    contact: str
    facts: str


@dataclass(frozen=True, slots=True)
class ObjectionAnswer:
    kind: ObjectionClass
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class ObjectionRecord:
    """An objection on file: `state` is one of the objection life, `reason` the one it was closed with."""

    id: str
    organisation: str
    state: ObjectionState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PublicisedEntry:
    """One name of the published candidate list. A name added or corrected has the period of its own publication."""

    organisation: str
    period: Period | None
    objections: tuple[ObjectionRecord, ...] = ()
    removed: bool = False


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


@rule("art21.publicity")
def publication_dated(*, published_on: Sequence[date], not_before: date, today: date) -> list[Finding]:
    """Whether the media's days can be those of a publication on record: none before `not_before`, the day from which
    the names could stand on the list in this form, none still to come (Shanghai dates). Counting begins with what has
    appeared (Art. 21)."""
    facts: Facts = {"not_before": not_before.isoformat(), "today": today.isoformat()}
    early = [day.isoformat() for day in published_on if day < not_before]
    ahead = [day.isoformat() for day in published_on if day > today]
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
def nothing_to_publicise(*, names: Sequence[str], readings: Readings) -> list[Finding]:
    """An empty list has no name to publicise: the vacancy goes to the government (Art. 21). Any name needs its
    publicity."""
    cited: Facts = {"reading": readings.cite("empty_candidate_list"), "names": list(names)}
    if names:
        return [fails("art21.publicity", Reason.PUBLICITY_NEEDED, **cited)]
    return [passes("art21.publicity", Reason.LIST_EMPTY, **cited)]


@rule("art21.objections")
def objection_class(*, objection: ObjectionFacts, period: Period) -> ObjectionAnswer:
    """Formal with a name that is one, a contact by which somebody is reached and facts that say something, received
    from the day of publication to the period's last second; any other is kept as an informal objection, never refused
    (Art. 21). Fact `lacking` names what makes it an informal objection."""
    lacking = [
        name
        for name, given in (
            ("name", is_name(objection.name)),
            ("contact", is_contact(objection.contact)),
            ("facts", says_something(objection.facts)),
        )
        if not given
    ]
    if objection.received_at >= period.ends_at:
        lacking.append("late")
    if objection.received_at < end_of_day(period.published_on - _ONE_DAY):
        lacking.append("early")
    facts: Facts = {
        "received_at": objection.received_at.isoformat(),
        "ends_at": period.ends_at.isoformat(),
        "lacking": lacking,
    }
    if lacking:
        return ObjectionAnswer(
            ObjectionClass.INFORMAL,
            [passes("art21.objections", Reason.KEPT_AS_INFORMAL, **facts)],
        )
    return ObjectionAnswer(
        ObjectionClass.FORMAL,
        [passes("art21.objections", Reason.FORMAL_OBJECTION, **facts)],
    )


@rule("art21.objections")
def letter_dated(*, received_on: date, published_on: date, today: date) -> list[Finding]:
    """Whether the day (Shanghai) on which an objection on paper came in can be its day: not before the name was first
    published, not still to come. In the period it is in time, whoever entered it later (Art. 21)."""
    facts: Facts = {"received_on": received_on.isoformat(), "published_on": published_on.isoformat()}
    if received_on < published_on:
        return [fails("art21.objections", Reason.LETTER_BEFORE_PUBLICATION, **facts)]
    if received_on > today:
        return [fails("art21.objections", Reason.DATE_IN_FUTURE, days=[received_on.isoformat()], **facts)]
    return [passes("art21.objections", Reason.LETTER_IN_ORDER, **facts)]


@rule("art21.objections")
def objection_closable(*, upheld: bool, reason: str, verified_by: str) -> list[Finding]:
    """A formal objection is closed, either way, with who verified it and a reason (Art. 21)."""
    missing = [name for name, value in (("reason", reason), ("verified_by", verified_by)) if not value.strip()]
    if missing:
        return [fails("art21.objections", Reason.RECORD_INCOMPLETE, missing=missing, upheld=upheld)]
    return [passes("art21.objections", Reason.CLOSABLE, upheld=upheld)]


@rule("art21.objections")
def open_objections_block(*, organisation: str, objections: Iterable[ObjectionRecord]) -> list[Finding]:
    """Whether objections stand between the organisation and the proposed list: an open formal one, an upheld one, one
    closed without a reason (Art. 21). Informal ones, answered or not, never do."""
    own = [item for item in objections if item.organisation == organisation]
    findings: list[Finding] = []
    for ids, reason in (
        ([item.id for item in own if item.state in OPEN_OBJECTION_STATES], Reason.OBJECTION_OPEN),
        ([item.id for item in own if item.state == ObjectionState.UPHELD], Reason.OBJECTION_UPHELD),
        (
            [item.id for item in own if item.state == ObjectionState.DISMISSED and not item.reason.strip()],
            Reason.DISMISSED_WITHOUT_REASON,
        ),
    ):
        if ids:
            findings.append(fails("art21.objections", reason, organisation=organisation, objections=ids))
    return findings or [
        passes("art21.objections", Reason.NO_OBJECTION, organisation=organisation, objections=[item.id for item in own])
    ]


@rule("art21.proposed")
def proposed_allowed(*, names: Sequence[str], entries: Sequence[PublicisedEntry], at: datetime) -> list[Finding]:
    """Whether the proposed list `names` can be fixed at the aware instant `at` (Art. 21).

    From publicised names only, after every name still on the list has had its whole period, none of them blocked by an
    objection. An empty list is a valid one.
    """
    findings: list[Finding] = []
    current = {entry.organisation: entry for entry in entries if not entry.removed}
    removed = {entry.organisation for entry in entries if entry.removed}
    for name, count in Counter(names).items():
        if count > 1:
            findings.append(fails("art21.proposed", Reason.LISTED_TWICE, organisation=name))
        if name in current:
            findings += open_objections_block(organisation=name, objections=current[name].objections)
        elif name in removed:
            findings.append(fails("art21.proposed", Reason.REMOVED_FROM_LIST, organisation=name))
        else:
            findings.append(fails("art21.proposed", Reason.NOT_PUBLICISED, organisation=name))
    for entry in current.values():
        if entry.period is None or at < entry.period.ends_at:
            last_day = None if entry.period is None else entry.period.last_day.isoformat()
            findings.append(
                fails(
                    "art21.proposed",
                    Reason.PERIOD_NOT_OVER,
                    organisation=entry.organisation,
                    last_day=last_day,
                    at=at.isoformat(),
                )
            )
    if any(item.rule == "art21.proposed" for item in findings):
        return findings
    return [
        *findings,
        passes("art21.proposed", Reason.LIST_IN_ORDER, names=list(names)),
    ]


def _required_last_day(counted_from: date, calendar: WorkingCalendar, days: int, counting: str) -> date:
    if counting == "working_days":
        return calendar.add_working_days(counted_from, days)
    return calendar.working_day_on_or_after(counted_from + timedelta(days=days))
