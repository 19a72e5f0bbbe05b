"""The audit chain where many write at once and processes die in the middle: every act that was acknowledged has its
entry, every entry its act, the numbers are without a gap, and the chain holds. Two processes, thirty writers."""

import os
import signal
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from app.kernel.settings import Settings
from sandbox.stages.decision import OBJECTION, Contender, candidates, in_publicity
from sandbox.world import World, ok
from tests.support.workers import Workers, serving

WRITERS, EACH, KILLS = 30, 6, 4


@pytest.fixture
def path(world: World, settings: Settings) -> Iterator[str]:
    made = in_publicity(world, Contender())
    yield f"/v1/candidates/{candidates(world, made.round_id)[made.ids[0]]['id']}/objections"


class Writer:
    """Posts objections, each until it is answered: with the same key, as a client does that has lost its answer."""

    def __init__(self, workers: Workers, path: str) -> None:
        self._workers, self._path = workers, path
        self.told: dict[str, Any] = {}
        self.repeated = 0

    def write(self, killing: Future[int]) -> None:
        """At least some, and on until all processes are killed that are to be."""
        while len(self.told) < EACH or not killing.done():
            key = str(uuid.uuid4())
            answer = self._answered(key)
            assert answer.status_code == 201, answer.text
            self.told[key] = answer.json()["tracking_code"]

    def _answered(self, key: str) -> httpx.Response:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                # Who gets no answer asks again soon, as clients do.
                with httpx.Client(base_url=self._workers.address, timeout=15, trust_env=False, verify=False) as client:
                    answer = client.post(self._path, json=OBJECTION, headers={"Idempotency-Key": key})
            except httpx.TransportError:
                self.repeated += 1
                continue
            if answer.status_code != 503:
                return answer
            self.repeated += 1
        raise TimeoutError(key)


@pytest.mark.slow
def test_thirty_writers_and_processes_that_are_killed(
    world: World, path: str, settings: Settings, tmp_path: Path
) -> None:
    before = counts(settings.database_url)
    with serving(settings.database_url, tmp_path, public_posts_per_minute=100_000) as workers:
        writers = [Writer(workers, path) for _ in range(WRITERS)]
        with ThreadPoolExecutor(WRITERS + 1) as pool:
            killing = pool.submit(_kill, workers)
            for one in [pool.submit(writer.write, killing) for writer in writers]:
                one.result()
            killing.result()
    told = {key: code for writer in writers for key, code in writer.told.items()}
    assert len(told) >= WRITERS * EACH
    # Whose answer was lost with its process is told at the repetition that it has been taken, without the code.
    codes = [code for code in told.values() if code is not None]
    assert len(set(codes)) == len(codes)
    objections, entries, kept = (now - then for now, then in zip(counts(settings.database_url), before, strict=True))
    assert objections == entries == kept == len(told)
    chain = ok(world.auditor.get("/v1/audit-chain"))
    assert chain["intact"] is True, chain["faults"]
    for code in codes[:20]:
        ok(world.public.get(f"/v1/objection-status/{code}"))


def _kill(workers: Workers) -> int:
    """Kill one process after the other; a new one comes each time."""
    killed, deadline = 0, time.monotonic() + 120
    while killed < KILLS:
        assert time.monotonic() < deadline, killed
        time.sleep(0.5)
        alive = [pid for pid in workers.answered() if _lives(pid)]
        if len(alive) >= 2:
            os.kill(int(sorted(alive)[killed % 2]), signal.SIGKILL)
            killed += 1
    return killed


def _lives(pid: str) -> bool:
    """A process that is dead and not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def counts(database_url: str) -> tuple[int, int, int]:
    """Objections; entries that say that one was taken, each of an objection that there is; keys with an answer."""
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            found = [
                connection.execute(text(f"SELECT count(*) FROM {what}")).scalar_one()
                for what in (
                    "objections",
                    "audit_entries WHERE act = 'take_objection' AND subject_id IN (SELECT id FROM objections)",
                    "idempotency_records WHERE status = 201",
                )
            ]
            return found[0], found[1], found[2]
    finally:
        engine.dispose()
