"""Long work on a whole round is done in turns: whoever else is served is not kept waiting until its end."""

import asyncio
import gc
from collections.abc import Coroutine, Iterator

import pytest

from app.kernel import heap
from app.services.turns import in_slices, in_turns


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
def thawed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The heap as a service finds it: that of the tests is frozen."""
    monkeypatch.setattr(heap, "_held", 0)
    gc.unfreeze()
    yield
    gc.freeze()


@pytest.mark.usefixtures("thawed")
def test_the_heap_is_let_go_when_the_last_has_ended_and_no_sooner() -> None:
    assert gc.get_freeze_count() == 0
    first, second = heap.at_rest(), heap.at_rest()
    first.__enter__()
    held = gc.get_freeze_count()
    assert held > 0
    second.__enter__()
    # A few of what is frozen may end by themselves meanwhile; nothing is added.
    assert held - 100 <= gc.get_freeze_count() <= held
    first.__exit__(None, None, None)
    assert held - 100 <= gc.get_freeze_count() <= held, "the second is still at work"
    second.__exit__(None, None, None)
    assert gc.get_freeze_count() == 0
    with pytest.raises(ValueError, match="refused"), heap.at_rest():
        raise ValueError("refused")
    assert gc.get_freeze_count() == 0


@pytest.mark.usefixtures("thawed")
def test_a_heap_that_is_frozen_for_good_is_not_let_go() -> None:
    heap.freeze()
    held = gc.get_freeze_count()
    with heap.at_rest():
        assert held - 100 <= gc.get_freeze_count() <= held
    assert held - 100 <= gc.get_freeze_count() <= held


@pytest.mark.usefixtures("thawed")
def test_how_much_is_frozen_is_not_counted_by_those_who_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def walked() -> int:
        raise AssertionError("the whole heap is walked through")

    monkeypatch.setattr(gc, "get_freeze_count", walked)
    heap.freeze()
    with heap.at_rest(), heap.at_rest():
        pass
