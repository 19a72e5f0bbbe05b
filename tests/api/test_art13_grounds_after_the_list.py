"""Arts. 4, 13, 21, 26: every ground on which a name leaves a round can be met as long as the round runs: what a person
has decided is decided anew, a withdrawn credential is known by its number however it is written, and a name is taken
off under a rule that is shown."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.stages.applications import Applied
from sandbox.stages.decision import (
    Contender,
    after_publicity,
    approve,
    candidates,
    decree,
    deliberate,
    evaluated_round,
    fix_proposed,
    in_publicity,
    publication,
    publish,
)
from sandbox.world import World, ok
from tests.api.test_applications_renewals import decide, hand_in
from tests.api.test_art13_facts_of_the_day import approved, decree_refused, remove, withdraw
from tests.support.problems import refused

OF_A_PERSON = ["art13.2.compliance", "art13.4.leading", "art13.5.distinctive", "art04.merit"]


def verdict(world: World, application_id: str, rule: str, outcome: str) -> Any:
    """The office decides one condition."""
    body = {"rule": rule, "outcome": outcome, "reason": "样例：新查明的事实", "evidence": "样例：核查记录"}
    return world.office.post(f"/v1/applications/{application_id}/condition-decisions", {"decisions": [body]})


@pytest.mark.parametrize("rule", OF_A_PERSON)
def test_art13_art04_what_a_person_decided_is_decided_anew_during_the_publicity(world: World, rule: str) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    refused(remove(world, made.ids[0], rule), 422, "rule_refused", rule)
    ok(verdict(world, made.ids[0], rule, "fail"), 201)
    after_publicity(world, made.round_id)
    path = f"/v1/rounds/{made.round_id}/proposed-list"
    listed = {key: item["id"] for key, item in candidates(world, made.round_id).items()}
    told = ok(world.office.post(path), 201)
    # It holds its own name, and is proposed by nobody as long as the decision stands.
    assert [item["id"] for item in told["names"]] == [listed[made.ids[1]]]
    assert [item["id"] for item in told["waiting"]] == [listed[made.ids[0]]]
    refused(world.office.post(path), 422, "rule_refused", rule)
    refused(remove(world, made.ids[1], rule), 422, "rule_refused", rule)
    assert ok(remove(world, made.ids[0], rule))["closed_rule"] == rule
    told = ok(world.office.get(path))
    assert (len(told["names"]), told["waiting"]) == (1, [])


@pytest.mark.parametrize("rule", OF_A_PERSON)
def test_art22_what_a_person_decided_is_decided_anew_before_the_decree(world: World, rule: str) -> None:
    made, awards = approved(world, Contender(score="800"), Contender(score="700"))
    first = awards[made.ids[0]]["id"]
    refused(withdraw(world, first, rule), 422, "rule_refused", rule)
    ok(verdict(world, made.ids[0], rule, "fail"), 201)
    decree_refused(world, made.round_id, rule)
    # It may turn out otherwise once more: the last decision counts.
    ok(verdict(world, made.ids[0], rule, "pass"), 201)
    refused(withdraw(world, first, rule), 422, "rule_refused", rule)
    ok(verdict(world, made.ids[0], rule, "fail"), 201)
    assert ok(withdraw(world, first, rule))["withdrawn_ground"] == rule
    assert len(decree(world, made.round_id)["awards"]) == 1
    refused(verdict(world, made.ids[1], rule, "fail"), 409, "wrong_state")


def test_art04_merit_is_the_reviews_to_find_first(world: World) -> None:
    made = evaluated_round(world, Contender())
    refused(verdict(world, made.ids[0], "art04.merit", "pass"), 422, "rule_refused", "art04.merit")
    deliberate(world, made.round_id)
    ok(verdict(world, made.ids[0], "art04.merit", "pass"), 201)


def number_of(world: World, applied: Applied) -> str:
    content = ok(world.office.get(f"/v1/applications/{applied.id}"))["content"]
    return str(content["certificates"][0]["number"])


def withdrawn(world: World, applied: Applied, number: str) -> Any:
    """The office records that a certificate was withdrawn."""
    body = {
        "category": "other_violation",
        "fact": "样例：认证机构公告撤销证书",
        "source": "市场监督管理局",
        "basis": "样例公告",
        "determined_on": world.clock.today.isoformat(),
        "credential_kind": "certificate",
        "credential_number": number,
    }
    return world.office.post(f"/v1/applications/{applied.id}/adverse-records", body)


WRITINGS: list[Callable[[str], str]] = [
    str,
    str.lower,
    lambda number: number.replace("-", ""),
    lambda number: number.replace("-", "—"),
    lambda number: number.replace("-", " - "),
    lambda number: number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}),
]


@pytest.mark.parametrize("written", WRITINGS)
def test_art13_3_a_withdrawn_certificate_is_known_however_its_number_is_written(
    world: World, written: Callable[[str], str]
) -> None:
    made = in_publicity(world, Contender())
    (one,) = made.applied
    refused(remove(world, one.id, "art13.3.certified"), 422, "rule_refused", "art13.3.certified")
    record = ok(withdrawn(world, one, written(number_of(world, one))), 201)
    ok(one.applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例陈述"}))
    decision = {"finding": "confirmed", "severity": "does_not_bar", "reason": "样例"}
    ok(world.office.post(f"/v1/adverse-records/{record['id']}/decision", decision))
    assert ok(remove(world, one.id, "art13.3.certified"))["closed_rule"] == "art13.3.certified"


@pytest.mark.parametrize("number", ["NO-SUCH", "—"])
def test_art13_3_a_number_that_the_application_does_not_list_is_refused(world: World, number: str) -> None:
    made = in_publicity(world, Contender())
    (one,) = made.applied
    told = refused(withdrawn(world, one, number), 422, "rule_refused", "art13.3.certified")
    assert told["violations"][0]["reason"] == "credential_not_listed"
    assert told["violations"][0]["facts"]["numbers"] == [number_of(world, one)]


def test_art21_art26_a_name_is_taken_off_under_a_rule_that_is_shown(world: World) -> None:
    made = evaluated_round(world, Contender(score="800"), Contender(score="700"), Contender(score="600"))
    deliberate(world, made.round_id)
    first, second = publish(world, made.round_id, made.ids[:2])["candidates"]
    path = f"/v1/candidates/{first['id']}/removal"
    today = world.clock.today.isoformat()
    refused(world.office.post(path, {"reason": "样例", "rule": "art26.fraud"}), 422, "invalid")
    refused(world.office.post(path, {"reason": "样例", "rule": "art99.none"}), 422, "invalid")
    for rule in ("art13.3.certified", "art13.1.identity", "exclusions"):
        refused(world.office.post(path, {"reason": "样例", "rule": rule}), 422, "rule_refused", rule)
    refused(world.office.post(path, {"reason": "样例", "rule": "art13.6.higher_award"}), 422, "invalid")
    shown = {"reason": "样例", "rule": "art26.fraud", "evidence": "样例：审计报告系伪造", "found_on": today}
    told = ok(world.office.post(path, shown))["candidates"][0]
    assert (told["state"], told["removed_rule"]) == ("removed", "art26.fraud")
    # It has failed: whoever follows needs no choice. One that was taken off by decision has not.
    adding = {"application_id": made.ids[2], "publication": publication(world.clock.today)}
    ok(world.office.post(f"/v1/rounds/{made.round_id}/candidates?dry_run=true", adding), 201)
    ok(world.office.post(f"/v1/candidates/{second['id']}/removal", {"reason": "样例：集体研究"}))
    refused(world.office.post(f"/v1/rounds/{made.round_id}/candidates", adding), 422, rule="art20.evaluation")


@pytest.mark.parametrize("handed_in", ["before", "after"])
def test_art13_4_art22_what_ends_between_approval_and_decree_is_renewed(world: World, handed_in: str) -> None:
    ends = {"safety": {"level": 3, "certificate_number": "SAMPLE-S-1", "valid_to": "2024-06-03"}}
    made = in_publicity(world, Contender(content=ends))
    fix_proposed(world, made.round_id)
    renewal = ok(hand_in(made.applied[0], "safety"), 201) if handed_in == "before" else {}
    approve(world, made.round_id)
    world.clock.go("2024-06-04")
    decree_refused(world, made.round_id, "art13.4.safety")
    renewal = renewal or ok(hand_in(made.applied[0], "safety"), 201)
    decree_refused(world, made.round_id, "art13.4.safety")
    ok(decide(world, renewal["id"]))
    assert len(decree(world, made.round_id)["awards"]) == 1
    refused(hand_in(made.applied[0], "safety"), 409)


def test_art21_a_public_removal_is_no_removal_from_the_round(world: World) -> None:
    made = in_publicity(world, Contender())
    path = f"/v1/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/removal"
    ok(world.office.post(path, {"reason": "样例：集体研究"}))
    assert ok(world.office.get(f"/v1/applications/{made.ids[0]}"))["state"] == "evaluated"
