"""Directus on a copy of the benchmark's database, on loopback, with one process and with two.

It is started as its own image does, less the question for updates that its command begins with; two processes by PM2,
as its documentation has it. Nothing it is told to do leaves this machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from benchmarks.jobs import DIRECTUS, Job
from benchmarks.peers.directus.asked import asked, opened, owners
from benchmarks.peers.directus.registered import KNOWN, hold, register
from benchmarks.population import Population
from benchmarks.processes import Started, ready, running
from sandbox import postgres

_READY = "/server/ping"
_BOOTSTRAP_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Served:
    """What is started, with how many processes, and what is asked by the names of the jobs."""

    started: list[tuple[int, Started]]
    asked: dict[str, Job]


@dataclass(frozen=True, slots=True)
class _Programs:
    """Of the folder of `benchmarks/peers/install.sh`."""

    modules: Path

    @property
    def node(self) -> Path:
        return self.modules / ".bin" / "node"

    @property
    def command(self) -> Path:
        return self.modules / "@directus" / "api" / "dist" / "cli" / "run.js"

    @property
    def pm2(self) -> Path:
        return self.modules / "pm2" / "bin" / "pm2-runtime"


def programs(peers: Path) -> _Programs | None:
    """Its programs, where they are installed."""
    found = _Programs(peers.resolve() / "directus" / "node_modules")
    return found if found.node.exists() and found.command.exists() else None


def settings(url: str, unknown: list[str]) -> dict[str, str]:
    """Its settings for a database. Nothing of it is limited or logged that the others do not limit and log either; its
    cache of whole answers is off, as it is unless somebody asks for it; schema and permissions it keeps in memory."""
    return {
        "NODE_ENV": "production",
        "HOST": "127.0.0.1",
        "PORT": "{port}",
        "PUBLIC_URL": "http://127.0.0.1:{port}",
        "DB_CLIENT": "pg",
        "DB_CONNECTION_STRING": url,
        "DB_EXCLUDE_TABLES": ",".join(unknown),
        "SECRET": secrets.token_hex(32),
        "ADMIN_EMAIL": "admin@example.com",
        "ADMIN_PASSWORD": secrets.token_hex(16),
        "ADMIN_TOKEN": secrets.token_hex(16),
        "TELEMETRY": "false",
        "EMAIL_VERIFY_SETUP": "false",
        "SERVE_APP": "false",
        "CACHE_ENABLED": "false",
        # Spares it a copy of the schema for each request.
        "CACHE_SCHEMA_FREEZE_ENABLED": "true",
        "RATE_LIMITER_ENABLED": "false",
        "RATE_LIMITER_GLOBAL_ENABLED": "false",
        "PRESSURE_LIMITER_ENABLED": "false",
        "LOG_LEVEL": "error",
        "WEBSOCKETS_LOGS_ENABLED": "false",
    }


@contextlib.contextmanager
def served(peers: Path, url: str, population: Population, folder: Path) -> Iterator[Served | None]:
    """Copy the database, which nobody else may be using, and have Directus install itself there and know the tables;
    None where it is not installed."""
    found = programs(peers)
    if found is None:
        print(f"Directus is not in {peers}: measured without it", flush=True)
        yield None
        return
    with _copied(url) as copy:
        place = folder / "directus"
        place.mkdir()
        environment = settings(copy, _unknown(copy))
        _install(found, environment, place)
        owned, candidates = owners(population), opened(copy, population)
        one = Started(
            DIRECTUS, (str(found.command), "start"), environment, (), interpreter=str(found.node), ready=_READY
        )
        # Frozen, the schema does not let its relations be told.
        to_be_told = replace(one, environment={**environment, "CACHE_SCHEMA_FREEZE_ENABLED": "false"})
        with running(to_be_told, place) as (process, address, _):
            ready(process, address, _READY)
            register(address, environment["ADMIN_TOKEN"], owned)
        with running(one, place) as (process, address, _):
            ready(process, address, _READY)
            hold(address, owned, candidates[0])
        with psycopg.connect(copy, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
        yield Served([(1, one), (2, _by_pm2(found, one, place, processes=2))], asked(owned, candidates))


def _by_pm2(found: _Programs, one: Started, place: Path, *, processes: int) -> Started:
    application = {
        "name": "directus",
        "script": str(found.command),
        "args": ["start"],
        "instances": processes,
        "exec_mode": "cluster",
        "wait_ready": True,
        "autorestart": False,
        # Its own measuring of the process is left out.
        "pmx": False,
    }
    told = place / "pm2.json"
    told.write_text(json.dumps({"apps": [application]}), encoding="utf-8")
    environment = {**one.environment, "PM2_HOME": str(place / "pm2")}
    arguments = (str(found.pm2), "start", str(told))
    return Started(DIRECTUS, arguments, environment, (), interpreter=one.interpreter, ready=_READY)


@contextlib.contextmanager
def _copied(url: str) -> Iterator[str]:
    template = url.rpartition("/")[2]
    name, server = f"{template}_directus", postgres.with_name(url, "postgres")
    postgres.copy(server, template, name)
    try:
        yield postgres.with_name(url, name)
    finally:
        postgres.execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _unknown(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name"
        return [name for (name,) in connection.execute(query).fetchall() if name not in KNOWN]


def _install(found: _Programs, environment: dict[str, str], place: Path) -> None:
    command = [str(found.node), str(found.command), "bootstrap"]
    told = {name: value.replace("{port}", "0") for name, value in environment.items()}
    result = subprocess.run(
        command,
        cwd=place,
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
        timeout=_BOOTSTRAP_SECONDS,
    )
    if result.returncode:
        raise RuntimeError(f"directus bootstrap: {result.stdout[-500:]}{result.stderr[-1500:]}")
