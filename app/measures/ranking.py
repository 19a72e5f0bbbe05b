"""Who stands before whom, by points (Arts. 18, 20). Equal points are an equal place: nothing here breaks a tie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Place:
    """The place among those compared, from 1, equal for equal points (1, 1, 3); `tied`: it is shared."""

    rank: int
    tied: bool


def place(points: Decimal, among: Sequence[Decimal]) -> Place:
    """The place of `points` among the points of all who are compared, its own included."""
    return Place(1 + sum(other > points for other in among), among.count(points) > 1)


def rounded(value: Decimal) -> Decimal:
    """Points as they are shown, two places, half up: so that what is shown is what is ranked."""
    return value.quantize(_CENT, ROUND_HALF_UP)
