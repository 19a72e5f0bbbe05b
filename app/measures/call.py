"""The published call and the time for applications (Art. 16): 24:00 in Shanghai of the deadline ends it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from app.measures.dates import end_of_day, shanghai_date
from app.measures.findings import Finding, fails, passes
from app.measures.plain import Facts
from app.measures.publicity import is_government_site
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.text import plain_medium


@dataclass(frozen=True, slots=True)
class CallFacts:
    """The call: the aware instant of its publication, the channels, the last day for applications (Shanghai)."""

    published_at: datetime
    channels: tuple[str, ...]
    deadline: date


@rule("art16.call")
def call_complete(
    *, call: CallFacts, media: Collection[str], key: Callable[[str], str] = plain_medium
) -> list[Finding]:
    """A call has a channel and a deadline after the day of its publication (Art. 16). One of its channels at least is
    the government's site or one of the `media` of the register: others come beside it. `key`: what
    names of media are compared by."""
    published_on = shanghai_date(call.published_at)
    facts: Facts = {
        "published_on": published_on.isoformat(),
        "deadline": call.deadline.isoformat(),
        "channels": list(call.channels),
    }
    known = {key(name) for name in media}
    findings: list[Finding] = []
    if not any(channel.strip() for channel in call.channels):
        findings.append(fails("art16.call", Reason.CHANNEL_MISSING, **facts))
    elif not any(is_government_site(key(item)) or key(item) in known for item in call.channels):
        findings.append(fails("art16.call", Reason.NO_KNOWN_CHANNEL, **facts))
    if call.deadline <= published_on:
        findings.append(fails("art16.call", Reason.DEADLINE_NOT_AFTER_CALL, **facts))
    return findings or [passes("art16.call", Reason.CALL_COMPLETE, **facts)]


@rule("art16.call")
def within_window(*, at: datetime, published_at: datetime | None, deadline: date, taking: bool = True) -> list[Finding]:
    """Applications from the published call to the deadline's last second, 24:00 in Shanghai (Art. 16). `taking` is
    false once the round was cancelled or its qualified list confirmed."""
    facts: Facts = {"at": at.isoformat(), "deadline": deadline.isoformat()}
    if published_at is None or at < published_at:
        return [fails("art16.call", Reason.CALL_NOT_PUBLISHED, **facts)]
    if not taking:
        return [fails("art16.call", Reason.NOT_TAKING_APPLICATIONS, **facts)]
    if at >= end_of_day(deadline):
        return [fails("art16.call", Reason.DEADLINE_PASSED, **facts)]
    return [passes("art16.call", Reason.WITHIN_TIME, **facts)]


@rule("art16.call")
def submission_day_to_come(*, day: date, today: date) -> list[Finding]:
    """Nobody submits on a day that has passed (Art. 16). Nothing is found of today and of a later day."""
    if day >= today:
        return []
    return [fails("art16.call", Reason.SUBMISSION_DAY_PAST, day=day.isoformat(), today=today.isoformat())]


@rule("art16.call")
def applications_closed(*, at: datetime, deadline: date) -> list[Finding]:
    """The time for applications is over: 24:00 of the deadline in Shanghai has come (Arts. 16, 17)."""
    facts: Facts = {"at": at.isoformat(), "deadline": deadline.isoformat()}
    if at < end_of_day(deadline):
        return [fails("art16.call", Reason.PERIOD_NOT_OVER, **facts)]
    return [passes("art16.call", Reason.PERIOD_OVER, **facts)]


@rule("art16.call")
def deadline_extendable(*, current: date, new: date, at: datetime) -> list[Finding]:
    """A deadline may be moved to a later day while it is running; it is never shortened and never re-opened
    (Art. 16)."""
    facts: Facts = {"current": current.isoformat(), "new": new.isoformat(), "at": at.isoformat()}
    findings: list[Finding] = []
    if new <= current:
        findings.append(fails("art16.call", Reason.NOT_LATER, **facts))
    if at >= end_of_day(current):
        findings.append(fails("art16.call", Reason.NOT_REOPENED, **facts))
    return findings or [passes("art16.call", Reason.EXTENDABLE, **facts)]
