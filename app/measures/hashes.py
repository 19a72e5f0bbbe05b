"""What a SHA-256 (hex) was made over, as types: the hash of one thing is never recorded as that of another. And the one
form in which JSON is hashed, so that anybody can repeat it."""

from __future__ import annotations

import json
from typing import NewType

# Of review rules (Art. 10): what the published call names.
RulesHash = NewType("RulesHash", str)
# Of what went into an evaluation (Art. 20): scores, sheets, seats.
InputsHash = NewType("InputsHash", str)


def canonical_json(value: object) -> str:
    """JSON of which there is one spelling: keys sorted, no blanks between the signs, no escapes but those that JSON
    asks for; hashed as UTF-8. TypeError for what JSON does not hold."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
