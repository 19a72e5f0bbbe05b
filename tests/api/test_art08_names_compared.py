"""Arts. 8, 13(1), 21, 31: another name binds, and is printed, once a document was compared with it; until then the
verified one stands. Money asks who is paid as a gate asks who applies (Art. 9)."""

from typing import Any

import pytest

from sandbox.callers import Caller
from sandbox.stages.applications import apply
from sandbox.stages.decision import Contender, candidates, conclude_round, fix_proposed, in_publicity
from sandbox.stages.money import BANK_NUMBER
from sandbox.stages.parties import Registered, register, rename, verify
from sandbox.stages.qualification import close_applications, qualify
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

TRUE, STATED = "样例真名有限公司", "样例自报有限公司"
RULE = "art13.1.identity"


def shown(caller: Caller, organisation_id: str) -> dict[str, Any]:
    return ok(caller.get(f"/v1/organisations/{organisation_id}"))  # type: ignore[no-any-return]


def listed(world: World, round_id: str) -> list[str]:
    return [item["printed_name"] for item in candidates(world, round_id).values()]


def test_art08_art21_a_name_that_nobody_compared_is_printed_nowhere(world: World) -> None:
    made = in_publicity(world, Contender(details={"name": TRUE}))
    (applied,) = made.applied
    party = Registered(applied.organisation_id, applied.applicant)
    for name in (STATED, "样例广告热线一公司", "样例广告热线二公司"):
        told = rename(world, party, name, verified=False)
        assert (told["name"], told["stated_name"], told["state"]) == (TRUE, name, "changed")
    assert listed(world, made.round_id) == [TRUE]
    # What was stated is taken back by stating the name that stands; it is compared once more.
    back = rename(world, party, TRUE, verified=False)
    assert (back["stated_name"], back["former_names"]) == (None, [])
    verify(world, back)
    assert (shown(world.office, party.organisation_id)["name"], listed(world, made.round_id)) == (TRUE, [TRUE])
    # Compared, it is borne from the day that was stated, and the verified one is the former name.
    rename(world, party, STATED, effective_on="2024-04-01")
    after = shown(world.office, party.organisation_id)
    assert (after["name"], after["stated_name"]) == (STATED, None)
    assert [(item["name"], item["until"]) for item in after["former_names"]] == [(TRUE, "2024-04-01")]
    assert listed(world, made.round_id) == [f"{STATED}（原名：{TRUE}）"]
    assert [item["printed_name"] for item in fix_proposed(world, made.round_id)["names"]] == listed(
        world, made.round_id
    )


def test_art08_one_that_was_never_verified_has_no_former_name(world: World) -> None:
    round_id = open_round(world)
    party = register(world, verified=False, name="样例初填有限公司")
    applied = apply(world, round_id, organisation=(party.organisation_id, party.account))
    told = rename(world, party, TRUE)
    assert (told["name"], told["stated_name"], told["former_names"]) == (TRUE, None, [])
    verify(world, told)
    close_applications(world, round_id)
    assert qualify(world, round_id)["names"] == [TRUE]
    assert applied.id


@pytest.mark.parametrize("compared", [True, False])
@pytest.mark.slow
def test_art09_art31_money_and_register_know_the_compared_name_alone(world: World, compared: bool) -> None:
    made = conclude_round(world, 2024, Contender(details={"name": TRUE}))
    (award,) = made.awards.values()
    party = Registered(made.applied[0].organisation_id, made.applied[0].applicant)
    rename(world, party, STATED, verified=compared)
    expected = f"{STATED}（原名：{TRUE}）" if compared else TRUE
    (line,) = ok(world.public.get("/v1/awards"))["items"]
    certificate = ok(world.public.get(f"/v1/certificates/{award['certificate_number']}"))
    assert line["printed_name"] == certificate["printed_name"] == expected
    order = {
        "payee_name": STATED,
        "bank_name": "样例银行",
        "bank_number": BANK_NUMBER,
        "bank_account": "6222000012345678",
        "budget_year": 2024,
    }
    path = f"/v1/awards/{award['id']}/disbursement"
    if compared:
        ok(world.office.post(path, order), 201)
        return
    problem = refused(world.office.post(path, order), 422, "rule_refused", RULE)
    assert {item["reason"] for item in problem["violations"]} == {"payee_not_winner", "registration_changed"}
    problem = refused(world.office.post(path, order | {"payee_name": TRUE}), 422, "rule_refused", RULE)
    assert [item["facts"]["before"] for item in problem["violations"]] == ["order_disbursement"]
    verify(world, shown(world.office, party.organisation_id))
    ok(world.office.post(path, order), 201)


@pytest.mark.parametrize("compared", [True, False])
def test_art09_an_account_is_corrected_for_who_was_compared(world: World, compared: bool) -> None:
    made = conclude_round(world, 2024, Contender(details={"name": TRUE}))
    (award,) = made.awards.values()
    order = {
        "payee_name": TRUE,
        "bank_name": "样例银行",
        "bank_number": BANK_NUMBER,
        "bank_account": "6222000012345678",
        "budget_year": 2024,
    }
    row = ok(world.office.post(f"/v1/awards/{award['id']}/disbursement", order), 201)
    rename(world, Registered(made.applied[0].organisation_id, made.applied[0].applicant), STATED, verified=compared)
    body = {
        "payee_name": STATED,
        "bank_name": "样例银行",
        "bank_number": BANK_NUMBER,
        "bank_account": "6222000012345679",
        "reason": "样例换账户",
    }
    answer = world.office.post(f"/v1/disbursements/{row['id']}/reissue", body)
    if compared:
        ok(answer)
    else:
        refused(answer, 422, "rule_refused", RULE)
