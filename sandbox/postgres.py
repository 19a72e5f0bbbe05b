"""A PostgreSQL for tests and benchmarks: that of `TEST_DATABASE_URL`, else one from the system's binaries."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg

from sandbox import memory, ports

_NOBODY = 65534
# For tests, which need no power cut survived.
_HURRIED = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
    "autovacuum=off",
)


def binaries() -> Path | None:
    """The folder of the newest installed server, if any."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


def run(command: Sequence[str], folder: Path) -> None:
    """Run one of PostgreSQL's programs in a folder; `RuntimeError` with what it said where it fails."""
    # The server refuses to run as root.
    prefix = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []
    result = subprocess.run([*prefix, *command], cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"{command[0]}: {result.stdout[-500:]}{result.stderr[-1500:]}")


@contextlib.contextmanager
def server(settings: Sequence[str] = _HURRIED) -> Iterator[str]:
    """A server's address, `postgresql://…/postgres`; the server ends with the context. `settings` are those of a server
    that is started here; the one of `TEST_DATABASE_URL` has its own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.replace("postgresql+psycopg://", "postgresql://")
        return
    programs = binaries()
    if programs is None:
        raise LookupError("PostgreSQL is not installed")
    folder = memory.folder("award-pg-")
    try:
        if os.geteuid() == 0:
            os.chown(folder, _NOBODY, _NOBODY)
        data = folder / "data"
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "award", "-A", "trust", "-E", "UTF8", "--locale=C"]
        run(initdb, folder)
        with running(data, settings) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running(data: Path, settings: Sequence[str]) -> Iterator[str]:
    """The address of a server of the system's binaries on this folder of data; it ends with the context."""
    programs, folder = binaries(), data.parent
    if programs is None:
        raise LookupError("PostgreSQL is not installed")
    with ports.port() as port:
        options = f"-p {port} -k {folder} -h 127.0.0.1 -c max_connections=100 "
        options += " ".join(f"-c {setting}" for setting in settings)
        control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
        run([*control, "-o", options, "start"], folder)
        try:
            yield f"postgresql://award@127.0.0.1:{port}/postgres"
        finally:
            run([*control, "-m", "immediate", "stop"], folder)


def execute(url: str, statement: str) -> None:
    """One statement outside a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def with_name(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def by_socket(url: str) -> str:
    """The address of the same database by the server's socket, where that is on this machine and lets us in: there and
    back takes a third of the time."""
    with psycopg.connect(url) as connection:
        (folders,) = connection.execute("SHOW unix_socket_directories").fetchone() or ("",)
        port = connection.info.port
    parts = urlsplit(url)
    who = parts.netloc.rpartition("@")[0]
    for folder in folders.split(","):
        near = parts._replace(netloc=f"{who}@", query=urlencode({"host": folder.strip(), "port": port}))
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(near.geturl()).close()
            return near.geturl()
    return url


def copy(url: str, template: str, name: str) -> None:
    """A database that is a copy of another; by files, where the server can: for small ones that is the quickest."""
    with psycopg.connect(url, autocommit=True) as connection:
        copy_over(connection, template, name)


# Any: whatever rows the connection makes.
def copy_over(connection: psycopg.Connection[Any], template: str, name: str) -> None:
    """As `copy`, over a connection that is there; it commits by itself."""
    by_files = " STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
    statement = f"CREATE DATABASE {name} TEMPLATE {template}{by_files}"
    connection.execute(statement)
