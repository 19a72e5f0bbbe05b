"""What one request takes of memory at its peak, for those that are asked most: counts, never times. A page that is
read into models again, or a snapshot that is fetched beside its form, is seen here."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.stages.applications import apply
from sandbox.stages.awarded import concluded
from sandbox.stages.rounds import open_round
from sandbox.world import World

_WARM = 5


def register(world: World) -> Callable[[], Any]:
    concluded(world, {}, {}, {})
    return lambda: world.public.get("/v1/awards?year=2024")


def application(world: World) -> Callable[[], Any]:
    applied = apply(world, open_round(world))
    headers = applied.applicant.headers()
    return lambda: world.client.get(f"/v1/applications/{applied.id}", headers=headers)


def page(world: World) -> Callable[[], Any]:
    open_round(world)
    return lambda: world.client.get("/", headers={"Accept": "text/html"})


# In KiB, two fifths above what was measured (Python 3.11, both databases alike: 78, 328, 84); the client's own part
# is in it.
BOUNDS: dict[Callable[[World], Callable[[], Any]], int] = {register: 110, application: 450, page: 120}


def peak(ask: Callable[[], Any]) -> int:
    """Bytes that were taken at once and that were not held before, of the least of three requests."""
    for _ in range(_WARM):
        assert ask().status_code == 200
    found = []
    for _ in range(3):
        tracemalloc.start()
        try:
            ask()
            found.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    return min(found)


@pytest.mark.parametrize("asked", BOUNDS, ids=lambda item: item.__name__)
def test_a_request_takes_no_more_memory_at_once_than_it_did(
    world: World, asked: Callable[[World], Callable[[], Any]]
) -> None:
    taken = peak(asked(world)) // 1024
    assert taken <= BOUNDS[asked], f"{taken} KiB"
