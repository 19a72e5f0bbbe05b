"""Qualification (Art. 17): corrections, the confirmation or its refusal, the list as a whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.measures.consultations import Consultation
from app.measures.dates import end_of_day
from app.measures.findings import Finding, Outcome, fails, needs_decision, passes
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules
from app.measures.sectors import SeatCategory
from app.measures.state_machines import ConsultationState

# Every condition that needs a decision before an organisation is confirmed (Arts. 4 to 6, 13; exclusions of 26, 28).
QUALIFICATION_CONDITIONS = (
    "art04.recipient",
    "art05.lookback",
    "art06.interval",
    "art13.1.local",
    "art13.1.identity",
    "art13.1.legal_person",
    "art13.1.age",
    "art13.2.compliance",
    "art13.3.certified",
    "art13.4.non_profit",
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


class ConsultationAnswer(StrEnum):
    """What a department answers."""

    NO_OBJECTION = "no_objection"
    ADVERSE = "adverse"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction request (补正): the day it was made, its own last day, the aware instant of the answer."""

    requested_on: date
    due_on: date | None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QualificationFacts:
    """One application at its qualification. `conditions` are the findings of the gate, `materials` and `sections` the
    codes of what it holds, `seat_category` the sector to be frozen (None: not determined)."""

    organisation: str
    conditions: tuple[Finding, ...]
    consultations: tuple[Consultation, ...]
    corrections: tuple[Correction, ...]
    materials: frozenset[str]
    sections: frozenset[str]
    seat_category: SeatCategory | None


@rule("art17.qualification")
def correction_in_time(*, correction: Correction, at: datetime) -> list[Finding]:
    """A correction is answered by its own last day, to the last second in Shanghai (Art. 17)."""
    if correction.due_on is None or correction.due_on < correction.requested_on:
        return [fails("art17.qualification", Reason.LAST_DAY_MISSING, requested_on=correction.requested_on.isoformat())]
    facts: Facts = {"due_on": correction.due_on.isoformat(), "at": at.isoformat()}
    if at >= end_of_day(correction.due_on):
        return [fails("art17.qualification", Reason.DEADLINE_PASSED, **facts)]
    return [passes("art17.qualification", Reason.WITHIN_TIME, **facts)]


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
        return [fails("art17.qualification", Reason.BEYOND_REQUEST, beyond=beyond, asked=sorted(asked))]
    return [passes("art17.qualification", Reason.WITHIN_REQUEST, changed=sorted(changed))]


@rule("art17.qualification")
def qualification_decided(
    *, facts: QualificationFacts, rules: ReviewRules, at: datetime | None = None
) -> list[Finding]:
    """Whether the organisation can be confirmed (Art. 17): material complete, every condition decided and met, every
    consulted department answered or recorded as a non-response, every correction answered in time, the sector
    determined.

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
                    "art17.qualification", Reason.CORRECTION_OPEN, requested_on=correction.requested_on.isoformat()
                )
            )
    if facts.seat_category is None:
        findings.append(needs_decision("art17.qualification", Reason.SECTOR_OPEN))
    if findings or facts.seat_category is None:
        return findings
    return [
        passes(
            "art17.qualification",
            Reason.QUALIFIED,
            organisation=facts.organisation,
            seat_category=facts.seat_category.value,
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
        findings.append(fails("art17.qualification", Reason.TRUTH_NOT_STATED, of="statement", missing=["truthfulness"]))
    return findings or [
        passes(
            "art17.qualification", Reason.APPLICATION_COMPLETE, materials=sorted(materials), sections=sorted(sections)
        )
    ]


@rule("art17.qualification")
def refusal_grounded(*, reason: str, grounds: Sequence[Finding]) -> list[Finding]:
    """A refusal rests on at least one refusing finding and tells the applicant its reason (Arts. 3, 17)."""
    refusing = sorted({item.rule for item in grounds if item.outcome is Outcome.FAIL})
    findings: list[Finding] = []
    if not refusing:
        findings.append(fails("art17.qualification", Reason.NO_GROUND))
    if not reason.strip():
        findings.append(fails("art17.qualification", Reason.REASON_MISSING, grounds=refusing))
    return findings or [passes("art17.qualification", Reason.GROUNDED, grounds=refusing)]


def _covers(pointer: str, item: str) -> bool:
    return pointer == item or item.startswith(f"{pointer}/") or pointer.startswith(f"{item}/")


def _completeness(materials: Collection[str], sections: Collection[str], rules: ReviewRules) -> list[Finding]:
    findings: list[Finding] = []
    for of, required, present in (
        ("material", rules.required_materials, materials),
        ("sections", rules.required_sections, sections),
    ):
        missing = [item for item in required if item.code not in present]
        if missing:
            findings.append(
                fails(
                    "art17.qualification",
                    Reason.APPLICATION_INCOMPLETE,
                    of=of,
                    missing=[item.code for item in missing],
                    missing_zh=[item.zh for item in missing],
                    missing_en=[item.en for item in missing],
                )
            )
    return findings


def _conditions(conditions: Sequence[Finding]) -> list[Finding]:
    """The gate's own obstacles as they are, and a finding for each condition nobody has decided."""
    seen = {item.rule for item in conditions}
    undecided = [rule_id for rule_id in QUALIFICATION_CONDITIONS if rule_id not in seen]
    findings = [item for item in conditions if item.outcome is not Outcome.PASS]
    if undecided:
        findings.append(needs_decision("art17.qualification", Reason.CONDITIONS_OPEN, conditions=undecided))
    return findings


def _consultations(consultations: Sequence[Consultation], rules: ReviewRules) -> list[Finding]:
    findings: list[Finding] = []
    asked = {item.department for item in consultations}
    not_asked = [item.code for item in rules.departments if item.code not in asked]
    if not_asked:
        findings.append(needs_decision("art17.qualification", Reason.DEPARTMENTS_NOT_ASKED, departments=not_asked))
    silent = [item.department for item in consultations if item.state is ConsultationState.ASKED]
    if silent:
        findings.append(needs_decision("art17.qualification", Reason.DEPARTMENTS_NOT_REPLIED, departments=silent))
    unsigned = [
        item.department
        for item in consultations
        if item.state is ConsultationState.NON_RESPONSE and not item.recorded_by.strip()
    ]
    if unsigned:
        findings.append(needs_decision("art17.qualification", Reason.OVERDUE_UNSIGNED, departments=unsigned))
    return findings


@rule("art17.qualification")
def list_confirmable(*, applications: int, still_open: Sequence[Finding]) -> list[Finding]:
    """The list is confirmed as a whole, when nothing is open on any of its applications (Art. 17). `still_open` is
    answered as it is. A list of nobody is a list."""
    return list(still_open) or [passes("art17.qualification", Reason.LIST_CONFIRMABLE, applications=applications)]
