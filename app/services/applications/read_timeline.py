"""The way of an application through the round in public stage names: what was done, what comes next and when.

Only what is public or known to the applicant is told: candidates from their publicity on, awards from the decree on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from app.kernel.context import ReadContext
from app.measures.catalogue import article_of
from app.measures.dates import end_of_day
from app.measures.findings import Finding
from app.measures.state_machines import (
    APPLICATION,
    ApplicationState,
    AwardState,
    CandidateState,
    CorrectionState,
    RecommendationState,
    RoundState,
)
from app.measures.text import Text
from app.services.applications.access import visible
from app.services.applications.facts import ProfileChange, profile_changes
from app.services.applications.run_gate import told_today
from app.store.applications import eligibility
from app.store.applications.timeline import Course, course


class TimelineState(StrEnum):
    """ended: the application does not come to the stage any more."""

    DONE = "done"
    CURRENT = "current"
    UPCOMING = "upcoming"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Stage:
    """One public stage."""

    code: str
    name: Text
    article: str
    state: TimelineState
    done_at: datetime | None = None
    due_at: datetime | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """All stages, and what comes next in a sentence."""

    application_id: UUID
    state: ApplicationState
    state_name: Text
    next: Text
    next_due_at: datetime | None
    stages: tuple[Stage, ...]
    # What of the organisation's profile has changed since the submission.
    profile_changes: Sequence[ProfileChange] = ()
    # What the facts of today fail or leave open at the gate that comes next.
    open_today: Sequence[Finding] = ()


_STAGES: tuple[tuple[str, str, Text], ...] = (
    ("draft", "16", Text("填报", "Filling in")),
    ("recommendation", "3", Text("推荐", "Recommendation")),
    ("submission", "16", Text("提交申报", "Submission")),
    ("qualification", "17", Text("资格审查", "Qualification review")),
    ("material", "18", Text("材料评审", "Material review")),
    ("onsite", "19", Text("现场评审", "On-site review")),
    ("evaluation", "20", Text("综合评价与审议", "Evaluation and deliberation")),
    ("publicity", "21", Text("名单公示", "Publicity")),
    ("approval", "22", Text("批准发布", "Approval and decree")),
)


_CODES = tuple(code for code, _, _ in _STAGES)


_AT = {
    ApplicationState.DRAFT: "draft",
    ApplicationState.RECOMMENDATION_REQUESTED: "recommendation",
    ApplicationState.ENDORSED: "submission",
    ApplicationState.SUBMITTED: "qualification",
    ApplicationState.CORRECTION_REQUESTED: "qualification",
    ApplicationState.QUALIFIED: "material",
    ApplicationState.SHORTLISTED: "onsite",
    ApplicationState.EVALUATED: "evaluation",
}


_NEXT = {
    "draft": Text("填写申报材料，并请一个推荐单位推荐", "Fill in the form and ask one unit for its recommendation"),
    "recommendation": Text("等待推荐单位答复", "Await the recommending unit's answer"),
    "submission": Text("在截止前提交申报", "Submit before the deadline"),
    "qualification": Text("等待资格审查结果", "Await the qualification review"),
    "correction": Text("按要求补正并重新提交", "Correct what was asked for and submit again"),
    "material": Text("等待材料评审结果", "Await the material review"),
    "onsite": Text("准备现场评审", "Prepare for the on-site review"),
    "evaluation": Text("等待综合评价和评委会审议", "Await evaluation and deliberation"),
    "publicity": Text("候选名单公示中", "The list of candidates is published"),
    "approval": Text("等待县政府审定", "Await the government's decision"),
    "done": Text("已通报表彰", "Commended by decree"),
    "ended": Text("本次申报已结束", "The application has ended"),
}


async def read_timeline(context: ReadContext, *, application_id: UUID) -> Timeline:
    """The timeline of an application that the caller may see."""
    row = await visible(context, application_id=application_id)
    organisations = await eligibility.organisations(context.session, {row.organisation_id})
    changed = await profile_changes(context.session, [row], organisations)
    found = await course(context.session, row)
    open_today = await told_today(context, found.round_row, row, organisations)
    told = timeline(found, context.now)
    return replace(told, profile_changes=changed.get(row.id, ()), open_today=open_today)


def timeline(found: Course, now: datetime) -> Timeline:
    """The timeline from what was done, as it stands at this instant."""
    row = found.application
    at, ended = _position(found, now)
    done = _done(found)
    due = _due(found)
    stages = []
    for number, (code, article, name) in enumerate(_STAGES):
        position = _CODES.index(at) if at in _CODES else len(_CODES)
        if number < position:
            state = TimelineState.DONE
        elif number == position:
            state = TimelineState.ENDED if ended else TimelineState.CURRENT
        else:
            state = TimelineState.ENDED if ended else TimelineState.UPCOMING
        stages.append(
            Stage(
                code,
                name,
                article,
                state,
                done.get(code) if state is TimelineState.DONE else None,
                due.get(code) if state is TimelineState.CURRENT else None,
                _note(found, code),
            )
        )
    key = "ended" if ended else at
    if row.state == ApplicationState.CORRECTION_REQUESTED:
        key = "correction"
    next_due_at = None if ended else due.get(at)
    return Timeline(row.id, row.state, APPLICATION.states[row.state], _NEXT[key], next_due_at, tuple(stages))


def _position(found: Course, now: datetime) -> tuple[str, bool]:
    """The present stage, or the one at which the application has ended."""
    row, round_row = found.application, found.round_row
    if row.state in (
        ApplicationState.WITHDRAWN,
        ApplicationState.NOT_QUALIFIED,
        ApplicationState.NOT_SHORTLISTED,
        ApplicationState.REMOVED,
    ):
        return _last_reached(found), True
    if round_row.state == RoundState.CANCELLED:
        return _AT[row.state], True
    if found.award is not None and found.award.state in (AwardState.CONFERRED, AwardState.REVOKED):
        return "done", False
    if round_row.state == RoundState.CONCLUDED:
        return _last_reached(found), True
    if row.state in (ApplicationState.DRAFT, ApplicationState.RECOMMENDATION_REQUESTED, ApplicationState.ENDORSED):
        closed = round_row.deadline is None or now >= end_of_day(round_row.deadline)
        return _AT[row.state], closed or round_row.state != RoundState.CALLED
    if row.state != ApplicationState.EVALUATED or round_row.state in (
        RoundState.ONSITE,
        RoundState.EVALUATED,
        RoundState.DELIBERATED,
    ):
        return _AT[row.state], False
    if found.candidate is None or found.candidate.state != CandidateState.LISTED:
        return _last_reached(found), True
    return ("publicity" if round_row.state == RoundState.PUBLICITY else "approval"), False


def _last_reached(found: Course) -> str:
    """The stage in which an application ended, from what had been done by then."""
    row = found.application
    if row.state == ApplicationState.NOT_SHORTLISTED:
        return "material"
    if row.state == ApplicationState.NOT_QUALIFIED:
        return "qualification"
    if found.candidate is not None:
        listed = found.candidate.state == CandidateState.LISTED
        decided = found.award is not None or row.closed_rule == "art22.approval"
        return "approval" if listed or decided else "publicity"
    if row.state == ApplicationState.EVALUATED or (found.evaluated_at is not None and found.onsite_at is not None):
        return "evaluation"
    if found.shortlisted_at is not None:
        return "onsite"
    if row.confirmed_at is not None:
        return "material"
    return "draft" if row.submitted_at is None else "qualification"


def _done(found: Course) -> Mapping[str, datetime | None]:
    endorsed = [item.answered_at for item in found.recommendations if item.state == RecommendationState.ENDORSED]
    candidate_until = found.notice.ends_at if found.notice is not None else None
    return {
        "draft": found.recommendations[-1].created_at if found.recommendations else None,
        "recommendation": endorsed[-1] if endorsed else None,
        "submission": found.application.submitted_at,
        "qualification": found.application.confirmed_at,
        "material": found.shortlisted_at,
        "onsite": found.onsite_at,
        "evaluation": found.notice.created_at if found.notice is not None else None,
        "publicity": candidate_until,
        "approval": found.round_row.concluded_at,
    }


def _due(found: Course) -> Mapping[str, datetime | None]:
    deadline = found.round_row.deadline
    closes = None if deadline is None else end_of_day(deadline).astimezone(UTC)
    correction = next((item.due_at for item in found.corrections if item.state == CorrectionState.OPEN), None)
    return {
        "draft": closes,
        "recommendation": closes,
        "submission": closes,
        "qualification": correction,
        "publicity": found.notice.ends_at if found.notice is not None else None,
    }


def _note(found: Course, code: str) -> Text | None:
    if code == "recommendation" and found.recommendations:
        last = found.recommendations[-1]
        if last.state in (RecommendationState.DECLINED, RecommendationState.RETURNED) and last.reason:
            return Text(f"推荐单位意见：{last.reason}", f"The unit's answer: {last.reason}")
    if code == _last_reached(found) and found.application.closed_reason:
        reason, article = found.application.closed_reason, article_of(found.application.closed_rule)
        if article is None:
            return Text(f"结束原因：{reason}", f"Ended because: {reason}")
        return Text(f"结束原因（第{article}条）：{reason}", f"Ended because (Art. {article}): {reason}")
    return None
