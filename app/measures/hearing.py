"""Acts of the qualification review and what each must rest on (Arts. 13, 16, 17, 26): asking the departments, hearing
the applicant before an adverse record is decided, a person's decisions, later days, removal, the closing of the
list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

from app.measures.dates import end_of_day
from app.measures.facts import RecordCategory, RecordFinding, Severity
from app.measures.findings import Finding, Outcome, fails, passes
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules

# Conditions that a person decides for every application; a record is decided by itself (Art. 13(6)).
DECIDED_BY_A_PERSON = ("art13.2.compliance", "art13.4.leading", "art13.5.distinctive")
# Conditions that are a person's where the facts leave them open, and the facts' otherwise.
DECIDED_WHERE_OPEN = ("art12.jurisdiction", "art13.1.local", "art13.1.legal_person", "art13.4.non_profit")
# Only the organisation's own responsibility counts under these categories.
_NEEDS_ATTRIBUTION = frozenset({RecordCategory.FATAL_ACCIDENT, RecordCategory.ATTRIBUTABLE_RETURN})


class RemovalGround(StrEnum):
    """Why an organisation leaves a round that runs: fraud found before an award, or any rule that a gate can fail on
    the day's facts (Arts. 4 to 6, 13, 26, 28)."""

    FRAUD = "art26.fraud"
    RECORD = "art13.6.record"
    HIGHER_AWARD = "art13.6.higher_award"
    RECIPIENT = "art04.recipient"
    MERIT = "art04.merit"
    LOOKBACK = "art05.lookback"
    INTERVAL = "art06.interval"
    LOCAL = "art13.1.local"
    LEGAL_PERSON = "art13.1.legal_person"
    AGE = "art13.1.age"
    COMPLIANCE = "art13.2.compliance"
    CERTIFIED = "art13.3.certified"
    SAFETY = "art13.4.safety"
    PROFIT = "art13.4.profit"
    LEADING = "art13.4.leading"
    DISTINCTIVE = "art13.5.distinctive"
    EXCLUDED = "exclusions"


class WithdrawalGround(StrEnum):
    """Why an approved award is withdrawn before the decree: whatever removes from a round, or a ground of Art. 28."""

    FRAUD = "art26.fraud"
    GROUNDS = "art28.grounds"
    RECORD = "art13.6.record"
    HIGHER_AWARD = "art13.6.higher_award"
    RECIPIENT = "art04.recipient"
    MERIT = "art04.merit"
    LOOKBACK = "art05.lookback"
    INTERVAL = "art06.interval"
    LOCAL = "art13.1.local"
    LEGAL_PERSON = "art13.1.legal_person"
    AGE = "art13.1.age"
    COMPLIANCE = "art13.2.compliance"
    CERTIFIED = "art13.3.certified"
    SAFETY = "art13.4.safety"
    PROFIT = "art13.4.profit"
    LEADING = "art13.4.leading"
    DISTINCTIVE = "art13.5.distinctive"
    EXCLUDED = "exclusions"


# What the two acts ask in any case; another ground is asked where it is the one that is named.
_ASKED_AT_REMOVAL = ("art26.fraud", "art13.6.record", "art13.6.higher_award")
_ASKED_AT_WITHDRAWAL = ("art26.fraud",)
# What a person verifies and records; all else follows from the facts of the day.
_VERIFIED = frozenset({"art26.fraud", "art28.grounds"})


class Step(StrEnum):
    """Steps with a day of their own that may be extended."""

    RECOMMENDATION = "recommendation"
    CONSULTATION = "consultation"
    CORRECTION = "correction"

    @property
    def rule_id(self) -> str:
        """The rule under which the step is extended (Art. 3, 17)."""
        return "art03.recommendation" if self is Step.RECOMMENDATION else "art17.qualification"


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


@rule("art16.call")
def applications_closed(*, at: datetime, deadline: date) -> list[Finding]:
    """The time for applications is over: 24:00 of the deadline in Shanghai has come (Arts. 16, 17)."""
    facts: Facts = {"at": at.isoformat(), "deadline": deadline.isoformat()}
    if at < end_of_day(deadline):
        return [fails("art16.call", Reason.PERIOD_NOT_OVER, **facts)]
    return [passes("art16.call", Reason.PERIOD_OVER, **facts)]


@rule("art17.qualification")
def list_confirmable(*, applications: int, still_open: Sequence[Finding]) -> list[Finding]:
    """The list is confirmed as a whole, when nothing is open on any of its applications (Art. 17). `still_open` is
    answered as it is. A list of nobody is a list."""
    return list(still_open) or [passes("art17.qualification", Reason.LIST_CONFIRMABLE, applications=applications)]


@rule("art13.6.record")
def record_decidable(*, declared: bool, replied: bool, reply_last_day: date | None, at: datetime) -> list[Finding]:
    """The applicant is heard before an adverse record is decided: it has replied, or the day for its reply is over
    (Art. 13(6)). What it has declared itself needs no reply."""
    facts: Facts = {
        "declared": declared,
        "replied": replied,
        "at": at.isoformat(),
        "reply_last_day": None if reply_last_day is None else reply_last_day.isoformat(),
    }
    if declared or replied:
        return [passes("art13.6.record", Reason.APPLICANT_HEARD, **facts)]
    if reply_last_day is None or at < end_of_day(reply_last_day):
        return [fails("art13.6.record", Reason.REPLY_AWAITED, **facts)]
    return [passes("art13.6.record", Reason.REPLY_PERIOD_OVER, **facts)]


@rule("art13.6.record")
def record_decision_complete(
    *, category: RecordCategory, finding: RecordFinding, attributable: bool | None, severity: Severity | None
) -> list[Finding]:
    """A decision on a record says all that Art. 13(6) asks: confirmed or denied; the responsibility for accidents (a)
    and for disputes, claims and returns (c); whether another record (h), and only that, bars."""
    facts: Facts = {
        "category": category.value,
        "finding": finding.value,
        "attributable": attributable,
        "severity": None if severity is None else severity.value,
    }
    confirmed = finding is RecordFinding.CONFIRMED
    findings: list[Finding] = []
    if finding is RecordFinding.OPEN:
        findings.append(fails("art13.6.record", Reason.NEITHER_CONFIRMED_NOR_DENIED, **facts))
    if confirmed and category in _NEEDS_ATTRIBUTION and attributable is None:
        findings.append(fails("art13.6.record", Reason.RESPONSIBILITY_OPEN, **facts))
    if confirmed and category is RecordCategory.OTHER_VIOLATION and severity is None:
        findings.append(fails("art13.6.record", Reason.SEVERITY_OPEN, **facts))
    if severity is not None and category is not RecordCategory.OTHER_VIOLATION:
        findings.append(fails("art13.6.record", Reason.ONLY_OTHER_VIOLATION_WEIGHED, **facts))
    return findings or [passes("art13.6.record", Reason.DECISION_COMPLETE, **facts)]


@rule("art13.2.compliance", "art13.4.leading", "art13.5.distinctive", *DECIDED_WHERE_OPEN)
def condition_decidable(*, rule_id: str, passing: bool, tested: Sequence[Finding]) -> list[Finding]:
    """A person decides what is a person's to decide, and never against what the service has found on the facts:
    `tested` are the findings of today (Arts. 12, 13(2), 13(4), 13(5)). Others are decided where they are open, or were,
    until a person decided them."""
    left_open = rule_id in DECIDED_WHERE_OPEN and any(
        item.rule == rule_id and (item.outcome is Outcome.NEEDS_DECISION or "decided_by" in item.facts)
        for item in tested
    )
    if rule_id not in DECIDED_BY_A_PERSON and not left_open:
        return [fails(rule_id, Reason.DECIDED_BY_FACTS, decidable=list(DECIDED_BY_A_PERSON))]
    standing = [
        item
        for item in tested
        if item.rule == rule_id and item.outcome is Outcome.FAIL and "decided_by" not in item.facts
    ]
    if passing and standing:
        return standing
    return [passes(rule_id, Reason.DECIDABLE_BY_A_PERSON, passing=passing)]


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
        findings.append(fails(rule_id, Reason.NEW_DAY_IN_PAST, **facts))
    if step is not Step.CONSULTATION and at >= end_of_day(current):
        findings.append(fails(rule_id, Reason.NOT_REOPENED, **facts))
    if latest is not None and new > latest:
        findings.append(fails(rule_id, Reason.AFTER_APPLICATION_DEADLINE, **facts))
    return findings or [passes(rule_id, Reason.EXTENDABLE, **facts)]


@rule("art26.fraud", "art13.6.record", "art13.6.higher_award")
def removal_grounded(*, ground: RemovalGround, tested: Sequence[Finding]) -> list[Finding]:
    """Whether an organisation leaves the round on `ground`, by what was `tested`: a condition (Arts. 4 to 6, 13;
    record and higher award: Art. 13(6)) by a failing finding of its rule, fraud by its verified one (before an award it
    excludes nobody, Art. 26)."""
    return _grounded(ground, _ASKED_AT_REMOVAL, tested)


@rule("art26.fraud", "art28.grounds")
def withdrawal_grounded(*, ground: WithdrawalGround, tested: Sequence[Finding]) -> list[Finding]:
    """Whether an approved award is withdrawn before the decree on `ground`, by what was `tested`, as for a removal; a
    ground of Art. 28, like fraud, by its verified finding (Arts. 13, 22, 26, 28)."""
    return _grounded(ground, _ASKED_AT_WITHDRAWAL, tested)


def _grounded(ground: StrEnum, asked: Iterable[str], tested: Sequence[Finding]) -> list[Finding]:
    wanted = Outcome.PASS if ground.value in _VERIFIED else Outcome.FAIL
    proof = [item for item in tested if item.rule == ground.value and item.outcome is wanted]
    if not proof:
        return [fails(ground.value, Reason.REMOVAL_UNGROUNDED, ground=ground.value)]
    others = [passes(other, Reason.NOT_THE_GROUND, ground=ground.value) for other in asked if other != ground.value]
    grounded = passes(
        ground.value,
        Reason.REMOVAL_GROUNDED,
        **{**proof[0].facts, "proof": proof[0].reason.value},
    )
    return [grounded, *others]
