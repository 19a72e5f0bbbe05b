"""Acts of the qualification review and what each must rest on (Arts. 13, 16, 17, 26): asking the departments, hearing
the applicant before an adverse record is decided, a person's decisions, later days, removal, the closing of the
list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.measures.dates import end_of_day
from app.measures.facts import RecordFinding, RecordLetter, Severity
from app.measures.findings import Finding, Outcome, Text, fails, passes
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules

# Conditions that a person decides for every application; a record is decided by itself (Art. 13(6)).
DECIDED_BY_A_PERSON = ("art13.2.compliance", "art13.4.leading", "art13.5.distinctive")
# Only the organisation's own responsibility counts under these letters.
_NEEDS_ATTRIBUTION = frozenset({RecordLetter.FATAL_ACCIDENT, RecordLetter.DISPUTE_CLAIM_RETURN})


class RemovalGround(StrEnum):
    """Why an organisation leaves a round that runs: fraud found before an award, a record found, a higher award won."""

    FRAUD = "art26.fraud"
    RECORD = "art13.6.record"
    HIGHER_AWARD = "art13.6.higher_award"


class Step(StrEnum):
    """Steps with a day of their own that may be extended."""

    RECOMMENDATION = "recommendation"
    CONSULTATION = "consultation"
    CORRECTION = "correction"

    @property
    def rule_id(self) -> str:
        return "art03.recommendation" if self is Step.RECOMMENDATION else "art17.qualification"


@rule("art17.qualification")
def departments_known(*, rules: ReviewRules, registered: Collection[str]) -> list[Finding]:
    """Every department that the round's rules consult is registered under its (Chinese) name, or nobody would
    answer."""
    unknown = [item.zh for item in rules.departments if item.zh not in registered]
    if unknown:
        return [
            fails(
                "art17.qualification",
                f"评审规则所列部门尚未登记：{'、'.join(unknown)}",
                "Departments of the review rules are not registered",
                remedy=Text("先登记该部门及其账号", "Register them and their accounts first"),
                departments=unknown,
            )
        ]
    return [
        passes(
            "art17.qualification",
            "征求意见的部门均已登记",
            "Every department to consult is registered",
            departments=[item.zh for item in rules.departments],
        )
    ]


@rule("art16.call")
def applications_closed(*, at: datetime, deadline: date) -> list[Finding]:
    """The time for applications is over: 24:00 of the deadline in Shanghai has come (Arts. 16, 17)."""
    facts: dict[str, Any] = {"at": at.isoformat(), "deadline": deadline.isoformat()}
    if at < end_of_day(deadline):
        return [
            fails(
                "art16.call",
                f"申报期限至{deadline}，尚未截止",
                f"Applications are open until the end of {deadline}",
                **facts,
            )
        ]
    return [passes("art16.call", "申报已截止", "Applications have closed", **facts)]


@rule("art17.qualification")
def list_confirmable(*, applications: int, still_open: Sequence[Finding]) -> list[Finding]:
    """The list is confirmed as a whole, when nothing is open on any of its applications (Art. 17). `still_open` is
    answered as it is. A list of nobody is a list."""
    return list(still_open) or [
        passes(
            "art17.qualification",
            "全部申报均可认定",
            "Every application can be decided",
            applications=applications,
        )
    ]


@rule("art13.6.record")
def record_decidable(*, declared: bool, replied: bool, reply_last_day: date | None, at: datetime) -> list[Finding]:
    """The applicant is heard before an adverse record is decided: it has replied, or the day for its reply is over.
    What it has declared itself needs no reply."""
    facts: dict[str, Any] = {
        "declared": declared,
        "replied": replied,
        "at": at.isoformat(),
        "reply_last_day": None if reply_last_day is None else reply_last_day.isoformat(),
    }
    if declared or replied:
        return [passes("art13.6.record", "申报组织已陈述意见", "The applicant has been heard", **facts)]
    if reply_last_day is None or at < end_of_day(reply_last_day):
        return [
            fails(
                "art13.6.record",
                "申报组织陈述期限未满，不得认定",
                "The applicant may still reply; nothing is decided before",
                remedy=Text("等待申报组织陈述或期限届满", "Await its reply or the end of its time"),
                **facts,
            )
        ]
    return [passes("art13.6.record", "陈述期限已满", "The time for the reply is over", **facts)]


@rule("art13.6.record")
def record_decision_complete(
    *, letter: RecordLetter, finding: RecordFinding, attributable: bool | None, severity: Severity | None
) -> list[Finding]:
    """A decision on a record says all that Art. 13(6) asks: confirmed or denied; the responsibility for accidents (a)
    and for disputes, claims and returns (c); whether another record (h), and only that, bars."""
    facts: dict[str, Any] = {
        "letter": letter.value,
        "finding": finding.value,
        "attributable": attributable,
        "severity": None if severity is None else severity.value,
    }
    confirmed = finding is RecordFinding.CONFIRMED
    findings: list[Finding] = []
    if finding is RecordFinding.OPEN:
        findings.append(fails("art13.6.record", "须认定属实或不属实", "It is either confirmed or denied", **facts))
    if confirmed and letter in _NEEDS_ATTRIBUTION and attributable is None:
        findings.append(
            fails(
                "art13.6.record",
                "未认定是否属于组织自身责任",
                "Whether the organisation is responsible is not decided",
                **facts,
            )
        )
    if confirmed and letter is RecordLetter.OTHER and severity is None:
        findings.append(
            fails(
                "art13.6.record",
                "未认定是否影响申报",
                "Whether it bars the application is not decided",
                **facts,
            )
        )
    if severity is not None and letter is not RecordLetter.OTHER:
        findings.append(
            fails(
                "art13.6.record",
                "第（八）类以外的记录不作轻重认定",
                "Only a record of letter h is weighed",
                **facts,
            )
        )
    return findings or [passes("art13.6.record", "认定完整", "The decision is complete", **facts)]


@rule("art13.2.compliance", "art13.4.leading", "art13.5.distinctive")
def condition_decidable(*, rule_id: str, passing: bool, tested: Sequence[Finding]) -> list[Finding]:
    """A person decides what is a person's to decide, and never against what the service has found on the facts:
    `tested` are the gate's findings of today."""
    if rule_id not in DECIDED_BY_A_PERSON:
        remedy = (
            Text("对每条不良记录分别认定", "Decide each adverse record by itself")
            if rule_id == "art13.6.record"
            else Text("更正事实或要求补正", "Have the facts corrected")
        )
        return [
            fails(
                rule_id,
                "此条件由事实确定，不由人认定",
                "The facts decide this condition, not a person",
                remedy=remedy,
                decidable=list(DECIDED_BY_A_PERSON),
            )
        ]
    standing = [
        item
        for item in tested
        if item.rule == rule_id and item.outcome is Outcome.FAIL and "decided_by" not in item.facts
    ]
    if passing and standing:
        return standing
    return [passes(rule_id, "可以认定", "A person may decide it", passing=passing)]


@rule("art03.recommendation", "art17.qualification")
def step_extendable(
    *, step: Step, current: date | None, new: date, at: datetime, latest: date | None = None
) -> list[Finding]:
    """A running deadline of a step moves to a later day, at most to `latest`; one that is over is not opened again,
    except for a department: its answer is welcome late as well."""
    rule_id = step.rule_id
    facts: dict[str, Any] = {
        "step": step.value,
        "current": None if current is None else current.isoformat(),
        "new": new.isoformat(),
        "latest": None if latest is None else latest.isoformat(),
        "at": at.isoformat(),
    }
    if current is None:
        return [fails(rule_id, "没有可以延长的期限", "There is no running deadline to extend", **facts)]
    findings: list[Finding] = []
    if new <= current:
        findings.append(fails(rule_id, "期限只能延后", "A deadline can only move later", **facts))
    if at >= end_of_day(new):
        findings.append(fails(rule_id, "新的期限已经过去", "The new day is over already", **facts))
    if step is not Step.CONSULTATION and at >= end_of_day(current):
        findings.append(fails(rule_id, "期限已满，不得重新开放", "It is over and is not opened again", **facts))
    if latest is not None and new > latest:
        findings.append(
            fails(
                rule_id,
                f"不得晚于申报截止日{latest}",
                f"Not after the deadline for applications, {latest}",
                **facts,
            )
        )
    return findings or [passes(rule_id, "可以延长", "It can be extended", **facts)]


@rule("art26.fraud", "art13.6.record", "art13.6.higher_award")
def removal_grounded(*, ground: RemovalGround, tested: Sequence[Finding]) -> list[Finding]:
    """Whether an organisation leaves the round on `ground`, by what was `tested`: the record and the higher award by a
    failing finding of their rules, fraud by its verified one (before an award it excludes nobody, Art. 26)."""
    wanted = Outcome.PASS if ground is RemovalGround.FRAUD else Outcome.FAIL
    proof = [item for item in tested if item.rule == ground.value and item.outcome is wanted]
    if not proof:
        return [
            fails(
                ground.value,
                "没有取消参评的依据",
                "Nothing on record grounds a removal",
                remedy=Text("先记录并认定事实", "Record and decide the facts first"),
                ground=ground.value,
            )
        ]
    others = [
        passes(other.value, "不是本次取消参评的依据", "Not the ground of this removal", ground=ground.value)
        for other in RemovalGround
        if other is not ground
    ]
    grounded = passes(
        ground.value,
        f"取消参评的依据：{proof[0].message.zh}",
        f"Ground of the removal: {proof[0].message.en}",
        **dict(proof[0].facts),
    )
    return [grounded, *others]
