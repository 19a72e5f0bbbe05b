"""The trace that a request belongs to (W3C Trace Context), for the log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from uuid import UUID

_TRACEPARENT = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")
_NO_TRACE, _NO_SPAN = "0" * 32, "0" * 16


def continued(headers: Iterable[tuple[bytes, bytes]], request_id: UUID) -> dict[str, str]:
    """`trace_id` and `span_id` of this request, and `parent_id` where the caller names a trace that it continues; else
    a trace begins with it, by the request's own id."""
    given = [value.strip() for name, value in headers if name == b"traceparent"]
    found = _TRACEPARENT.fullmatch(given[0]) if len(set(given)) == 1 else None
    span = secrets.token_hex(8)
    if found is not None:
        version, trace_id, parent_id = (found[place].decode() for place in (1, 2, 3))
        more = found[4] is not None
        # The form of the first version is exact; a later one may go on after it, and ff is none.
        valid = version != "ff" and not (version == "00" and more)
        if valid and trace_id != _NO_TRACE and parent_id != _NO_SPAN:
            return {"trace_id": trace_id, "span_id": span, "parent_id": parent_id}
    return {"trace_id": request_id.hex, "span_id": span}
