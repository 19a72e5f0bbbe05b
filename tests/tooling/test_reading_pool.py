"""Connections that only read are lent in turn, ended when they are dead, and never more than there may be."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.store.reading_pool import ReadingPool


class Connection:
    """As much of one as the pool asks for."""

    def __init__(self) -> None:
        self.closed = False

    def is_closed(self) -> bool:
        return self.closed

    def terminate(self) -> None:
        self.closed = True


class Server:
    """What a pool connects to, with all that it was given."""

    def __init__(self) -> None:
        self.opened: list[Connection] = []
        self.away = False

    async def connect(self) -> Any:
        await asyncio.sleep(0)
        if self.away:
            raise OSError("away")
        self.opened.append(Connection())
        return self.opened[-1]

    @property
    def living(self) -> int:
        return sum(not connection.closed for connection in self.opened)


def played(play: Callable[[ReadingPool, Server], Awaitable[None]], *, size: int = 2) -> None:
    async def begin() -> None:
        server = Server()
        async with asyncio.timeout(5):
            await play(ReadingPool(server.connect, size=size), server)

    asyncio.run(begin())


def test_one_connection_serves_whoever_comes_one_after_the_other() -> None:
    async def play(pool: ReadingPool, server: Server) -> None:
        for _ in range(5):
            pool.release(await pool.acquire())
        assert len(server.opened) == 1

    played(play)


def test_there_are_never_more_than_there_may_be_and_whoever_waits_is_served_in_his_turn() -> None:
    async def play(pool: ReadingPool, server: Server) -> None:
        served: list[int] = []
        most = 0

        async def one(number: int) -> None:
            nonlocal most
            connection = await pool.acquire()
            most = max(most, len(pool._lent))
            served.append(number)
            await asyncio.sleep(0)
            pool.release(connection)

        await asyncio.gather(*(one(number) for number in range(20)))
        assert served == list(range(20))
        assert (most, len(server.opened)) == (2, 2)

    played(play)


def test_whoever_waits_too_long_is_told_and_takes_nothing_along() -> None:
    async def play(pool: ReadingPool, server: Server) -> None:
        held = await pool.acquire()
        with pytest.raises(TimeoutError):
            await pool.acquire(0.01)
        pool.release(held)
        assert await pool.acquire(0.01) is held
        assert len(server.opened) == 1

    played(play, size=1)


def test_what_comes_free_for_somebody_who_gives_up_in_the_same_moment_goes_to_the_next() -> None:
    async def play(pool: ReadingPool, server: Server) -> None:
        held = await pool.acquire()
        gone = asyncio.create_task(pool.acquire())
        next_one = asyncio.create_task(pool.acquire())
        await asyncio.sleep(0)
        pool.release(held)
        gone.cancel()
        assert await next_one is held
        # The same where a place came free and not a connection.
        gone = asyncio.create_task(pool.acquire())
        next_one = asyncio.create_task(pool.acquire())
        await asyncio.sleep(0)
        held.terminate()
        pool.release(held)
        gone.cancel()
        fresh = await next_one
        assert fresh is not held and server.living == 1
        pool.release(fresh)
        assert await pool.acquire() is fresh

    played(play, size=1)


def test_a_dead_connection_is_not_lent_again() -> None:
    async def play(pool: ReadingPool, server: Server) -> None:
        first = await pool.acquire()
        pool.release(first)
        first.terminate()
        second = await pool.acquire()
        assert second is not first
        # While it is lent: whoever waits gets another one.
        waiting = asyncio.create_task(pool.acquire())
        await asyncio.sleep(0)
        second.terminate()
        pool.release(second)
        third = await waiting
        assert third not in (first, second) and len(server.opened) == 3

    played(play, size=1)


def test_none_that_is_older_than_the_expiry_is_lent_again() -> None:
    async def play(pool: ReadingPool, server: Server) -> None:
        lent, idle = await pool.acquire(), await pool.acquire()
        pool.release(idle)
        pool.expire()
        assert idle.is_closed() and not lent.is_closed()
        pool.release(lent)
        assert lent.is_closed()
        fresh = [await pool.acquire(), await pool.acquire()]
        for connection in fresh:
            pool.release(connection)
        assert server.living == 2 and await pool.acquire() in fresh

    played(play)


def test_a_server_that_is_away_costs_no_place() -> None:
    async def play(pool: ReadingPool, server: Server) -> None:
        server.away = True
        for _ in range(5):
            with pytest.raises(OSError, match="away"):
                await pool.acquire()
        first, second = asyncio.create_task(pool.acquire()), asyncio.create_task(pool.acquire())
        waiting = asyncio.create_task(pool.acquire())
        await asyncio.sleep(0)
        failed = await asyncio.gather(first, second, waiting, return_exceptions=True)
        assert [type(item) for item in failed] == [OSError] * 3
        server.away = False
        connections = [await pool.acquire(), await pool.acquire()]
        assert server.living == 2
        for connection in connections:
            pool.release(connection)

    played(play)


def test_after_its_end_nothing_is_left_open() -> None:
    async def play(pool: ReadingPool, server: Server) -> None:
        lent, idle = await pool.acquire(), await pool.acquire()
        pool.release(idle)
        waiting = [asyncio.create_task(pool.acquire()) for _ in range(2)]
        await asyncio.sleep(0)
        pool.terminate()
        assert lent.is_closed()
        pool.release(lent)
        for connection in await asyncio.gather(*waiting):
            pool.release(connection)
        assert server.living == 0

    played(play)
