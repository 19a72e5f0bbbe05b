"""Art. 13, 22, 26: whoever asks for an act under one of many rules is refused under that rule where the state does not
permit it; fraud is cited where somebody spoke of fraud."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.stages.applications import apply
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import Contender, candidates, in_publicity
from sandbox.stages.qualification import decide_conditions
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import approved, remove, withdraw
from tests.support.problems import refused

GROUNDS = ["art26.fraud", "art13.4.safety", "art13.1.local", "exclusions"]


def cited(answer: Any, act: str) -> tuple[str, str]:
    """The rule of a refusal by state, and its reason; it names the act that was asked for."""
    (found,) = refused(answer, 409, "wrong_state")["violations"]
    assert found["facts"]["act"] == act
    return found["rule"], found["reason"]


@pytest.mark.parametrize("ground", GROUNDS)
def test_art13_a_removal_of_one_that_is_out_cites_the_ground_that_was_named(world: World, ground: str) -> None:
    applied = apply(world, open_round(world))
    ok(remove(world, applied.id, "art26.fraud"))
    assert cited(remove(world, applied.id, ground), "remove") == (ground, "state_final")


@pytest.mark.parametrize("ground", GROUNDS)
def test_art22_a_withdrawal_of_one_that_is_out_cites_the_ground_that_was_named(world: World, ground: str) -> None:
    made, awards = approved(world)
    award_id = awards[made.ids[0]]["id"]
    ok(withdraw(world, award_id, "art26.fraud"))
    assert cited(withdraw(world, award_id, ground), "withdraw_award") == (ground, "state_final")


def test_art22_what_comes_after_the_decree_cites_the_ground_and_names_the_case(world: World) -> None:
    winner = concluded(world, {}).winners[0]
    answer = withdraw(world, winner.award_id, "exclusions")
    assert cited(answer, "withdraw_award") == ("exclusions", "act_replaced")


def test_art10_a_name_that_is_off_the_list_cites_the_rule_that_was_named(world: World) -> None:
    made = in_publicity(world, Contender())
    path = f"/v1/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/removal"
    ok(world.office.post(path, {"reason": "样例：会议决定"}))
    assert cited(world.office.post(path, {"reason": "样例：会议决定"}), "take_off") == ("art10.proposes", "state_final")
    named = {"reason": "样例：伪造", "rule": "art13.4.safety", "evidence": "样例复函"}
    assert cited(world.office.post(path, named), "take_off") == ("art13.4.safety", "state_final")


@pytest.mark.parametrize("rule", ["art13.4.leading", "art13.2.compliance"])
def test_art13_4_a_decision_on_one_that_is_out_cites_the_condition(world: World, rule: str) -> None:
    made = in_publicity(world, Contender())
    ok(remove(world, made.ids[0], "art26.fraud"))
    answer = decide_conditions(world, made.ids[0], "fail", rule)
    assert cited(answer, "decide_conditions") == (rule, "state_final")


def test_art13_6_a_record_of_one_that_is_out_names_its_own_act(world: World) -> None:
    applied = apply(world, open_round(world))
    ok(remove(world, applied.id, "art26.fraud"))
    body = {"category": "fatal_accident", "fact": "样例事故", "source": "应急管理局", "basis": "样例文书"}
    path = f"/v1/applications/{applied.id}/adverse-records"
    answer = world.office.post(path, body | {"occurred_on": world.clock.today.isoformat()})
    assert cited(answer, "add_adverse_record") == ("art13.6.record", "state_final")
