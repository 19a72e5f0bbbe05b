"""The trace to which the request under way belongs (W3C Trace Context), for what goes out because of it."""

from __future__ import annotations

from contextvars import ContextVar
from secrets import token_hex

_trace: ContextVar[str | None] = ContextVar("trace", default=None)


def enter_trace(trace_id: str) -> None:
    """What follows in this task belongs to that trace."""
    _trace.set(trace_id)


def present_trace() -> str | None:
    """The trace of what is being done, in 32 hexadecimal digits; None where nobody has asked for it by HTTP."""
    return _trace.get()


def traceparent_of(trace_id: str) -> str:
    """What is sent on: that trace, and a new span of it."""
    return f"00-{trace_id}-{token_hex(8)}-01"
