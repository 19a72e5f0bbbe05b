"""The acts on record that papers tell: a paper is issued once its act is done, and bears no day before it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import TypeAlias

from app.kernel.clock import shanghai_day
from app.kernel.context import ReadContext
from app.measures.reviews import Stage
from app.measures.text import Text
from app.services.papers.catalogue import PaperKind
from app.services.papers.facts.of_lists import published
from app.services.papers.subjects import Subject
from app.store import approval, deliberation, notices, qualification, reviews
from app.store.applications import Application
from app.store.awards import Award
from app.store.notices import Notice
from app.store.objections import Objection
from app.store.reviews import reports
from app.store.revocations import Revocation
from app.store.rounds import Round
from app.store.supervision import Visit

_Told: TypeAlias = Callable[[ReadContext, Subject], Awaitable[date | None]]


async def day_of_act(context: ReadContext, kind: PaperKind, found: Subject) -> date | None:
    """The day of the act that the paper tells; None while it is not done."""
    return None if kind.after is None else await _ACTS[kind.after][0](context, found)


def not_done(kind: PaperKind) -> Text:
    """Why the paper is not issued while its act is not done."""
    told = Text("此文书无须印发", "It is issued by nobody") if kind.after is None else _ACTS[kind.after][1]
    return Text(f"{kind.zh}尚不能印发，只能出草稿：{told.zh}", f"A draft until then: {told.en}")


async def _call(_context: ReadContext, found: Subject) -> date | None:
    called = found.called_at if isinstance(found, Round) else None
    return None if called is None else shanghai_day(called)


async def _qualified(context: ReadContext, found: Subject) -> date | None:
    row = await qualification.qualified_list(context.session, found.id)
    return None if row is None else row.published_on


async def _evaluated(context: ReadContext, found: Subject) -> date | None:
    row = await reviews.evaluation_of(context.session, found.id)
    return None if row is None else shanghai_day(row.created_at)


async def _met(context: ReadContext, found: Subject) -> date | None:
    row = await deliberation.deliberation_of(context.session, found.id)
    return None if row is None else row.meeting_on


async def _candidates(context: ReadContext, found: Subject) -> date | None:
    row = await published(context, found) if isinstance(found, Round) else None
    return None if row is None else row.published_on


async def _proposed(context: ReadContext, found: Subject) -> date | None:
    rows = await approval.proposed_of(context.session, found.id)
    return max((shanghai_day(entry.created_at) for entry, _ in rows), default=None)


async def _decreed(context: ReadContext, found: Subject) -> date | None:
    rows = await approval.decrees_of(context.session, found.id)
    return rows[-1].dated if rows else None


async def _corrected(context: ReadContext, found: Subject) -> date | None:
    rows = await qualification.corrections_of(context.session, [found.id])
    return shanghai_day(rows[-1].created_at) if rows else None


def _reported(stage: Stage) -> _Told:
    async def told(context: ReadContext, found: Subject) -> date | None:
        rows = [row for row in await reports.standing_reports(context.session, [found.id]) if row.stage is stage]
        return shanghai_day(rows[-1].created_at) if rows and isinstance(found, Application) else None

    return told


async def _noticed(_context: ReadContext, found: Subject) -> date | None:
    return found.published_on if isinstance(found, Notice) else None


async def _conferred(_context: ReadContext, found: Subject) -> date | None:
    return found.conferred_on if isinstance(found, Award) else None


async def _closed(_context: ReadContext, found: Subject) -> date | None:
    closed = found.closed_at if isinstance(found, Objection) else None
    return None if closed is None else shanghai_day(closed)


async def _opened(_context: ReadContext, found: Subject) -> date | None:
    return shanghai_day(found.created_at)


async def _decided(_context: ReadContext, found: Subject) -> date | None:
    return found.decided_on if isinstance(found, Revocation) else None


async def _visited(_context: ReadContext, found: Subject) -> date | None:
    return found.visited_on if isinstance(found, Visit) else None


async def _told_of_revocation(context: ReadContext, found: Subject) -> date | None:
    notice_id = found.notice_id if isinstance(found, Revocation) else None
    row = None if notice_id is None else (await notices.notices_by_id(context.session, [notice_id])).get(notice_id)
    return None if row is None else row.published_on


_ACTS: Mapping[str, tuple[_Told, Text]] = {
    "call": (_call, Text("本届评审尚未发布通知", "The call is not published yet")),
    "qualified_list": (_qualified, Text("合格名单尚未确认", "The qualified list is not confirmed yet")),
    "evaluation": (_evaluated, Text("综合评价报告尚未出具", "The evaluation report is not issued yet")),
    "meeting": (_met, Text("评委会尚未审议", "The committee has not met yet")),
    "candidates": (_candidates, Text("候选名单尚未登记公示", "The publication of the candidates is not on record yet")),
    "proposed_list": (_proposed, Text("拟奖名单尚未确定", "The proposed list is not fixed yet")),
    "decree": (_decreed, Text("尚未通报表彰", "There is no decree yet")),
    "correction": (_corrected, Text("没有补正要求", "No correction was requested")),
    "material_report": (
        _reported(Stage.MATERIAL),
        Text("评审报告尚未出具", "The report is not recorded yet"),
    ),
    "onsite_report": (_reported(Stage.ONSITE), Text("评审报告尚未出具", "The report is not recorded yet")),
    "notice": (_noticed, Text("公告尚未登记", "The notice is not on record yet")),
    "conferral": (_conferred, Text("尚未通报表彰", "There is no decree yet")),
    "closing": (_closed, Text("异议尚未办结", "The objection is not closed yet")),
    "case": (_opened, Text("案件尚未立案", "The case is not opened yet")),
    "decision": (_decided, Text("县政府尚未决定撤销", "The government has not decided to revoke")),
    "visit": (_visited, Text("巡访尚未进行", "The visit is not made yet")),
    "revocation_notice": (
        _told_of_revocation,
        Text("撤销公告尚未登记刊出", "The publication of the revocation is not on record yet"),
    ),
}
