"""The service as it runs when it has grown: its own command, several processes on one socket."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from sandbox import ports
from sandbox.seed import PASSWORD

_ROOT = Path(__file__).parent.parent.parent
_PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Workers:
    """A running `serve --workers`; `folder` holds its keys, its files and what it counts."""

    address: str
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def keys_file(self) -> Path:
        return self.folder / "keys.json"

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """On a connection of its own, so that any of the processes may answer."""
        # Loading certificates takes longer than most requests, and nothing here is encrypted.
        with httpx.Client(base_url=self.address, timeout=60, trust_env=False, verify=False) as client:
            return client.request(method, path, **options)

    def token(self, login: str) -> str:
        form = {"grant_type": "password", "username": login, "password": PASSWORD}
        answer = self.request("POST", "/v1/tokens", data=form)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def bearer(self, login: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(login)}"}

    def answered(self) -> set[str]:
        """The processes that have answered something."""
        return {path.stem.rpartition("_")[2] for path in self.folder.glob("award-metrics-*/counter_*.db")}

    def await_answers(self, count: int) -> None:
        """Ask until so many processes, those that have ended among them, have answered."""
        deadline = time.monotonic() + _PATIENCE
        # One alone counts in its own memory.
        alone = count == 1
        while len(self.answered()) < count:
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise TimeoutError(f"the workers did not start: {(self.folder / 'log').read_text()[-2000:]}")
            with contextlib.suppress(httpx.TransportError):
                self.request("GET", "/livez")
                if alone:
                    return
            time.sleep(0.02)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextlib.contextmanager
def serving(database_url: str, folder: Path, *, workers: int = 2, **settings: Any) -> Iterator[Workers]:
    """`workers` processes on loopback; every one of them has answered."""
    with ports.port() as port:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWARD_")},
            "PYTHONPATH": str(_ROOT),
            "TMPDIR": str(folder),
            "AWARD_DATABASE_URL": database_url,
            "AWARD_SECOND_FACTOR_REQUIRED": "false",
            "AWARD_KEYS_FILE": str(folder / "keys.json"),
            "AWARD_FILES_URL": f"file:{folder / 'files'}",
            **{f"AWARD_{name.upper()}": str(value) for name, value in settings.items()},
        }
        command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--workers", str(workers)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
        scheme = "https" if "tls_certificate" in settings else "http"
        running = Workers(f"{scheme}://127.0.0.1:{port}", folder, process)
        try:
            running.await_answers(workers)
            yield running
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(_PATIENCE)
