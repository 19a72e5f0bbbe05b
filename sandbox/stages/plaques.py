"""A plaque on its way from the order to its winner."""

from typing import Any

from sandbox.stages.awarded import Winner
from sandbox.world import World, ok

RECEIVED = {"received_by": "样例收件人", "evidence": "样例：颁奖大会签收单。"}


def order_plaque(world: World, winner: Winner, **more: Any) -> Any:
    """Ordered, once the winner has confirmed its name."""
    ok(winner.applicant.post(f"/v1/awards/{winner.award_id}/printed-name", {"confirmed": True}))
    body = {"ordered_on": world.clock.today.isoformat(), **more}
    return ok(world.office.post(f"/v1/awards/{winner.award_id}/plaques", body), 201)


def accept_plaque(world: World, plaque: dict[str, Any]) -> Any:
    """Come from its maker."""
    day = world.clock.today.isoformat()
    return ok(world.office.post(f"/v1/plaques/{plaque['id']}/delivery", {"delivered_on": day}))


def hand_over_plaque(world: World, plaque: dict[str, Any]) -> Any:
    """With its winner."""
    body = {"handed_over_on": world.clock.today.isoformat(), **RECEIVED}
    return ok(world.office.post(f"/v1/plaques/{plaque['id']}/handover", body))


def handed_over(world: World, winner: Winner) -> Any:
    """From the order to the winner on one day."""
    return hand_over_plaque(world, accept_plaque(world, order_plaque(world, winner)))
