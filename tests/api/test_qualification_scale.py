"""Ten thousand applications cost the worklist, a page and the confirmation the same number of statements as a few."""

from typing import Any

import pytest

from sandbox.stages.applications import apply
from sandbox.stages.crowd import crowd
from sandbox.stages.qualification import (
    answer_all,
    close_applications,
    confirm,
    consult,
    decide_conditions,
)
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.queries import counted

pytestmark = pytest.mark.slow


def statements(world: World, caller: Any, path: str, **params: Any) -> int:
    """How many statements reading this takes."""
    ok(caller.get(path, params=params))
    with counted(world) as seen:
        ok(caller.get(path, params=params))
    return len(seen)


def test_the_desk_and_an_applications_page_cost_the_same_with_3_and_with_30(world: World) -> None:
    round_id = open_round(world)
    applied = apply(world, round_id)
    crowd(world, applied.id, 2)
    close_applications(world, round_id)
    consult(world, round_id)
    worklist, page = f"/v1/rounds/{round_id}/qualification-worklist", f"/v1/applications/{applied.id}/qualification"
    few = (statements(world, world.office, worklist, limit=100), statements(world, world.office, page))
    crowded = crowd(world, applied.id, 27, first=100)
    consult(world, round_id)
    assert len(crowded) == 27
    assert len(ok(world.office.get(worklist, params={"limit": 100}))["items"]) == 30
    assert (statements(world, world.office, worklist, limit=100), statements(world, world.office, page)) == few
    assert few[0] <= 16


def test_asking_and_confirming_cost_the_same_with_2_and_with_12(world: World) -> None:
    costs = []
    for month, more in ((3, 1), (6, 11)):
        world.clock.go(f"2024-0{month}-01")
        round_id = open_round(world, deadline=f"2024-0{month}-20")
        applied = apply(world, round_id)
        others = crowd(world, applied.id, more, first=month * 100)
        close_applications(world, round_id)
        with counted(world) as asking:
            consult(world, round_id)
        answer_all(world, round_id)
        for application_id in (applied.id, *others):
            ok(decide_conditions(world, application_id), 201)
        with counted(world) as confirming:
            assert len(ok(confirm(world, round_id), 201)["names"]) == more + 1
        costs.append((len(asking), len(confirming)))
        ok(world.office.post(f"/v1/rounds/{round_id}/cancellation", {"reason": "样例"}))
    assert costs[0] == costs[1]
