"""Conditions that a person decides, and which those are (Arts. 12, 13); the service insists that who, when, on what
evidence and why are recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.measures.facts import OrganisationFacts, RecordedDecision, Verdict
from app.measures.findings import Finding, Outcome, fails, needs_decision, passes
from app.measures.objections import says_something
from app.measures.plain import Fact, Facts
from app.measures.reasons import Reason
from app.measures.registry import rule

# Conditions that a person decides for every application; a record is decided by itself (Art. 13(6)).
DECIDED_BY_A_PERSON = ("art13.2.compliance", "art13.4.leading", "art13.5.distinctive")
# What the review has found on record, which a later finding may turn.
DECIDED_AGAIN = ("art04.merit",)
# Conditions that are a person's where the facts leave them open, and the facts' otherwise.
DECIDED_WHERE_OPEN = ("art12.jurisdiction", "art13.1.local", "art13.1.legal_person", "art13.4.non_profit")


@rule("art13.2.compliance")
def policy_conformity(*, decisions: Mapping[str, RecordedDecision]) -> list[Finding]:
    """Conformity with policy on industry, environment, energy, safety and quality (Art. 13(2)). It stands beside the
    licences and never instead of them."""
    return [decided("art13.2.compliance", "policy_conformity", decisions)]


@rule("art13.4.leading")
def leading(*, organisation: OrganisationFacts, decisions: Mapping[str, RecordedDecision]) -> list[Finding]:
    """Indicators that lead the industry; for a non-operating organisation its social contribution (Art. 13(4))."""
    if organisation.operating:
        return [decided("art13.4.leading", "leading_indicators", decisions)]
    return [decided("art13.4.leading", "social_contribution", decisions)]


@rule("art13.5.distinctive")
def distinctive(*, decisions: Mapping[str, RecordedDecision]) -> list[Finding]:
    """Distinctive, effective, worth spreading (Art. 13(5))."""
    return [decided("art13.5.distinctive", "distinctive_practice", decisions)]


def lacking(decision: RecordedDecision) -> list[str]:
    """What a recorded decision does not say of who made it, on what evidence and why."""
    told = {"evidence": decision.evidence, "reason": decision.reason}
    unsaid = [name for name, text in told.items() if not says_something(text)]
    return unsaid if decision.decided_by.strip() else ["decided_by", *unsaid]


def judged(
    rule_id: str, subject: str, decision: RecordedDecision | None, told: Mapping[str, Fact] | None = None
) -> Finding:
    """What a person has found on `subject` under this rule; without a decision, or one that does not say who, why and
    on what evidence, it is still wanted. `told`: facts of the case that the finding says as well."""
    also = told or {}
    if decision is None or decision.rule != rule_id:
        return needs_decision(rule_id, Reason.UNDECIDED, subject=subject, **also)
    facts: Facts = {
        **also,
        "subject": subject,
        "decided_by": decision.decided_by,
        "decided_on": decision.decided_on.isoformat(),
        "evidence": decision.evidence,
        "reason": decision.reason,
    }
    missing = lacking(decision)
    if missing:
        return needs_decision(rule_id, Reason.DECISION_INCOMPLETE, missing=missing, **facts)
    if decision.outcome == Verdict.PASS:
        return passes(rule_id, Reason.DECIDED_FOR, **facts)
    return fails(rule_id, Reason.DECIDED_AGAINST, **facts)


def decided(rule_id: str, subject: str, decisions: Mapping[str, RecordedDecision], /, **told: Fact) -> Finding:
    """The same of the decision that is on record under the rule, if any."""
    return judged(rule_id, subject, decisions.get(rule_id), told)


def verified(rule_id: str, decision: RecordedDecision | None, facts: Mapping[str, Fact]) -> Finding:
    """Whether what was found is a recorded decision that it is so: who, on what evidence and why (Arts. 26, 28)."""
    if decision is None:
        return needs_decision(
            rule_id,
            Reason.VERIFICATION_NOT_RECORDED,
            **facts,
        )
    told = {**facts, "decided_by": decision.decided_by, "evidence": decision.evidence, "reason": decision.reason}
    missing = lacking(decision)
    if missing:
        return needs_decision(
            rule_id,
            Reason.VERIFICATION_INCOMPLETE,
            missing=missing,
            **told,
        )
    if decision.outcome is Verdict.PASS:
        return passes(rule_id, Reason.VERIFIED, **told)
    return fails(rule_id, Reason.UNFOUNDED, **told)


@rule("art13.2.compliance", "art13.4.leading", "art13.5.distinctive", "art13.1.identity", *DECIDED_WHERE_OPEN)
def reasoned(*, rule_id: str, reason: str, evidence: str) -> list[Finding]:
    """A decision says why and on what evidence, in words: a dash is neither (Arts. 12, 13). Nothing is found of one
    that does."""
    told = {"evidence": evidence, "reason": reason}
    missing = [name for name, text in told.items() if not says_something(text)]
    return [fails(rule_id, Reason.DECISION_SAYS_NOTHING, missing=missing)] if missing else []


@rule("art13.2.compliance", "art13.4.leading", "art13.5.distinctive", *DECIDED_AGAIN, *DECIDED_WHERE_OPEN)
def condition_decidable(*, rule_id: str, passing: bool, tested: Sequence[Finding]) -> list[Finding]:
    """A person decides what is a person's to decide, and never against what the service has found on the facts:
    `tested` are the findings of today (Arts. 12, 13(2), 13(4), 13(5)). Others are decided where they are open, or were,
    until a person decided them; merit (Art. 4) once the review has found it."""
    own = [item for item in tested if item.rule == rule_id]
    left_open = any(
        (rule_id in DECIDED_WHERE_OPEN and item.outcome is Outcome.NEEDS_DECISION)
        or (rule_id in (*DECIDED_WHERE_OPEN, *DECIDED_AGAIN) and "decided_by" in item.facts)
        for item in own
    )
    if rule_id not in DECIDED_BY_A_PERSON and not left_open:
        return [fails(rule_id, Reason.DECIDED_BY_FACTS, decidable=list(DECIDED_BY_A_PERSON))]
    standing = [item for item in own if item.outcome is Outcome.FAIL and "decided_by" not in item.facts]
    if passing and standing:
        return standing
    return [passes(rule_id, Reason.DECIDABLE_BY_A_PERSON, passing=passing)]
