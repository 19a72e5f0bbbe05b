"""Art. 17: an organisation is confirmed when everything is complete, decided, answered and corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from app.measures.consultations import Consultation, non_response_recordable
from app.measures.findings import Finding, Outcome, fails, needs_decision, passes
from app.measures.plain import words
from app.measures.qualification import (
    QUALIFICATION_CONDITIONS,
    Correction,
    QualificationFacts,
    correction_in_time,
    correction_kept_to,
    qualification_decided,
    refusal_grounded,
)
from app.measures.reasons import Reason
from app.measures.sectors import SeatCategory
from app.measures.state_machines import ConsultationState
from tests.measures.procedure_samples import RULES, only, outcomes, refused, rules, shanghai

RULE = "art17.qualification"
MET = tuple(passes(rule_id, Reason.RECORDED_AS_MET) for rule_id in QUALIFICATION_CONDITIONS)
ANSWERED = tuple(Consultation(item.code, ConsultationState.ANSWERED) for item in RULES.departments)
FACTS = QualificationFacts(
    organisation="甲",
    conditions=MET,
    consultations=ANSWERED,
    corrections=(),
    materials=frozenset(item.code for item in RULES.required_materials),
    sections=frozenset(item.code for item in RULES.required_sections),
    seat_category=SeatCategory.OTHER,
)


def test_an_organisation_with_everything_in_order_is_confirmed_and_its_sector_frozen() -> None:
    finding = only(qualification_decided(facts=FACTS, rules=RULES), RULE, "pass")
    assert (finding.facts["organisation"], finding.facts["seat_category"]) == ("甲", "other")
    assert finding.facts["departments"] == [item.code for item in RULES.departments]


@pytest.mark.parametrize("rule_id", QUALIFICATION_CONDITIONS)
def test_every_condition_needs_a_decision(rule_id: str) -> None:
    rest = tuple(item for item in MET if item.rule != rule_id)
    undecided = only(qualification_decided(facts=replace(FACTS, conditions=rest), rules=RULES), RULE, "needs_decision")
    assert undecided.facts["conditions"] == [rule_id]
    for make, outcome in ((fails, "fail"), (needs_decision, "needs_decision")):
        findings = qualification_decided(
            facts=replace(FACTS, conditions=(*rest, make(rule_id, Reason.RECORDED_AS_NOT_MET))),
            rules=RULES,
        )
        only(findings, rule_id, outcome)


def test_one_refusing_finding_of_a_condition_outweighs_a_passing_one() -> None:
    conditions = (*MET, fails("art13.6.record", Reason.RECORDED_AS_NOT_MET))
    only(qualification_decided(facts=replace(FACTS, conditions=conditions), rules=RULES), "art13.6.record", "fail")


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"materials": FACTS.materials - {"registration"}}, ["registration"]),
        ({"sections": FACTS.sections - {"results", "profile"}}, ["profile", "results"]),
    ],
)
def test_missing_material_is_named_and_can_be_corrected(changes: dict[str, Any], missing: list[str]) -> None:
    finding = only(qualification_decided(facts=replace(FACTS, **changes), rules=RULES), RULE, "fail")
    assert finding.facts["missing"] == missing
    assert finding.remedy is not None


def open_items(findings: list[Finding]) -> list[str]:
    """What somebody still has to do."""
    return [item.reason for item in findings if item.outcome is Outcome.NEEDS_DECISION]


def with_first(state: ConsultationState, by: str = "") -> QualificationFacts:
    return replace(FACTS, consultations=(Consultation(RULES.departments[0].code, state, by), *ANSWERED[1:]))


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        (with_first(ConsultationState.ASKED), "departments_not_replied"),
        (with_first(ConsultationState.NON_RESPONSE), "overdue_unsigned"),
        (with_first(ConsultationState.NON_RESPONSE, "office-1"), None),
        (replace(FACTS, consultations=ANSWERED[1:]), "departments_not_asked"),
    ],
)
def test_silence_is_not_consent_unless_a_person_records_it_as_overdue(
    facts: QualificationFacts, message: str | None
) -> None:
    findings = qualification_decided(facts=facts, rules=RULES)
    assert open_items(findings) == ([] if message is None else [message])
    assert refused(findings, RULE) == []
    if message:
        assert findings[0].facts["departments"] == [RULES.departments[0].code]


def test_departments_beyond_the_rules_are_awaited_as_well() -> None:
    facts = replace(FACTS, consultations=(*ANSWERED, Consultation("other", ConsultationState.ASKED)))
    finding = only(qualification_decided(facts=facts, rules=RULES), RULE, "needs_decision")
    assert finding.facts["departments"] == ["other"]


CORRECTION = Correction(date(2024, 5, 6), date(2024, 5, 11), shanghai(2024, 5, 11, 23, 59, 59))


@pytest.mark.parametrize(
    ("correction", "message"),
    [
        (CORRECTION, None),
        (replace(CORRECTION, answered_at=shanghai(2024, 5, 12)), "deadline_passed"),
        (replace(CORRECTION, due_on=None), "last_day_missing"),
        (replace(CORRECTION, due_on=date(2024, 5, 5)), "last_day_missing"),
        (replace(CORRECTION, due_on=date(2024, 5, 6), answered_at=shanghai(2024, 5, 6, 18)), None),
    ],
)
def test_a_correction_has_its_own_date_and_is_answered_by_it(correction: Correction, message: str | None) -> None:
    findings = qualification_decided(facts=replace(FACTS, corrections=(correction,)), rules=RULES)
    assert refused(findings, RULE) == ([] if message is None else [message])


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (None, ("needs_decision", "correction_open")),
        (shanghai(2024, 5, 11, 23, 59, 59), ("needs_decision", "correction_open")),
        (shanghai(2024, 5, 12), ("fail", "deadline_passed")),
    ],
)
def test_an_unanswered_correction_is_open_until_its_time_is_over_and_refuses_then(
    at: datetime | None, expected: tuple[str, str]
) -> None:
    facts = replace(FACTS, corrections=(replace(CORRECTION, answered_at=None),))
    finding = only(qualification_decided(facts=facts, rules=RULES, at=at), RULE, expected[0])
    assert finding.reason == expected[1]


@pytest.mark.parametrize(
    ("at", "outcome"), [(shanghai(2024, 5, 11, 23, 59, 59), "pass"), (shanghai(2024, 5, 12), "fail")]
)
def test_the_time_for_a_correction_ends_at_24_00_in_shanghai(at: datetime, outcome: str) -> None:
    finding = only(correction_in_time(correction=CORRECTION, at=at), RULE, outcome)
    assert finding.facts["due_on"] == "2024-05-11"


def test_the_sector_is_determined() -> None:
    finding = only(qualification_decided(facts=replace(FACTS, seat_category=None), rules=RULES), RULE, "needs_decision")
    assert finding.reason == "sector_open"


def test_every_obstacle_is_told_at_once() -> None:
    facts = QualificationFacts("甲", (), (), (replace(CORRECTION, answered_at=None),), frozenset(), frozenset(), None)
    assert outcomes(qualification_decided(facts=facts, rules=RULES)) == [
        *[(RULE, "fail")] * 2,
        *[(RULE, "needs_decision")] * 4,
    ]


@pytest.mark.parametrize(("on", "outcome"), [(date(2024, 5, 11), "fail"), (date(2024, 5, 12), "pass")])
def test_a_department_is_overdue_after_its_days(on: date, outcome: str) -> None:
    finding = only(non_response_recordable(asked_on=date(2024, 5, 1), on=on, rules=RULES), RULE, outcome)
    assert dict(finding.facts) == {"asked_on": "2024-05-01", "last_day": "2024-05-11", "on": on.isoformat()}
    only(
        non_response_recordable(asked_on=date(2024, 5, 1), on=date(2024, 5, 3), rules=rules(consultation_days=1)),
        RULE,
        "pass",
    )


@pytest.mark.parametrize(("on", "outcome"), [(date(2024, 5, 20), "fail"), (date(2024, 5, 21), "pass")])
def test_an_extended_time_for_an_answer_counts_and_a_shorter_one_does_not(on: date, outcome: str) -> None:
    asked_on = date(2024, 5, 1)
    findings = non_response_recordable(asked_on=asked_on, on=on, rules=RULES, extended_to=date(2024, 5, 20))
    only(findings, RULE, outcome)
    earlier = non_response_recordable(
        asked_on=asked_on, on=date(2024, 5, 11), rules=RULES, extended_to=date(2024, 5, 2)
    )
    only(earlier, RULE, "fail")


@pytest.mark.parametrize(
    ("reason", "grounds", "messages"),
    [
        ("注册地不在本县", [fails("art13.1.local", Reason.RECORDED_AS_NOT_MET)], []),
        (" ", [fails("art13.1.local", Reason.RECORDED_AS_NOT_MET)], ["reason_missing"]),
        ("x", [passes("art13.1.local", Reason.RECORDED_AS_MET)], ["no_ground"]),
        (
            "x",
            [needs_decision("art13.5.distinctive", Reason.NOT_RECORDED)],
            ["no_ground"],
        ),
        ("", [], ["no_ground", "reason_missing"]),
    ],
)
def test_a_refusal_has_a_ground_and_a_reason(reason: str, grounds: list[Finding], messages: list[str]) -> None:
    findings = refusal_grounded(reason=reason, grounds=grounds)
    assert refused(findings, RULE) == messages
    if not messages:
        assert only(findings, RULE, "pass").facts["grounds"] == ["art13.1.local"]


@pytest.mark.parametrize(
    ("asked", "changed", "beyond"),
    [
        (["/content/figures"], [], []),
        (["/content/figures"], ["/content/figures"], []),
        (["/content/figures/2/net_profit_fen"], ["/content/figures"], []),
        (["/content"], ["/content/figures", "/content/sections/results"], []),
        (["/content/sections"], ["/content/sections/results"], []),
        (["/content/sections/profile"], ["/content/sections/results"], ["/content/sections/results"]),
        (["/content/figures"], ["/content/figures_of_another"], ["/content/figures_of_another"]),
        (["/attachments"], ["/attachments/audit_report", "/content/safety"], ["/content/safety"]),
        (["/content/figures"], ["/content/truthfulness", "/content/contact", "/content/adverse_records"], []),
    ],
)
def test_a_correction_keeps_to_what_was_asked_for(asked: list[str], changed: list[str], beyond: list[str]) -> None:
    (finding,) = correction_kept_to(asked=asked, changed=changed)
    assert (finding.outcome is Outcome.PASS) is (not beyond)
    assert words(finding.facts.get("beyond")) == beyond
    assert finding.rule == RULE
