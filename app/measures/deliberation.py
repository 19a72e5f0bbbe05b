"""The review committee's deliberation, to which the office reports (Art. 11(5))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.measures.asks import CommitteeDetail
from app.measures.findings import Finding, fails, failures, passes
from app.measures.form import asked_for_given
from app.measures.plain import Fact, Facts
from app.measures.reasons import Reason
from app.measures.registry import rule
from app.measures.review_rules import ReviewRules
from app.measures.text import plain_name


@dataclass(frozen=True, slots=True)
class Ballots:
    """The ballots of one vote: issued, returned, and of these the invalid ones."""

    issued: int
    returned: int
    invalid: int


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the committee concluded on one organisation; the votes are counted where the round's rules ask for them.
    `recused`: members present who had a conflict of interest and withdrew from it (Art. 29); they have no vote on
    it. `ballots` None: they were not counted."""

    organisation: str
    recommended: bool
    reason: str
    votes_for: int = 0
    votes_against: int = 0
    abstentions: int = 0
    recused: tuple[str, ...] = ()
    ballots: Ballots | None = None


@dataclass(frozen=True, slots=True)
class DeliberationFacts:
    """One meeting: its date (None: not held), the committee's members, who was present, a conclusion per organisation.
    `evaluated_on` is the evaluation report's date, `evaluated` its organisations. `chair` (None: not stated) and
    `offices`: names of members, the latter of all who hold another office; `presided`: of these, who
    presided in the chair's stead."""

    held_on: date | None
    evaluated_on: date
    members: tuple[str, ...]
    present: tuple[str, ...]
    evaluated: tuple[str, ...]
    conclusions: tuple[Conclusion, ...]
    chair: str | None = None
    offices: tuple[str, ...] = ()
    presided: tuple[str, ...] = ()


@rule("art11.deliberation")
def deliberation_complete(*, facts: DeliberationFacts, rules: ReviewRules) -> list[Finding]:
    """Whether the meeting carries the candidate list: held after the evaluation, composed and quorate as the round's
    rules say, with one conclusion, and the votes where they are asked for, for every evaluated organisation
    (Art. 11)."""
    findings = [*_meeting(facts, rules), *_offices(facts), *_asked(facts, rules), *_coverage(facts)]
    for conclusion in facts.conclusions:
        findings += _recusals(conclusion, facts.present, rules)
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
    members, present = _people(facts.members), _people(facts.present)
    if len(members) != rules.committee_size or len(facts.members) != rules.committee_size:
        findings.append(
            _refused(Reason.COMMITTEE_SIZE_WRONG, members=len(facts.members), required=rules.committee_size)
        )
    outsiders = sorted(present[name] for name in present.keys() - members.keys())
    if outsiders or len(present) != len(facts.present):
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


def _offices(facts: DeliberationFacts) -> list[Finding]:
    """Whoever holds an office of the committee is a member, and holds one."""
    held = [*([] if facts.chair is None else [facts.chair]), *facts.offices]
    members, offices = _people(facts.members), [plain_name(name) for name in held]
    strangers = {name for name in held if plain_name(name) not in members or offices.count(plain_name(name)) > 1}
    if strangers:
        return [_refused(Reason.OFFICE_NOT_OF_A_MEMBER, names=sorted(strangers))]
    return [] if _presided_by_one(facts) else [_refused(Reason.PRESIDING_UNCLEAR)]


def _presided_by_one(facts: DeliberationFacts) -> bool:
    """Whether whoever is said to have presided was there: the chair, or one other in the chair's stead. Minutes that
    name neither say nothing of it."""
    presided = facts.presided or (() if facts.chair is None else (facts.chair,))
    there = _people(facts.present)
    return len(presided) < 2 and all(plain_name(name) in there for name in presided)


def _asked(facts: DeliberationFacts, rules: ReviewRules) -> list[Finding]:
    """What the round wants of the minutes. That the committee's size is odd is asked of the rules themselves."""
    given = {CommitteeDetail.ODD_NUMBER.value}
    if facts.chair is not None:
        given.add(CommitteeDetail.CHAIR.value)
    if not rules.votes_required or all(item.ballots is not None for item in facts.conclusions):
        given.add(CommitteeDetail.BALLOTS.value)
    return failures(asked_for_given(rule_id="art11.deliberation", asked=rules.asks.committee, given=given))


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


def _recusals(conclusion: Conclusion, present: tuple[str, ...], rules: ReviewRules) -> list[Finding]:
    """Only who is there can withdraw, and those who are left are a quorum, or nothing is recommended."""
    name, recused, there = conclusion.organisation, _people(conclusion.recused), _people(present)
    findings: list[Finding] = []
    strangers = sorted(recused[item] for item in recused.keys() - there.keys())
    if strangers or len(recused) != len(conclusion.recused):
        findings.append(_refused(Reason.WITHDRAWN_WRONG, organisation=name, strangers=strangers))
    if conclusion.recommended and present and recused.keys() >= there.keys():
        findings.append(_refused(Reason.NOBODY_MAY_VOTE, organisation=name))
    elif conclusion.recommended and _too_few_left(conclusion, present, rules):
        findings.append(
            _refused(
                Reason.QUORUM_MISSING,
                organisation=name,
                present=len(present),
                members=rules.committee_size,
                quorum=str(rules.quorum),
                recused=sorted(there[item] for item in recused.keys() & there.keys()),
            )
        )
    return findings


def _too_few_left(conclusion: Conclusion, present: tuple[str, ...], rules: ReviewRules) -> bool:
    """Whether it is the withdrawals that leave fewer than the whole committee's quorum to vote on the organisation."""
    quorum = rules.quorum * rules.committee_size
    withdrawn = len(_people(conclusion.recused).keys() & _people(present).keys())
    return len(present) - withdrawn < quorum <= len(present)


def _conclusion(conclusion: Conclusion, present: tuple[str, ...], rules: ReviewRules) -> list[Finding]:
    findings: list[Finding] = []
    name = conclusion.organisation
    if not conclusion.reason.strip():
        findings.append(_refused(Reason.CONCLUSION_WITHOUT_REASON, organisation=name))
    if not rules.votes_required:
        return findings
    there, recused = _people(present), _people(conclusion.recused)
    withdrawn = sorted(there[item] for item in recused.keys() & there.keys())
    voters = len(present) - len(withdrawn)
    votes = conclusion.votes_for, conclusion.votes_against, conclusion.abstentions
    facts: Facts = {"organisation": name, "votes": list(votes), "present": len(present)}
    if withdrawn:
        facts["recused"] = withdrawn
    ballots = conclusion.ballots
    if ballots is not None and not _add_up(ballots, sum(votes), voters):
        counted: Facts = {"issued": ballots.issued, "returned": ballots.returned, "invalid": ballots.invalid}
        findings.append(_refused(Reason.BALLOTS_WRONG, **counted, **facts))
    elif (ballots is None and sum(votes) != voters) or min(votes) < 0:
        findings.append(_refused(Reason.VOTES_WRONG, **facts))
    elif _contradicts(conclusion, voters, quorate=not _too_few_left(conclusion, present, rules), rules=rules):
        findings.append(
            _refused(
                Reason.CONCLUSION_CONTRADICTS_VOTE,
                majority=str(rules.majority),
                recommended=conclusion.recommended,
                **facts,
            )
        )
    return findings


def _contradicts(conclusion: Conclusion, voters: int, *, quorate: bool, rules: ReviewRules) -> bool:
    """Whether it is not what the votes say; of votes without a quorum only that they recommend nothing is said, and a
    recommendation is refused for the quorum."""
    carried = voters > 0 and conclusion.votes_for >= rules.majority * voters
    return conclusion.recommended != carried if quorate else conclusion.recommended and not carried


def _people(names: Sequence[str]) -> dict[str, str]:
    """The people of a list, each as written, by the name as it is compared: a blank makes nobody another."""
    return {plain_name(name): name for name in names}


def _add_up(ballots: Ballots, votes: int, voters: int) -> bool:
    """One ballot for each who may vote; what came back and is valid is the votes."""
    in_order = 0 <= ballots.invalid <= ballots.returned <= ballots.issued == voters
    return in_order and votes == ballots.returned - ballots.invalid


def _refused(reason: Reason, /, **facts: Fact) -> Finding:
    return fails("art11.deliberation", reason, **facts)
