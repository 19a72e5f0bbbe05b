"""The departments heard in the qualification review (Art. 17): who is asked, until when, and what silence is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from app.measures.findings import Finding, fails, passes
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules
from app.measures.state_machines import ConsultationState


@dataclass(frozen=True, slots=True)
class Consultation:
    """One department's opinion; `recorded_by` is who recorded it as a non-response."""

    department: str
    state: ConsultationState
    recorded_by: str = ""


@rule("art17.qualification")
def departments_known(*, rules: ReviewRules, registered: Collection[str]) -> list[Finding]:
    """Every department that the round's rules consult is registered under its (Chinese) name, or nobody would answer
    (Art. 17)."""
    unknown = [item.zh for item in rules.departments if item.zh not in registered]
    if unknown:
        return [fails("art17.qualification", Reason.DEPARTMENT_NOT_REGISTERED, departments=unknown)]
    return [
        passes(
            "art17.qualification", Reason.DEPARTMENTS_REGISTERED, departments=[item.zh for item in rules.departments]
        )
    ]


@rule("art17.qualification")
def non_response_recordable(
    *, asked_on: date, on: date, rules: ReviewRules, extended_to: date | None = None
) -> list[Finding]:
    """A department may be recorded as a non-response on the day after the rules' days for its answer, or the later day
    to which they were extended, have run out (Art. 17)."""
    last_day = answer_last_day(asked_on=asked_on, rules=rules)
    if extended_to is not None:
        last_day = max(last_day, extended_to)
    facts: Facts = {"asked_on": asked_on.isoformat(), "last_day": last_day.isoformat(), "on": on.isoformat()}
    if on <= last_day:
        return [fails("art17.qualification", Reason.ANSWER_NOT_OVERDUE, **facts)]
    return [passes("art17.qualification", Reason.ANSWER_OVERDUE, **facts)]


def answer_last_day(*, asked_on: date, rules: ReviewRules) -> date:
    """The last day for a department's answer: the day of asking does not count."""
    return asked_on + timedelta(days=rules.consultation_days)
