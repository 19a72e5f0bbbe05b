"""Objections over real sockets, by sixteen clients at once: the service with one and with two workers on both
databases, beside what somebody would take instead. `python -m benchmarks writes [--peers FOLDER]`.

Each objection is by somebody unknown, with an idempotency key of its own; its entry is in the audit chain before it is
answered. Slices take turns; requests are counted where they are answered with 201, and anything else ends the run.
FOLDER is the environment of `benchmarks/peers/install.sh`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import machine
from benchmarks.cases import objection_body
from benchmarks.databases import KINDS, empty_database, version
from benchmarks.population import populate
from benchmarks.processes import Started, cpu_seconds, ready, running
from benchmarks.sockets import Connections, request
from benchmarks.timing import Act, Timed, run_slice

_PEERS = Path(__file__).parent / "peers"


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks writes", description=__doc__)
    parser.add_argument("--database", choices=KINDS, nargs="+", default=list(KINDS), help="default: both")
    parser.add_argument("--rows", type=int, default=1_000, help="of each table before it begins (default: 1000)")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one slice (default: 3)")
    parser.add_argument("--slices", type=int, default=5, help="slices of each contender, in turn (default: 5)")
    parser.add_argument("--clients", type=int, default=16, help="requests at once (default: 16)")
    parser.add_argument("--peers", type=Path, help="the environment of the peers; without it only the hand-written one")
    given = parser.parse_args(arguments)
    print(machine.description(), flush=True)
    print(f"Clients at once: {given.clients}; slices of {given.seconds:g} s each, in turn: {given.slices}")
    for kind in given.database:
        with tempfile.TemporaryDirectory(prefix="award-bench-") as name, empty_database(kind, Path(name)) as url:
            _one_database(given, url, Path(name))


@dataclass(slots=True)
class Contender:
    """Somebody who takes objections, the process that serves him, and what was seen of him."""

    timed: Timed
    act: Act
    pid: int
    cpu: list[float] = field(default_factory=list)


def _one_database(given: argparse.Namespace, url: str, folder: Path) -> None:
    population = populate(url, given.rows)
    with contextlib.ExitStack() as stack:
        contenders = [
            stack.enter_context(_served(one, folder, population.candidates))
            for one in _contenders(url, folder, given.peers)
        ]
        asyncio.run(_measure(given, contenders))
    print(_table(f"{version(url)}, {given.rows:,} rows", contenders), flush=True)


async def _measure(given: argparse.Namespace, contenders: Sequence[Contender]) -> None:
    for one in contenders:
        await run_slice(Timed("warm-up"), one.act, seconds=1, clients=given.clients)
    for _ in range(given.slices):
        for one in contenders:
            before, answered = cpu_seconds(one.pid), len(one.timed.milliseconds)
            await run_slice(one.timed, one.act, seconds=given.seconds, clients=given.clients)
            spent = cpu_seconds(one.pid) - before
            one.cpu.append(spent / (len(one.timed.milliseconds) - answered) * 1000)


def _table(title: str, contenders: Sequence[Contender]) -> str:
    """Requests a second and processor time of the server's processes (medians of the slices; the database's is not
    among it), percentiles over all requests, and the rate beside that of the first line of as many processes."""
    heads = ("requests/s", "p50 ms", "p99 ms", "CPU ms", "÷ by hand")
    rows = [f"{'':44} " + " ".join(f"{head:>10}" for head in heads)]
    for one in contenders:
        timed, workers = one.timed, "1" if " 1 " in one.timed.name else "2"
        first = next(other for other in contenders if f" {workers} " in other.timed.name)
        figures = (
            f"{timed.rate:,.0f}",
            f"{timed.percentile(0.5):.1f}",
            f"{timed.percentile(0.99):.1f}",
            f"{median(one.cpu):.2f}",
            ""
            if first is one or contenders[0].timed.name.startswith("ours")
            else f"{timed.rate / first.timed.rate:.2f}",
        )
        rows.append(f"{timed.name:44} " + " ".join(f"{figure:>10}" for figure in figures))
    return "\n".join(["", title, *rows])


@contextlib.contextmanager
def _served(one: Started, folder: Path, candidates: list[uuid.UUID]) -> Iterator[Contender]:
    with running(one, folder) as (process, address, _):
        ready(process, address)
        connections = Connections(int(address.rpartition(":")[2]))
        body = objection_body()

        def objection(number: int) -> bytes:
            key = {"content-type": "application/json", "idempotency-key": str(uuid.uuid4())}
            return request("POST", f"/v1/candidates/{candidates[number % len(candidates)]}/objections", key, body)

        yield Contender(Timed(one.name), connections.act(objection, expected=201), process.pid)


def _contenders(url: str, folder: Path, peers: Path | None) -> Iterator[Started]:
    if url.startswith("postgresql"):
        yield from _others(url.replace("postgresql+psycopg://", "postgresql://"), peers)
    ours = {
        "AWARD_DATABASE_URL": url,
        "AWARD_KEYS_FILE": str(folder / "keys.json"),
        "AWARD_FILES_URL": f"file:{folder / 'files'}",
        "AWARD_PUBLIC_POSTS_PER_MINUTE": "1000000000",
    }
    for workers in (1, 2):
        arguments = ("-m", "app.cli", "serve", "--workers", str(workers), "--host", "127.0.0.1", "--port", "{port}")
        yield Started(f"ours, {workers} worker{'s' * (workers > 1)}", arguments, ours, ())


def _others(url: str, peers: Path | None) -> Iterator[Started]:
    environment = {"PEER_DATABASE": url}
    raw = ("-m", "uvicorn", "benchmarks.peers.raw:app", "--no-access-log", "--log-level", "warning", "--port", "{port}")
    for workers in (1, 2):
        name = f"Starlette and asyncpg, {workers} process{'es' * (workers > 1)}"
        yield Started(name, (*raw, "--workers", str(workers)), environment, ())
    if peers is None:
        return
    django = ("-m", "gunicorn", "django_peer.wsgi", "--log-level", "warning", "--bind", "127.0.0.1:{port}")
    for workers in (1, 2):
        yield Started(
            f"Django REST framework, {workers} process{'es' * (workers > 1)}",
            (*django, "--workers", str(workers), "--worker-class", "gthread", "--threads", "8"),
            {**environment, "PYTHONPATH": str(_PEERS)},
            (),
            interpreter=str(peers / "bin" / "python"),
        )
