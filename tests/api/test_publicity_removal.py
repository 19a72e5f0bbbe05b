"""Arts. 13(6), 26: out of a running round for fraud, a record, a higher award; before an award it excludes nobody."""

from typing import Any
from uuid import uuid4

import pytest

from sandbox.stages.applications import Applied, apply
from sandbox.stages.decision import Contender, after_publicity, approve, fix_proposed, in_publicity
from sandbox.stages.qualification import decide_record, qualify
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused


def remove(world: World, applied: Applied, ground: str, **more: Any) -> Any:
    """The office removes; answers the response."""
    body = {
        "ground": ground,
        "reason": "样例：已查证属实。",
        "evidence": "样例查证材料",
        "found_on": world.clock.today.isoformat(),
        **more,
    }
    return world.office.post(f"/v1/applications/{applied.id}/removal", body)


def qualified(world: World) -> Applied:
    """A qualified application, on 2024-05-01."""
    round_id = open_round(world)
    applied = apply(world, round_id)
    qualify(world, round_id)
    return applied


def test_fraud_found_before_an_award_removes_from_the_round_and_excludes_nobody(world: World) -> None:
    applied = qualified(world)
    done = ok(remove(world, applied, "art26.fraud"))
    assert (done["state"], done["closed_rule"]) == ("removed", "art26.fraud")
    assert ok(world.public.get("/v1/exclusions"))["items"] == []
    refused(remove(world, applied, "art26.fraud"), 409, "wrong_state")


def test_a_confirmed_record_found_in_mid_round_removes_and_an_open_one_does_not(world: World) -> None:
    applied = qualified(world)
    refused(remove(world, applied, "art13.6.record"), 422, "rule_refused", "art13.6.record")
    body = {
        "category": "tax_dishonesty",
        "fact": "样例",
        "source": "税务局",
        "basis": "样例文书",
        "occurred_on": "2024-04-01",
    }
    record = ok(world.office.post(f"/v1/applications/{applied.id}/adverse-records", body), 201)
    refused(remove(world, applied, "art13.6.record"), 422, "rule_refused", "art13.6.record")
    ok(applied.applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例陈述"}))
    ok(decide_record(world, record))
    assert ok(remove(world, applied, "art13.6.record"))["closed_rule"] == "art13.6.record"


def test_after_the_list_a_decision_on_a_record_is_made_anew_until_the_organisation_is_out(world: World) -> None:
    applied = qualified(world)
    body = {
        "category": "tax_dishonesty",
        "fact": "样例",
        "source": "税务局",
        "basis": "样例文书",
        "occurred_on": "2024-04-01",
    }
    record = ok(world.office.post(f"/v1/applications/{applied.id}/adverse-records", body), 201)
    ok(applied.applicant.post(f"/v1/adverse-records/{record['id']}/reply", {"reply": "样例陈述"}))
    ok(decide_record(world, record, "denied"))
    refused(remove(world, applied, "art13.6.record"), 422, "rule_refused", "art13.6.record")
    assert ok(decide_record(world, record))["finding"] == "confirmed"
    # Each decision stays on record.
    entries = ok(world.auditor.get("/v1/audit-entries?act=decide_adverse_record"))["items"]
    assert [item["details"]["before"]["finding"] for item in entries] == ["denied", "open"]
    # Once the name is taken from the list nothing hangs on it: the decision stands.
    ok(remove(world, applied, "art13.6.record"))
    refused(decide_record(world, record, "denied"), 409, "wrong_state")


@pytest.mark.parametrize(
    ("honour", "removed"),
    [
        ({"level": "municipal_mayor", "kind": "award", "awarded_on": "2024-05-01"}, True),
        ({"level": "provincial_jinggang", "kind": "award", "awarded_on": "2023-01-01", "valid_to": "2024-05-01"}, True),
        (
            {"level": "provincial_jinggang", "kind": "award", "awarded_on": "2020-01-01", "valid_to": "2024-04-30"},
            False,
        ),
        ({"level": "municipal_mayor", "kind": "nomination", "awarded_on": "2024-05-01"}, False),
        ({"level": "other", "kind": "association", "awarded_on": "2024-05-01"}, False),
    ],
)
def test_a_higher_award_won_in_mid_round_removes_while_it_is_valid(
    world: World, honour: dict[str, Any], removed: bool
) -> None:
    answered = remove(world, qualified(world), "art13.6.higher_award", honour=honour)
    if removed:
        assert ok(answered)["state"] == "removed"
    else:
        refused(answered, 422, "rule_refused", "art13.6.higher_award")


def test_what_is_needed_is_named(world: World) -> None:
    applied = qualified(world)
    problem = refused(remove(world, applied, "art13.6.higher_award"), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/honour"
    # What kind of honour it is decides: it is said, not taken for granted.
    honour = {"level": "municipal_mayor", "awarded_on": "2024-05-01"}
    problem = refused(remove(world, applied, "art13.6.higher_award", honour=honour), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/honour/kind"
    problem = refused(remove(world, applied, "art26.fraud", found_on="2024-05-02"), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/found_on"
    refused(remove(world, applied, "art28.grounds"), 422, "invalid")


def test_a_draft_is_not_removed(world: World) -> None:
    refused(remove(world, apply(world, open_round(world), submit=False), "art26.fraud"), 409, "wrong_state")


@pytest.mark.parametrize("who", ["government", "auditor", "department-tax", "unit-wenwuba", "reviewer1"])
def test_only_the_office_removes(world: World, who: str) -> None:
    body = {"ground": "art26.fraud", "reason": "样例", "evidence": "样例", "found_on": "2024-03-01"}
    path = f"/v1/applications/{uuid4()}/removal"
    refused(world.by(who).post(path, body), 403, "forbidden", "art02.decider")
    refused(world.office.post(path, body), 404, "not_found")


def test_a_listed_candidate_leaves_the_list_with_its_application(world: World) -> None:
    made = in_publicity(world, Contender(score="800"), Contender(score="700"))
    body = {
        "ground": "art26.fraud",
        "reason": "样例：已查证属实。",
        "evidence": "样例查证材料",
        "found_on": world.clock.today.isoformat(),
    }
    ok(world.office.post(f"/v1/applications/{made.ids[0]}/removal", body))
    shown = ok(world.public.get(f"/v1/rounds/{made.round_id}/candidate-list"))["candidates"]
    assert [item["state"] for item in shown] == ["removed", "listed"]
    after_publicity(world, made.round_id)
    fix_proposed(world, made.round_id)
    approve(world, made.round_id)
    body["found_on"] = world.clock.today.isoformat()
    refused(world.office.post(f"/v1/applications/{made.ids[1]}/removal", body), 409, "already_awarded")
