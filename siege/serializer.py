"""What the contract's fuzzer (schemathesis) has to be told: how a body is sent whose type it does not know."""

from __future__ import annotations

import schemathesis

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@schemathesis.serializer(SHEET)
def as_it_is(_context: schemathesis.SerializationContext, value: object) -> bytes:
    """Whatever was drawn, as bytes: a sheet that is none."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
