"""The service that is attacked: its own command with two workers, on a database of its own, reached from as many
addresses as an attack likes."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import httpx
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.migrating import migrate
from sandbox.seed import PASSWORD, seed
from sandbox.stages.decision import Contender, candidates, in_publicity
from sandbox.world import World

POSTS_PER_MINUTE = 30
READS_PER_MINUTE = 600
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Target:
    """A running service. `candidate_id`: a name that can be objected to."""

    address: str
    candidate_id: str

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        host, port = self.address.removeprefix("http://").split(":")
        return host, int(port)

    def client(self, origin: str) -> httpx.Client:
        """Somebody at this address: said as a proxy says it that the service trusts."""
        # Loading certificates takes longer than most requests, and nothing here is encrypted.
        return httpx.Client(
            base_url=self.address, timeout=60, trust_env=False, verify=False, headers={"X-Forwarded-For": origin}
        )

    def bearer(self, login: str, origin: str = "198.51.100.200") -> dict[str, str]:
        """The header by which an account of the sample signs its requests."""
        form = {"grant_type": "password", "username": login, "password": PASSWORD}
        with self.client(origin) as client:
            answer = client.post("/v1/tokens", data=form)
        answer.raise_for_status()
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@contextlib.contextmanager
def target() -> Iterator[Target]:
    """Build and start it; it is gone with the context."""
    with tempfile.TemporaryDirectory(prefix="award-siege-") as name:
        folder = Path(name)
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite:///{folder / 'award.db'}",
            files_url=f"file:{folder / 'files'}",
            keys_file=folder / "keys.json",
            public_posts_per_minute=POSTS_PER_MINUTE,
            reads_per_minute=READS_PER_MINUTE,
            log_level="ERROR",
        )
        migrate(settings.database_url)
        seed(settings.database_url)
        candidate_id = _candidate(settings)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        given = {f"AWARD_{key.upper()}": str(value) for key, value in settings.model_dump(exclude_unset=True).items()}
        command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--workers", "2"]
        root = Path(__file__).resolve().parent.parent
        environment = {key: value for key, value in os.environ.items() if not key.startswith("AWARD_")}
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=folder, env={**environment, **given, "PYTHONPATH": str(root)}, stdout=log, stderr=log
            )
        try:
            made = Target(f"http://127.0.0.1:{port}", candidate_id)
            _await(made, process, folder / "log")
            yield made
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def _candidate(settings: Settings) -> str:
    clock = MovableClock(datetime(2024, 3, 1, 2, tzinfo=UTC))
    many = settings.model_copy(update={"public_posts_per_minute": 100_000})
    with TestClient(create_app(many, clock=clock)) as client:
        world = World(client, clock)
        made = in_publicity(world, Contender())
        return str(candidates(world, made.round_id)[made.ids[0]]["id"])


def _await(made: Target, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    with made.client("127.0.0.1") as client:
        while True:
            with contextlib.suppress(httpx.TransportError):
                client.get("/livez").raise_for_status()
                return
            if process.poll() is not None or time.monotonic() > until:
                raise TimeoutError(f"the service did not start: {log.read_text()[-1000:]}")
            time.sleep(0.05)


@dataclass(slots=True)
class Bystander:
    """Somebody honest who reads the register all the while; how long each answer took, and what was no answer."""

    target: Target
    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE)

    @property
    def slowest(self) -> float:
        """Seconds of the slowest answer."""
        return max(self.seconds, default=0.0)

    def _read(self) -> None:
        with self.target.client("203.0.113.250") as client:
            while not self._over.wait(0.2):
                began = time.monotonic()
                try:
                    if client.get("/v1/awards").status_code != 200:
                        self.refused += 1
                except httpx.TransportError:
                    self.refused += 1
                self.seconds.append(time.monotonic() - began)
