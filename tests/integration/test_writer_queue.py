"""SQLite's writers: in the order in which they came, and no process twice while another one waits."""

import asyncio
import itertools
from pathlib import Path

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.store.writer_queue import WriterQueue


def test_in_a_process_they_write_in_the_order_in_which_they_came() -> None:
    async def run() -> list[int]:
        queue, wrote = WriterQueue(None, patience=5), list[int]()

        async def write(number: int) -> None:
            async with queue.turn():
                await asyncio.sleep(0)
                wrote.append(number)

        await asyncio.gather(*(write(number) for number in range(20)))
        return wrote

    assert asyncio.run(run()) == list(range(20))


def test_between_processes_they_take_turns(tmp_path: Path) -> None:
    async def run() -> list[str]:
        wrote: list[str] = []
        # Each has the files open for itself, as a process has.
        queues = {name: WriterQueue(str(tmp_path / "award.db"), patience=5) for name in "ab"}

        async def write(name: str) -> None:
            async with queues[name].turn():
                wrote.append(name)
                # Long enough for the other one to come to the door.
                await asyncio.sleep(0.01)

        await asyncio.gather(*(write(name) for name in "ab" for _ in range(10)))
        for queue in queues.values():
            queue.close()
        return wrote

    wrote = asyncio.run(run())
    assert sorted(wrote) == ["a"] * 10 + ["b"] * 10
    assert all(one != other for one, other in itertools.pairwise(wrote)), wrote


def test_who_has_waited_long_enough_gives_up_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async def run() -> None:
        first, second = (WriterQueue(str(tmp_path / "award.db"), patience=0.05) for _ in range(2))
        async with first.turn():
            for _ in range(2):
                with pytest.raises(PoolTimeout):
                    async with second.turn():
                        raise AssertionError("two write")
                with pytest.raises(PoolTimeout):
                    async with first.turn():
                        raise AssertionError("two write")
        for queue in (second, first, second):
            async with queue.turn():
                pass
        first.close()
        second.close()

    asyncio.run(run())


def test_nobody_else_reads_or_writes_its_files(tmp_path: Path) -> None:
    async def run() -> None:
        queue = WriterQueue(str(tmp_path / "award.db"), patience=1)
        async with queue.turn():
            pass
        queue.close()

    asyncio.run(run())
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
