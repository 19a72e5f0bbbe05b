"""The process in which one act on a whole round is measured: it does nothing else, so that its memory is the act's.

`python -m benchmarks.bulk_worker ORDER ANSWER`: two files of JSON; an `Order` comes in and a `Measured` goes out.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import event

from app.kernel.settings import Settings
from app.main import create_app
from app.measures.roles import Role
from app.store.database import Database
from benchmarks.calling import Call, send
from benchmarks.cases import Standing

# Between two of the reader's requests, like somebody on the other side of a network.
_PAUSE = 0.002
_WARMING = 30
_acting: ContextVar[bool] = ContextVar("acting", default=False)
_PROCESS = Path("/proc/self")


@dataclass(frozen=True, slots=True)
class Order:
    """One request, as the office's account `caller` sends it at the instant `now`, and what somebody else reads
    meanwhile. `repeats`: how often it is sent; an act is, once."""

    database_url: str
    keys_file: str
    files_url: str
    now: str
    caller: str
    method: str
    path: str
    query: str
    body: str
    expected: int
    read: str
    repeats: int = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds, processor seconds (the reader's among them) and statements of one request, bytes of its answer; MiB
    resident before it and at the highest; milliseconds of each read, before it and meanwhile."""

    seconds: float
    cpu: float
    statements: int
    size: int
    rest: float
    peak: float
    quiet: list[float]
    reads: list[float]


def main() -> None:
    order = Order(**json.loads(Path(sys.argv[1]).read_text()))
    Path(sys.argv[2]).write_text(json.dumps(asdict(measured(order))))


def measured(order: Order) -> Measured:
    """The order carried out in this process."""
    settings = Settings(
        _env_file=None,
        database_url=order.database_url,
        keys_file=Path(order.keys_file),
        files_url=order.files_url,
        access_token_seconds=3600,
    )
    now = datetime.fromisoformat(order.now)
    return asyncio.run(_measure(create_app(settings, clock=Standing(now)), order, now))


async def _measure(app: FastAPI, order: Order, now: datetime) -> Measured:
    token = app.state.tokens.issue(UUID(order.caller), role=Role.OFFICE, now=now)
    call = Call(order.method, order.path, order.query, token, order.body.encode(), order.expected)
    read = Call("GET", order.read)
    async with app.router.lifespan_context(app):
        for _ in range(_WARMING):
            await send(app, read)
        with contextlib.suppress(RuntimeError):
            # The first request of its kind works out its route; without a token it is refused, and does nothing.
            await send(app, Call(order.method, order.path, order.query, body=order.body.encode(), expected=401))
        async with _reading(app, read) as quiet:
            await asyncio.sleep(1)
        gc.collect()
        rest = _status("VmRSS")
        with contextlib.suppress(OSError):
            # The highest is counted from here on.
            (_PROCESS / "clear_refs").write_text("5")
        with _counted(app.state.database) as statements:
            async with _reading(app, read) as reads:
                started, begun = perf_counter(), process_time()
                for _ in range(order.repeats):
                    size = await _send_counted(app, call)
                seconds, cpu = perf_counter() - started, process_time() - begun
        one = order.repeats
        return Measured(
            seconds / one, cpu / one, len(statements) // one, size, rest, _status("VmHWM"), list(quiet), list(reads)
        )


async def _send_counted(app: FastAPI, call: Call) -> int:
    mark = _acting.set(True)
    try:
        return await send(app, call)
    finally:
        _acting.reset(mark)


@contextlib.asynccontextmanager
async def _reading(app: FastAPI, read: Call) -> AsyncIterator[list[float]]:
    """Somebody who reads again and again; answers the milliseconds that he waited each time."""
    taken: list[float] = []
    done = asyncio.Event()

    async def again_and_again() -> None:
        while not done.is_set():
            begun = perf_counter()
            await send(app, read)
            taken.append((perf_counter() - begun) * 1000)
            await asyncio.sleep(_PAUSE)

    task = asyncio.get_running_loop().create_task(again_and_again())
    # He has begun.
    await asyncio.sleep(0)
    try:
        yield taken
    finally:
        done.set()
        await task


@contextlib.contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    """The statements of the measured request alone, one entry each, however many rows it carries."""
    engines = {database.engine.sync_engine, database.reading_engine.sync_engine}
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if _acting.get():
            statements.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def _status(name: str) -> float:
    """MiB that the system tells of this process; not a number where it does not tell."""
    status = _PROCESS / "status"
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
