"""The office's acts on a round."""

from typing import Any

from app.measures.review_rules import default_review_rules
from sandbox.stages.kept import stage
from sandbox.world import World, ok


@stage
def open_round(
    world: World,
    year: int = 2024,
    *,
    deadline: str = "2024-04-30",
    title: str | None = None,
    review_rules: dict[str, Any] | None = None,
    asks: dict[str, Any] | None = None,
) -> str:
    """A round with a published call, at the clock's present instant; answers its id. It requires one material, unless
    `review_rules` are given: uploading six files for every application of every test would prove nothing more. `asks`:
    what it asks for beyond the measures."""
    rules: dict[str, Any] = default_review_rules().to_mapping()
    rules["required_materials"] = [item for item in rules["required_materials"] if item["code"] == "self_assessment"]
    rules["asks"] = asks or {}
    body = {"year": year, "title": title or f"{year}年样例届", "review_rules": review_rules or rules}
    made = ok(world.office.post("/v1/rounds", body), 201)
    call = {"title": f"{year}年评审通知", "channels": ["县政府网站"], "deadline": deadline}
    round_id: str = ok(world.office.post(f"/v1/rounds/{made['id']}/call", call))["id"]
    return round_id
