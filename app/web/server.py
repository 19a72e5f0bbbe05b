"""How the service is served: several processes on one socket."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from pickle import UnpicklingError
from socket import socket
from typing import NoReturn

import uvicorn
from uvicorn import Config
from uvicorn._subprocess import subprocess_started
from uvicorn.supervisors import multiprocess

from app.kernel import apart, counters, heap
from app.kernel.settings import Settings
from app.store.database import load_driver
from app.web.connections import Protocol

# A worker answers its parent as soon as it runs, which may take long on a machine that is busy. One that does not
# answer in this time hangs, and is replaced.
_WORKER_SECONDS = 120
_LAST_SECONDS = 1.0


_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_METRICS_PREFIX = "award-metrics-"


_APPLICATION = "app.main:create_app"
_PAGES = "app.pages.rendering"


# What every worker needs: the application, and what the server would import for itself when it begins.
_LOADED = ("app.main", "uvicorn.lifespan.on", "uvicorn.loops.auto")


def serve(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Access is logged by the service itself, as JSON."""
    for place in {Path(tempfile.gettempdir()), apart.place()}:
        _sweep_folders(place)
    with _counting_together() if workers > 1 else nullcontext():
        _load(settings, shared=workers > 1)
        # Here, so that all workers share it.
        apart.prepare()
        counters.share()
        multiprocess.get_subprocess = forked  # type: ignore[attr-defined,assignment]
        multiprocess.Process = Watched  # type: ignore[misc]
        if workers == 1:
            # The server raises the signal once more when it has ended in order, for whoever was there before it.
            signal.signal(signal.SIGTERM, _ended)
        uvicorn.run(
            _APPLICATION,
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
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=settings.tls_key,
            timeout_graceful_shutdown=settings.ending_seconds,
            timeout_worker_healthcheck=_WORKER_SECONDS,
        )


def _ended(*_signal: object) -> NoReturn:
    """End with 0, as told; a thread that works on for nobody is not waited for."""
    last = threading.Timer(_LAST_SECONDS, os._exit, (0,))
    last.daemon = True
    last.start()
    raise SystemExit(0)


def _load(settings: Settings, *, shared: bool = True) -> None:
    """Import everything, once for all workers. Modules and classes only: keys, connections, files and threads are made
    by each worker for itself, when it makes its application. `shared`: by several workers, for which the templates of
    the pages are made as well; a lone one makes them when it has begun to answer."""
    from uvicorn.loops.auto import auto_loop_factory

    gc.disable()
    for module in _LOADED:
        # The application stands above this floor: the server knows it by its name alone, as uvicorn does.
        import_module(module)  # house: dynamic
    auto_loop_factory()
    load_driver(settings.database_url)
    if shared:
        import_module(_PAGES).warm()  # house: dynamic
    heap.freeze()
    gc.enable()


class Worker(ForkProcess):
    """A worker that begins as a copy of this process, with what is loaded here, and with nothing of its signals."""

    def start(self) -> None:
        # A signal that came before the copy has handlers of its own would be put into this process's queue, over there.
        held = signal.pthread_sigmask(signal.SIG_BLOCK, multiprocess.SIGNALS)
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)

    def run(self) -> None:
        for number in multiprocess.SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, multiprocess.SIGNALS)
        super().run()


class Watched(multiprocess.Process):
    """A worker as its supervisor sees it. One that dies while it is asked whether it runs has answered: the library
    waits for the word of the dead to the end of its patience, and meanwhile replaces nobody and hears no signal."""

    def _healthcheck(self, timeout: float) -> bool | None:
        try:
            self.parent_conn.send(b"ping")
            if self.parent_conn in wait([self.parent_conn, self.process.sentinel], timeout):
                return bool(self.parent_conn.recv())
        except (OSError, EOFError, UnpicklingError):
            pass
        return None


def forked(config: Config, target: Callable[..., None], sockets: list[socket]) -> Worker:
    """What the server's supervisor starts as a worker. Its own choice is a process that imports everything anew."""
    options = {"config": config, "target": target, "sockets": sockets, "stdin_fileno": None}
    return Worker(target=subprocess_started, kwargs=options)


@contextmanager
def _counting_together() -> Iterator[None]:
    """The workers count into files of one folder, and whichever is asked for the metrics tells the sum."""
    with tempfile.TemporaryDirectory(prefix=f"{_METRICS_PREFIX}{os.getpid()}-") as folder:
        os.environ[_METRICS_FOLDER] = folder
        yield


def _sweep_folders(place: Path) -> None:
    """Remove the folders of starts that were killed before they could."""
    for prefix in (_METRICS_PREFIX, apart.PREFIX):
        for folder in place.glob(f"{prefix}*"):
            number = folder.name.removeprefix(prefix).partition("-")[0]
            if number.isdigit() and not _runs(int(number)) and folder.stat().st_uid == os.getuid():
                shutil.rmtree(folder, ignore_errors=True)


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
