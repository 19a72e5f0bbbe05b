"""What follows an award, as one-liners: reports of marks (Art. 31)."""

from typing import Any

from sandbox.stages.decision import read_original
from sandbox.world import World, ok


def assign_report_investigator(world: World, path: str, account_id: str | None = None, **changes: Any) -> Any:
    """The office assigns the investigator of the report at `path`: the seeded account, which then is the world's
    office."""
    body = {"account_id": account_id or world.id("account:office"), "conflict_check": "样例：本人声明无利害关系"}
    return ok(world.office.post(f"{path}/investigator", body | changes))


def summarise_report(world: World, path: str, summary: str = "样例：反映某门店悬挂伪造的奖牌。") -> Any:
    """The investigator, who is the world's office, reads and summarises the report at `path`."""
    read_original(world, path)
    return ok(world.office.post(f"{path}/summary", {"summary": summary}))
