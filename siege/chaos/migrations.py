"""Migrations that are killed: one alone, or one of two that were begun at once."""

from __future__ import annotations

import shutil
import time
from multiprocessing.process import BaseProcess
from random import Random

from sqlalchemy import create_engine, inspect, text

from app.store.base import Base
from app.store.migrations import upgrade
from sandbox import memory
from siege.chaos.forked import CONTEXT
from siege.chaos.killing import Tally
from siege.chaos.places import Databases

NAME = "migrations"
_PATIENCE = 120


def migrate(url: str) -> None:
    """What `migrate` does, in a process of its own."""
    upgrade(url)


def kill(databases: Databases, at_once: int, times: int, draw: Random) -> Tally:
    """Begin so many migrations at once of an empty database and kill one of them, so often; each time the next one must
    find nothing or all of it, and finish."""
    tally, seconds = Tally(), 0.5
    for _ in range(times):
        folder = memory.folder("award-chaos-")
        try:
            with databases.fresh(folder) as url:
                seconds += (_once(url, at_once, draw, seconds, tally) - seconds) / 4
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return tally


def _once(url: str, at_once: int, draw: Random, seconds: float, tally: Tally) -> float:
    """One kill; answers how long a migration took that was not killed."""
    running = [_begun(url) for _ in range(at_once)]
    time.sleep(draw.uniform(0, 1.3 * seconds))
    victim = draw.choice(running)
    victim.kill()
    for process in running:
        process.join(_PATIENCE)
    through = victim.exitcode == 0
    tally.kills += 1
    tally.in_the_act += not through
    for process in running:
        if process is not victim:
            _expect_whole(process, url, tally)
    found = _tables(url)
    if found not in (set(), _whole()):
        tally.half_written += 1
        tally.said.append(f"{len(found)} tables of {len(_whole())}")
    if through:
        tally.acknowledged += 1
        tally.lost += found != _whole()
    began = time.monotonic()
    again = _begun(url)
    again.join(_PATIENCE)
    tally.repeated += not through
    _expect_whole(again, url, tally)
    return time.monotonic() - began if not found else seconds


def _begun(url: str) -> BaseProcess:
    process = CONTEXT.Process(target=migrate, args=(url,))
    process.start()
    return process


def _expect_whole(process: BaseProcess, url: str, tally: Tally) -> None:
    """A migration that was let alone has ended well, and left one whole database."""
    if process.exitcode != 0:
        tally.refused += 1
        tally.said.append(f"a migration ended with {process.exitcode}")
        return
    tally.acknowledged += 1
    tally.lost += _tables(url) != _whole()
    engine = create_engine(url)
    with engine.connect() as connection:
        tally.doubled += connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() != 1
        tally.doubled += connection.execute(text("SELECT count(*) FROM audit_head")).scalar_one() != 1
    engine.dispose()


def _whole() -> set[str]:
    return {*Base.metadata.tables, "alembic_version"}


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()
