"""What a SHA-256 (hex) was made over, as types: the hash of one thing is never recorded as that of another."""

from __future__ import annotations

from typing import NewType

# Of review rules (Art. 10): what the published call names.
RulesHash = NewType("RulesHash", str)
# Of what went into an evaluation (Art. 20): scores, sheets, seats.
InputsHash = NewType("InputsHash", str)
