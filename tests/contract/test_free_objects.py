"""The objects of which the contract does not say what they hold grow no more."""

import json
from pathlib import Path
from typing import Any

from scripts.lint_contract import MAX_FREE_OBJECTS, faults

CONTRACT = Path(__file__).parent.parent.parent / "openapi" / "openapi.json"


def test_objects_of_unsaid_fields_grow_no_more() -> None:
    document: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))
    assert "unsaid fields" not in "\n".join(faults(document))
    document["components"]["schemas"]["NoticeOut"]["properties"]["more"] = {"type": ["object", "null"]}
    told = f"{MAX_FREE_OBJECTS + 1} objects of unsaid fields, {MAX_FREE_OBJECTS} at most"
    assert told in "\n".join(faults(document))
