"""A recommending unit with a queue, and what its own system sends."""

from dataclasses import dataclass
from typing import Any

from sandbox.callers import Caller
from sandbox.stages.applications import begin
from sandbox.stages.kept import stage
from sandbox.stages.parties import register
from sandbox.world import World, ok


@dataclass(frozen=True, slots=True)
class Asked:
    """A recommendation that waits for its unit."""

    id: str
    application_id: str
    organisation_id: str
    applicant: Caller


@stage
def asked(world: World, round_id: str, *, unit: str = "wenwuba", **organisation: Any) -> Asked:
    """An organisation registers, begins its application and asks a unit for the recommendation."""
    organisation_id, applicant = register(world, **organisation)
    draft = begin(world, round_id, applicant)
    path = f"/v1/applications/{draft['id']}/recommendation-request"
    shown = ok(applicant.post(path, {"unit_id": world.id(f"unit:{unit}")}))
    return Asked(shown["recommendations"][-1]["id"], draft["id"], organisation_id, applicant)


def endorsed(world: World, recommendation: Asked, **changes: Any) -> dict[str, Any]:
    """A batch item that endorses."""
    return {
        "recommendation_id": recommendation.id,
        "outcome": "endorsed",
        "facts_verified": ["登记信息", "经营地址"],
        "opinion": "经核实，同意推荐。",
        "signatory": "样例负责人",
        "signed_on": world.clock.today.isoformat(),
        **changes,
    }


def declined(recommendation: Asked, **changes: Any) -> dict[str, Any]:
    """A batch item that declines."""
    return {
        "recommendation_id": recommendation.id,
        "outcome": "declined",
        "reason": "样例：指标与统计不符。",
        **changes,
    }


def returned(recommendation: Asked, **changes: Any) -> dict[str, Any]:
    """A batch item that returns."""
    return {"recommendation_id": recommendation.id, "outcome": "returned", "reason": "样例：请补充说明。", **changes}


def batch(world: World, *items: dict[str, Any], unit: str = "wenwuba", query: str = "", **options: Any) -> Any:
    """The unit answers many at once; answers the response."""
    return world.by(f"unit-{unit}").post(f"/v1/recommendation-batches{query}", {"items": list(items)}, **options)


def changes(world: World, after: int = 0, *, unit: str = "wenwuba", limit: int = 100) -> dict[str, Any]:
    """The unit's changes after a position."""
    path = f"/v1/recommendation-changes?after={after}&limit={limit}"
    return ok(world.by(f"unit-{unit}").get(path))  # type: ignore[no-any-return]


def state(world: World, recommendation: Asked) -> str:
    """The recommendation's state, as the office sees it."""
    return str(ok(world.office.get(f"/v1/recommendations/{recommendation.id}"))["state"])
