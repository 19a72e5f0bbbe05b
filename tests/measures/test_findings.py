"""What rules answer and how they are entered: findings, registry, state machines."""

from __future__ import annotations

from enum import StrEnum

import pytest

from app.measures import registry
from app.measures.catalogue import CATALOGUE, Kind, article_of
from app.measures.findings import Outcome, fails, failures, left_by, needs_decision, obstacles, passes
from app.measures.reasons import Reason
from app.measures.registry import functions_of, rule
from app.measures.roles import Role
from app.measures.state_machines import (
    APPLICATION,
    DECIDED_APPLICATION_STATES,
    LIVE_APPLICATION_STATES,
    LIVE_ROUND_STATES,
    OBJECTION,
    OPEN_OBJECTION_STATES,
    ROUND,
    STATE_MACHINES,
    Transition,
)
from app.measures.state_machines.machine import act
from app.measures.text import Text


def test_a_finding_tells_rule_article_outcome_facts_and_cure() -> None:
    finding = fails("art21.proposed", Reason.NOT_PUBLICISED, organisation="甲")
    assert (finding.rule, finding.article, finding.outcome) == ("art21.proposed", "21", Outcome.FAIL)
    assert finding.message == Text("该组织未经公示", "The organisation was not publicised")
    assert finding.remedy == Text("先行公示并满公示期", "Publicise it for its full period first")
    assert dict(finding.facts) == {"organisation": "甲"}
    assert passes("art13.1.local", Reason.RECORDED_AS_MET).article == "13(1)"


def test_failures_refuse_and_open_decisions_are_obstacles_as_well() -> None:
    met = passes("art04.merit", Reason.RECORDED_AS_MET)
    open_one = needs_decision("art04.merit", Reason.NOT_RECORDED)
    refused = fails("art04.merit", Reason.RECORDED_AS_NOT_MET)
    assert failures([met, open_one, refused]) == [refused]
    assert obstacles([met, open_one, refused]) == [open_one, refused]


def test_an_unknown_rule_id_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        passes("art99.nothing", Reason.RECORDED_AS_MET)
    with pytest.raises(LookupError, match=r"art99\.nothing"):
        rule("art99.nothing")


def test_a_declaratory_rule_has_no_function() -> None:
    assert functions_of("art01.purpose") == ()
    assert functions_of("art99.nothing") == ()


def test_a_rule_knows_its_article_by_number() -> None:
    assert CATALOGUE["art13.6.record"].number == 13
    assert CATALOGUE["exclusions"].number == 28
    assert CATALOGUE["art13.6.record"].kind is Kind.EH


@pytest.mark.parametrize("name", sorted(STATE_MACHINES))
def test_every_state_machine_is_closed_and_guarded_by_rules_of_the_catalogue(name: str) -> None:
    machine = STATE_MACHINES[name]
    assert set(machine.initial) <= set(machine.states)
    reached = set(machine.initial)
    for transition in machine.transitions:
        assert set(transition.sources) <= set(machine.states)
        assert transition.target is None or transition.target in machine.states
        assert {transition.rule, *transition.guards} <= set(CATALOGUE)
        assert transition.roles or transition.operator
        reached |= {transition.target or transition.sources[0]}
    assert reached == set(machine.states)
    for text in machine.states.values():
        assert text.zh
        assert text.en


def test_an_act_leads_to_its_target_or_stays() -> None:
    assert ROUND.transition("publish_call").next_state("draft") == "called"
    assert ROUND.transition("extend_deadline").next_state("called") == "called"
    assert ROUND.terminal == {"concluded", "cancelled"}
    assert APPLICATION.terminal == {"not_qualified", "withdrawn", "removed"}


def test_named_groups_of_states_are_states() -> None:
    assert set(ROUND.states) > LIVE_ROUND_STATES > {"called", "approved"}
    assert set(APPLICATION.states) > LIVE_APPLICATION_STATES > DECIDED_APPLICATION_STATES - {"not_shortlisted"}
    assert set(OBJECTION.states) > OPEN_OBJECTION_STATES


def test_a_function_is_entered_under_each_of_its_rules_in_order_and_given_back() -> None:
    known = {rule_id: functions_of(rule_id) for rule_id in ("art25.sharing", "art01.purpose")}
    assert known["art01.purpose"] == ()

    def decides() -> None:
        pass

    try:
        assert rule("art25.sharing", "art01.purpose")(decides) is decides
        assert functions_of("art25.sharing") == (*known["art25.sharing"], decides)
        assert functions_of("art01.purpose") == (decides,)
    finally:
        registry._FUNCTIONS["art25.sharing"].remove(decides)
        del registry._FUNCTIONS["art01.purpose"]
    assert {rule_id: functions_of(rule_id) for rule_id in known} == known


class Place(StrEnum):
    HERE = "here"
    THERE = "there"
    AWAY = "away"


def test_a_line_of_a_table_is_read_as_it_is_written() -> None:
    made = act(
        "go",
        "art06.cycle",
        [Place.HERE, Place.THERE],
        Place.AWAY,
        (Role.OFFICE, Role.AUDITOR),
        "art06.seats",
        "art06.vacancy",
    )
    assert made == Transition(
        "go",
        "art06.cycle",
        (Place.HERE, Place.THERE),
        Place.AWAY,
        frozenset({Role.OFFICE, Role.AUDITOR}),
        ("art06.seats", "art06.vacancy"),
        reopens=False,
    )
    after = made.next_state("here")
    assert after is Place.AWAY
    assert act("stay", "art06.cycle", [Place.HERE], None, ()).next_state("here") == "here"
    assert act("back", "art06.cycle", [Place.AWAY], Place.HERE, (), reopens=True).reopens


def test_a_machine_names_every_state_of_its_enumeration_and_no_other() -> None:
    for machine in STATE_MACHINES.values():
        (enumeration,) = {type(state) for state in machine.states if isinstance(state, StrEnum)}
        assert [*enumeration] == [*machine.states]


def test_what_refuses_names_the_act_that_comes_next_and_whose_it_is() -> None:
    by_data = fails("art03.recommendation", Reason.NOT_ENDORSED)
    assert dict(by_data.facts) == {"next_act": "request_recommendation", "next_by": ["applicant"]}
    by_rule = needs_decision("art03.recommendation", Reason.NOT_ENDORSED, next_act="decide", object="revocation")
    assert (by_rule.facts["next_act"], by_rule.facts["next_by"]) == ("decide", ["government"])
    # The rule itself says that nothing comes next.
    assert dict(fails("art03.recommendation", Reason.NOT_ENDORSED, next_act=None).facts) == {"next_act": None}
    assert dict(fails("art21.objections", Reason.DISMISSED_WITHOUT_REASON, organisation="x").facts) == {
        "organisation": "x"
    }
    # What passes has nothing before it.
    assert dict(passes("art03.recommendation", Reason.NOT_ENDORSED).facts) == {}
    # A word under a rule is for this rule alone, and may say that nothing is named.
    under = {rule: fails(rule, Reason.UNDECIDED, subject="merit").facts.get("next_act") for rule in _UNDECIDED}
    assert under == _UNDECIDED


_UNDECIDED = {"art04.merit": "record_deliberation", "art13.5.distinctive": "decide_conditions", "art28.grounds": None}


def test_a_refusal_that_names_no_act_names_the_one_by_which_its_name_leaves() -> None:
    nameless = fails("art03.recommendation", Reason.NOT_ENDORSED, next_act=None)
    named = fails("art13.6.record", Reason.REPLY_AWAITED, category="other_violation", reply_due_at="2024-05-06")
    held = passes("art03.recommendation", Reason.NOT_ENDORSED)
    told = left_by([nameless, named, held], "withdraw_award")
    assert [item.facts.get("next_act") for item in told] == ["withdraw_award", "reply_to_adverse_record", None]
    assert told[0].facts["next_by"] == ["government"] and told[1:] == [named, held]


def test_the_article_of_a_rule_and_of_none() -> None:
    assert (article_of("art13.6.record"), article_of(None)) == ("13(6)", None)
