"""The figures as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

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
    """Cold start, memory, contract. The first line is what the others are compared with."""
    heads = ("cold start s", "fastest", "÷ framework", "MiB at rest", "MiB loaded", "contract ms", "the first")
    rows = [f"{'':54} " + " ".join(f"{head:>12}" for head in heads)]
    for one in seen:
        figures = (
            f"{one.cold_start:.2f}",
            f"{min(one.starts):.2f}",
            f"{one.cold_start / seen[0].cold_start:.1f}",
            f"{one.rest:.0f}",
            f"{one.loaded:.0f}",
            *("" if isnan(value) else f"{value:.2f}" for value in (one.contract, one.first_contract)),
        )
        rows.append(f"{one.name:54} " + " ".join(f"{figure:>12}" for figure in figures))
    head = "From the command to the first 200 on /readyz; memory of all its processes (PSS); the contract over loopback"
    return "\n".join(["", head, *rows])


def _row(cells: Sequence[str]) -> str:
    first, *rest = cells
    return " ".join(
        [f"{first:{_WIDTHS[0]}}", *(f"{cell:>{width}}" for cell, width in zip(rest, _WIDTHS[1:], strict=True))]
    )


def _ratio(timed: Timed, other: Timed | None) -> str:
    return "" if other is None else f"{timed.rate / other.rate:.3f}"
