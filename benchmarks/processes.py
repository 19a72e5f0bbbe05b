"""The service as it is served, started in earnest: seconds to its first answer, its memory before and after load, and
what its contract costs."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx

_ROOT = Path(__file__).parent.parent
_PATIENCE = 60.0
_CLIENTS = 8
_CONTRACTS = 200


@dataclass(frozen=True, slots=True)
class Started:
    """What is started: arguments of the interpreter, `{port}` in the place of the port, there or in the settings, or
    the port last; settings; the paths of the load, each with its token; whether it has a contract; another interpreter
    than this one; the path that tells whether it answers."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    paths: Sequence[tuple[str, str | None]]
    contract: bool = True
    interpreter: str = sys.executable
    ready: str = "/readyz"


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one of them: seconds of each start to the first 200; MiB of all its processes together (what they share counts
    once) at rest and after its requests; milliseconds of the first contract, and of one after it (the median)."""

    name: str
    starts: list[float]
    rest: float
    loaded: float
    first_contract: float = field(default=float("nan"))
    contract: float = field(default=float("nan"))

    @property
    def cold_start(self) -> float:
        """Seconds: the median of the starts."""
        return median(self.starts)


def framework() -> Started:
    """The bare framework, in one process."""
    arguments = ("-m", "uvicorn", "benchmarks.framework:app", "--no-access-log", "--log-level", "warning")
    return Started("bare framework", arguments, {}, [("/constant", None)], contract=False)


def service(
    workers: int, environment: Mapping[str, str], paths: Sequence[tuple[str, str | None]], database: str
) -> Started:
    """The service by its own command; the database is migrated."""
    name = f"ours, {workers} worker{'s' if workers > 1 else ''}, {database}"
    return Started(name, ("-m", "app.cli", "serve", "--workers", str(workers)), environment, paths)


def observe(what: Sequence[Started], folder: Path, *, starts: int, requests: int) -> list[Seen]:
    """Start each of them in turn, so that whatever else the machine does touches all alike; in the last turn send each
    its requests over loopback."""
    seconds: list[list[float]] = [[] for _ in what]
    seen = []
    for attempt in range(starts):
        for one, taken in zip(what, seconds, strict=True):
            with running(one, folder) as (process, address, started):
                taken.append(ready(process, address) - started)
                if attempt + 1 == starts:
                    # The other worker may still be at it.
                    time.sleep(1)
                    rest = _memory(process.pid)
                    contracts = _contracts(address) if one.contract else {}
                    asyncio.run(_load(address, one.paths, requests))
                    seen.append(Seen(one.name, taken, rest, _memory(process.pid), **contracts))
    return seen


@contextmanager
def running(one: Started, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, float]]:
    """A process that serves, its address, and when it was started."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    named = any("{port}" in part for part in (*one.arguments, *one.environment.values()))
    arguments = one.arguments if named else (*one.arguments, "--host", "127.0.0.1", "--port", "{port}")
    command = [one.interpreter, *(part.replace("{port}", str(port)) for part in arguments)]
    # As in the image, nothing is compiled again at each start.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    told = {name: value.replace("{port}", str(port)) for name, value in one.environment.items()}
    environment = {**inherited, "PYTHONPATH": str(_ROOT), **told}
    with (folder / "worker.log").open("ab") as log:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            yield process, f"http://127.0.0.1:{port}", started
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def ready(process: subprocess.Popen[bytes], address: str, path: str = "/readyz") -> float:
    """When it first answered."""
    deadline = time.perf_counter() + _PATIENCE
    with httpx.Client(base_url=address, timeout=2, trust_env=False) as client:
        while time.perf_counter() < deadline:
            if process.poll() is not None:
                raise RuntimeError("the service ended before it was ready")
            try:
                if client.get(path).status_code == 200:
                    return time.perf_counter()
            except httpx.TransportError:
                pass
            time.sleep(0.005)
    raise RuntimeError("the service was not ready in time")


def _contracts(address: str) -> dict[str, float]:
    """Milliseconds of the first contract, and the median of those after it, over one connection and as it is sent:
    unpacking it is the caller's work."""
    milliseconds = []
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        client.get("/livez")
        for _ in range(_CONTRACTS):
            begun = time.perf_counter()
            with client.stream("GET", "/openapi.json", headers={"Accept-Encoding": "gzip"}) as answer:
                answer.raise_for_status()
                for _ in answer.iter_raw():
                    pass
            milliseconds.append((time.perf_counter() - begun) * 1000)
    return {"first_contract": milliseconds[0], "contract": median(milliseconds[1:])}


async def _load(address: str, paths: Sequence[tuple[str, str | None]], requests: int) -> None:
    numbers = iter(range(requests))
    async with httpx.AsyncClient(base_url=address, timeout=30, trust_env=False) as client:

        async def one_client() -> None:
            for number in numbers:
                path, token = paths[number % len(paths)]
                headers = {"authorization": f"Bearer {token}"} if token else {}
                response = await client.get(path, headers=headers)
                if response.status_code != 200:
                    raise RuntimeError(f"{path}: {response.status_code} {response.text[:500]}")

        await asyncio.gather(*(one_client() for _ in range(_CLIENTS)))


def _memory(pid: int) -> float:
    """MiB of the process and those that it has started, a page that several use divided among them; not a number where
    the system does not tell."""
    rolled_up = Path(f"/proc/{pid}/smaps_rollup")
    if not rolled_up.exists():
        return float("nan")
    line = next(line for line in rolled_up.read_text().splitlines() if line.startswith("Pss:"))
    below = [child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    return int(line.split()[1]) / 1024 + sum(_memory(int(child)) for child in below)


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and of those that it has started."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    below = [child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    spent = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent + sum(cpu_seconds(int(child)) for child in below)
