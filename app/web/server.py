"""How the service is served: several processes on one socket, one answer for what is no HTTP."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import uvicorn
from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.kernel.error_codes import ProblemCode
from app.kernel.settings import Settings
from app.store.base import new_id
from app.web.problems import problem

# A worker imports the application before it answers its parent, which takes long on a machine that is busy. One that
# does not answer in this time hangs, and is replaced.
_WORKER_SECONDS = 120


_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class Protocol(HttpToolsProtocol):
    """HTTP that answers with a problem document also where the request cannot be read as HTTP at all."""

    def send_400_response(self, msg: str) -> None:
        request_id = str(new_id())
        request = Request({"type": "http", "headers": [], "state": {"request_id": request_id}})
        response = problem(request, ProblemCode.BAD_REQUEST)
        headers = [
            *response.raw_headers,
            (b"x-request-id", request_id.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"connection", b"close"),
        ]
        lines = [b"HTTP/1.1 400 Bad Request", *(name + b": " + value for name, value in headers), b"", response.body]
        self.transport.write(b"\r\n".join(lines))
        self.transport.close()


def serve(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Access is logged by the service itself, as JSON."""
    with _counting_together() if workers > 1 else nullcontext():
        uvicorn.run(
            "app.main:create_app",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            http=Protocol,
            ws="none",
            access_log=False,
            log_level="warning",
            proxy_headers=True,
            forwarded_allow_ips=settings.trusted_proxies,
            server_header=False,
            timeout_graceful_shutdown=10,
            timeout_worker_healthcheck=_WORKER_SECONDS,
        )


@contextmanager
def _counting_together() -> Iterator[None]:
    """The workers count into files of one folder, and whichever is asked for the metrics tells the sum."""
    with tempfile.TemporaryDirectory(prefix="award-metrics-") as folder:
        os.environ[_METRICS_FOLDER] = folder
        yield
