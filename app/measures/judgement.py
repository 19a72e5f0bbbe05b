"""Conditions that a person decides; the service insists that who, when, on what evidence and why are recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.measures.facts import OrganisationFacts, RecordedDecision
from app.measures.findings import Finding, Text, fails, needs_decision, passes
from app.measures.registry import rule


@rule("art13.2.compliance")
def policy_conformity(*, decisions: Mapping[str, RecordedDecision]) -> list[Finding]:
    """Conformity with policy on industry, environment, energy, safety and quality (Art. 13(2)). It stands beside the
    licences and never instead of them."""
    return [_decided("art13.2.compliance", "政策符合性", "conformity with policy", decisions)]


@rule("art13.4.leading")
def leading(*, organisation: OrganisationFacts, decisions: Mapping[str, RecordedDecision]) -> list[Finding]:
    """Indicators that lead the trade; for a non-operating organisation its social contribution (Art. 13(4))."""
    if organisation.operating:
        return [_decided("art13.4.leading", "指标的同行业领先地位", "indicators that lead the trade", decisions)]
    return [_decided("art13.4.leading", "社会贡献的同行业前列地位", "a leading social contribution", decisions)]


@rule("art13.5.distinctive")
def distinctive(*, decisions: Mapping[str, RecordedDecision]) -> list[Finding]:
    """Distinctive, effective, worth spreading (Art. 13(5))."""
    return [_decided("art13.5.distinctive", "特色与推广价值", "a distinctive practice worth spreading", decisions)]


@rule("art04.merit")
def merit(*, decisions: Mapping[str, RecordedDecision]) -> list[Finding]:
    """Leading position and outstanding contribution, found in the review (Art. 4)."""
    return [_decided("art04.merit", "领先地位与突出贡献", "leading position and outstanding contribution", decisions)]


def lacking(decision: RecordedDecision) -> list[str]:
    """What a recorded decision does not say of who made it, on what evidence and why."""
    told = {"decided_by": decision.decided_by, "evidence": decision.evidence, "reason": decision.reason}
    return [name for name, text in told.items() if not text.strip()]


def _decided(rule_id: str, zh: str, en: str, decisions: Mapping[str, RecordedDecision]) -> Finding:
    decision = decisions.get(rule_id)
    if decision is None or decision.rule != rule_id:
        return needs_decision(
            rule_id,
            f"尚未认定{zh}",
            f"No decision is recorded on {en}",
            remedy=Text("记录认定、证据和理由", "Record the decision, its evidence and reason"),
        )
    facts: dict[str, Any] = {
        "decided_by": decision.decided_by,
        "decided_on": decision.decided_on.isoformat(),
        "evidence": decision.evidence,
        "reason": decision.reason,
    }
    missing = lacking(decision)
    if missing:
        return needs_decision(
            rule_id,
            f"对{zh}的认定记录不完整",
            f"The decision on {en} is not fully recorded",
            remedy=Text("补充认定人、证据和理由", "State who decided, on what evidence and why"),
            missing=missing,
            **facts,
        )
    if decision.outcome == "pass":
        return passes(rule_id, f"已认定{zh}", f"Decided: {en}", **facts)
    return fails(rule_id, f"未认定{zh}", f"Decided against {en}", **facts)
