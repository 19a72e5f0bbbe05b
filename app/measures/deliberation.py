"""The review committee's deliberation and the recorded findings before the candidate list (Arts. 4, 11(4), 11(5))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.measures.facts import RecordedDecision, Verdict
from app.measures.findings import Finding, Text, fails, needs_decision, passes
from app.measures.judgement import lacking
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules

BEFORE_CANDIDATES = ("art11.verification", "art04.merit")


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the committee concluded on one organisation; the votes are counted where the round's rules ask for them.
    `recused`: members present who had an interest and withdrew from it (Art. 29); they have no vote on it."""

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
    rules say, with one conclusion, and the votes where they are asked for, for every evaluated organisation."""
    findings = [*_meeting(facts, rules), *_coverage(facts)]
    for conclusion in facts.conclusions:
        findings += _recusals(conclusion, facts.present)
        findings += _conclusion(conclusion, facts.present, rules)
    if findings or facts.held_on is None:
        return findings
    return [
        passes(
            "art11.deliberation",
            "评委会审议完整",
            "The deliberation is complete",
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
        return needs_decision(
            rule_id,
            "尚无记录的认定",
            "No finding is recorded yet",
            organisation=organisation,
            remedy=Text("记录认定、依据和理由", "Record the finding, its evidence and reason"),
        )
    facts: dict[str, Any] = {
        "organisation": organisation,
        "decided_by": decision.decided_by,
        "reason": decision.reason,
        "evidence": decision.evidence,
    }
    missing = lacking(decision)
    if missing:
        return needs_decision(
            rule_id,
            "认定记录不完整",
            "The finding is not fully recorded",
            remedy=Text("补充认定人、证据和理由", "State who decided, on what evidence and why"),
            missing=missing,
            **facts,
        )
    if decision.outcome is Verdict.PASS:
        return passes(rule_id, "已记录认定符合", "Recorded as met", **facts)
    remedy = Text("不列为候选", "Do not recommend it")
    return fails(rule_id, "已记录认定不符合", "Recorded as not met", remedy=remedy, **facts)


def _meeting(facts: DeliberationFacts, rules: ReviewRules) -> list[Finding]:
    findings: list[Finding] = []
    if facts.held_on is None:
        findings.append(
            _refused("评委会尚未审议", "The committee has not met", Text("召开评委会", "Hold the committee's meeting"))
        )
    elif facts.held_on < facts.evaluated_on:
        findings.append(
            _refused(
                "审议早于综合评价",
                "The meeting was before the evaluation",
                Text("综合评价后再审议", "Deliberate on the evaluation report"),
                held_on=facts.held_on.isoformat(),
                evaluated_on=facts.evaluated_on.isoformat(),
            )
        )
    if len(set(facts.members)) != rules.committee_size or len(facts.members) != rules.committee_size:
        findings.append(
            _refused(
                f"评委会应由{rules.committee_size}名委员组成",
                f"The committee has {rules.committee_size} members by the rules",
                Text("按评审规则列明全体委员，每人一次", "Name all members that the rules give it, each once"),
                members=len(facts.members),
            )
        )
    outsiders = sorted(set(facts.present) - set(facts.members))
    if outsiders or len(set(facts.present)) != len(facts.present):
        findings.append(
            _refused(
                "出席名单有误",
                "The attendance is not a list of members, each once",
                Text("只列出席委员，每人一次", "List the members who were present, each once"),
                outsiders=outsiders,
            )
        )
    if len(facts.present) < rules.quorum * rules.committee_size:
        findings.append(
            _refused(
                "出席人数未达规定比例",
                "There was no quorum",
                Text("达到规定人数后重新审议", "Meet again with a quorum"),
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
    remedy = Text("对每个经综合评价的组织作出一个结论", "Conclude on each evaluated organisation, once")
    for names, zh, en in (
        (missing, "尚有组织无审议结论", "Organisations have no conclusion"),
        (surplus, "有结论的组织未经综合评价", "Organisations with a conclusion were not evaluated"),
        (repeated, "同一组织有多个结论", "An organisation has several conclusions"),
    ):
        if names:
            findings.append(_refused(zh, en, remedy, organisations=names))
    return findings


def _recusals(conclusion: Conclusion, present: tuple[str, ...]) -> list[Finding]:
    """Only who is there can withdraw, and somebody is left to conclude."""
    name, recused = conclusion.organisation, set(conclusion.recused)
    findings: list[Finding] = []
    strangers = sorted(recused - set(present))
    if strangers or len(recused) != len(conclusion.recused):
        findings.append(
            _refused(
                "回避名单有误",
                "Those who withdrew are not members present, each once",
                Text("只列回避的出席委员，每人一次", "List the members present who withdrew, each once"),
                organisation=name,
                strangers=strangers,
            )
        )
    if conclusion.recommended and present and recused >= set(present):
        findings.append(
            _refused(
                "无人可参加表决",
                "Nobody is left who may vote",
                Text("由其他委员审议，或者不予推荐", "Let other members decide, or do not recommend it"),
                organisation=name,
            )
        )
    return findings


def _conclusion(conclusion: Conclusion, present: tuple[str, ...], rules: ReviewRules) -> list[Finding]:
    findings: list[Finding] = []
    name = conclusion.organisation
    if not conclusion.reason.strip():
        remedy = Text("补充理由", "State the reason")
        findings.append(_refused("审议结论缺少理由", "The conclusion has no reason", remedy, organisation=name))
    if not rules.votes_required:
        return findings
    withdrawn = sorted(set(conclusion.recused) & set(present))
    voters = len(present) - len(withdrawn)
    votes = conclusion.votes_for, conclusion.votes_against, conclusion.abstentions
    facts: dict[str, Any] = {"organisation": name, "votes": list(votes), "present": len(present)}
    if withdrawn:
        facts["recused"] = withdrawn
    if sum(votes) != voters or min(votes) < 0:
        remedy = Text("核对票数；回避的委员不计", "Count the votes again, without those who withdrew")
        findings.append(_refused("票数与出席人数不符", "The votes do not add up to those present", remedy, **facts))
    elif conclusion.recommended != (voters > 0 and conclusion.votes_for >= rules.majority * voters):
        findings.append(
            _refused(
                "结论与表决结果不符",
                "The conclusion contradicts the vote",
                Text("结论以表决结果为准", "Conclude as the vote went"),
                majority=str(rules.majority),
                recommended=conclusion.recommended,
                **facts,
            )
        )
    return findings


def _refused(zh: str, en: str, remedy: Text, **facts: Any) -> Finding:
    return fails("art11.deliberation", zh, en, remedy=remedy, **facts)
