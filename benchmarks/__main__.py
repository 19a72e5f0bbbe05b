"""One run, both databases, both sizes: the bare framework, the bare database and the service side by side.

Everything it writes lies in a temporary folder and is gone at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI

from app.kernel.settings import Settings
from app.main import create_app
from app.store.database import Database
from benchmarks import bulk, framework, machine, report, side_by_side
from benchmarks.calling import Call, send
from benchmarks.cases import Case, Standing, cases
from benchmarks.databases import KINDS, empty_database, version
from benchmarks.population import NOW, Population, populate
from benchmarks.processes import Seen, Started, observe, service
from benchmarks.processes import framework as bare_framework
from benchmarks.recording import Replayer, Script, acting, recording
from benchmarks.report import Line
from benchmarks.timing import Act, Timed, run_slice

SIZES = (1_000, 200_000)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything."""

    rows: list[int]
    databases: list[str]
    seconds: float
    slices: int
    clients: int
    starts: int
    requests: int


@dataclass(slots=True)
class Contender:
    """Somebody who answers, and what was seen of him."""

    timed: Timed
    act: Act
    statements: int | None = None


def main() -> None:
    # A run that is told to stop takes its worker, its server and its folder with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if sys.argv[1:2] == ["bulk"]:
        bulk.main(sys.argv[2:])
        return
    if sys.argv[1:2] == ["served"]:
        side_by_side.main(sys.argv[2:])
        return
    plan = _plan()
    print(machine.description(), flush=True)
    print(f"Clients at once: {plan.clients}; slices of {plan.seconds:g} s each, in turn: {plan.slices}")
    seen: list[Seen] = []
    for kind in plan.databases:
        for rows in plan.rows:
            with tempfile.TemporaryDirectory(prefix="award-bench-") as name, empty_database(kind, Path(name)) as url:
                seen += _one_database(plan, url, rows, Path(name), first=not seen)
    print(report.process_table(seen))


def _plan() -> Plan:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES), help="sizes (default: 1000 200000)")
    parser.add_argument("--database", choices=KINDS, nargs="+", default=list(KINDS), help="default: both")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one slice (default: 2)")
    parser.add_argument("--slices", type=int, default=5, help="slices of each contender, in turn (default: 5)")
    parser.add_argument("--clients", type=int, default=8, help="requests at once (default: 8)")
    parser.add_argument("--quick", action="store_true", help="1,000 rows, one short slice: does it run at all")
    given = parser.parse_args()
    if given.quick:
        return Plan([1_000], given.database, 0.3, 1, given.clients, starts=1, requests=200)
    return Plan(given.rows, given.database, given.seconds, given.slices, given.clients, starts=5, requests=2_000)


def _one_database(plan: Plan, url: str, rows: int, folder: Path, *, first: bool) -> list[Seen]:
    started = time.perf_counter()
    population = populate(url, rows, folder / "data-keys.json")
    took = time.perf_counter() - started
    database = version(url)
    settings = Settings(
        _env_file=None,
        database_url=url,
        keys_file=folder / "keys.json",
        files_url=f"file:{folder / 'files'}",
        public_posts_per_minute=10**9,
        access_token_seconds=3600,
    )
    with (folder / "requests.log").open("w") as log, contextlib.redirect_stdout(log):
        # The log is on, as in earnest; it is written where nobody reads it.
        app = create_app(settings, clock=Standing(NOW))
        lines = _with_fast_loop(_measure(plan, app, population))
    print(report.table(f"{database}, {rows:,} rows (filled in {took:.0f} s)", lines), flush=True)
    return _processes(plan, settings, population, database, folder, with_framework=first)


async def _measure(plan: Plan, app: FastAPI, population: Population) -> list[Line]:
    """Slices in turn, so that whatever else the machine does touches all alike."""
    async with app.router.lifespan_context(app):
        database: Database = app.state.database
        tokens = app.state.tokens
        measured = cases(population, lambda account, role: tokens.issue(account, role=role, now=NOW))
        replayer = Replayer(database)
        constant = Call("GET", "/constant")
        bare = Contender(Timed("bare framework, a constant"), lambda _: send(framework.app, constant))
        pairs = [(_sql(case, await _record(app, database, case), replayer), _ours(case, app)) for case in measured]
        everybody = [bare, *(contender for pair in pairs for contender in pair)]
        for contender in everybody:
            # Caches are filled and statements prepared before it counts.
            await run_slice(Timed("warm-up"), contender.act, seconds=min(0.5, plan.seconds), clients=plan.clients)
        for _ in range(plan.slices):
            for contender in everybody:
                await run_slice(contender.timed, contender.act, seconds=plan.seconds, clients=plan.clients)
    lines = [Line(bare.timed)]
    for sql, ours in pairs:
        lines += [Line(sql.timed, framework=bare.timed, statements=sql.statements)]
        lines += [Line(ours.timed, framework=bare.timed, sql=sql.timed, size=ours.timed.size)]
    return lines


async def _record(app: FastAPI, database: Database, case: Case) -> list[Script]:
    scripts = []
    for call in case.calls:
        with recording(database) as script:
            await send(app, call)
        scripts.append(script)
    return scripts


def _sql(case: Case, scripts: list[Script], replayer: Replayer) -> Contender:
    return Contender(Timed(f"bare SQL: {case.name}"), acting(replayer, scripts), scripts[-1].length)


def _ours(case: Case, app: FastAPI) -> Contender:
    return Contender(Timed(f"ours: {case.name}"), lambda number: send(app, case.calls[number % len(case.calls)]))


def _with_fast_loop(work: object) -> list[Line]:
    """In the event loop that the server would take."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)  # type: ignore[arg-type]
    return uvloop.run(work)  # type: ignore[arg-type]


def _processes(
    plan: Plan, settings: Settings, population: Population, database: str, folder: Path, *, with_framework: bool
) -> list[Seen]:
    environment = {
        "AWARD_DATABASE_URL": settings.database_url,
        "AWARD_KEYS_FILE": str(settings.keys_file),
        "AWARD_FILES_URL": settings.files_url,
    }
    tokens = create_app(settings).state.tokens
    now = datetime.now(UTC)
    paths: list[tuple[str, str | None]] = [("/v1/awards?limit=20", None)]
    for application, account in population.applications[:50]:
        paths.append((f"/v1/applications/{application}", tokens.issue(account, role="applicant", now=now)))
    started: list[Started] = [bare_framework()] if with_framework else []
    started += [service(workers, environment, paths, f"{database}, {population.rows:,} rows") for workers in (1, 2)]
    return observe(started, folder, starts=plan.starts, requests=plan.requests)


if __name__ == "__main__":
    main()
