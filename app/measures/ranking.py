"""Who stands before whom, by points (Arts. 18, 20). Equal points are an equal place: nothing here breaks a tie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Place:
    """The place among those compared, from 1, equal for equal points (1, 1, 3); `tied`: it is shared."""

    rank: int
    tied: bool


def places(among: Iterable[Decimal]) -> dict[Decimal, Place]:
    """The place of each number of points among the points of all who are compared."""
    shared = Counter(among)
    found: dict[Decimal, Place] = {}
    before = 0
    for points in sorted(shared, reverse=True):
        found[points] = Place(before + 1, shared[points] > 1)
        before += shared[points]
    return found


def rounded(value: Decimal) -> Decimal:
    """Points as they are shown, two places, half up: so that what is shown is what is ranked."""
    return value.quantize(_CENT, ROUND_HALF_UP)
