"""What was refused, put on record when a test wants to see it."""

from typing import Any

from sandbox.world import World, ok


def recorded(world: World, act: str) -> list[Any]:
    """The refused entries of this act, the newest first, with all that was refused until now."""
    client = world.client
    client.portal.call(client.app.state.refusals.flush)  # type: ignore[attr-defined,union-attr]
    items = ok(world.auditor.get(f"/v1/audit-entries?act={act}&limit=100"))["items"]
    return [item for item in items if item["outcome"] == "refused"]
