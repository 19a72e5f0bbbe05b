"""The figures as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.processes import Seen
from benchmarks.timing import Timed

_HEAD = ("", "requests/s", "p50 ms", "p99 ms", "CPU ms", "÷ framework", "÷ bare SQL", "statements", "bytes")
_WIDTHS = (44, 11, 8, 8, 8, 12, 11, 11, 8)


@dataclass(frozen=True, slots=True)
class Line:
    """One contender, with those that it is compared with."""

    timed: Timed
    framework: Timed | None = None
    sql: Timed | None = None
    statements: int | None = None
    size: int | None = None


def table(title: str, lines: Sequence[Line]) -> str:
    """Requests a second (median of the slices), percentiles over all requests, and the ratios of the rates."""
    rows = [_row(_HEAD)]
    for line in lines:
        timed = line.timed
        rows.append(
            _row(
                (
                    timed.name,
                    f"{timed.rate:,.0f}",
                    f"{timed.percentile(0.5):.2f}",
                    f"{timed.percentile(0.99):.2f}",
                    f"{timed.cpu_milliseconds:.2f}",
                    _ratio(timed, line.framework),
                    _ratio(timed, line.sql),
                    "" if line.statements is None else str(line.statements),
                    "" if line.size is None else f"{line.size:,}",
                )
            )
        )
    return "\n".join(["", title, *rows])


def process_table(seen: Sequence[Seen]) -> str:
    """Cold start and memory of one worker."""
    rows = [f"{'':50} {'cold start s':>13} {'MiB at rest':>12} {'MiB loaded':>11}"]
    rows += [f"{one.name:50} {one.cold_start:13.2f} {one.rest:12.0f} {one.loaded:11.0f}" for one in seen]
    return "\n".join(["", "One worker (uvicorn): from its start to its first 200 on /readyz; resident memory", *rows])


def _row(cells: Sequence[str]) -> str:
    first, *rest = cells
    return " ".join(
        [f"{first:{_WIDTHS[0]}}", *(f"{cell:>{width}}" for cell, width in zip(rest, _WIDTHS[1:], strict=True))]
    )


def _ratio(timed: Timed, other: Timed | None) -> str:
    return "" if other is None else f"{timed.rate / other.rate:.3f}"
