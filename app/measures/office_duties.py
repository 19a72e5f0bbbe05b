"""What the office has verified and put on record before it proposes the candidate list (Arts. 4, 11(4))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding, fails, needs_decision, passes
from app.measures.judgement import lacking
from app.measures.plain import Facts
from app.measures.reasons import Reason
from app.measures.registry import rule

BEFORE_CANDIDATES = ("art11.verification", "art04.merit")


@rule("art11.verification", "art04.merit")
def recorded_before_candidates(
    *, organisations: Sequence[str], decisions: Mapping[str, Mapping[str, RecordedDecision]]
) -> list[Finding]:
    """For each organisation the verification of its record and social feedback (Art. 11(4)) and its merit (Art. 4) are
    recorded decisions: `decisions[organisation][rule id]`. Without one: needs a decision; a negative one refuses."""
    return [
        _recorded(organisation, rule_id, decisions.get(organisation, {}).get(rule_id))
        for organisation in organisations
        for rule_id in BEFORE_CANDIDATES
    ]


def _recorded(organisation: str, rule_id: str, decision: RecordedDecision | None) -> Finding:
    if decision is None:
        return needs_decision(rule_id, Reason.NOT_RECORDED, organisation=organisation)
    facts: Facts = {
        "organisation": organisation,
        "decided_by": decision.decided_by,
        "reason": decision.reason,
        "evidence": decision.evidence,
    }
    missing = lacking(decision)
    if missing:
        return needs_decision(rule_id, Reason.RECORD_INCOMPLETE, missing=missing, **facts)
    if decision.outcome is Verdict.PASS:
        return passes(rule_id, Reason.RECORDED_AS_MET, **facts)
    return fails(rule_id, Reason.RECORDED_AS_NOT_MET, **facts)
