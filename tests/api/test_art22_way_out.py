"""Arts. 21, 22, 26, 28: an approved round is never without a way out. Whatever happens to its names before the decree,
each refusal names a rule under which somebody can act, and the decree follows."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.stages.applications import Applied
from sandbox.stages.awarded import concluded
from sandbox.stages.decision import (
    HOSPITAL,
    OBJECTION,
    Contender,
    Evaluated,
    approve,
    candidates,
    close_objection,
    fix_proposed,
    in_publicity,
    scan_letter,
)
from sandbox.stages.parties import Registered, succeed
from sandbox.stages.qualification import decide_record
from sandbox.world import World, ok
from tests.api.test_art13_facts_of_the_day import ELSEWHERE, approved, change, withdraw
from tests.support.problems import refused


def _objected(world: World, made: Evaluated, applied: Applied) -> None:
    listed = candidates(world, made.round_id)[applied.id]
    body = OBJECTION | {"received_on": listed["published_on"], "letter_reference": "样例收文1号"}
    letter = ok(world.office.post(f"/v1/candidates/{listed['id']}/letters", body), 201)
    scan_letter(world, letter["objection_id"])


def _moved(world: World, made: Evaluated, applied: Applied) -> None:
    change(world, applied, ELSEWHERE)


def _other_form(world: World, made: Evaluated, applied: Applied) -> None:
    change(world, applied, {"legal_form": "branch"})


def _flagged(world: World, made: Evaluated, applied: Applied) -> None:
    """Its code is that of a company: a person decides whether it is what it says."""
    change(world, applied, {"legal_form": "farmers_cooperative"})


def _accident(world: World, made: Evaluated, applied: Applied) -> None:
    body = {
        "category": "fatal_accident",
        "fact": "样例事故",
        "source": "应急管理局",
        "basis": "样例文书",
        "occurred_on": world.clock.today.isoformat(),
    }
    ok(world.office.post(f"/v1/applications/{applied.id}/adverse-records", body), 201)


TROUBLES: list[Callable[[World, Evaluated, Applied], None]] = [
    _objected,
    _moved,
    _other_form,
    _flagged,
    _accident,
]


def issue(world: World, round_id: str, **changes: Any) -> Any:
    """The decree of today."""
    today = world.clock.today.isoformat()
    body = {"number": f"会府字〔{today[:4]}〕12号", "dated": today} | changes
    return world.government.post(f"/v1/rounds/{round_id}/decree", body)


class Walk:
    """Who can act acts on what the refusal says, and on nothing else."""

    def __init__(self, world: World, made: Evaluated, choose: random.Random) -> None:
        self.world, self.made, self.choose = world, made, choose
        self.steps: list[str] = []

    def to_the_decree(self) -> dict[str, Any]:
        for _ in range(30):
            answer = issue(self.world, self.made.round_id)
            if answer.status_code == 201:
                return answer.json()  # type: ignore[no-any-return]
            problem = refused(answer, 422, "rule_refused")
            self.resolve(problem["violations"][0])
        raise AssertionError(f"no way out after {self.steps}")

    def resolve(self, violation: dict[str, Any]) -> None:
        rule, facts = violation["rule"], violation["facts"]
        self.steps.append(f"{rule}: {violation['reason']}")
        applied = self.named(facts)
        if violation["reason"] == "objection_open":
            for key in facts["objections"]:
                close_objection(self.world, key, self.choose.choice(["upheld", "dismissed"]))
        elif rule == "art13.6.record" and violation["outcome"] == "needs_decision":
            self.decide_records(applied)
        elif violation["outcome"] == "needs_decision":
            outcome = self.choose.choice(["pass", "fail"])
            verdict = {"rule": rule, "outcome": outcome, "reason": "样例", "evidence": "样例"}
            path = f"/v1/applications/{applied.id}/condition-decisions"
            ok(self.world.office.post(path, {"decisions": [verdict]}), 201)
        else:
            assert ok(withdraw(self.world, self.award(applied), rule))["withdrawn_ground"] == rule

    def named(self, facts: dict[str, Any]) -> Applied:
        def name(item: Applied) -> str:
            return str(ok(item.applicant.get(f"/v1/organisations/{item.organisation_id}"))["name"])

        return next(item for item in self.made.applied if name(item) == facts["organisation"])

    def award(self, applied: Applied) -> str:
        awards = ok(self.world.government.get(f"/v1/rounds/{self.made.round_id}/approval"))["awards"]
        return next(str(item["id"]) for item in awards if item["application_id"] == applied.id)

    def decide_records(self, applied: Applied) -> None:
        for record in ok(self.world.office.get(f"/v1/applications/{applied.id}/adverse-records"))["items"]:
            if record["finding"] == "open":
                ok(applied.applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例陈述"}))
                ok(decide_record(self.world, record, attributable=self.choose.choice([True, False])))


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("seed", [1, 2])
def test_art22_each_trouble_has_its_way_out(
    world: World, trouble: Callable[[World, Evaluated, Applied], None], seed: int
) -> None:
    made, _ = approved(world)
    trouble(world, made, made.applied[0])
    refused(issue(world, made.round_id), 422, "rule_refused")
    walk = Walk(world, made, random.Random(seed))
    assert walk.to_the_decree()["round_state"] == "concluded"
    assert walk.steps


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_art22_whatever_happens_together_there_is_a_way_out(world: World, seed: int) -> None:
    choose = random.Random(seed)
    made, _ = approved(world, Contender(score="800"), Contender(score="700"), Contender(sector=HOSPITAL))
    for applied in made.applied:
        for trouble in choose.sample(TROUBLES, choose.randint(0, 3)):
            trouble(world, made, applied)
    told = Walk(world, made, choose).to_the_decree()
    assert told["round_state"] == "concluded"
    assert len(told["awards"]) <= 3


def test_art21_an_objection_upheld_after_the_approval_withdraws_the_name(world: World) -> None:
    made, awards = approved(world, Contender(score="800"), Contender(score="700"))
    award_id = awards[made.ids[0]]["id"]
    refused(withdraw(world, award_id, "art21.objections"), 422, "rule_refused", "art21.objections")
    _objected(world, made, made.applied[0])
    # Open, it is closed first, or its name is left to a later decree.
    still = refused(issue(world, made.round_id), 422, "rule_refused", "art21.objections")
    (told,) = still["violations"]
    assert (told["reason"], told["facts"]["next_act"]) == ("objection_open", "decide_objection")
    assert "deferred" in told["remedy_zh"] and "deferred" in told["remedy_en"]
    refused(withdraw(world, award_id, "art21.objections"), 422, "rule_refused", "art21.objections")
    found = ok(world.office.get("/v1/objections"))["items"][0]
    assert close_objection(world, found["id"], "upheld")["state"] == "upheld"
    out = refused(issue(world, made.round_id), 422, "rule_refused", "art21.objections")
    (told,) = out["violations"]
    assert (told["facts"]["next_act"], told["facts"]["next_by"]) == ("withdraw_award", ["government"])
    assert "授奖前取消" in told["remedy_zh"] and "县政府" in told["remedy_zh"]
    refused(withdraw(world, awards[made.ids[1]]["id"], "art21.objections"), 422, "rule_refused", "art21.objections")
    told = ok(withdraw(world, award_id, "art21.objections"))
    assert (told["state"], told["withdrawn_ground"]) == ("withdrawn", "art21.objections")
    assert [item["id"] for item in ok(issue(world, made.round_id), 201)["awards"]] == [awards[made.ids[1]]["id"]]
    assert ok(world.public.get("/v1/exclusions"))["items"] == []


@pytest.mark.parametrize("outcome", ["pass", "fail"])
def test_art13_1_what_a_later_day_leaves_open_is_decided_then(world: World, outcome: str) -> None:
    made, awards = approved(world)
    rule, award_id = "art13.1.legal_person", awards[made.ids[0]]["id"]
    path = f"/v1/applications/{made.ids[0]}/condition-decisions"
    verdict = {"rule": rule, "outcome": outcome, "reason": "样例：已实地核查", "evidence": "样例"}
    # Nothing is open: there is nothing to decide.
    refused(world.office.post(path, {"decisions": [verdict]}), 422, "rule_refused", rule)
    other = verdict | {"rule": "art12.jurisdiction"}
    refused(world.office.post(path, {"decisions": [other]}), 422, "rule_refused", "art12.jurisdiction")
    _flagged(world, made, made.applied[0])
    refused(issue(world, made.round_id), 422, "rule_refused", rule)
    refused(withdraw(world, award_id, rule), 422, "rule_refused", "art13.1.legal_person")
    ok(world.office.post(path, {"decisions": [verdict]}), 201)
    if outcome == "fail":
        refused(issue(world, made.round_id), 422, "rule_refused", rule)
        ok(withdraw(world, award_id, rule))
    assert ok(issue(world, made.round_id), 201)["round_state"] == "concluded"
    refused(world.office.post(path, {"decisions": [verdict]}), 409, "wrong_state")


def test_art06_an_earlier_award_that_comes_to_light_bars_by_its_interval(world: World) -> None:
    past = concluded(world, {}, year=2022, ordinal=1, decreed_on="2022-06-03", decree_number="会府字〔2022〕1号")
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    fix_proposed(world, made.round_id)
    awards = {item["application_id"]: item for item in approve(world, made.round_id)["awards"]}
    now = Registered(made.applied[0].organisation_id, made.applied[0].applicant)
    before = Registered(past.winners[0].organisation_id, past.winners[0].applicant)
    succeed(world, now, before)
    refused(issue(world, made.round_id), 422, "rule_refused", "art06.interval")
    assert ok(withdraw(world, awards[made.ids[0]]["id"], "art06.interval"))["withdrawn_ground"] == "art06.interval"
    assert len(ok(issue(world, made.round_id), 201)["awards"]) == 1
