"""Arts. 4 to 6, 13, 26, 28: the conditions are cumulative, each decided separately, at each test."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from app.measures.eligibility import Gate, evaluate_gate, next_gate, told_before_the_list
from app.measures.facts import EligibilityFacts, Exclusion, Honour, HonourKind, HonourLevel, LegalForm, RecordFinding
from app.measures.findings import Finding, Outcome, failures, obstacles
from app.measures.qualification import QUALIFICATION_CONDITIONS
from app.measures.state_machines import RoundState
from tests.measures.eligibility_samples import (
    CERTIFICATE,
    DECIDED_BY_A_PERSON,
    FACTS,
    FIGURES,
    LICENCE,
    ROUND_YEAR,
    SAFETY,
    TEST_DATE,
    award,
    organisation,
    record,
    said,
)
from tests.measures.procedure_samples import PARAMETERS, READINGS, decided, reading
from tests.support.facts import part

E_RULES = [
    "art04.recipient",
    "art05.lookback",
    "art06.interval",
    "art13.1.local",
    "art13.1.legal_person",
    "art13.1.age",
    "art13.2.compliance",
    "art13.3.certified",
    "art13.4.non_profit",
    "art13.4.safety",
    "art13.4.profit",
    "art13.6.record",
    "art13.6.higher_award",
    "exclusions",
]
AT_CONFIRMATION = [*E_RULES, "art13.2.compliance", "art13.4.leading", "art13.5.distinctive"]
RULES = {
    Gate.SUBMISSION: E_RULES,
    Gate.CONFIRMATION: AT_CONFIRMATION,
    Gate.PROPOSED: [*AT_CONFIRMATION, "art04.merit"],
    Gate.APPROVAL: [*AT_CONFIRMATION, "art04.merit"],
    Gate.DECREE: [*AT_CONFIRMATION, "art04.merit"],
    Gate.PAYMENT: [],
}
TESTS = [gate for gate in Gate if gate is not Gate.PAYMENT]
AFTER_SUBMISSION = [gate for gate in TESTS if gate is not Gate.SUBMISSION]

CHINA_AWARD = Honour(HonourLevel.NATIONAL_CHINA, HonourKind.AWARD, date(2023, 1, 1), None)
NEVER_IN_ORDER = EligibilityFacts(
    organisation=organisation(
        legal_form=LegalForm.INDIVIDUAL,
        county_code="360700",
        established_on=date(2021, 6, 11),
        uscc_checksum_ok=False,
    ),
    licences=(replace(LICENCE, number=""),),
    records=(record("failed_inspection"),),
    honours=(CHINA_AWARD,),
    past_awards=(award(2),),
    exclusions=(Exclusion(date(2023, 1, 1), date(2028, 1, 1), "28"),),
)


def run(facts: EligibilityFacts, gate: Gate, test_date: date = TEST_DATE, **changes: Any) -> list[Finding]:
    arguments: dict[str, Any] = {
        "submission_date": TEST_DATE,
        "round_year": ROUND_YEAR,
        "round_ordinal": 4,
        "parameters": PARAMETERS,
        "readings": READINGS,
        **changes,
    }
    return evaluate_gate(facts, gate=gate, test_date=test_date, **arguments)


@pytest.mark.parametrize("gate", list(Gate))
def test_who_meets_every_condition_passes_each_of_them_at_every_test(gate: Gate) -> None:
    said(run(FACTS, gate), *[(rule_id, "pass") for rule_id in RULES[gate]])


def test_the_confirmation_decides_every_condition_of_the_qualification() -> None:
    # Whose the registration is, is asked beside the gate (tests/measures/test_art13_1_ownership.py).
    asked_beside = {"art13.1.identity"}
    assert {item.rule for item in run(FACTS, Gate.CONFIRMATION)} == set(QUALIFICATION_CONDITIONS) - asked_beside


@pytest.mark.parametrize("gate", TESTS)
def test_every_condition_is_decided_though_others_fail_and_no_person_outweighs_them(gate: Gate) -> None:
    generous = {rule_id: decided(rule_id) for rule_id in RULES[Gate.APPROVAL]}
    found = run(replace(NEVER_IN_ORDER, decisions=MappingProxyType(generous)), gate)
    # Whether it is for profit refuses nobody: it says which conditions apply.
    assert {item.rule for item in failures(found)} == set(E_RULES) - {"art13.4.non_profit"}


@pytest.mark.parametrize("gate", TESTS)
def test_without_decisions_only_what_a_person_decides_is_open_and_nothing_at_submission(gate: Gate) -> None:
    found = run(replace(FACTS, decisions=MappingProxyType({})), gate)
    due = {
        Gate.SUBMISSION: [],
        Gate.CONFIRMATION: list(DECIDED_BY_A_PERSON[:3]),
        Gate.PROPOSED: list(DECIDED_BY_A_PERSON),
        Gate.APPROVAL: list(DECIDED_BY_A_PERSON),
        Gate.DECREE: list(DECIDED_BY_A_PERSON),
    }
    assert [(item.rule, item.outcome) for item in obstacles(found)] == [
        (rule_id, Outcome.NEEDS_DECISION) for rule_id in due[gate]
    ]


@pytest.mark.parametrize("gate", AFTER_SUBMISSION)
def test_a_persons_refusal_refuses(gate: Gate) -> None:
    against = {**FACTS.decisions, "art13.5.distinctive": decided("art13.5.distinctive", "fail")}
    found = run(replace(FACTS, decisions=MappingProxyType(against)), gate)
    assert [item.rule for item in obstacles(found)] == ["art13.5.distinctive"]


@pytest.mark.parametrize("gate", TESTS)
@pytest.mark.parametrize("outcome", ["pass", "fail"])
def test_a_units_reason_is_asked_again_after_the_list(gate: Gate, outcome: str) -> None:
    told = {**FACTS.decisions, "art12.jurisdiction": decided("art12.jurisdiction", outcome)}
    found = run(replace(FACTS, decisions=MappingProxyType(told)), gate)
    later = gate in (Gate.PROPOSED, Gate.APPROVAL, Gate.DECREE)
    assert [item.outcome for item in found if item.rule == "art12.jurisdiction"] == ([outcome] if later else [])


def test_an_open_record_does_not_hold_up_the_submission_but_every_later_test() -> None:
    facts = replace(FACTS, records=(record("quality_complaint", finding=RecordFinding.OPEN),))
    assert obstacles(run(facts, Gate.SUBMISSION)) == []
    for gate in AFTER_SUBMISSION:
        (found,) = obstacles(run(facts, gate))
        assert (found.rule, found.outcome) == ("art13.6.record", Outcome.NEEDS_DECISION)


@pytest.mark.parametrize("gate", TESTS)
@pytest.mark.parametrize(
    ("change", "rule_id"),
    [
        ({"certificates": (replace(CERTIFICATE, valid_to=TEST_DATE),)}, "art13.3.certified"),
        ({"licences": (replace(LICENCE, valid_to=TEST_DATE),)}, "art13.2.compliance"),
        ({"safety": replace(SAFETY, valid_to=TEST_DATE)}, "art13.4.safety"),
    ],
)
def test_what_has_to_be_valid_is_tested_on_the_day_of_each_test(
    gate: Gate, change: dict[str, Any], rule_id: str
) -> None:
    facts = replace(FACTS, **change)
    assert obstacles(run(facts, gate)) == []
    assert [item.rule for item in obstacles(run(facts, gate, date(2024, 6, 11)))] == [rule_id]


@pytest.mark.parametrize("gate", TESTS)
@pytest.mark.parametrize(
    ("change", "rule_id"),
    [
        ({"records": (record("tax_dishonesty", occurred_on=date(2024, 6, 11)),)}, "art13.6.record"),
        ({"honours": (replace(CHINA_AWARD, awarded_on=date(2024, 6, 11)),)}, "art13.6.higher_award"),
        ({"exclusions": (Exclusion(date(2024, 6, 11), date(2034, 6, 11), "26"),)}, "exclusions"),
    ],
)
def test_what_happens_in_mid_round_counts_from_its_day_on(gate: Gate, change: dict[str, Any], rule_id: str) -> None:
    facts = replace(FACTS, **change)
    assert obstacles(run(facts, gate)) == []
    assert [item.rule for item in obstacles(run(facts, gate, date(2024, 6, 11)))] == [rule_id]


def test_the_age_is_that_of_the_submission_at_every_test() -> None:
    young = replace(FACTS, organisation=organisation(established_on=date(2021, 6, 11)))
    for gate in TESTS:
        assert [item.rule for item in obstacles(run(young, gate, date(2025, 1, 1)))] == ["art13.1.age"]
        assert obstacles(run(young, gate, date(2025, 1, 1), submission_date=date(2024, 6, 11))) == []


def test_the_figures_are_those_before_the_rounds_year_also_when_the_test_is_in_the_next() -> None:
    assert obstacles(run(FACTS, Gate.APPROVAL, date(2025, 2, 1))) == []
    found = obstacles(run(replace(FACTS, figures=FIGURES[1:]), Gate.APPROVAL, date(2025, 2, 1)))
    assert [item.rule for item in found] == ["art05.lookback"]


def test_readings_and_parameters_reach_the_conditions() -> None:
    service = replace(FACTS, organisation=organisation(sector="6110"), safety=None)
    assert [item.rule for item in obstacles(run(service, Gate.SUBMISSION))] == ["art13.4.safety"]
    assert obstacles(run(service, Gate.SUBMISSION, readings=reading("safety_for_services", "not_required"))) == []
    winner = replace(FACTS, past_awards=(award(2),))
    assert [item.rule for item in obstacles(run(winner, Gate.SUBMISSION))] == ["art06.interval"]
    assert obstacles(run(winner, Gate.SUBMISSION, readings=reading("interval_of_two_rounds", "n_plus_2"))) == []
    assert obstacles(run(winner, Gate.SUBMISSION, round_ordinal=5)) == []
    moved = replace(PARAMETERS, county_code="360735")
    assert [item.rule for item in obstacles(run(FACTS, Gate.SUBMISSION, parameters=moved))] == ["art13.1.local"]


@pytest.mark.parametrize("gate", TESTS)
def test_a_return_that_is_the_organisations_own_fault_refuses_at_every_test(gate: Gate) -> None:
    (found,) = obstacles(run(replace(FACTS, records=(record("attributable_return", attributable=True),)), gate))
    assert (found.rule, found.outcome) == ("art13.6.record", Outcome.FAIL)
    assert part(found.facts, "reading", "key") == "returns_and_claims"


@pytest.mark.parametrize("gate", TESTS)
@pytest.mark.parametrize("test_date", [date.min, date(2, 2, 28), date(2024, 2, 29), date.max])
def test_no_date_whatsoever_makes_a_condition_raise_or_go_missing(gate: Gate, test_date: date) -> None:
    for facts in (FACTS, NEVER_IN_ORDER, replace(FACTS, organisation=organisation(established_on=date.max, sector=""))):
        found = run(facts, gate, test_date, submission_date=test_date)
        assert {item.rule for item in found} == set(RULES[gate])


def test_at_payment_nothing_is_tested_again() -> None:
    assert run(NEVER_IN_ORDER, Gate.PAYMENT) == []


@pytest.mark.parametrize(
    ("state", "gate"),
    [
        ("called", Gate.CONFIRMATION),
        ("qualified", Gate.PROPOSED),
        ("onsite", Gate.PROPOSED),
        ("evaluated", Gate.PROPOSED),
        ("deliberated", Gate.PROPOSED),
        ("publicity", Gate.PROPOSED),
        ("proposed", Gate.APPROVAL),
        ("approved", Gate.DECREE),
    ],
)
def test_the_gate_that_comes_next_follows_from_the_state_of_the_round(state: str, gate: Gate) -> None:
    assert next_gate(RoundState(state)) is gate


def test_the_organisation_is_told_what_its_facts_fail_and_not_what_a_person_finds() -> None:
    moved = organisation(county_code="360735", uscc_checksum_ok=False)
    decisions = {**FACTS.decisions, "art13.4.leading": decided("art13.4.leading", "fail")}
    del decisions["art13.5.distinctive"]
    facts = replace(FACTS, organisation=moved, decisions=MappingProxyType(decisions))
    found = run(facts, Gate.CONFIRMATION)
    assert {"decided_against", "undecided"} <= {item.reason.value for item in obstacles(found)}
    told = told_before_the_list(found)
    assert [(item.rule, item.outcome.value, item.reason.value) for item in told] == [
        ("art13.1.local", "fail", "not_registered_locally"),
        ("art13.1.legal_person", "needs_decision", "credit_code_doubtful"),
    ]
    assert told_before_the_list(run(FACTS, Gate.CONFIRMATION)) == []
