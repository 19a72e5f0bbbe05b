"""The procedure in its order: the call (Art. 16), the candidates (Art. 20), approval and decree (Art. 22).

The steps between them have their own modules: `qualification`, `scoring`, `deliberation`, `publicity`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.measures.dates import end_of_day, shanghai_date
from app.measures.deliberation import Conclusion
from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding, fails, needs_decision, passes
from app.measures.instruments import document_number
from app.measures.interpretations import Readings
from app.measures.judgement import lacking
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.scoring import Evaluation, Ranked


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
    facts: Facts = {
        "published_on": published_on.isoformat(),
        "deadline": call.deadline.isoformat(),
        "channels": list(call.channels),
    }
    findings: list[Finding] = []
    if not any(channel.strip() for channel in call.channels):
        findings.append(fails("art16.call", Reason.CHANNEL_MISSING, **facts))
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
            findings.append(_not_candidate(Reason.LISTED_TWICE, name))
        if name not in ranked:
            findings.append(_not_candidate(Reason.NOT_EVALUATED, name))
        elif not ranked[name].passed:
            findings.append(_not_candidate(Reason.BELOW_PASS_LINE, name))
        if name not in recommended:
            findings.append(_not_candidate(Reason.NOT_RECOMMENDED, name))
        if name in removed:
            findings.append(_not_candidate(Reason.REMOVED_FROM_ROUND, name))
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
            Reason.LIST_IN_ORDER,
            names=list(names),
            rules_hash=evaluation.rules_hash,
            inputs_hash=evaluation.inputs_hash,
        )
    ]


@rule("art22.approval")
def approval_valid(*, facts: ApprovalFacts) -> list[Finding]:
    """The executive meeting has a number and a date after the publicity and not before the list it decides on; it
    approves or leaves out, never adds (Art. 22). An empty list is a valid decision."""
    findings: list[Finding] = []
    meeting_date = facts.meeting_date.isoformat()
    if not facts.meeting_number.strip():
        findings.append(fails("art22.approval", Reason.MEETING_NUMBER_MISSING))
    if facts.publicity_last_day is None and facts.proposed:
        findings.append(fails("art22.approval", Reason.NOT_PUBLICISED))
    if facts.publicity_last_day is not None and facts.meeting_date <= facts.publicity_last_day:
        findings.append(
            fails(
                "art22.approval",
                Reason.PERIOD_NOT_OVER,
                meeting_date=meeting_date,
                publicity_last_day=facts.publicity_last_day.isoformat(),
            )
        )
    if facts.proposed_on is not None and facts.meeting_date < facts.proposed_on:
        findings.append(
            fails(
                "art22.approval",
                Reason.BEFORE_LIST,
                meeting_date=meeting_date,
                proposed_on=facts.proposed_on.isoformat(),
            )
        )
    added = sorted(set(facts.approved) - set(facts.proposed))
    if added:
        findings.append(fails("art22.approval", Reason.NAMES_ADDED, added=added))
    repeated = sorted(name for name, count in Counter(facts.approved).items() if count > 1)
    if repeated:
        findings.append(fails("art22.approval", Reason.LISTED_TWICE, names=repeated))
    left = sorted(set(facts.approved) & set(facts.taken_out))
    if left:
        findings.append(fails("art22.approval", Reason.REMOVED_FROM_LIST, names=left))
    return findings or [
        passes(
            "art22.approval",
            Reason.APPROVAL_VALID,
            meeting_number=facts.meeting_number,
            meeting_date=meeting_date,
            approved=list(facts.approved),
            not_approved=sorted(set(facts.proposed) - set(facts.approved)),
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
                Reason.BEFORE_MEETING,
                decree_date=decree_date.isoformat(),
                meeting_date=meeting_date.isoformat(),
            )
        )
    return findings


@rule("art22.approval")
def nobody_waits(*, names: Sequence[str]) -> list[Finding]:
    """Whether the decree can conclude the round: no name of the list waits for the end of an objection or for its own
    approval (Art. 21, 22). It is proposed and approved, or left out by a recorded decision."""
    if names:
        return [fails("art22.approval", Reason.NAMES_WAITING, names=list(names))]
    return [passes("art22.approval", Reason.NOBODY_WAITS)]


def _preferred_over(line: Ranked, listed: Sequence[Ranked]) -> list[str]:
    """The listed names of the same seat category that took a seat ahead of an unlisted one with as high a score."""
    if not line.takes_seat or any(item.organisation == line.organisation for item in listed):
        return []
    return [
        item.organisation
        for item in listed
        if item.takes_seat and item.seat_category is line.seat_category and item.overall <= line.overall
    ]


def _passed_over(line: Ranked, over: list[str], decision: RecordedDecision | None, readings: Readings) -> Finding:
    facts: Facts = {
        "organisation": line.organisation,
        "listed": over,
        "overall": str(line.overall),
        "reading": readings.cite("tie_at_last_seat"),
    }
    if decision is None or decision.outcome is not Verdict.PASS or lacking(decision):
        return needs_decision("art20.evaluation", Reason.PASSED_OVER, **facts)
    return passes(
        "art20.evaluation", Reason.CHOSEN_BY_DECISION, reason=decision.reason, decided_by=decision.decided_by, **facts
    )


def _not_candidate(reason: Reason, organisation: str) -> Finding:
    return fails("art20.evaluation", reason, organisation=organisation)
