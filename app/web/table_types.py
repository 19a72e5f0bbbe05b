"""Which lists can be had as tables, and who would rather have one: small enough to be asked of every request."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi.routing import APIRoute
from starlette.types import Scope

from app.kernel.printing import PaperFormat

# The types of a table, by what `Accept` calls them.
TYPES: Mapping[str, PaperFormat] = {
    "text/csv": PaperFormat.CSV,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": PaperFormat.XLSX,
}
# What most requests say: nothing of a table.
_USUAL: tuple[list[bytes], ...] = ([], [b"application/json"], [b"*/*"])
# Of an answer that is a list: where its items stand.
ITEMS = "items"
# A dossier is no list, and a feed is read from where its reader stands.
_NO_TABLES = frozenset({"pull_disbursements", "read_dossier", "read_recommendation_changes"})


def is_table(route: APIRoute) -> bool:
    """Whether what the route answers can be had as a table: a list of objects."""
    if "GET" not in (route.methods or ()) or route.name in _NO_TABLES:
        return False
    return ITEMS in getattr(route.response_model, "model_fields", {})


def wanted(scope: Scope) -> PaperFormat | None:
    """As which table the caller would rather have a list than as JSON; None where JSON is as welcome."""
    named = [value for name, value in scope["headers"] if name == b"accept"]
    if named in _USUAL:
        return None
    accepted = b",".join(named).decode("latin-1").lower()
    if not any(media in accepted for media in TYPES):
        return None
    weights = _weights(accepted)
    media = max(TYPES, key=lambda one: weights.get(one, 0.0))
    weight, plain = weights.get(media, 0.0), weights.get("application/json")
    # A type that is named goes before one that is merely among all others.
    beside = max(weights.get(one, 0.0) for one in ("application/*", "*/*"))
    return TYPES[media] if weight > 0 and (weight > plain if plain is not None else weight >= beside) else None


def _weights(accepted: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in accepted.split(",")[:20]:
        media, _, parameters = part.strip().partition(";")
        weight = next((item.strip()[2:] for item in parameters.split(";") if item.strip().startswith("q=")), "1")
        try:
            found[media.strip()] = float(weight)
        except ValueError:
            found[media.strip()] = 0.0
    return found
