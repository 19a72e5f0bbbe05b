"""A service of its own for the demonstration: a database in a folder, a real server on loopback, a clock that moves."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from tests.support.clock import MovableClock
from tests.support.databases import migrate
from tests.support.seed import seed
from tests.support.world import World

_START_SECONDS = 30


class LiveClient(httpx.Client):
    """HTTP over loopback. `app` is there for the callers' tokens: signing in forty times a stage shows nothing."""

    def __init__(self, base_url: str, app: FastAPI) -> None:
        super().__init__(base_url=base_url, timeout=60, trust_env=False)
        self.app = app


@contextlib.contextmanager
def playing(folder: Path, clock: MovableClock) -> Iterator[World]:
    """A world on a fresh database in `folder`, served over loopback until the context ends."""
    database = folder / "demo.db"
    migrate(f"sqlite:///{database}")
    seed(f"sqlite:///{database}")
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=f"sqlite+aiosqlite:///{database}",
        files_url=f"file:{folder / 'files'}",
        keys_file=folder / "keys.json",
        public_posts_per_minute=10_000,
        log_level="ERROR",
    )
    with serving(create_app(settings, clock=clock)) as client:
        yield World(client, clock)  # type: ignore[arg-type]


@contextlib.contextmanager
def serving(app: FastAPI) -> Iterator[LiveClient]:
    """The application behind a real server in a thread of its own."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            _wait(server)
            with LiveClient(f"http://127.0.0.1:{port}", app) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(10)


def _wait(server: uvicorn.Server) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError("the server did not start")
        time.sleep(0.02)
