"""What the service sweeps out by itself, one process at a time, and what it never touches."""

import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app.kernel.settings import Settings
from app.kernel.sweeping import Sweeper, Swept
from app.web import server
from sandbox.seed import PASSWORD
from sandbox.stages.applications import begin, register_applicant
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused

ROUND = {"year": 2024, "title": "样例第一届"}
NOTHING = Swept(0, 0, 0, 0, 0, 0)


def state_of(world: World) -> Any:
    assert isinstance(world.client.app, FastAPI)
    return world.client.app.state


def run(world: World, act: Callable[[], Awaitable[Any]]) -> Any:
    assert world.client.portal is not None
    return world.client.portal.call(act)


def sweep(world: World) -> Swept | None:
    state = state_of(world)
    found: Swept | None = run(world, Sweeper(state.database, state.files, state.clock).sweep)
    return found


def sign_in(world: World, login: str, password: str = PASSWORD) -> Any:
    form = {"grant_type": "password", "username": login, "password": password}
    return world.public.request("POST", "/v1/tokens", data=form)


def test_it_is_swept_once_an_hour_whoever_asks(world: World) -> None:
    assert sweep(world) == NOTHING
    assert sweep(world) is None
    world.clock.forward(minutes=59)
    assert sweep(world) is None
    world.clock.forward(minutes=1)
    assert sweep(world) == NOTHING


def test_what_is_over_goes_and_what_is_not_stays(world: World) -> None:
    key = {"Idempotency-Key": "round-of-2024"}
    ok(world.office.post("/v1/rounds", ROUND, headers=key), 201)
    ok(sign_in(world, "office"))
    refused(sign_in(world, "nobody", "wrong password"), 400)
    assert sweep(world) == NOTHING
    world.clock.forward(days=7)
    swept = sweep(world)
    assert swept is not None
    # A token lives for half a day and is kept for a week, so that its second use still tells of a theft.
    assert (swept.answers, swept.refresh_tokens) == (0, 0) and swept.counters >= 1
    world.clock.forward(days=1)
    swept = sweep(world)
    assert swept is not None
    assert (swept.answers, swept.refresh_tokens) == (1, 1)
    assert len(ok(world.office.get("/v1/rounds"))["items"]) == 1


def test_pieces_of_a_killed_upload_go_and_files_stay(world: World, settings: Settings) -> None:
    _, applicant = register_applicant(world)
    begin(world, open_round(world), applicant)
    folder = Path(settings.files_url.removeprefix("file:"))
    whole = [path for path in folder.rglob("*") if path.is_file()]
    piece, young = whole[0].with_name(f"{whole[0].name}#1"), whole[0].with_name(f"{whole[0].name}#2")
    other = whole[0].with_name("notes#1")
    for path in (piece, young, other):
        path.write_bytes(b"%PDF-1.4 half")
    now = world.clock.now().timestamp()
    for path, age in ((piece, 86_401), (young, 86_399), (other, 86_401), *((path, 86_401) for path in whole)):
        os.utime(path, (now - age, now - age))
    swept = sweep(world)
    assert swept is not None and swept.upload_pieces == 1
    assert not piece.exists() and young.exists() and other.exists() and all(path.exists() for path in whole)


def test_a_sweep_that_fails_stops_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import anyio

    from app.kernel import sweeping

    tries: list[int] = []

    async def fail(self: Sweeper) -> None:
        tries.append(1)
        raise OSError("the disk is away")

    monkeypatch.setattr(Sweeper, "sweep", fail)
    monkeypatch.setattr(sweeping, "_FIRST_AFTER", sweeping._FIRST_AFTER * 0)
    monkeypatch.setattr(sweeping, "EVERY", sweeping.EVERY * 0)
    state = state_of(world)

    async def go() -> None:
        with anyio.move_on_after(5):
            async with anyio.create_task_group() as group:
                group.start_soon(Sweeper(state.database, state.files, state.clock).run)
                while len(tries) < 3:
                    await anyio.lowlevel.checkpoint()
                group.cancel_scope.cancel()

    run(world, go)
    assert len(tries) >= 3
    ok(world.public.get("/readyz"))


def test_folders_of_dead_starts_are_removed(tmp_path: Path) -> None:
    dead = os.fork()
    if dead == 0:
        os._exit(0)
    os.waitpid(dead, 0)
    names = [f"award-metrics-{dead}-a", f"award-metrics-{os.getpid()}-b", "award-metrics-old", "other"]
    # Of the process that opens files, which had not begun when its service was killed.
    names += [f"award-apart-{dead}-a", f"award-apart-{os.getpid()}-b", "award-apart-old"]
    for name in names:
        (tmp_path / name).mkdir()
    server._sweep_folders(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(name for name in names if f"-{dead}-" not in name)


@pytest.mark.parametrize("away", ["files", "database"])
def test_a_place_that_takes_no_write_is_not_ready(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    from app.kernel import files
    from app.routers import system

    ok(world.public.get("/readyz"))
    if away == "database" and settings.database_url.startswith("postgresql"):
        # A server that follows another one takes no writes; none is at hand, so it is told by what it would answer.
        async def follows() -> bool:
            return True

        monkeypatch.setattr(state_of(world).database, "is_replica", follows)
    else:
        full = Path("/dev/full").parent / "nowhere"
        places = {"files": (files, "takes_writes"), "database": (system, "takes_writes")}
        real = files.takes_writes
        monkeypatch.setattr(*places[away], lambda _folder: real(full))
    refused(world.public.get("/readyz"), 503, "unavailable")


def test_a_folder_that_is_gone_takes_nothing(tmp_path: Path) -> None:
    from app.kernel.files import takes_writes

    assert takes_writes(tmp_path) and not list(tmp_path.iterdir())
    assert not takes_writes(tmp_path / "gone")


_SWEEP = """
import asyncio, sys, time
from app.kernel.clock import SystemClock
from app.kernel.files import FileStore
from app.kernel.settings import Settings
from app.kernel.sweeping import Sweeper
from app.store.database import Database

async def main():
    settings = Settings(_env_file=None)
    database = Database(settings.database_url, pool_size=2)
    time.sleep(max(0, float(sys.argv[1]) - time.time()))
    print(await Sweeper(database, FileStore.from_settings(settings), SystemClock()).sweep() is not None)
    await database.close()

asyncio.run(main())
"""


@pytest.mark.slow
def test_of_processes_that_come_in_the_same_instant_one_sweeps(settings: Settings, tmp_path: Path) -> None:
    root = Path(server.__file__).parent.parent.parent
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWARD_")},
        "AWARD_DATABASE_URL": settings.database_url,
        "AWARD_FILES_URL": f"file:{tmp_path / 'files'}",
    }
    at = str(time.time() + 6)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _SWEEP, at], cwd=root, env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    told = [process.communicate(timeout=60)[0].strip() for process in processes]
    assert sorted(told) == ["False", "False", "False", "True"]
