"""Art. 11: the committee deliberates between evaluation and publicity; verification and merit are recorded before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from app.measures.deliberation import Conclusion, DeliberationFacts, deliberation_complete
from app.measures.office_duties import recorded_before_candidates
from app.measures.text import Text
from tests.measures.procedure_samples import RULES, decided, only, outcomes, refused, rules

RULE = "art11.deliberation"
MEMBERS = tuple(f"委员{index}" for index in range(1, 8))
YES = Conclusion("甲", True, "同意列为候选", votes_for=5, votes_against=0, abstentions=1)
NO = Conclusion("乙", False, "特色不足", votes_for=3, votes_against=2, abstentions=1)
MEETING = DeliberationFacts(
    held_on=date(2024, 9, 2),
    evaluated_on=date(2024, 9, 2),
    members=MEMBERS,
    present=MEMBERS[:6],
    evaluated=("甲", "乙"),
    conclusions=(YES, NO),
)


def test_a_whole_deliberation_names_who_was_recommended() -> None:
    finding = only(deliberation_complete(facts=MEETING, rules=RULES), RULE, "pass")
    assert dict(finding.facts) == {"held_on": "2024-09-02", "present": 6, "members": 7, "recommended": ["甲"]}


@pytest.mark.parametrize(
    ("held_on", "message"),
    [(None, "committee_not_met"), (date(2024, 9, 1), "meeting_before_evaluation")],
)
def test_the_committee_meets_after_the_evaluation(held_on: date | None, message: str) -> None:
    assert refused(deliberation_complete(facts=replace(MEETING, held_on=held_on), rules=RULES), RULE) == [message]


@pytest.mark.parametrize(
    ("present", "quorate"), [(MEMBERS[:5], True), (MEMBERS[:4], False), ((), False), (MEMBERS, True)]
)
def test_the_quorum_is_the_rules_share_of_the_committee(present: tuple[str, ...], quorate: bool) -> None:
    # Two thirds of seven members is more than four and less than five.
    facts = replace(MEETING, present=present)
    messages = refused(deliberation_complete(facts=facts, rules=rules(votes_required=False)), RULE)
    assert messages == ([] if quorate else ["quorum_missing"])


def test_the_quorum_is_reached_at_the_share() -> None:
    own = rules(committee_size=6, votes_required=False)
    facts = replace(MEETING, members=MEMBERS[:6], present=MEMBERS[:4])
    only(deliberation_complete(facts=facts, rules=own), RULE, "pass")
    finding = only(deliberation_complete(facts=replace(facts, present=MEMBERS[:3]), rules=own), RULE, "fail")
    assert (finding.facts["present"], finding.facts["members"], finding.facts["quorum"]) == (3, 6, "2/3")


@pytest.mark.parametrize("members", [MEMBERS[:6], (*MEMBERS, "委员8"), (*MEMBERS[:6], MEMBERS[0])])
def test_the_committee_is_composed_as_the_rules_say(members: tuple[str, ...]) -> None:
    findings = deliberation_complete(facts=replace(MEETING, members=members), rules=RULES)
    assert refused(findings, RULE) == ["committee_size_wrong"]


@pytest.mark.parametrize(
    ("present", "outsiders"), [((*MEMBERS[:5], "旁听"), ["旁听"]), ((*MEMBERS[:5], MEMBERS[0]), [])]
)
def test_the_attendance_lists_members_each_once(present: tuple[str, ...], outsiders: list[str]) -> None:
    finding = only(deliberation_complete(facts=replace(MEETING, present=present), rules=RULES), RULE, "fail")
    assert finding.facts["outsiders"] == outsiders


@pytest.mark.parametrize(
    ("conclusions", "message", "names"),
    [
        ((YES,), "conclusion_missing", ["乙"]),
        ((YES, NO, replace(NO, organisation="丙")), "conclusion_surplus", ["丙"]),
        ((YES, YES, NO), "conclusion_repeated", ["甲"]),
    ],
)
def test_every_evaluated_organisation_has_one_conclusion(
    conclusions: tuple[Conclusion, ...], message: str, names: list[str]
) -> None:
    finding = only(deliberation_complete(facts=replace(MEETING, conclusions=conclusions), rules=RULES), RULE, "fail")
    assert (finding.reason, finding.facts["organisations"]) == (message, names)


@pytest.mark.parametrize(
    ("conclusion", "message"),
    [
        (replace(YES, votes_for=4, abstentions=2), None),
        (replace(YES, votes_for=3, abstentions=3), "conclusion_contradicts_vote"),
        (replace(YES, recommended=False), "conclusion_contradicts_vote"),
        (replace(YES, recommended=False, votes_for=4, abstentions=2), "conclusion_contradicts_vote"),
        (replace(YES, recommended=False, votes_for=3, votes_against=3, abstentions=0), None),
        (replace(YES, abstentions=2), "votes_wrong"),
        (replace(YES, abstentions=0), "votes_wrong"),
        (replace(YES, votes_for=7, votes_against=-1, abstentions=0), "votes_wrong"),
        (replace(YES, reason=" "), "conclusion_without_reason"),
    ],
)
def test_the_conclusion_follows_the_vote_by_the_rules_majority(conclusion: Conclusion, message: str | None) -> None:
    findings = deliberation_complete(facts=replace(MEETING, conclusions=(conclusion, NO)), rules=RULES)
    assert refused(findings, RULE) == ([] if message is None else [message])
    if message:
        assert findings[0].facts["organisation"] == "甲"


def test_votes_are_not_asked_for_where_the_rules_do_not() -> None:
    facts = replace(MEETING, conclusions=(Conclusion("甲", True, "同意"), Conclusion("乙", False, "不同意")))
    only(deliberation_complete(facts=facts, rules=rules(votes_required=False)), RULE, "pass")
    own = rules(votes_required=False, quorum=Fraction(1))
    assert refused(deliberation_complete(facts=facts, rules=own), RULE) == ["quorum_missing"]
    nameless = replace(facts, conclusions=(Conclusion("甲", True, ""), facts.conclusions[1]))
    assert refused(deliberation_complete(facts=nameless, rules=rules(votes_required=False)), RULE) == [
        "conclusion_without_reason",
    ]


def test_everything_wrong_with_a_meeting_is_told() -> None:
    facts = replace(MEETING, held_on=None, members=(), present=(), conclusions=())
    assert len(refused(deliberation_complete(facts=facts, rules=RULES), RULE)) == 4


@pytest.mark.parametrize("missing", ["decided_by", "evidence", "reason"])
def test_a_finding_that_does_not_say_who_why_and_on_what_evidence_is_open(missing: str) -> None:
    decisions = {rule_id: decided(rule_id) for rule_id in ("art11.verification", "art04.merit")}
    decisions["art11.verification"] = decided("art11.verification", **{missing: " "})
    first, second = recorded_before_candidates(organisations=["甲"], decisions={"甲": decisions})
    assert (first.outcome.value, second.outcome.value) == ("needs_decision", "pass")
    assert first.message == Text("认定记录不完整", "The finding is not fully recorded")
    assert first.remedy == Text("补充认定人、证据和理由", "State who decided, on what evidence and why")
    assert (first.facts["missing"], first.facts["organisation"]) == ([missing], "甲")


def test_verification_and_merit_are_recorded_for_each_before_the_candidate_list() -> None:
    decisions = {
        "甲": {"art11.verification": decided("art11.verification"), "art04.merit": decided("art04.merit", "fail")},
        "乙": {"art04.merit": decided("art04.merit")},
    }
    findings = recorded_before_candidates(organisations=["甲", "乙", "丙"], decisions=decisions)
    assert [(item.facts["organisation"], item.rule, item.outcome.value) for item in findings] == [
        ("甲", "art11.verification", "pass"),
        ("甲", "art04.merit", "fail"),
        ("乙", "art11.verification", "needs_decision"),
        ("乙", "art04.merit", "pass"),
        ("丙", "art11.verification", "needs_decision"),
        ("丙", "art04.merit", "needs_decision"),
    ]
    assert findings[0].facts["decided_by"] == "office-1"
    assert findings[1].facts["reason"] == "经核实"
    assert findings[2].remedy is not None
    assert outcomes(recorded_before_candidates(organisations=[], decisions=decisions)) == []


def test_a_member_with_an_interest_withdraws_and_has_no_vote() -> None:
    withdrawn = replace(YES, votes_for=4, abstentions=2, recused=MEMBERS[:1])
    facts = replace(MEETING, present=MEMBERS, conclusions=(withdrawn, replace(NO, votes_against=3)))
    # Four of the six who may vote are two thirds; four of seven would not be.
    only(deliberation_complete(facts=facts, rules=RULES), RULE, "pass")
    all_six = replace(MEETING, conclusions=(replace(YES, recused=MEMBERS[:1]), NO))
    (finding,) = deliberation_complete(facts=all_six, rules=RULES)
    assert finding.reason == "votes_wrong"
    assert (finding.facts["votes"], finding.facts["present"]) == ([5, 0, 1], 6)
    assert finding.facts["recused"] == [MEMBERS[0]]


@pytest.mark.parametrize("recused", [("外人",), (MEMBERS[6],), (MEMBERS[0], MEMBERS[0])])
def test_only_members_who_are_present_withdraw_each_once(recused: tuple[str, ...]) -> None:
    concluded = replace(YES, recused=recused)
    facts = replace(MEETING, conclusions=(concluded, NO))
    messages = refused(deliberation_complete(facts=facts, rules=rules(votes_required=False)), RULE)
    assert messages == ["withdrawn_wrong"]


@pytest.mark.parametrize("votes_required", [True, False])
def test_where_nobody_is_left_to_vote_nobody_is_recommended(votes_required: bool) -> None:
    own = rules(votes_required=votes_required)
    nobody = replace(YES, votes_for=0, abstentions=0, recused=MEETING.present)
    messages = refused(deliberation_complete(facts=replace(MEETING, conclusions=(nobody, NO)), rules=own), RULE)
    assert "nobody_may_vote" in messages
    left_out = replace(nobody, recommended=False)
    only(deliberation_complete(facts=replace(MEETING, conclusions=(left_out, NO)), rules=own), RULE, "pass")


@pytest.mark.parametrize("votes_required", [True, False])
@pytest.mark.parametrize(
    ("size", "present", "withdrawn", "quorate"),
    [(7, 7, 2, True), (7, 7, 3, False), (7, 5, 1, False), (7, 5, 4, False), (6, 5, 1, True), (6, 5, 2, False)],
)
def test_those_who_may_vote_are_a_quorum_of_the_whole_committee(
    votes_required: bool, size: int, present: int, withdrawn: int, quorate: bool
) -> None:
    own = rules(votes_required=votes_required, committee_size=size)
    for_it = Conclusion("甲", True, "同意", votes_for=present - withdrawn, recused=MEMBERS[:withdrawn])
    facts = replace(
        MEETING, members=MEMBERS[:size], present=MEMBERS[:present], evaluated=("甲",), conclusions=(for_it,)
    )
    findings = deliberation_complete(facts=facts, rules=own)
    if quorate:
        only(findings, RULE, "pass")
    else:
        assert dict(only(findings, RULE, "fail").facts) == {
            "organisation": "甲",
            "present": present,
            "members": size,
            "quorum": "2/3",
            "recused": list(MEMBERS[:withdrawn]),
        }
        assert refused(findings, RULE) == ["quorum_missing"]
    # Votes without a quorum carry nothing; those with one cannot be passed over.
    left_out = deliberation_complete(facts=replace(facts, conclusions=(replace(for_it, recommended=False),)), rules=own)
    passed_over = quorate and votes_required
    assert refused(left_out, RULE) == (["conclusion_contradicts_vote"] if passed_over else [])


def test_without_a_quorum_the_votes_are_still_asked() -> None:
    against = Conclusion("甲", True, "同意", votes_against=4, recused=MEMBERS[:2])
    facts = replace(MEETING, evaluated=("甲",), conclusions=(against,))
    assert refused(deliberation_complete(facts=facts, rules=RULES), RULE) == [
        "quorum_missing",
        "conclusion_contradicts_vote",
    ]


def test_a_meeting_without_a_quorum_is_told_of_once() -> None:
    for_it = Conclusion("甲", True, "同意", votes_for=3, recused=MEMBERS[:1])
    facts = replace(MEETING, present=MEMBERS[:4], evaluated=("甲",), conclusions=(for_it,))
    (found,) = deliberation_complete(facts=facts, rules=RULES)
    assert (found.reason, "recused" in found.facts) == ("quorum_missing", False)


def spelled(name: str) -> str:
    """The same name as somebody else types it."""
    return f"{name[:1]} \u3000{name[1:]}"


def test_one_person_is_one_member_however_the_name_is_typed() -> None:
    twice = replace(MEETING, members=(*MEMBERS[:6], spelled(MEMBERS[0])))
    assert refused(deliberation_complete(facts=twice, rules=RULES), RULE) == ["committee_size_wrong"]
    there_twice = replace(MEETING, present=(*MEMBERS[:5], spelled(MEMBERS[0])))
    assert refused(deliberation_complete(facts=there_twice, rules=RULES), RULE) == ["attendance_wrong"]
    typed = replace(
        MEETING,
        present=tuple(map(spelled, MEMBERS[:6])),
        chair=spelled(MEMBERS[0]),
        offices=(spelled(MEMBERS[1]),),
        conclusions=(replace(YES, votes_for=5, abstentions=0, recused=(MEMBERS[2],)), NO),
    )
    only(deliberation_complete(facts=typed, rules=RULES), RULE, "pass")
    two_offices = replace(MEETING, chair=MEMBERS[0], offices=(spelled(MEMBERS[0]),))
    assert refused(deliberation_complete(facts=two_offices, rules=RULES), RULE) == ["office_not_of_a_member"]
