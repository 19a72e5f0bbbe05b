"""Processes that begin with everything loaded: what is killed five hundred times need not be imported as often. What
they run is the command itself, from its arguments on."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["siege.chaos.loaded"])


class Forked:
    """A command of the service in such a process, in a group of its own."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Its number, and that of its group."""
        if self._process.pid is None:
            raise RuntimeError("it was not started")
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; answers its exit code, and raises `TimeoutError` where it goes on."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutError(f"process {self.pid} goes on")
        return self._process.exitcode

    def terminate(self) -> None:
        """Tell it to end (SIGTERM)."""
        self._process.terminate()


def forked(arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> Forked:
    """As `siege.service.started`, with everything loaded."""
    process = CONTEXT.Process(target=_run, args=(list(arguments), dict(environment), folder))
    process.start()
    return Forked(process)


def _run(arguments: list[str], environment: dict[str, str], folder: Path) -> None:
    from app import cli

    os.setsid()
    os.chdir(folder)
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.environ.clear()
    os.environ.update(environment)
    os._exit(cli.main(arguments))
