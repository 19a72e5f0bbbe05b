"""The ending of the service under attack: by everybody's signal at once, in the middle of an act that waits, of a file
that is opened, of a download that nobody reads, with a log that takes nothing. It ends in its time, with 0, and leaves
nothing running."""

import contextlib
import fcntl
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from app.measures.review_rules import FileType
from sandbox.stages.law import holiday_year
from tests.api.test_ending import ENDING, connected, log, received, upload
from tests.support.documents import WHOLE
from tests.support.workers import Workers, serving

pytestmark = pytest.mark.slow

# Ending, and what the service says that it takes beyond.
_IN_ALL = ENDING + 5


@pytest.fixture(params=[1, 2])
def running(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Workers]:
    with serving(database_url, tmp_path, workers=request.param, ending_seconds=ENDING) as workers:
        yield workers


def descendants(number: int) -> list[int]:
    """Every process that this one has started, and theirs."""
    found = []
    for task in Path(f"/proc/{number}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *descendants(int(child))]
    return found


def ended(workers: Workers, *, by: int = signal.SIGTERM, everybody: bool = False, but: Collection[int] = ()) -> float:
    """Tell it to end, and its children where the machine tells everybody; answers after how many seconds it is gone,
    with 0, without a traceback, and with nobody left behind."""
    started = [number for number in descendants(workers.process.pid) if number not in but]
    began = time.monotonic()
    for number in [workers.process.pid, *(started if everybody else ())]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, by)
    assert workers.process.wait(60) == 0, log(workers)[-2000:]
    seconds = time.monotonic() - began
    assert "Traceback" not in log(workers) and "internal_error" not in log(workers), log(workers)[-3000:]
    until = time.monotonic() + 5
    while left := [number for number in started if Path(f"/proc/{number}/cmdline").exists() and alive(number)]:
        assert time.monotonic() < until, [Path(f"/proc/{number}/cmdline").read_text() for number in left]
        time.sleep(0.05)
    return seconds


def alive(number: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def catches(number: int, by: int) -> bool:
    """Whether the process has a handler of its own for this signal by now."""
    (line,) = [line for line in Path(f"/proc/{number}/status").read_text().splitlines() if line.startswith("SigCgt")]
    return bool(int(line.split()[1], 16) >> (by - 1) & 1)


def posted(workers: Workers, path: str, body: object, login: str = "office") -> bytes:
    content = json.dumps(body).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: {workers.bearer(login)['Authorization']}",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content


@contextlib.contextmanager
def somebody_else_writes(database_url: str) -> Iterator[None]:
    """Another process has the writer's place (SQLite) or the end of the log (PostgreSQL), and does not give it back."""
    if "sqlite" in database_url:
        place = os.open(f"{database_url.removeprefix('sqlite:///')}-writing", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(place, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(place)
        return
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT seq FROM audit_head FOR UPDATE"))
        yield


def test_everybody_is_told_at_once_as_a_service_manager_does(running: Workers) -> None:
    """systemd sends the signal to each process of the service; a terminal does so with the key."""
    running.request("GET", "/v1/rounds").raise_for_status()
    with connected(running) as connection:
        connection.sendall(upload(running, 100_000) + b"%PDF-1.7\n")
        time.sleep(0.5)
        assert ended(running, everybody=True) < _IN_ALL
        assert received(connection).startswith(b"HTTP/1.1 503 ")


def test_a_signal_that_comes_twice_ends_it_no_worse(running: Workers) -> None:
    with connected(running) as connection:
        connection.sendall(upload(running, 100_000) + b"%PDF-1.7\n")
        time.sleep(0.5)
        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert ended(running) < _IN_ALL


def test_an_act_that_waits_for_the_writer_is_told_so(running: Workers, database_url: str) -> None:
    asked = posted(running, "/v1/holiday-years", holiday_year(2031))
    with somebody_else_writes(database_url), connected(running) as connection:
        connection.sendall(asked)
        time.sleep(0.5)
        assert ended(running) < _IN_ALL
        assert received(connection).startswith(b"HTTP/1.1 503 ")


def test_the_wait_for_the_writer_has_a_limit(running: Workers, database_url: str) -> None:
    """Nobody ends: whoever waits is told to come again, and whoever comes later is served."""
    headers = running.bearer("office")
    with somebody_else_writes(database_url):
        began = time.monotonic()
        answer = running.request("POST", "/v1/holiday-years", headers=headers, json=holiday_year(2031))
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) > 0
        assert 5 < time.monotonic() - began < 20
        # Whoever only reads does not wait for it.
        began = time.monotonic()
        assert running.request("GET", "/v1/rounds").status_code == 200
        assert time.monotonic() - began < 2
    assert running.request("POST", "/v1/holiday-years", headers=headers, json=holiday_year(2031)).status_code == 201


def test_a_file_whose_opening_hangs_does_not_hold_it(running: Workers) -> None:
    """The process apart, in which a library hangs: here it is stopped from outside."""
    content = WHOLE[FileType.PDF]
    headers = running.bearer("unit-wenwuba") | {"Content-Type": "application/octet-stream"}
    made = running.request("POST", "/v1/stamped-opinions?filename=a.pdf", headers=headers, content=content)
    assert made.status_code == 201, made.text
    (apart,) = [number for number in descendants(running.process.pid) if "apart_server" in command(number)]
    os.kill(apart, signal.SIGSTOP)
    try:
        with connected(running) as connection:
            connection.sendall(upload(running, len(content)) + content)
            time.sleep(1)
            assert ended(running, but=(apart,)) < _IN_ALL
            assert received(connection).startswith(b"HTTP/1.1 503 ")
    finally:
        os.kill(apart, signal.SIGCONT)
    until = time.monotonic() + 5
    while alive(apart):
        assert time.monotonic() < until, "it works on for nobody"
        time.sleep(0.05)
    assert not list(running.folder.glob("award-apart-*"))


def command(number: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/cmdline").read_text()
    return ""


def test_a_download_that_nobody_reads_does_not_hold_it(running: Workers) -> None:
    """A file of some megabytes, of which the caller takes the beginning and no more."""
    content = WHOLE[FileType.PDF] + b"\n%" + os.urandom(4 << 20).hex().encode()
    headers = running.bearer("unit-wenwuba") | {"Content-Type": "application/octet-stream"}
    made = running.request("POST", "/v1/stamped-opinions?filename=a.pdf", headers=headers, content=content)
    assert made.status_code == 201, made.text
    with connected(running) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        path = f"/v1/stamped-opinions/{made.json()['id']}/content"
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: {headers['Authorization']}", "", ""]
        connection.sendall("\r\n".join(lines).encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 200 ")
        assert ended(running) < _IN_ALL


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_while_it_begins(database_url: str, tmp_path: Path, signal_number: int) -> None:
    """At any instant of a start: before the workers, with them, after them."""
    for delay in (0.3, 1.0, 2.0, 3.0):
        with contextlib.suppress(TimeoutError), begun(database_url, tmp_path, workers=2) as process:
            time.sleep(delay)
            process.send_signal(signal_number)
            # Before it has begun to serve it has no order to end in, and the signal is its end.
            assert process.wait(20) in (0, -signal_number, 130)
        assert "Traceback" not in (tmp_path / "log").read_text() or signal_number == signal.SIGINT


@contextlib.contextmanager
def begun(
    database_url: str, folder: Path, *, workers: int, log: str | None = None, **settings: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """The command, not waited for; `log`: where it writes."""
    root = Path(__file__).parent.parent.parent
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWARD_")},
        "PYTHONPATH": str(root),
        "TMPDIR": str(folder),
        "AWARD_DATABASE_URL": database_url,
        "AWARD_KEYS_FILE": str(folder / "keys.json"),
        "AWARD_FILES_URL": f"file:{folder / 'files'}",
        "AWARD_SECOND_FACTOR_REQUIRED": "false",
        **{f"AWARD_{name.upper()}": str(value) for name, value in settings.items()},
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["serve", "--port", str(port), "--workers", str(workers)]
    with Path(log or folder / "log").open("wb", buffering=0) as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", *arguments], env=environment, cwd=folder, stdout=said, stderr=said
        )
    process.port = port  # type: ignore[attr-defined]
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(30)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_disk_that_is_full_for_the_log_changes_neither_answer_nor_ending(
    database_url: str, tmp_path: Path, workers: int
) -> None:
    """Whatever it would say, at the start, of each request and at the end, cannot be written."""
    pool = {} if "sqlite" in database_url else {"database_pool_size": 64}
    with begun(database_url, tmp_path, workers=workers, log="/dev/full", log_level="DEBUG", **pool) as process:
        running = Workers(f"http://127.0.0.1:{process.port}", tmp_path, process)  # type: ignore[attr-defined]
        until = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError, Exception):
                assert running.request("GET", "/v1/rounds").status_code == 200
                break
            assert process.poll() is None, "it did not start"
            assert time.monotonic() < until
            time.sleep(0.1)
        assert running.request("GET", "/v1/accounts").status_code == 401
        assert running.request("GET", "/v1/nothing").status_code == 404
        bad = running.request("POST", "/v1/rounds", headers=running.bearer("office"), json={"year": "x"})
        assert bad.status_code == 422
        process.terminate()
        assert process.wait(20) == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_whoever_reads_the_log_may_go(database_url: str, tmp_path: Path, workers: int) -> None:
    """A log host's shipper at the other end of a pipe that dies."""
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    reader: list[io.BufferedReader] = []
    opening = threading.Thread(target=lambda: reader.append(fifo.open("rb")))
    opening.start()
    with begun(database_url, tmp_path, workers=workers, log=str(fifo), log_level="DEBUG") as process:
        opening.join()
        running = Workers(f"http://127.0.0.1:{process.port}", tmp_path, process)  # type: ignore[attr-defined]
        running_at = time.monotonic() + 60
        while True:
            with contextlib.suppress(Exception):
                if running.request("GET", "/livez").status_code == 200:
                    break
            assert process.poll() is None and time.monotonic() < running_at
            time.sleep(0.1)
        reader[0].close()
        for _ in range(5):
            assert running.request("GET", "/v1/rounds").status_code == 200
        process.terminate()
        assert process.wait(20) == 0


def test_a_pool_that_is_too_large_is_said_at_the_start(database_url: str, tmp_path: Path) -> None:
    """By the command itself, once, and it serves all the same."""
    with serving(database_url, tmp_path, workers=2, database_pool_size=64) as workers:
        assert workers.request("GET", "/v1/rounds").status_code == 200
        said = log(workers)
    told = [line for line in said.splitlines() if "connections to the database" in line]
    if "sqlite" in database_url:
        assert not told
    else:
        (line,) = told
        assert line.startswith("Up to 256 connections to the database (2 workers of twice AWARD_DATABASE_POOL_SIZE)")


def test_whoever_tells_the_webhooks_ends_in_order(database_url: str, tmp_path: Path) -> None:
    root = Path(__file__).parent.parent.parent
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWARD_")},
        "PYTHONPATH": str(root),
        "AWARD_DATABASE_URL": database_url,
        "AWARD_KEYS_FILE": str(tmp_path / "keys.json"),
        "AWARD_FILES_URL": f"file:{tmp_path / 'files'}",
    }
    for number in (signal.SIGTERM, signal.SIGINT):
        with (tmp_path / "log").open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "deliver-webhooks"],
                env=environment,
                cwd=tmp_path,
                stdout=said,
                stderr=said,
            )
        until = time.monotonic() + 60
        while not catches(process.pid, signal.SIGTERM):
            assert process.poll() is None and time.monotonic() < until, (tmp_path / "log").read_text()
            time.sleep(0.05)
        process.send_signal(number)
        assert process.wait(20) == (0 if number == signal.SIGTERM else 130)
        assert "Traceback" not in (tmp_path / "log").read_text()
