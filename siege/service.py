"""The service's own command on loopback, in processes that can be killed: one, or all of them at once."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx

from app.kernel.settings import Settings
from sandbox.ports import await_silence, held_port, number_of
from sandbox.seed import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 60.0


def environment(settings: Settings) -> dict[str, str]:
    """That of a command of the service with these settings: nothing of the caller's own is in it."""
    given = {f"AWARD_{key.upper()}": str(value) for key, value in settings.model_dump(exclude_unset=True).items()}
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("AWARD_")}
    return {**inherited, **given, "PYTHONPATH": str(ROOT)}


def embedded(folder: Path, **changes: object) -> Settings:
    """The settings of a service whose database, files and keys lie in this folder; `changes` are settings as well."""
    given = {
        "database_url": f"sqlite:///{folder / 'award.db'}",
        "files_url": f"file:{folder / 'files'}",
        "keys_file": folder / "keys.json",
        "log_level": "ERROR",
    }
    return Settings(_env_file=None, **(given | changes))  # type: ignore[arg-type]


def connection(address: str, *, origin: str | None = None) -> httpx.Client:
    """A client of the service; `origin` is an address of his, said as a proxy says it that the service trusts."""
    headers = {} if origin is None else {"X-Forwarded-For": origin}
    # Loading certificates takes longer than most requests, and nothing here is encrypted.
    return httpx.Client(base_url=address, timeout=60, trust_env=False, verify=False, headers=headers)


def signed_in(client: httpx.Client, login: str, password: str = PASSWORD) -> dict[str, str]:
    """The header by which an account signs its requests; it has signed in just now."""
    form = {"grant_type": "password", "username": login, "password": password}
    if login == "payment_platform":
        form = {"grant_type": "client_credentials", "client_id": login, "client_secret": password}
    answer = client.post("/v1/tokens", data=form)
    answer.raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


class Running(Protocol):
    """A process that was started, in a group of its own."""

    @property
    def pid(self) -> int:
        """Its number, and that of its group."""

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; answers its exit code."""

    def terminate(self) -> None:
        """Tell it to end (SIGTERM)."""


Start = Callable[[Sequence[str], Mapping[str, str], Path], Running]


def started(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> Running:
    """A command of `app.cli` in a folder, whose file `log` takes what it says."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", *arguments],
            cwd=folder,
            env=dict(environment),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@dataclass(slots=True)
class Service:
    """`serve` with so many workers; `folder` holds its log and what the workers count. It keeps its port when it is
    started again: nobody else has it meanwhile, until it is left. `begin` is how its process is started."""

    settings: Settings
    folder: Path
    workers: int = 1
    begin: Start = started
    _process: Running | None = field(default=None, repr=False)
    _holding: socket.socket | None = field(default=None, repr=False)

    @property
    def port(self) -> int:
        """Where it listens on loopback."""
        if self._holding is None:
            self._holding = held_port()
        return number_of(self._holding)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What its processes said."""
        return self.folder / "log"

    def start(self) -> None:
        """Start it, and wait until it answers; `TimeoutError` with what it said where it does not."""
        arguments = ["serve", "--port", str(self.port), "--workers", str(self.workers)]
        given = {**environment(self.settings), "TMPDIR": str(self.folder)}
        self._process = self.begin(arguments, given, self.folder)
        self.await_answer()

    def await_answer(self) -> None:
        """Wait until it answers; `TimeoutError` with what it said where it does not."""
        until = time.monotonic() + _PATIENCE
        with connection(self.address) as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    client.get("/livez").raise_for_status()
                    return
                if self._process is None or self._process.poll() is not None or time.monotonic() > until:
                    raise TimeoutError(f"the service does not answer: {self.log.read_text()[-1000:]}")
                time.sleep(0.02)

    def stop(self) -> int:
        """End it in order; answers its exit code, 0 where it did not run."""
        if self._process is None:
            return 0
        self._process.terminate()
        code = self._process.wait(_PATIENCE)
        self._process = None
        return code

    def kill(self) -> None:
        """Kill every process of it in the same instant, and wait until the last of them is gone: the first is waited
        for by its number, its workers hold the port a moment longer."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(_PATIENCE)
            self._process = None
            await_silence(self.port, seconds=_PATIENCE)

    def leave(self) -> None:
        """Kill it, and give its port back."""
        self.kill()
        if self._holding is not None:
            self._holding.close()
            self._holding = None

    def worker_ids(self) -> list[int]:
        """The processes that answer; several only where there are several workers."""
        if self._process is None:
            return []
        if self.workers == 1:
            return [self._process.pid]
        own = _command(self._process.pid)
        return [child for child in _children(self._process.pid) if _command(child) == own]


@contextlib.contextmanager
def serving(settings: Settings, folder: Path, *, workers: int = 1) -> Iterator[Service]:
    """A service that answers; it is gone with the context, however often it was killed meanwhile."""
    service = Service(settings, folder, workers)
    try:
        service.start()
        yield service
    finally:
        service.stop()
        service.leave()


def _children(number: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]


def _command(number: int) -> bytes:
    """As it was called; nothing of a process that is dead and not yet buried."""
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return b""
