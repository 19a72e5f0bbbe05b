"""Acts on a whole round: how long they take, with how many statements and how much memory, and how long somebody else
who reads meanwhile waits. `python -m benchmarks bulk`.

One application comes through the service to the state in question and is copied in the database; the request is then
sent in a process of its own (`bulk_worker`).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from benchmarks import machine
from benchmarks.bulk_worker import Measured, Order
from benchmarks.databases import KINDS, empty_database, version
from sandbox.clock import MovableClock
from sandbox.migrating import migrate
from sandbox.seed import known, seed
from sandbox.stages.applications import apply
from sandbox.stages.crowd import crowd
from sandbox.stages.qualification import answer_all, close_applications, consult, decide_conditions, qualify
from sandbox.stages.reviews import close_material, light_rules, score_material, score_onsite
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok

_ROOT = Path(__file__).parent.parent
_BEGIN = datetime(2024, 3, 1, 2, tzinfo=UTC)
_SCORE = 80
_CONFIRMATION = {"title": "资格审查合格名单（样例）", "channels": ["县政府网站"]}
_HEAD = ("", "seconds", "CPU s", "statements", "bytes", "MiB rest", "MiB peak", "read p50", "p99", "most ms")
_WIDTHS = (32, 8, 8, 10, 9, 8, 8, 8, 8, 8)


@dataclass(frozen=True, slots=True)
class Measurement:
    """A line of the table: a request on a round that `made` brings to its state; answers the round's id."""

    name: str
    method: str
    # Below the round's own path.
    path: str
    query: str = ""
    body: object = None
    repeats: int = 1

    @property
    def expected(self) -> int:
        return 200 if self.method == "GET" else 201


Maker = Callable[[World, int], str]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks bulk", description=__doc__)
    parser.add_argument("--evaluated", type=int, default=1_000, help="applications of the evaluated round")
    parser.add_argument("--confirmed", type=int, default=10_000, help="applications of the confirmed list")
    parser.add_argument("--database", choices=KINDS, nargs="+", default=list(KINDS), help="default: both")
    given = parser.parse_args(arguments)
    print(machine.description(), flush=True)
    for kind in given.database:
        _one_round(kind, given.evaluated, _to_evaluate, _ON_THE_EVALUATION)
        _one_round(kind, given.confirmed, _to_confirm, _ON_THE_LIST)


_ON_THE_EVALUATION = (
    Measurement("the office's page of the round", "GET", "", repeats=10),
    Measurement("the evaluation, tried", "POST", "/evaluation", "dry_run=true", {"summary": "样例综合评价"}),
    Measurement("the evaluation", "POST", "/evaluation", body={"summary": "样例综合评价"}),
)
_ON_THE_LIST = (
    Measurement("the office's page of the round", "GET", "", repeats=10),
    Measurement("a worklist page of 100", "GET", "/qualification-worklist", "limit=100", repeats=10),
    Measurement("the qualified list", "POST", "/qualified-list", body=_CONFIRMATION),
)


def _one_round(kind: str, count: int, made: Maker, measurements: Sequence[Measurement]) -> None:
    with tempfile.TemporaryDirectory(prefix="award-bulk-") as name, empty_database(kind, Path(name)) as url:
        print(f"\n{version(url)}, {count:,} applications\n{_row(_HEAD)}", flush=True)
        migrate(url)
        seed(url)
        _measure(url, Path(name), count, made, measurements)


def _measure(url: str, folder: Path, count: int, made: Maker, measurements: Sequence[Measurement]) -> None:
    settings = Settings(
        _env_file=None,
        database_url=url,
        keys_file=folder / "keys.json",
        files_url=f"file:{folder / 'files'}",
        access_token_seconds=3600,
        log_level="ERROR",
    )
    clock = MovableClock(_BEGIN)
    with TestClient(create_app(settings, clock=clock)) as client:
        world = World(client, clock)
        round_id = made(world, count)
        now = clock.now()
    for item in measurements:
        order = Order(
            database_url=url,
            keys_file=str(settings.keys_file),
            files_url=settings.files_url,
            now=now.isoformat(),
            caller=str(known("account:office")),
            method=item.method,
            path=f"/v1/rounds/{round_id}{item.path}",
            query=item.query,
            body="" if item.body is None else json.dumps(item.body, ensure_ascii=False),
            expected=item.expected,
            read=f"/v1/rounds/{round_id}",
            repeats=item.repeats,
        )
        print(_line(item.name, _in_its_own_process(order, folder)), flush=True)


def _in_its_own_process(order: Order, folder: Path) -> Measured:
    asked, answered = folder / "order.json", folder / "answer.json"
    asked.write_text(json.dumps(asdict(order)))
    command = [sys.executable, "-m", "benchmarks.bulk_worker", str(asked), str(answered)]
    with (folder / "worker.log").open("ab") as log:
        subprocess.run(command, check=True, cwd=_ROOT, env={**os.environ}, stdout=log)
    return Measured(**json.loads(answered.read_text()))


def _to_evaluate(world: World, count: int) -> str:
    """Every application was scored by three on its papers and by three on site."""
    round_id = open_round(world, review_rules=light_rules())
    first = apply(world, round_id)
    qualify(world, round_id)
    score_material(world, round_id, {first.id: _SCORE})
    close_material(world, round_id)
    score_onsite(world, round_id, {first.id: _SCORE})
    crowd(world, first.id, count - 1)
    return round_id


def _to_confirm(world: World, count: int) -> str:
    """Every department has answered, and every condition is decided."""
    round_id = open_round(world)
    first = apply(world, round_id)
    close_applications(world, round_id)
    consult(world, round_id)
    answer_all(world, round_id)
    ok(decide_conditions(world, first.id), 201)
    crowd(world, first.id, count - 1)
    return round_id


def _line(name: str, seen: Measured) -> str:
    return _row(
        (
            name,
            f"{seen.seconds:.2f}",
            f"{seen.cpu:.2f}",
            f"{seen.statements:,}",
            f"{seen.size:,}",
            f"{seen.rest:.0f}",
            f"{seen.peak:.0f}",
            f"{_share(seen.reads, 0.5):.1f}",
            f"{_share(seen.reads, 0.99):.1f}",
            f"{max(seen.reads):.1f}",
        )
    )


def _share(milliseconds: Sequence[float], share: float) -> float:
    ordered = sorted(milliseconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _row(cells: Sequence[str]) -> str:
    first, *rest = cells
    padded = (f"{cell:>{width}}" for cell, width in zip(rest, _WIDTHS[1:], strict=True))
    return " ".join([f"{first:{_WIDTHS[0]}}", *padded])
