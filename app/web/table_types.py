"""Which lists can be had as tables, and who would rather have one: small enough to be asked of every request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
# Lists that stand under names of their own, in the order in which they are read: the first of them is there even where
# nothing is in it. Which lists of the contract have no table, and why, is in the tests of the contract.
_LISTS: Mapping[str, Sequence[str]] = {
    "read_approval": ("awards", "not_approved", "earlier_meetings", "warnings"),
    "read_candidates": ("candidates",),
    "read_decree": ("awards", "deferred", "earlier_decrees", "warnings"),
    "read_deliberation": ("conclusions", "offices"),
    "read_disbursement": ("reports", "warnings"),
    "read_evaluation": ("ranking",),
    "read_organisation": ("verifications", "former_names", "predecessors", "claims", "warnings"),
    "read_proposed_list": ("names", "waiting"),
    "read_qualification": (
        *("conditions", "completeness", "records", "consultations"),
        *("corrections", "late", "profile_changes", "to_check"),
    ),
    "read_qualified_list": ("names",),
    "read_recovery": ("entries",),
    "read_revocation": ("open_duties", "statements", "files", "warnings"),
    "read_timeline": ("stages", "profile_changes", "open_today"),
    "validate_draft": ("findings", "decided_later", "to_check"),
    "verify_audit_chain": ("faults",),
}


def is_table(route: APIRoute) -> bool:
    """Whether what the route answers can be had as a table: a list, or an answer that has lists."""
    if "GET" not in (route.methods or ()) or route.name in _NO_TABLES:
        return False
    return route.name in _LISTS or ITEMS in getattr(route.response_model, "model_fields", {})


def lists_of(operation: str) -> Sequence[str]:
    """Where the lists of what the operation answers stand: each is a table."""
    return _LISTS.get(operation, (ITEMS,))


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
