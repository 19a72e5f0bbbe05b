"""The office's acts on a round."""

from typing import Any

from tests.support.world import World, ok


def open_round(
    world: World, year: int = 2024, *, deadline: str = "2024-04-30", title: str | None = None,
    review_rules: dict[str, Any] | None = None,
) -> str:
    """A round with a published call, at the clock's present instant; answers its id."""
    body: dict[str, Any] = {"year": year, "title": title or f"{year}年样例届"}
    if review_rules is not None:
        body["review_rules"] = review_rules
    made = ok(world.office.post("/v1/rounds", body), 201)
    call = {"title": f"{year}年评审通知", "channels": ["县政府网站"], "deadline": deadline}
    round_id: str = ok(world.office.post(f"/v1/rounds/{made['id']}/call", call))["id"]
    return round_id
