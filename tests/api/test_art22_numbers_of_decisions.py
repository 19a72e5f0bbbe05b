"""Arts. 2, 9, 22, 26, 28: a decision of the government has a document number of its own, not that of a decree, of an
instrument or of a decision of another day; one document may decide several matters."""

from typing import Any

import pytest

from sandbox.stages.awarded import Winner, concluded
from sandbox.stages.money import order
from sandbox.stages.parties import register, succeed
from sandbox.stages.revocations import bring_case
from sandbox.world import World, ok
from tests.api.test_art09_recipients import dissolve, name_recipient
from tests.api.test_organisations_lineage import party
from tests.api.test_revocations import FRAUD
from tests.support.problems import refused

DECREE = "会府字〔2024〕12号"


@pytest.fixture
def winners(world: World) -> tuple[Winner, ...]:
    return tuple(concluded(world, {}, {}).winners)


def body(world: World, number: str) -> dict[str, Any]:
    return {"number": number, "decided_on": world.clock.today.isoformat(), "reason": "样例"}


@pytest.mark.parametrize("act", ["decision", "rejection"])
def test_a_decision_on_a_case_has_not_the_number_of_another_document(
    world: World, winners: tuple[Winner, ...], act: str
) -> None:
    world.clock.go("2024-07-01")
    first, second = (bring_case(world, item.award_id, item.applicant, FRAUD) for item in winners)
    path = f"/v1/revocations/{first['id']}/{act}"
    for taken in (DECREE, "会府字(2024)12号", "会府办发〔2023〕10号"):
        refused(world.government.post(path, body(world, taken)), 409, "number_taken")
    ok(world.government.post(path, body(world, "会府字〔2024〕33号")))
    # The same document decides on both on its day; on another day it is another document.
    again = f"/v1/revocations/{second['id']}/rejection"
    ok(world.government.post(f"{again}?dry_run=true", body(world, "会府字〔2024〕33号")))
    world.clock.forward(days=1)
    told = refused(world.government.post(again, body(world, "会府字〔2024〕33号")), 409, "number_taken")
    assert "另一日期的决定" in told["detail"]
    ok(world.government.post(again, body(world, "会府字〔2024〕34号")))


def test_a_decision_on_a_prize_has_not_the_number_of_another_document(
    world: World, winners: tuple[Winner, ...]
) -> None:
    winner, other = winners
    case = bring_case(world, other.award_id, other.applicant, FRAUD)
    ok(world.government.post(f"/v1/revocations/{case['id']}/rejection", body(world, "会府字〔2024〕33号")))
    heir = register(world)
    succeed(world, heir, party(winner))
    world.clock.forward(days=1)
    dissolve(world, winner.organisation_id)
    for taken in (DECREE, "会府字〔2024〕33号"):
        refused(name_recipient(world, winner, heir.organisation_id, number=taken), 409, "number_taken")
    ok(name_recipient(world, winner, heir.organisation_id, number="会府字〔2024〕34号"), 201)


def test_a_cancellation_has_not_the_number_of_the_decree(world: World, winners: tuple[Winner, ...]) -> None:
    winner, unordered = winners
    row = order(world, winner)
    for item in winners:
        dissolve(world, item.organisation_id)
    paths = (f"/v1/disbursements/{row['id']}/cancellation", f"/v1/awards/{unordered.award_id}/prize-decision")
    for path in paths:
        told = {"decision": DECREE, "reason": "样例：无承继者"}
        refused(world.government.post(path, told), 409, "number_taken")
        answer = world.government.post(path, told | {"decision": "会府字〔2024〕40号"})
        assert answer.status_code in (200, 201)
