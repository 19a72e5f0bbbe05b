"""Qualification (Art. 17): corrections, consulted departments, the confirmation or its refusal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.measures.dates import end_of_day
from app.measures.findings import Finding, Outcome, Text, fails, needs_decision, passes
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules
from app.measures.sectors import Bucket
from app.measures.state_machines import ConsultationState

# Every condition that needs a decision before an organisation is confirmed (Arts. 4 to 6, 13; exclusions of 26, 28).
QUALIFICATION_CONDITIONS = (
    "art04.recipient",
    "art05.lookback",
    "art06.interval",
    "art13.1.local",
    "art13.1.legal_person",
    "art13.1.age",
    "art13.2.compliance",
    "art13.3.certified",
    "art13.4.safety",
    "art13.4.profit",
    "art13.4.leading",
    "art13.5.distinctive",
    "art13.6.record",
    "art13.6.higher_award",
    "exclusions",
)


_FREE_IN_A_CORRECTION = frozenset(
    {"/content/truthfulness", "/content/contact", "/content/adverse_records", "/attachments/renewal"}
)


@dataclass(frozen=True, slots=True)
class Consultation:
    """One department's opinion; `recorded_by` is who recorded it as overdue."""

    department: str
    state: ConsultationState
    recorded_by: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction request (补正): the day it was made, its own last day, the aware instant of the answer."""

    requested_on: date
    due_on: date | None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QualificationFacts:
    """One application at its qualification. `conditions` are the findings of the gate, `materials` and `sections` the
    codes of what it holds, `bucket` the sector to be frozen (None: not determined)."""

    organisation: str
    conditions: tuple[Finding, ...]
    consultations: tuple[Consultation, ...]
    corrections: tuple[Correction, ...]
    materials: frozenset[str]
    sections: frozenset[str]
    bucket: Bucket | None


@rule("art17.qualification")
def overdue_recordable(
    *, asked_on: date, on: date, rules: ReviewRules, extended_to: date | None = None
) -> list[Finding]:
    """A department may be recorded as overdue on the day after the rules' days for its answer, or the later day to
    which they were extended, have run out."""
    last_day = answer_last_day(asked_on=asked_on, rules=rules)
    if extended_to is not None:
        last_day = max(last_day, extended_to)
    facts: dict[str, Any] = {"asked_on": asked_on.isoformat(), "last_day": last_day.isoformat(), "on": on.isoformat()}
    if on <= last_day:
        return [
            fails(
                "art17.qualification",
                f"答复期限至{last_day}，尚未逾期",
                f"The answer is not overdue before the end of {last_day}",
                **facts,
            )
        ]
    return [passes("art17.qualification", "部门答复已逾期", "The answer is overdue", **facts)]


def answer_last_day(*, asked_on: date, rules: ReviewRules) -> date:
    """The last day for a department's answer: the day of asking does not count."""
    return asked_on + timedelta(days=rules.consultation_days)


@rule("art17.qualification")
def correction_in_time(*, correction: Correction, at: datetime) -> list[Finding]:
    """A correction is answered by its own last day, to the last second in Shanghai (Art. 17)."""
    if correction.due_on is None or correction.due_on < correction.requested_on:
        return [
            fails(
                "art17.qualification",
                "补正要求未定期限",
                "The correction request has no day of its own",
                remedy=Text("填写补正期限", "Set the day"),
                requested_on=correction.requested_on.isoformat(),
            )
        ]
    facts: dict[str, Any] = {"due_on": correction.due_on.isoformat(), "at": at.isoformat()}
    if at >= end_of_day(correction.due_on):
        return [fails("art17.qualification", "补正已逾期", "The time for the correction is over", **facts)]
    return [passes("art17.qualification", "在补正期限内", "Within the time for the correction", **facts)]


@rule("art17.qualification")
def correction_kept_to(*, asked: Collection[str], changed: Collection[str]) -> list[Finding]:
    """A correction changes what was asked for: the unit has endorsed the rest as it was (Arts. 3, 17). Both are JSON
    pointers into the application; one that is asked for as a whole covers its parts, and a part opens its section.
    The statement of truth, whom to ask, and what the applicant admits against itself are free."""
    beyond = sorted(
        item
        for item in changed
        if item not in _FREE_IN_A_CORRECTION and not any(_covers(pointer, item) for pointer in asked)
    )
    if beyond:
        return [
            fails(
                "art17.qualification",
                f"补正超出要求的范围：{'、'.join(beyond)}",
                f"Changed beyond what was asked for: {', '.join(beyond)}",
                remedy=Text(
                    "恢复未要求补正的内容，或请质量强县办另行要求补正", "Restore it, or have the office ask for it"
                ),
                beyond=beyond,
                asked=sorted(asked),
            )
        ]
    return [
        passes(
            "art17.qualification",
            "补正未超出要求的范围",
            "The correction keeps to what was asked for",
            changed=sorted(changed),
        )
    ]


@rule("art17.qualification")
def qualification_decided(
    *, facts: QualificationFacts, rules: ReviewRules, at: datetime | None = None
) -> list[Finding]:
    """Whether the organisation can be confirmed (Art. 17): material complete, every condition decided and met, every
    consulted department answered or recorded as overdue, every correction answered in time, the sector determined.

    What refuses is a failure; what somebody still has to do is open and never a ground to refuse. A correction whose
    time is over `at` that instant has failed.
    """
    findings = [
        *_completeness(facts.materials, facts.sections, rules),
        *_conditions(facts.conditions),
        *_consultations(facts.consultations, rules),
    ]
    for correction in facts.corrections:
        until = correction.answered_at or at
        answer = [] if until is None else correction_in_time(correction=correction, at=until)
        late = [item for item in answer if item.outcome is not Outcome.PASS]
        findings += late
        if correction.answered_at is None and not late:
            findings.append(
                needs_decision(
                    "art17.qualification",
                    "尚有补正未答复",
                    "A correction is not answered yet",
                    requested_on=correction.requested_on.isoformat(),
                )
            )
    if facts.bucket is None:
        findings.append(
            needs_decision(
                "art17.qualification",
                "行业类别未确定",
                "The sector is not determined",
                remedy=Text("核定国民经济行业代码", "Determine its GB/T 4754 code"),
            )
        )
    if findings or facts.bucket is None:
        return findings
    return [
        passes(
            "art17.qualification",
            "资格审查合格",
            "Qualified",
            organisation=facts.organisation,
            bucket=facts.bucket.value,
            departments=[item.department for item in facts.consultations],
        )
    ]


@rule("art17.qualification")
def application_complete(
    *, materials: Collection[str], sections: Collection[str], truth_stated: bool, rules: ReviewRules
) -> list[Finding]:
    """Whether an application holds what the round's rules require (Art. 17) and its statement of truth, for which the
    applicant answers (Art. 26). `materials` and `sections` are the codes of what it holds."""
    findings = _completeness(materials, sections, rules)
    if not truth_stated:
        findings.append(
            fails(
                "art17.qualification",
                "未签署材料真实性承诺",
                "The statement of truth is not signed",
                remedy=Text("填写真实性承诺和签署人", "Agree to it and name the signatory"),
                of="statement",
                missing=["truthfulness"],
            )
        )
    return findings or [
        passes(
            "art17.qualification",
            "申报材料齐全",
            "The application is complete",
            materials=sorted(materials),
            sections=sorted(sections),
        )
    ]


@rule("art17.qualification")
def refusal_grounded(*, reason: str, grounds: Sequence[Finding]) -> list[Finding]:
    """A refusal rests on at least one refusing finding and tells the applicant its reason (Arts. 3, 17)."""
    refusing = sorted({item.rule for item in grounds if item.outcome is Outcome.FAIL})
    findings: list[Finding] = []
    if not refusing:
        findings.append(
            fails(
                "art17.qualification",
                "没有不符合的条件，不得认定不合格",
                "No condition fails: there is no ground to refuse",
            )
        )
    if not reason.strip():
        findings.append(
            fails(
                "art17.qualification",
                "未说明不合格的理由",
                "The reason of the refusal is not stated",
                grounds=refusing,
            )
        )
    return findings or [
        passes(
            "art17.qualification",
            "不合格认定有据",
            "The refusal is grounded",
            grounds=refusing,
        )
    ]


def _covers(pointer: str, item: str) -> bool:
    return pointer == item or item.startswith(f"{pointer}/") or pointer.startswith(f"{item}/")


def _completeness(materials: Collection[str], sections: Collection[str], rules: ReviewRules) -> list[Finding]:
    findings: list[Finding] = []
    for of, required, present, zh in (
        ("material", rules.required_materials, materials, "申报材料"),
        ("sections", rules.required_sections, sections, "申报内容"),
    ):
        missing = [item for item in required if item.code not in present]
        if missing:
            findings.append(
                fails(
                    "art17.qualification",
                    f"{zh}不齐：{'、'.join(item.zh for item in missing)}",
                    f"Incomplete {of}: {', '.join(item.en for item in missing)}",
                    remedy=Text("补齐所缺内容", "Add what is missing"),
                    of=of,
                    missing=[item.code for item in missing],
                )
            )
    return findings


def _conditions(conditions: Sequence[Finding]) -> list[Finding]:
    """The gate's own obstacles as they are, and a finding for each condition nobody has decided."""
    seen = {item.rule for item in conditions}
    undecided = [rule_id for rule_id in QUALIFICATION_CONDITIONS if rule_id not in seen]
    findings = [item for item in conditions if item.outcome is not Outcome.PASS]
    if undecided:
        findings.append(
            needs_decision(
                "art17.qualification",
                "尚有条件未作认定",
                "Conditions are not decided yet",
                conditions=undecided,
            )
        )
    return findings


def _consultations(consultations: Sequence[Consultation], rules: ReviewRules) -> list[Finding]:
    findings: list[Finding] = []
    asked = {item.department for item in consultations}
    not_asked = [item.code for item in rules.departments if item.code not in asked]
    if not_asked:
        findings.append(
            needs_decision(
                "art17.qualification",
                "尚有部门未征求意见",
                "Departments were not consulted",
                departments=not_asked,
            )
        )
    silent = [item.department for item in consultations if item.state is ConsultationState.ASKED]
    if silent:
        findings.append(
            needs_decision(
                "art17.qualification",
                "部门未答复不等于同意",
                "Silence is not consent: departments have not answered",
                remedy=Text("等待答复，或由专人记录逾期", "Await the answer, or record it as overdue"),
                departments=silent,
            )
        )
    unsigned = [
        item.department
        for item in consultations
        if item.state is ConsultationState.OVERDUE_RECORDED and not item.recorded_by.strip()
    ]
    if unsigned:
        findings.append(
            needs_decision(
                "art17.qualification",
                "逾期记录缺少记录人",
                "An overdue answer was recorded by nobody",
                departments=unsigned,
            )
        )
    return findings
