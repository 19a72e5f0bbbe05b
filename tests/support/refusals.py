"""What was refused, put on record when a test wants to see it."""

from typing import Any

from sandbox.world import World, ok


def flush(world: World) -> None:
    """Put on record what was refused until now."""
    # Any: a coroutine function whose arguments have defaults, as the library does not describe one.
    write: Any = world.client.app.state.refusals.flush  # type: ignore[attr-defined]
    world.client.portal.call(write)  # type: ignore[union-attr]


def recorded(world: World, act: str) -> list[Any]:
    """The refused entries of this act, the newest first, with all that was refused until now."""
    flush(world)
    items = ok(world.auditor.get(f"/v1/audit-entries?act={act}&limit=100"))["items"]
    return [item for item in items if item["outcome"] == "refused"]
