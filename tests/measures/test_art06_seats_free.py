"""Art. 6: from when a seat has been free for one name more."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.measures.seats import seat_free_since
from app.measures.sectors import SeatCategory
from tests.measures.procedure_samples import PARAMETERS, shanghai

D1, D2, D3, D4 = (shanghai(2024, 5, day) for day in (6, 10, 14, 18))


@pytest.mark.parametrize(
    ("held", "since"),
    [
        ([], None),
        ([(D1, None)], None),
        ([(D1, D2)], None),
        ([(D1, None), (D1, None)], None),
        ([(D1, None), (D1, D3)], D3),
        # Both left: the first one's going made the room.
        ([(D1, D2), (D1, D3)], D2),
        # Taken again in between, and left again.
        ([(D1, None), (D1, D2), (D3, D4)], D4),
        # One that came as another went: the seat was never free.
        ([(D1, None), (D1, D3), (D3, None)], None),
    ],
)
def test_a_seat_is_free_from_the_last_day_on_which_a_full_category_lost_a_name(
    held: list[tuple[datetime, datetime | None]], since: datetime | None
) -> None:
    found = seat_free_since(held=held, seat_category=SeatCategory.MANUFACTURING, parameters=PARAMETERS)
    assert found == since


def test_the_other_category_has_one_seat() -> None:
    assert seat_free_since(held=[(D1, D2)], seat_category=SeatCategory.OTHER, parameters=PARAMETERS) == D2
