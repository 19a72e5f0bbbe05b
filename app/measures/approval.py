"""The government's approval and its decree (Art. 22): it approves or leaves out, and never adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from app.measures.document_numbers import document_number
from app.measures.findings import Finding, fails, passes
from app.measures.interpretations import Readings
from app.measures.reasons import Reason
from app.measures.registry import rule


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
def deferrable(*, deferred: Sequence[str], waiting: Collection[str], conferred: Sequence[str]) -> list[Finding]:
    """Whether a decree can leave these names to a later one (Art. 22): each of them waits, for the end of an objection
    (Art. 21), for a condition that is open or fails to be decided or cured (Art. 13), or for the approval after that;
    and somebody is commended by it. Nothing is found where none is left."""
    if not deferred:
        return []
    free = [name for name in deferred if name not in waiting]
    findings = [fails("art22.approval", Reason.DEFERRED_WITHOUT_CASE, names=free)] if free else []
    if not conferred:
        findings.append(fails("art22.approval", Reason.ALL_DEFERRED, names=list(deferred)))
    return findings or [passes("art22.approval", Reason.NAMES_DEFERRED, names=list(deferred))]


@rule("art22.approval")
def nobody_waits(
    *, names: Sequence[str], proposed: Sequence[str] = (), approved_since: Sequence[str] = ()
) -> list[Finding]:
    """Whether the decree can conclude the round: no name of the list waits for the end of an objection or for its own
    approval (Art. 21, 22). It is proposed and approved, left to a later decree, or left out by a recorded decision.
    `names`: those that wait for the list; `proposed`: those that wait for their meeting; `approved_since`: those whose
    meeting is of a later day than the decree, which leaves them to another."""
    every = [*names, *proposed, *approved_since]
    if names:
        return [fails("art22.approval", Reason.NAMES_WAITING, names=every)]
    if every:
        ahead = "approve_awards" if proposed else "issue_decree"
        return [fails("art22.approval", Reason.NAMES_WAITING, names=every, next_act=ahead)]
    return [passes("art22.approval", Reason.NOBODY_WAITS)]
