"""The procedure in its order: the call (Art. 16), the candidates (Art. 20), approval and decree (Art. 22).

The steps between them have their own modules: `qualification`, `scoring`, `deliberation`, `publicity`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.measures.dates import end_of_day, shanghai_date
from app.measures.deliberation import Conclusion
from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding, Text, fails, needs_decision, passes
from app.measures.interpretations import Readings
from app.measures.judgement import lacking
from app.measures.parameters import document_number
from app.measures.registry import rule
from app.measures.scoring import Evaluation, Ranked

_ONCE = Text("每个组织只列一次", "List each organisation once")
_OFF = Text("从名单中去掉该组织；名额可以空缺", "Leave it off the list; a seat may stay empty")


@dataclass(frozen=True, slots=True)
class CallFacts:
    """The call: the aware instant of its publication, the channels, the last day for applications (Shanghai)."""

    published_at: datetime
    channels: tuple[str, ...]
    deadline: date


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """The executive meeting: number, date, the proposed and the approved names; `publicity_last_day` is the latest of
    the proposed names' periods, `proposed_on` the day on which the list was fixed (both None only for an empty list).
    `taken_out`: proposed names that have left the list or the round since."""

    meeting_number: str
    meeting_date: date
    proposed: tuple[str, ...]
    approved: tuple[str, ...]
    publicity_last_day: date | None
    proposed_on: date | None
    taken_out: tuple[str, ...] = ()


@rule("art16.call")
def call_complete(*, call: CallFacts) -> list[Finding]:
    """A call has a channel and a deadline after the day of its publication (Art. 16)."""
    published_on = shanghai_date(call.published_at)
    facts: dict[str, Any] = {
        "published_on": published_on.isoformat(),
        "deadline": call.deadline.isoformat(),
        "channels": list(call.channels),
    }
    findings: list[Finding] = []
    if not any(channel.strip() for channel in call.channels):
        findings.append(
            fails(
                "art16.call",
                "未注明发布渠道",
                "No channel of publication is stated",
                remedy=Text("在县政府网站或有关媒体发布", "Publish it on the government's site or in the media"),
                **facts,
            )
        )
    if call.deadline <= published_on:
        findings.append(
            fails(
                "art16.call",
                "截止日期应晚于发布日期",
                "The deadline must be after the day of publication",
                **facts,
            )
        )
    return findings or [passes("art16.call", "公告完整", "The call is complete", **facts)]


@rule("art16.call")
def within_window(*, at: datetime, published_at: datetime | None, deadline: date, taking: bool = True) -> list[Finding]:
    """Applications from the published call to the deadline's last second, 24:00 in Shanghai (Art. 16). `taking` is
    false once the round was cancelled or its qualified list confirmed."""
    facts: dict[str, Any] = {"at": at.isoformat(), "deadline": deadline.isoformat()}
    if published_at is None or at < published_at:
        return [fails("art16.call", "评审公告尚未发布", "The call is not published yet", **facts)]
    if not taking:
        return [fails("art16.call", "本届已不受理申报", "The round takes no applications any more", **facts)]
    if at >= end_of_day(deadline):
        return [
            fails(
                "art16.call",
                f"申报已于{deadline}截止",
                f"Applications closed on {deadline}",
                remedy=Text("在下一届申报", "Apply in the next round"),
                **facts,
            )
        ]
    return [passes("art16.call", "在申报期限内", "Within the time for applications", **facts)]


@rule("art16.call")
def deadline_extendable(*, current: date, new: date, at: datetime) -> list[Finding]:
    """A deadline may be moved to a later day while it is running; it is never shortened and never re-opened."""
    facts: dict[str, Any] = {"current": current.isoformat(), "new": new.isoformat(), "at": at.isoformat()}
    findings: list[Finding] = []
    if new <= current:
        findings.append(fails("art16.call", "截止日期只能延后", "A deadline can only move later", **facts))
    if at >= end_of_day(current):
        findings.append(fails("art16.call", "申报已经截止", "Applications have closed already", **facts))
    return findings or [passes("art16.call", "截止日期可以延后", "The deadline can move", **facts)]


@rule("art20.evaluation")
def candidates_from_evaluation(
    *,
    names: Sequence[str],
    evaluation: Evaluation,
    conclusions: Sequence[Conclusion],
    readings: Readings,
    removed: Collection[str] = (),
    decision: RecordedDecision | None = None,
) -> list[Finding]:
    """Whether `names` can be the candidates (Art. 20): evaluated on both reports, above every pass line, recommended by
    the committee, not `removed` from the round since. Leaving out one that scored as high or higher for a seat needs a
    recorded `decision`; a vacancy never does. The caps are `seats_available`'s to check."""
    ranked = {line.organisation: line for line in evaluation.ranking}
    recommended = {item.organisation for item in conclusions if item.recommended}
    findings: list[Finding] = []
    for name, count in Counter(names).items():
        if count > 1:
            findings.append(_not_candidate("名单重复", "The name is listed twice", name, _ONCE))
        if name not in ranked:
            findings.append(_not_candidate("缺少材料或现场评审报告", "It has not both reports", name))
        elif not ranked[name].passed:
            findings.append(_not_candidate("未达到合格线", "It is below a pass line", name))
        if name not in recommended:
            findings.append(_not_candidate("评委会未同意列为候选", "The committee has not recommended it", name))
        if name in removed:
            findings.append(_not_candidate("已取消参评", "It was removed from the round", name))
    listed = [ranked[name] for name in names if name in ranked]
    open_to = [
        line
        for line in evaluation.ranking
        if line.passed and line.organisation in recommended and line.organisation not in removed
    ]
    for line in open_to:
        over = _preferred_over(line, listed)
        if over:
            findings.append(_passed_over(line, over, decision, readings))
    return findings or [
        passes(
            "art20.evaluation",
            "候选名单出自综合评价",
            "The candidates come from the evaluation",
            names=list(names),
            rules_hash=evaluation.rules_hash,
            inputs_hash=evaluation.inputs_hash,
        )
    ]


@rule("art22.approval")
def approval_valid(*, facts: ApprovalFacts) -> list[Finding]:
    """The executive meeting has a number and a date after the publicity and not before the list it decides on; it
    approves or strikes, never adds (Art. 22). An empty list is a valid decision."""
    findings: list[Finding] = []
    meeting_date = facts.meeting_date.isoformat()
    if not facts.meeting_number.strip():
        findings.append(fails("art22.approval", "未注明常务会议次数", "The meeting's number is missing"))
    if facts.publicity_last_day is None and facts.proposed:
        findings.append(fails("art22.approval", "拟奖名单未经公示", "The proposed list was not publicised"))
    if facts.publicity_last_day is not None and facts.meeting_date <= facts.publicity_last_day:
        findings.append(
            fails(
                "art22.approval",
                f"会议日期应在公示期满（{facts.publicity_last_day}）之后",
                f"The meeting must be after the publicity's last day, {facts.publicity_last_day}",
                meeting_date=meeting_date,
                publicity_last_day=facts.publicity_last_day.isoformat(),
            )
        )
    if facts.proposed_on is not None and facts.meeting_date < facts.proposed_on:
        findings.append(
            fails(
                "art22.approval",
                f"会议日期早于拟奖名单确定之日（{facts.proposed_on}）",
                f"The meeting was before the proposed list was fixed, {facts.proposed_on}",
                meeting_date=meeting_date,
                proposed_on=facts.proposed_on.isoformat(),
            )
        )
    added = sorted(set(facts.approved) - set(facts.proposed))
    if added:
        findings.append(fails("art22.approval", "不得增加拟奖名单以外的组织", "Names cannot be added", added=added))
    repeated = sorted(name for name, count in Counter(facts.approved).items() if count > 1)
    if repeated:
        findings.append(fails("art22.approval", "名单重复", "A name is listed twice", names=repeated))
    left = sorted(set(facts.approved) & set(facts.taken_out))
    if left:
        findings.append(
            fails(
                "art22.approval",
                "名单确定后已移出的组织应予剔除",
                "Names that have left the list since must be struck",
                remedy=Text("剔除该组织", "Strike them"),
                names=left,
            )
        )
    return findings or [
        passes(
            "art22.approval",
            "审定有效",
            "The approval is valid",
            meeting_number=facts.meeting_number,
            meeting_date=meeting_date,
            approved=list(facts.approved),
            struck=sorted(set(facts.proposed) - set(facts.approved)),
        )
    ]


@rule("art22.approval")
def decree_valid(*, number: str, decree_date: date, meeting_date: date, readings: Readings) -> list[Finding]:
    """The commendation decree: a number of its year, a date not before the approving meeting (Art. 22)."""
    findings = document_number(number=number, day=decree_date, readings=readings)
    if decree_date < meeting_date:
        findings.append(
            fails(
                "art22.approval",
                "通报日期早于审定会议",
                "The decree is dated before the meeting",
                decree_date=decree_date.isoformat(),
                meeting_date=meeting_date.isoformat(),
            )
        )
    return findings


def _preferred_over(line: Ranked, listed: Sequence[Ranked]) -> list[str]:
    """The listed names of the same bucket that took a seat ahead of an unlisted one with as high a score."""
    if not line.takes_seat or any(item.organisation == line.organisation for item in listed):
        return []
    return [
        item.organisation
        for item in listed
        if item.takes_seat and item.bucket is line.bucket and item.overall <= line.overall
    ]


def _passed_over(line: Ranked, over: list[str], decision: RecordedDecision | None, readings: Readings) -> Finding:
    facts: dict[str, Any] = {
        "organisation": line.organisation,
        "listed": over,
        "overall": str(line.overall),
        "reading": readings.cite("tie_at_last_seat"),
    }
    if decision is None or decision.outcome is not Verdict.PASS or lacking(decision):
        return needs_decision(
            "art20.evaluation",
            "得分相同或更高的组织未列入，须有记录的决定",
            "One that scored as high or higher is left out",
            remedy=Text("记录决定和理由，或者空缺", "Record a decision and its reason, or leave the seat empty"),
            **facts,
        )
    return passes(
        "art20.evaluation",
        "依记录的决定取舍",
        "Chosen by a recorded decision",
        reason=decision.reason,
        decided_by=decision.decided_by,
        **facts,
    )


def _not_candidate(zh: str, en: str, organisation: str, remedy: Text = _OFF) -> Finding:
    return fails("art20.evaluation", zh, en, remedy=remedy, organisation=organisation)
