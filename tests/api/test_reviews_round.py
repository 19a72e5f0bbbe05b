"""The review from the qualified list to the evaluation (Arts. 18 to 20): rules "art18.material", "art19.onsite",
"art20.evaluation"."""

from typing import Any

import pytest

from tests.support.stages.applications import apply
from tests.support.stages.qualification import qualify
from tests.support.stages.reviews import review
from tests.support.stages.rounds import open_round
from tests.support.world import World, ok


def qualified(world: World, *organisations: dict[str, Any]) -> tuple[str, list[str]]:
    round_id = open_round(world)
    ids = [apply(world, round_id, **given).id for given in organisations or ({},)]
    qualify(world, round_id)
    return round_id, ids


def test_a_review_ends_in_a_ranking(world: World) -> None:
    round_id, (first, second) = qualified(world, {}, {})
    report = review(world, round_id, {first: 80, second: (70, 75, 80)})
    assert [line["application_id"] for line in report["ranking"]] == [first, second]
    print(report)
