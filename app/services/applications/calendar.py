"""The dates that concern an application, as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from anyio import to_thread

from app.kernel.clock import shanghai_day
from app.kernel.context import ReadContext
from app.measures.roles import Role
from app.measures.state_machines import ApplicationState, AwardState, CorrectionState, RecommendationState, RoundState
from app.services.applications.access import visible
from app.store.applications.form import Form
from app.store.applications.timeline import Course, course

_REMINDER = timedelta(days=-3)
_OPEN = frozenset({ApplicationState.DRAFT, ApplicationState.RECOMMENDATION_REQUESTED, ApplicationState.ENDORSED})


@dataclass(frozen=True, slots=True)
class Entry:
    """One day that matters. `code` is stable: a calendar that reads the file again replaces the entry."""

    code: str
    on: date
    title: str
    description: str


async def read_calendar(context: ReadContext, *, application_id: UUID) -> bytes:
    """The calendar of an application that the caller may see; a unit sees the dates of its recommendation."""
    row = await visible(context, application_id=application_id)
    found = await course(context.session, row)
    unit_only = context.actor.role is Role.RECOMMENDING_UNIT
    entries = [entry for entry in _entries(found) if not unit_only or entry.code in ("deadline", "recommendation")]
    return await to_thread.run_sync(_file, found.application.id, entries, context.now)


def _entries(found: Course) -> Iterator[Entry]:
    row, round_row = found.application, found.round_row
    name = round_row.title
    if row.state in _OPEN and round_row.deadline is not None:
        yield Entry("deadline", round_row.deadline, f"{name}：申报截止", "当日24:00前提交申报（第十六条）。")
    for item in found.recommendations:
        if item.state == RecommendationState.REQUESTED and item.due_at is not None:
            yield Entry("recommendation", _last_day(item.due_at), f"{name}：推荐截止", "推荐单位答复期限（第三条）。")
    for correction in found.corrections:
        if correction.state == CorrectionState.OPEN:
            last = _last_day(correction.due_at)
            yield Entry(f"correction-{correction.id}", last, f"{name}：补正截止", "补正材料期限（第十七条）。")
    for hearing in found.hearings:
        if hearing.reply_due_at is not None:
            last = _last_day(hearing.reply_due_at)
            yield Entry(f"hearing-{hearing.id}", last, f"{name}：答复截止", "不良记录的答复期限（第十三条第六项）。")
    if found.notice is not None and found.notice.last_day is not None:
        yield Entry("publicity", found.notice.last_day, f"{name}：公示期满", "候选名单公示最后一日（第二十一条）。")
    award = found.award
    if award is not None and award.valid_until is not None and award.state == AwardState.CONFERRED:
        yield Entry("validity", award.valid_until, "称号有效期届满", "获奖称号有效期最后一日（第二十三条）。")
    if row.closed_at is None and round_row.state not in (RoundState.CONCLUDED, RoundState.CANCELLED):
        yield from _expiries(row.content)


def _expiries(content: Form) -> Iterator[Entry]:
    """Certificates and licences are tested again at every gate: their last days matter as long as the round runs."""
    for number, certificate in enumerate(content.get("certificates") or ()):
        yield _expiry(f"certificates-{number}", certificate["valid_to"], certificate["standard"])
    for number, licence in enumerate(content.get("licences") or ()):
        last_day = licence.get("valid_to")
        if last_day:
            yield _expiry(f"licences-{number}", last_day, licence["kind"])
    safety = content.get("safety")
    if safety:
        yield _expiry("safety", safety["valid_to"], "安全生产标准化")


def _expiry(code: str, last_day: str, label: str) -> Entry:
    return Entry(code, date.fromisoformat(last_day), f"证书到期：{label}", "评审各环节均须在有效期内（第十三条）。")


def _file(application_id: UUID, entries: list[Entry], now: datetime) -> bytes:
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//Huichang Quality Award//Applications//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        event = Event()
        event.add("uid", f"{application_id}-{entry.code}@huichang-quality-award")
        event.add("dtstamp", now)
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
        event.add("summary", entry.title)
        event.add("description", entry.description)
        event.add("transp", "TRANSPARENT")
        reminder = Alarm()
        reminder.add("action", "DISPLAY")
        reminder.add("description", entry.title)
        reminder.add("trigger", _REMINDER)
        event.add_component(reminder)
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _last_day(ends_at: datetime) -> date:
    return shanghai_day(ends_at - timedelta(microseconds=1))
