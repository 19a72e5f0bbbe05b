"""The service ends in order and in a stated time: what is under way is finished, what takes too long is told so, and
nothing half is left."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.commands.serving import _too_many_connections
from app.kernel.settings import Settings
from sandbox.world import ok
from tests.support.workers import Workers, serving

pytestmark = pytest.mark.slow

ENDING = 2


@pytest.fixture(params=[1, 2])
def running(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Workers]:
    with serving(database_url, tmp_path, workers=request.param, ending_seconds=ENDING) as workers:
        yield workers


def connected(workers: Workers) -> socket.socket:
    host, port = workers.address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=30)


def received(connection: socket.socket) -> bytes:
    told = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(1 << 16):
            told += piece
    return told


def upload(workers: Workers, size: int) -> bytes:
    headers = workers.bearer("unit-wenwuba")
    lines = [
        "POST /v1/stamped-opinions?filename=a.pdf HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: {headers['Authorization']}",
        "Content-Type: application/octet-stream",
        f"Content-Length: {size}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def log(workers: Workers) -> str:
    return (workers.folder / "log").read_text()


def test_an_upload_that_is_cut_off_is_told_so_and_leaves_nothing(running: Workers) -> None:
    with connected(running) as connection:
        connection.sendall(upload(running, 100_000) + b"%PDF-1.7\n")
        time.sleep(0.5)
        began = time.monotonic()
        assert running.stop() == 0
        assert ENDING <= time.monotonic() - began < ENDING + 5
        head, _, body = received(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ") and b"retry-after: 10" in head.lower()
    told: dict[str, Any] = json.loads(body)
    assert (told["code"], told["status"]) == ("unavailable", 503)
    assert "Traceback" not in log(running) and "internal_error" not in log(running)
    assert not [path for path in (running.folder / "files").rglob("*") if path.is_file()]


def test_what_is_done_in_time_is_finished(running: Workers) -> None:
    headers = running.bearer("office")
    body = json.dumps({"year": 2031, "title": "样例届"}).encode()
    with connected(running) as connection:
        lines = [
            "POST /v1/rounds HTTP/1.1",
            "Host: 127.0.0.1",
            f"Authorization: {headers['Authorization']}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body[:5])
        time.sleep(0.5)
        running.process.terminate()
        time.sleep(0.5)
        connection.sendall(body[5:])
        assert received(connection).startswith(b"HTTP/1.1 201 ")
    assert running.process.wait(ENDING + 5) == 0
    assert "Traceback" not in log(running)


def test_who_does_not_read_does_not_hold_it(running: Workers) -> None:
    ok(running.request("GET", "/openapi.json"))
    with connected(running) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 40)
        time.sleep(0.5)
        began = time.monotonic()
        assert running.stop() == 0
        assert time.monotonic() - began < ENDING + 5
    assert "Traceback" not in log(running)


def test_nobody_under_way_it_ends_at_once(running: Workers) -> None:
    with connected(running) as connection:
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
        began = time.monotonic()
        assert running.stop() == 0
        assert time.monotonic() - began < 5


def test_a_pool_that_is_too_large_for_the_server_is_told_in_one_line(settings: Settings) -> None:
    many = settings.model_copy(update={"database_pool_size": 64})
    told = asyncio.run(_too_many_connections(many, 64))
    if settings.database_url.startswith("sqlite"):
        assert told is None
        return
    assert told is not None and "8192 connections" in told and "\n" not in told
    assert asyncio.run(_too_many_connections(settings.model_copy(update={"database_pool_size": 1}), 1)) is None
    away = settings.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"})
    assert asyncio.run(_too_many_connections(away, 64)) is None
