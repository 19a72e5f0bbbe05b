"""The same rooms on every floor: `python scripts/lint_rooms.py`.

A subject of the measures is found by its name in the routers, the schemas, the services and the store, as a file or as
a folder. Whatever else a floor holds is named here, with the floor.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

# In the order of a round, which is also the order in which services may import (see `pyproject.toml`).
SUBJECTS = (
    "identity",
    "organisations",
    "units",
    "instruments",
    "rounds",
    "notices",
    "applications",
    "recommendations",
    "consultations",
    "qualification",
    "reviewers",
    "reviews",
    "deliberation",
    "publicity",
    "objections",
    "approval",
    "awards",
    "disbursements",
    "supervision",
    "revocations",
    "audit",
)
# Not about a subject: what a floor needs for itself.
OWN = {
    "routers": {"system"},
    "schemas": {"common", "field_messages", "strict", "system", "words"},
    "services": {"available_acts", "days", "lifecycle"},
    "store": {
        "base",
        "database",
        "feeds",
        "first_schema",
        "idempotency",
        "migrations",
        "models",
        "numbers",
        "sqlite_in_loop",
        "throttle",
    },
}


def faults(app: Path) -> Iterator[str]:
    """What the floors of the package at `app` have too little or too much."""
    for floor, own in OWN.items():
        rooms = {
            path.stem for path in (app / floor).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
        }
        rooms -= {"__init__"}
        for subject in SUBJECTS:
            if subject not in rooms:
                yield f"app/{floor}: no room for {subject}"
        for name in sorted(rooms - own - set(SUBJECTS)):
            yield f"app/{floor}/{name}: neither a subject of the measures nor a thing of this floor's own"
        for name in sorted(own - rooms):
            yield f"app/{floor}: {name} is named in scripts/lint_rooms.py and is not there"


def main(root: Path) -> int:
    """Print every fault; the number of them."""
    found = list(faults(root / "app"))
    for fault in found:
        print(fault)
    print(f"Rooms: {len(SUBJECTS)} subjects on {len(OWN)} floors, {len(found)} faults")
    return len(found)


if __name__ == "__main__":
    sys.exit(1 if main(Path(__file__).resolve().parent.parent) else 0)
