"""One worker, started in earnest: seconds to its first answer, and its memory before and after load."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx

_ROOT = Path(__file__).parent.parent
_PATIENCE = 60.0
_CLIENTS = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one kind of worker: seconds (the median of the starts), MiB at rest and after its requests."""

    name: str
    cold_start: float
    rest: float
    loaded: float


def observe(
    name: str,
    target: str,
    *,
    environment: dict[str, str],
    paths: list[tuple[str, str | None]],
    folder: Path,
    starts: int,
    requests: int,
) -> Seen:
    """Start `target` several times; in the last one send it requests over loopback. `paths`: each with its token."""
    seconds: list[float] = []
    for attempt in range(starts):
        with _worker(target, environment, folder) as (process, address, started):
            seconds.append(_ready(process, address) - started)
            if attempt + 1 == starts:
                rest = _memory(process.pid)
                asyncio.run(_load(address, paths, requests))
                loaded = _memory(process.pid)
    return Seen(name, median(seconds), rest, loaded)


@contextmanager
def _worker(
    target: str, environment: dict[str, str], folder: Path
) -> Iterator[tuple[subprocess.Popen[bytes], str, float]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", target, "--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    if target.endswith("create_app"):
        command.append("--factory")
    with (folder / "worker.log").open("ab") as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "PYTHONPATH": str(_ROOT), **environment}, stdout=log, stderr=log
        )
        try:
            yield process, f"http://127.0.0.1:{port}", started
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def _ready(process: subprocess.Popen[bytes], address: str) -> float:
    deadline = time.perf_counter() + _PATIENCE
    with httpx.Client(base_url=address, timeout=2) as client:
        while time.perf_counter() < deadline:
            if process.poll() is not None:
                raise RuntimeError("the worker ended before it was ready")
            try:
                if client.get("/readyz").status_code == 200:
                    return time.perf_counter()
            except httpx.TransportError:
                pass
            time.sleep(0.005)
    raise RuntimeError("the worker was not ready in time")


async def _load(address: str, paths: list[tuple[str, str | None]], requests: int) -> None:
    numbers = iter(range(requests))
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:

        async def one_client() -> None:
            for number in numbers:
                path, token = paths[number % len(paths)]
                headers = {"authorization": f"Bearer {token}"} if token else {}
                response = await client.get(path, headers=headers)
                if response.status_code != 200:
                    raise RuntimeError(f"{path}: {response.status_code} {response.text[:500]}")

        await asyncio.gather(*(one_client() for _ in range(_CLIENTS)))


def _memory(pid: int) -> float:
    """Resident MiB of the process; not a number where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
