"""The gate (Arts. 4 to 6, 13; exclusions of 26, 28): every condition, each decided separately, at each test.

The conditions are cumulative. None is skipped because another fails, and no person's decision outweighs what the
service decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from app.measures.credentials import certified, licences_held, safety_standardised
from app.measures.exclusions import not_excluded
from app.measures.facts import EligibilityFacts, OrganisationFacts
from app.measures.findings import Finding, obstacles
from app.measures.instruments import Parameters
from app.measures.interpretations import Readings
from app.measures.interval import interval_over
from app.measures.judgement import distinctive, leading, policy_conformity
from app.measures.operating import non_profit, operates, until_found
from app.measures.organisations import age, legal_person, local
from app.measures.performance import lookback, profitable
from app.measures.recipients import merit, recipient
from app.measures.record import no_adverse_record, no_higher_award
from app.measures.state_machines import RoundState
from app.measures.units import reason_stands


class Gate(StrEnum):
    """When the conditions are tested. Art. 13 knows no test after the decree: at payment Art. 9 has its own."""

    SUBMISSION = "submission"
    CONFIRMATION = "confirmation"
    PROPOSED = "proposed"
    APPROVAL = "approval"
    DECREE = "decree"
    PAYMENT = "payment"


# The act that an open decision holds back at each test.
DECIDED_BEFORE = {
    Gate.SUBMISSION: "confirm_qualified_list",
    Gate.CONFIRMATION: "confirm_qualified_list",
    Gate.PROPOSED: "fix_proposed_list",
    Gate.APPROVAL: "approve_awards",
    Gate.DECREE: "issue_decree",
}


_NEXT = {
    RoundState.CALLED: Gate.CONFIRMATION,
    RoundState.PROPOSED: Gate.APPROVAL,
    RoundState.APPROVED: Gate.DECREE,
}


def next_gate(state: RoundState) -> Gate:
    """The gate that comes next for whoever is in a running round of this state (Art. 13)."""
    return _NEXT.get(state, Gate.PROPOSED)


def told_before_the_list(findings: Sequence[Finding]) -> list[Finding]:
    """What the facts fail or leave open, for the organisation whose facts they are, in time for it to mend them. What a
    person has to find, or has found, it reads with the list that says so."""
    return [item for item in obstacles(findings) if not {"subject", "decided_by"} & item.facts.keys()]


def evaluate_gate(
    facts: EligibilityFacts,
    *,
    gate: Gate,
    test_date: date,
    submission_date: date,
    round_year: int,
    round_ordinal: int,
    parameters: Parameters,
    readings: Readings,
) -> list[Finding]:
    """All findings of the gate, in the order of the articles. `test_date` is the day of this test, in Shanghai;
    `submission_date` decides the age alone.

    A person's findings are due from the confirmation on; that of merit (Art. 4), which the review makes, from the
    proposed list on. At payment nothing is tested again: a winner is paid although a certificate has expired since.
    """
    if gate is Gate.PAYMENT:
        return []
    decisions_due = gate is not Gate.SUBMISSION
    organisation = replace(facts.organisation, operating=operates(facts.organisation, facts.decisions))
    decisions = facts.decisions if decisions_due else None
    before = DECIDED_BEFORE[gate]
    findings = [
        *recipient(organisation=organisation),
        *lookback(organisation=organisation, figures=facts.figures, round_year=round_year, parameters=parameters),
        *interval_over(
            past_awards=facts.past_awards, round_ordinal=round_ordinal, parameters=parameters, readings=readings
        ),
        *local(organisation=organisation, parameters=parameters, readings=readings, decisions=decisions, before=before),
        *legal_person(organisation=organisation, readings=readings, decisions=decisions, before=before),
        *age(organisation=organisation, submission_date=submission_date, parameters=parameters),
        *licences_held(licences=facts.licences, test_date=test_date),
        *certified(certificates=facts.certificates, test_date=test_date),
        *non_profit(
            organisation=facts.organisation,
            decisions=facts.decisions,
            readings=readings,
            decisions_due=decisions_due,
            before=before,
        ),
        *_of_operation(facts, organisation, test_date, round_year, parameters, readings),
        *no_adverse_record(
            records=facts.records,
            test_date=test_date,
            parameters=parameters,
            readings=readings,
            decisions_due=decisions_due,
            before=before,
        ),
        *no_higher_award(honours=facts.honours, test_date=test_date),
        *not_excluded(exclusions=facts.exclusions, test_date=test_date),
    ]
    if decisions_due:
        findings += policy_conformity(decisions=facts.decisions)
        findings += leading(organisation=organisation, decisions=facts.decisions)
        findings += distinctive(decisions=facts.decisions)
    if gate in {Gate.PROPOSED, Gate.APPROVAL, Gate.DECREE}:
        findings += merit(decisions=facts.decisions)
        findings += reason_stands(decisions=facts.decisions)
    return findings


def _of_operation(
    facts: EligibilityFacts,
    organisation: OrganisationFacts,
    test_date: date,
    round_year: int,
    parameters: Parameters,
    readings: Readings,
) -> list[Finding]:
    """Safety level and profit, of whoever operates (Art. 13(4))."""
    findings = [
        *safety_standardised(
            organisation=organisation,
            safety=facts.safety,
            test_date=test_date,
            parameters=parameters,
            readings=readings,
        ),
        *profitable(organisation=organisation, figures=facts.figures, round_year=round_year, parameters=parameters),
    ]
    return until_found(organisation=facts.organisation, decisions=facts.decisions, findings=findings)
