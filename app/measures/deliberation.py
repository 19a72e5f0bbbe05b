"""The review committee's deliberation and the recorded findings before the candidate list (Arts. 4, 11(4), 11(5))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding, fails, needs_decision, passes
from app.measures.judgement import lacking
from app.measures.plain import Fact, Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules

BEFORE_CANDIDATES = ("art11.verification", "art04.merit")


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the committee concluded on one organisation; the votes are counted where the round's rules ask for them.
    `recused`: members present who had a conflict of interest and withdrew from it (Art. 29); they have no vote on
    it."""

    organisation: str
    recommended: bool
    reason: str
    votes_for: int = 0
    votes_against: int = 0
    abstentions: int = 0
    recused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliberationFacts:
    """One meeting: its date (None: not held), the committee's members, who was present, a conclusion per organisation.
    `evaluated_on` is the evaluation report's date, `evaluated` its organisations."""

    held_on: date | None
    evaluated_on: date
    members: tuple[str, ...]
    present: tuple[str, ...]
    evaluated: tuple[str, ...]
    conclusions: tuple[Conclusion, ...]


@rule("art11.deliberation")
def deliberation_complete(*, facts: DeliberationFacts, rules: ReviewRules) -> list[Finding]:
    """Whether the meeting carries the candidate list: held after the evaluation, composed and quorate as the round's
    rules say, with one conclusion, and the votes where they are asked for, for every evaluated organisation
    (Art. 11)."""
    findings = [*_meeting(facts, rules), *_coverage(facts)]
    for conclusion in facts.conclusions:
        findings += _recusals(conclusion, facts.present)
        findings += _conclusion(conclusion, facts.present, rules)
    if findings or facts.held_on is None:
        return findings
    return [
        passes(
            "art11.deliberation",
            Reason.DELIBERATION_COMPLETE,
            held_on=facts.held_on.isoformat(),
            present=len(facts.present),
            members=len(facts.members),
            recommended=[item.organisation for item in facts.conclusions if item.recommended],
        )
    ]


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


def _meeting(facts: DeliberationFacts, rules: ReviewRules) -> list[Finding]:
    findings: list[Finding] = []
    if facts.held_on is None:
        findings.append(_refused(Reason.COMMITTEE_NOT_MET))
    elif facts.held_on < facts.evaluated_on:
        findings.append(
            _refused(
                Reason.MEETING_BEFORE_EVALUATION,
                held_on=facts.held_on.isoformat(),
                evaluated_on=facts.evaluated_on.isoformat(),
            )
        )
    if len(set(facts.members)) != rules.committee_size or len(facts.members) != rules.committee_size:
        findings.append(
            _refused(Reason.COMMITTEE_SIZE_WRONG, members=len(facts.members), required=rules.committee_size)
        )
    outsiders = sorted(set(facts.present) - set(facts.members))
    if outsiders or len(set(facts.present)) != len(facts.present):
        findings.append(_refused(Reason.ATTENDANCE_WRONG, outsiders=outsiders))
    if len(facts.present) < rules.quorum * rules.committee_size:
        findings.append(
            _refused(
                Reason.QUORUM_MISSING,
                present=len(facts.present),
                members=rules.committee_size,
                quorum=str(rules.quorum),
            )
        )
    return findings


def _coverage(facts: DeliberationFacts) -> list[Finding]:
    concluded = [item.organisation for item in facts.conclusions]
    missing = sorted(set(facts.evaluated) - set(concluded))
    surplus = sorted(set(concluded) - set(facts.evaluated))
    repeated = sorted({name for name in concluded if concluded.count(name) > 1})
    findings: list[Finding] = []
    for names, reason in (
        (missing, Reason.CONCLUSION_MISSING),
        (surplus, Reason.CONCLUSION_SURPLUS),
        (repeated, Reason.CONCLUSION_REPEATED),
    ):
        if names:
            findings.append(_refused(reason, organisations=names))
    return findings


def _recusals(conclusion: Conclusion, present: tuple[str, ...]) -> list[Finding]:
    """Only who is there can withdraw, and somebody is left to conclude."""
    name, recused = conclusion.organisation, set(conclusion.recused)
    findings: list[Finding] = []
    strangers = sorted(recused - set(present))
    if strangers or len(recused) != len(conclusion.recused):
        findings.append(_refused(Reason.WITHDRAWN_WRONG, organisation=name, strangers=strangers))
    if conclusion.recommended and present and recused >= set(present):
        findings.append(_refused(Reason.NOBODY_MAY_VOTE, organisation=name))
    return findings


def _conclusion(conclusion: Conclusion, present: tuple[str, ...], rules: ReviewRules) -> list[Finding]:
    findings: list[Finding] = []
    name = conclusion.organisation
    if not conclusion.reason.strip():
        findings.append(_refused(Reason.CONCLUSION_WITHOUT_REASON, organisation=name))
    if not rules.votes_required:
        return findings
    withdrawn = sorted(set(conclusion.recused) & set(present))
    voters = len(present) - len(withdrawn)
    votes = conclusion.votes_for, conclusion.votes_against, conclusion.abstentions
    facts: Facts = {"organisation": name, "votes": list(votes), "present": len(present)}
    if withdrawn:
        facts["recused"] = withdrawn
    if sum(votes) != voters or min(votes) < 0:
        findings.append(_refused(Reason.VOTES_WRONG, **facts))
    elif conclusion.recommended != (voters > 0 and conclusion.votes_for >= rules.majority * voters):
        findings.append(
            _refused(
                Reason.CONCLUSION_CONTRADICTS_VOTE,
                majority=str(rules.majority),
                recommended=conclusion.recommended,
                **facts,
            )
        )
    return findings


def _refused(reason: Reason, /, **facts: Fact) -> Finding:
    return fails("art11.deliberation", reason, **facts)
