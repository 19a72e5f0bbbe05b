"""The application behind a real server on loopback, in a thread of its own."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import uvicorn
from fastapi import FastAPI

_START_SECONDS = 30


class LiveClient(httpx.Client):
    """HTTP over loopback. `app` is there for the callers' tokens: signing in forty times a stage shows nothing."""

    def __init__(self, base_url: str, app: FastAPI) -> None:
        super().__init__(base_url=base_url, timeout=60, trust_env=False)
        self.app = app


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
