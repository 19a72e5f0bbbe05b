"""From the draft to the receipt (Arts. 3, 5, 12, 13, 16, 17)."""

from tests.support.stages.applications import apply
from tests.support.stages.rounds import open_round
from tests.support.world import World, ok


def test_an_eligible_organisation_submits_and_holds_a_receipt(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    shown = ok(applied.applicant.get(f"/v1/applications/{applied.id}"))
    assert shown["state"] == "submitted"
    assert applied.number == shown["receipt"]["number"] == "HQA-2024-0001"
