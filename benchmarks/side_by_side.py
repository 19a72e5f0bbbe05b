"""Typical requests over real sockets, by sixteen clients at once: the service with one and with two workers on both
databases, beside what somebody would take instead. `python -m benchmarks served [--peers FOLDER]`.

Each objection is by somebody unknown, with an idempotency key of its own; its entry is in the audit chain before it is
answered. Slices take turns; requests are counted where they are answered as expected, and anything else ends the run.
FOLDER is the environment of `benchmarks/peers/install.sh`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import machine
from benchmarks.databases import KINDS, empty_database, version
from benchmarks.jobs import BY_HAND, DIRECTUS, DJANGO, OURS, Job, jobs
from benchmarks.peers.directus.served import Served, served
from benchmarks.population import populate
from benchmarks.processes import Started, cpu_seconds, ready, running
from benchmarks.sockets import Connections
from benchmarks.timing import Act, Timed, run_slice

_PEERS = Path(__file__).parent / "peers"
# After so many requests of a kind a process of Directus needs a third of the time of the first ones, hardly less later.
_LEARNT = 1_000


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks served", description=__doc__)
    parser.add_argument("--database", choices=KINDS, nargs="+", default=list(KINDS), help="default: both")
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000], help="of each table before it begins")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one slice (default: 3)")
    parser.add_argument("--slices", type=int, default=5, help="slices of each contender, in turn (default: 5)")
    parser.add_argument("--clients", type=int, default=16, help="requests at once (default: 16)")
    parser.add_argument("--only", nargs="+", default=[], help="parts of the jobs' names")
    parser.add_argument("--peers", type=Path, help="the environment of the peers; without it only the hand-written one")
    given = parser.parse_args(arguments)
    print(machine.description(), flush=True)
    print(f"Clients at once: {given.clients}; slices of {given.seconds:g} s each, in turn: {given.slices}")
    for kind in given.database:
        for rows in given.rows:
            with tempfile.TemporaryDirectory(prefix="award-bench-") as name, empty_database(kind, Path(name)) as url:
                _one_database(given, url, rows, Path(name))


@dataclass(slots=True)
class Contender:
    """Somebody who does a job, the processes that serve him, and what was seen of him."""

    job: Job
    who: str
    workers: int
    act: Act
    pid: int
    timed: Timed = field(init=False)
    cpu: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.timed = Timed(f"{self.job.name} | {self.who}, {self.workers}")


def _one_database(given: argparse.Namespace, url: str, rows: int, folder: Path) -> None:
    population = populate(url, rows, folder / "data-keys.json")
    settings = {
        "AWARD_DATABASE_URL": url,
        "AWARD_KEYS_FILE": str(folder / "keys.json"),
        "AWARD_FILES_URL": f"file:{folder / 'files'}",
        "AWARD_PUBLIC_POSTS_PER_MINUTE": "1000000000",
        "AWARD_ACCESS_TOKEN_SECONDS": "3600",
    }
    wanted = [
        job for job in jobs(url, population, settings) if not given.only or any(part in job.name for part in given.only)
    ]
    with contextlib.ExitStack() as stack:
        contenders: list[Contender] = []
        # Before anybody else is served: its database is a copy.
        directus: Served | None = None
        if given.peers is not None and url.startswith("postgresql"):
            directus = stack.enter_context(served(given.peers, _plain(url), population, folder))
        asked: Mapping[str, Job] = directus.asked if directus else {}
        for who, workers, started in _servers(url, settings, given.peers, directus):
            process, address, _ = stack.enter_context(running(started, folder))
            ready(process, address, started.ready)
            port = int(address.rpartition(":")[2])
            for job in wanted:
                if job.done_by(who):
                    own = asked[job.name] if who == DIRECTUS else job
                    act = Connections(port).act(own.prepared(address), expected=own.expected)
                    contenders.append(Contender(job, who, workers, act, process.pid))
        asyncio.run(_measure(given, contenders))
    print(table(f"{version(url)}, {rows:,} rows", contenders), flush=True)


async def _measure(given: argparse.Namespace, contenders: Sequence[Contender]) -> None:
    for one in contenders:
        await _warm_up(given, one)
    for _ in range(given.slices):
        for one in contenders:
            before, answered = cpu_seconds(one.pid), len(one.timed.milliseconds)
            await run_slice(one.timed, one.act, seconds=given.seconds, clients=given.clients)
            spent = cpu_seconds(one.pid) - before
            one.cpu.append(spent / (len(one.timed.milliseconds) - answered) * 1000)


async def _warm_up(given: argparse.Namespace, one: Contender) -> None:
    """A second; Directus, whose code is compiled as it runs, until each process has answered often enough to be quick,
    for ten slices at the most."""
    timed, until = Timed("warm-up"), perf_counter() + 10 * given.seconds
    learnt = _LEARNT * one.workers if one.who == DIRECTUS else 0
    while True:
        await run_slice(timed, one.act, seconds=min(1.0, given.seconds), clients=given.clients)
        if len(timed.milliseconds) >= learnt or perf_counter() >= until:
            return


def table(title: str, contenders: Sequence[Contender]) -> str:
    """Requests a second and processor time of the server's processes (medians of the slices; the database's is not
    among it), percentiles over all requests, and the rate beside the peers' of as many processes; a job that no peer
    does stands beside the one that it names."""
    heads = ("requests/s", "p50 ms", "p99 ms", "CPU ms", "÷ by hand", "÷ Django", "÷ Directus")
    rows = [f"{'':52} " + " ".join(f"{head:>10}" for head in heads)]
    for one in sorted(contenders, key=lambda item: (item.job.order, item.who == OURS, item.workers)):
        timed = one.timed
        figures = (
            f"{timed.rate:,.0f}",
            f"{timed.percentile(0.5):.1f}",
            f"{timed.percentile(0.99):.1f}",
            f"{median(one.cpu):.2f}",
            _ratio(one, BY_HAND, contenders),
            _ratio(one, DJANGO, contenders),
            _ratio(one, DIRECTUS, contenders),
        )
        rows.append(f"{timed.name:52} " + " ".join(f"{figure:>10}" for figure in figures))
    return "\n".join(["", title, *rows])


def _ratio(one: Contender, who: str, contenders: Sequence[Contender]) -> str:
    beside = one.job.beside or one.job.name
    found = [item for item in contenders if (item.job.name, item.who, item.workers) == (beside, who, one.workers)]
    return f"{one.timed.rate / found[0].timed.rate:.2f}" if found and found[0] is not one else ""


def _plain(url: str) -> str:
    """A database's address as everybody but the service takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def _servers(
    url: str, settings: dict[str, str], peers: Path | None, directus: Served | None
) -> Iterator[tuple[str, int, Started]]:
    """Who serves, with how many processes."""
    if url.startswith("postgresql"):
        yield from _others(_plain(url), settings["AWARD_KEYS_FILE"], peers)
    for processes, started in directus.started if directus else ():
        yield DIRECTUS, processes, started
    for workers in (1, 2):
        arguments = ("-m", "app.cli", "serve", "--workers", str(workers), "--host", "127.0.0.1", "--port", "{port}")
        yield OURS, workers, Started(OURS, arguments, settings, ())


def _others(url: str, keys: str, peers: Path | None) -> Iterator[tuple[str, int, Started]]:
    environment = {"PEER_DATABASE": url, "PEER_KEYS": keys}
    raw = ("-m", "uvicorn", "benchmarks.peers.raw:app", "--no-access-log", "--log-level", "warning", "--port", "{port}")
    for workers in (1, 2):
        yield BY_HAND, workers, Started(BY_HAND, (*raw, "--workers", str(workers)), environment, ())
    if peers is None:
        return
    django = ("-m", "gunicorn", "django_peer.wsgi", "--log-level", "warning", "--bind", "127.0.0.1:{port}")
    for workers in (1, 2):
        command = (*django, "--workers", str(workers), "--worker-class", "gthread", "--threads", "8")
        in_place = {**environment, "PYTHONPATH": str(_PEERS)}
        yield DJANGO, workers, Started(DJANGO, command, in_place, (), interpreter=str(peers / "bin" / "python"))
