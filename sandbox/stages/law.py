"""The office keeps the law up to date."""

from typing import Any

from sandbox.stages.kept import stage
from sandbox.world import World, ok

TRIAL = "会府办发〔2023〕10号"


def instrument(**changes: Any) -> dict[str, Any]:
    """The body of an extension of the trial, by two years."""
    return {
        "number": "会府办发〔2024〕3号",
        "document_date": "2024-02-20",
        "title_zh": "样例延长试行通知",
        "title_en": "Sample extension",
        "kind": "extension",
        "extends": TRIAL,
        "in_force_from": "2025-07-01",
        "in_force_to": "2027-06-30",
        **changes,
    }


def successor(world: World, **changes: Any) -> dict[str, Any]:
    """The body of a successor with the present numbers, `parameters` changed."""
    present = ok(world.public.get("/v1/instruments"))["items"][0]["parameters"]
    parameters = present | changes.pop("parameters", {})
    body = {"kind": "successor", "extends": None, "in_force_to": None, "parameters": parameters}
    return instrument(**{**body, **changes})


@stage
def register_instrument(world: World, body: dict[str, Any]) -> Any:
    """The office registers it."""
    return ok(world.office.post("/v1/instruments", body), 201)


def interpret(world: World, key: str, value: str, *, effective_on: str | None = None, **changes: Any) -> Any:
    """The office reads a question in another way, from today unless told otherwise."""
    body = {
        "key": key,
        "value": value,
        "reading_zh": "样例解释",
        "reading_en": "Sample reading",
        "document": "样例〔2024〕1号",
        "effective_on": effective_on or world.clock.today.isoformat(),
        **changes,
    }
    return ok(world.office.post("/v1/interpretations", body), 201)


def holiday_year(year: int, **changes: Any) -> dict[str, Any]:
    """The body of a holiday year that has the statutory holidays, the moving ones on made-up days, and nothing else."""
    days = ["01-01", "02-10", "02-11", "02-12", "04-05", "05-01", "06-10", "10-01"]
    return {
        "year": year,
        "holidays": [f"{year}-{day}" for day in days],
        "workdays": [],
        "source": "样例通知",
        **changes,
    }
