"""Long work on a whole round is done in turns: whoever else is served is not kept waiting until its end."""

import asyncio
import gc
from collections.abc import Coroutine, Iterator

import pytest

from app.services.turns import heap_at_rest, in_slices, in_turns


def others_turns(work: Coroutine[None, None, None]) -> int:
    """How often somebody else had his turn before the work was done."""
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def both() -> int:
        task = asyncio.create_task(other())
        await asyncio.sleep(0)
        before = turns
        await work
        task.cancel()
        return turns - before

    return asyncio.run(both())


@pytest.mark.parametrize(("items", "turns"), [(0, 0), (9, 0), (10, 1), (35, 3)])
def test_others_have_a_turn_after_each_few_items(items: int, turns: int) -> None:
    seen: list[int] = []

    async def work() -> None:
        async for item in in_turns(range(items), turn=10):
            seen.append(item)

    assert others_turns(work()) == turns
    assert seen == list(range(items))


@pytest.mark.parametrize(("items", "sizes"), [(0, []), (3, [3]), (4, [4]), (9, [4, 4, 1])])
def test_slices_hold_every_item_once_and_others_have_a_turn_after_each(items: int, sizes: list[int]) -> None:
    seen: list[list[int]] = []

    async def work() -> None:
        async for part in in_slices(range(items), size=4):
            seen.append(list(part))

    assert others_turns(work()) == len(sizes)
    assert [len(part) for part in seen] == sizes
    assert [item for part in seen for item in part] == list(range(items))


@pytest.fixture
def thawed() -> Iterator[None]:
    """The heap as a service finds it: that of the tests is frozen."""
    gc.unfreeze()
    yield
    gc.freeze()


@pytest.mark.usefixtures("thawed")
def test_the_heap_is_let_go_again_and_one_that_was_frozen_stays_so() -> None:
    assert gc.get_freeze_count() == 0
    with heap_at_rest():
        held = gc.get_freeze_count()
        assert held > 0
        with heap_at_rest():
            # A few of what is frozen may end by themselves meanwhile; nothing is added, and it is not let go.
            assert held - 100 <= gc.get_freeze_count() <= held
        assert held - 100 <= gc.get_freeze_count() <= held
    assert gc.get_freeze_count() == 0
    with pytest.raises(ValueError, match="refused"), heap_at_rest():
        raise ValueError("refused")
    assert gc.get_freeze_count() == 0
