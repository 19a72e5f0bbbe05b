"""Arts. 18 and 20: who stands before whom has one answer, for the on-site list and for the evaluation."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.measures.evaluation import EvaluationInput, evaluation
from app.measures.ranking import Place, places
from app.measures.scoring import MaterialResult, shortlist
from app.measures.sectors import SeatCategory
from tests.measures.procedure_samples import points, rules


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ("700", "1"),
        ("700 600 500", "1 2 3"),
        ("500 700 600", "3 1 2"),
        ("700 700 600", "1= 1= 3"),
        ("700 600 600 600 500", "1 2= 2= 2= 5"),
        ("600 600.00", "1= 1="),
        ("600 600.01", "2 1"),
        ("0 0", "1= 1="),
    ],
)
def test_the_place_is_one_more_than_those_who_have_more(scores: str, expected: str) -> None:
    among = [Decimal(score) for score in scores.split()]
    standing = places(among)
    assert [standing[score] for score in among] == [
        Place(int(one.rstrip("=")), one.endswith("=")) for one in expected.split()
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_the_onsite_list_and_the_evaluation_rank_alike(size: int) -> None:
    scores = {"A": "800", "B": "700", "C": "700", "D": "650"}
    listed = shortlist(
        results=[MaterialResult(name, SeatCategory.OTHER, True, points(score)) for name, score in scores.items()],
        rules=rules(shortlist_other=size),
    )
    ranking = evaluation(
        inputs=[
            EvaluationInput(name, SeatCategory.OTHER, points(score), points(score)) for name, score in scores.items()
        ],
        rules=rules(),
    ).ranking
    assert listed.places == {line.organisation: Place(line.rank, line.tied) for line in ranking}
    assert set(listed.included) == {name for name, one in listed.places.items() if one.rank <= size}


def test_each_seat_category_is_ranked_by_itself() -> None:
    listed = shortlist(
        results=[
            MaterialResult("A", SeatCategory.OTHER, True, points("800")),
            MaterialResult("B", SeatCategory.MANUFACTURING, True, points("700")),
        ],
        rules=rules(),
    )
    assert listed.places == {"A": Place(1, False), "B": Place(1, False)}
