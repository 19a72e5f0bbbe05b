"""Deadlines of single steps, and when one is extended (Arts. 3, 17). The deadline of the call is in `call`."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from app.measures.dates import end_of_day
from app.measures.findings import Finding, fails, passes
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule


class DeadlineKind(StrEnum):
    """The deadlines that an act may move: the round's own (Art. 16), and those of the steps of an application."""

    SUBMISSION = "submission"
    RECOMMENDATION = "recommendation"
    CONSULTATION = "consultation"
    CORRECTION = "correction"


class Step(StrEnum):
    """Steps with a day of their own that may be extended."""

    RECOMMENDATION = DeadlineKind.RECOMMENDATION.value
    CONSULTATION = DeadlineKind.CONSULTATION.value
    CORRECTION = DeadlineKind.CORRECTION.value

    @property
    def rule_id(self) -> str:
        """The rule under which the step is extended (Art. 3, 17)."""
        return "art03.recommendation" if self is Step.RECOMMENDATION else "art17.qualification"


@rule("art03.recommendation", "art17.qualification")
def step_extendable(
    *, step: Step, current: date | None, new: date, at: datetime, latest: date | None = None
) -> list[Finding]:
    """A running deadline of a step moves to a later day, at most to `latest`; one that is over is not opened again,
    except for a department: its answer is welcome late as well (Art. 3, 17)."""
    rule_id = step.rule_id
    facts: Facts = {
        "step": step.value,
        "current": None if current is None else current.isoformat(),
        "new": new.isoformat(),
        "latest": None if latest is None else latest.isoformat(),
        "at": at.isoformat(),
    }
    if current is None:
        return [fails(rule_id, Reason.NO_DEADLINE_RUNNING, **facts)]
    findings: list[Finding] = []
    if new <= current:
        findings.append(fails(rule_id, Reason.NOT_LATER, **facts))
    if at >= end_of_day(new):
        findings.append(fails(rule_id, Reason.DATE_IN_PAST, **facts))
    if step is not Step.CONSULTATION and at >= end_of_day(current):
        findings.append(fails(rule_id, Reason.NOT_REOPENED, **facts))
    if latest is not None and new > latest:
        findings.append(fails(rule_id, Reason.AFTER_APPLICATION_DEADLINE, **facts))
    return findings or [passes(rule_id, Reason.EXTENDABLE, **facts)]
