"""Connections that begin nothing, end nothing or ask too much, on real sockets: each is closed within its time, and
others are served meanwhile."""

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from app.kernel.settings import Settings
from app.main import create_app
from app.web.connections import Protocol


class Impatient(Protocol):
    """Waits for a fraction of a second, and holds few."""

    head_seconds = 0.4
    piece_seconds = 0.4
    reader_seconds = 0.4
    body_seconds = 1.2
    slowest_bytes = 4_000
    max_connections = 8
    max_of_one_address = 6
    shed_after_seconds = 0.2


@pytest.fixture
def settings(keys_file: Path, tmp_path: Path) -> Settings:
    """Nothing here comes as far as a database."""
    return Settings(
        _env_file=None,
        database_url=f"sqlite:///{tmp_path / 'none.db'}",
        keys_file=keys_file,
        files_url=f"file:{tmp_path / 'files'}",
        log_level="CRITICAL",
    )


@pytest.fixture
def port(settings: Settings) -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        number: int = listener.getsockname()[1]
        config = uvicorn.Config(
            create_app(settings), http=Impatient, log_level="critical", access_log=False, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield number
        server.should_exit = True
        thread.join(20)


@contextlib.contextmanager
def connected(port: int, *, origin: str = "127.0.0.1") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(origin, 0)) as line:
        yield line


def everything(line: socket.socket) -> bytes:
    """What comes until the service closes."""
    found = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := line.recv(65_536):
            found += piece
    return found


def told(answer: bytes) -> dict[str, Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head and b"connection: close" in head
    problem: dict[str, Any] = json.loads(body)
    assert problem["request_id"].encode() in head
    assert head.startswith(f"HTTP/1.1 {problem['status']} ".encode())
    return problem


def served(port: int) -> bool:
    return httpx.get(f"http://127.0.0.1:{port}/livez", trust_env=False, timeout=10).status_code == 200


@pytest.mark.parametrize("sent", [b"", b"G", b"GET /livez HTTP/1.1\r\n", b"GET /livez HTTP/1.1\r\nHost: x\r\nX-A: "])
def test_a_head_that_does_not_come_is_not_waited_for(port: int, sent: bytes) -> None:
    with connected(port) as line:
        line.sendall(sent)
        assert told(everything(line))["code"] == "too_slow"
    assert served(port)


@pytest.mark.parametrize(
    ("target", "host", "taken"),
    [
        ("http://award.test/livez", "award.test", True),
        ("HTTP://AWARD.test:80/livez", "award.test:80", True),
        ("http://award.test/livez?a=://elsewhere.test", "award.test", True),
        ("/livez?a=http://elsewhere.test/", "award.test", True),
        ("http://elsewhere.test/livez", "award.test", False),
        ("http://award.test@elsewhere.test/livez", "award.test", False),
        ("http://elsewhere.test?/livez", "award.test", False),
        ("http://award.test:81/livez", "award.test", False),
    ],
)
def test_a_target_that_names_another_host_than_the_head_is_refused(
    port: int, target: str, host: str, taken: bool
) -> None:
    with connected(port) as line:
        line.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = everything(line)
    if taken:
        assert answer.startswith(b"HTTP/1.1 200 ")
    else:
        assert told(answer)["code"] == "bad_request"


def test_a_head_that_drips_is_not_waited_for_either(port: int) -> None:
    with connected(port) as line, contextlib.suppress(OSError):
        line.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n")
        for _ in range(40):
            line.sendall(b"X-A: b\r\n")
            time.sleep(0.05)
        pytest.fail("the line is still open")
    assert served(port)


def test_a_body_that_stops_is_not_waited_for(port: int) -> None:
    with connected(port) as line:
        line.sendall(b"POST /v1/eligibility-checks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        line.sendall(b'Content-Length: 100\r\n\r\n{"name":')
        assert told(everything(line))["code"] == "too_slow"
    assert served(port)


def test_a_slow_body_that_goes_on_is_waited_for(port: int) -> None:
    body = b'{"grant_type": 1}' + b" " * 40
    with connected(port) as line:
        line.sendall(b"POST /v1/eligibility-checks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        line.sendall(b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body))
        for place in range(0, len(body), 8):
            time.sleep(0.1)
            line.sendall(body[place : place + 8])
        assert everything(line).startswith(b"HTTP/1.1 422 ")


def begin_body(line: socket.socket, size: int) -> None:
    line.sendall(b"POST /v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n")
    line.sendall(b"Connection: close\r\nContent-Length: %d\r\n\r\n" % size)


def test_a_body_that_drips_is_not_waited_for_to_its_end(port: int) -> None:
    with connected(port) as line:
        begin_body(line, 5000)
        begun = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() < begun + 8:
                line.sendall(b"a")
                line.settimeout(0.1)
                with contextlib.suppress(TimeoutError):
                    if answer := everything(line):
                        assert told(answer)["code"] == "too_slow"
                        break
        assert time.monotonic() - begun < 4
    assert served(port)


def test_a_long_body_has_the_time_that_its_size_takes(port: int) -> None:
    with connected(port) as line:
        begin_body(line, 10_000)
        for _ in range(20):
            line.sendall(b"a" * 500)
            time.sleep(0.1)
        assert b"too_slow" not in everything(line)


def test_who_waits_longest_with_least_makes_room_for_who_asks_now(port: int) -> None:
    with contextlib.ExitStack() as held:
        lines = [held.enter_context(connected(port)) for _ in range(8)]
        for line in lines:
            begin_body(line, 5000)
        time.sleep(0.3)
        for line in lines[1:]:
            line.sendall(b"a" * 100)
        assert served(port)
        assert told(everything(lines[0]))["code"] == "too_slow"
        # The others go on.
        lines[1].settimeout(0.1)
        with pytest.raises(TimeoutError):
            lines[1].recv(1)


def test_one_address_has_a_part_of_the_connections_and_a_proxy_all(port: int) -> None:
    with contextlib.ExitStack() as held:
        lines = [held.enter_context(connected(port, origin="127.0.0.2")) for _ in range(7)]
        assert told(everything(lines[6]))["code"] == "unavailable"
        other = held.enter_context(connected(port, origin="127.0.0.3"))
        other.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert everything(other).startswith(b"HTTP/1.1 200 ")
    with contextlib.ExitStack() as held:
        lines = [held.enter_context(connected(port)) for _ in range(8)]
        for line in lines:
            line.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert all(everything(line).startswith(b"HTTP/1.1 200 ") for line in lines)


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"GET /v1/awards?cursor=" + b"a" * 9000 + b" HTTP/1.1\r\n", "target_too_long"),
        (b"GET /livez HTTP/1.1\r\n" + b"X-A: b\r\n" * 101, "headers_too_large"),
        (b"GET /livez HTTP/1.1\r\nX-A: " + b"b" * 33_000 + b"\r\n", "headers_too_large"),
        (b"GET livez\x00 HTTP/9.9\r\n", "bad_request"),
    ],
)
def test_too_much_of_a_head_is_refused_with_a_problem(port: int, head: bytes, code: str) -> None:
    with connected(port) as line:
        line.sendall(head + b"Host: x\r\n\r\n")
        assert told(everything(line))["code"] == code
    assert served(port)


def test_as_many_headers_as_there_may_be_are_taken(port: int) -> None:
    with connected(port) as line:
        line.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + b"X-A: b\r\n" * 98 + b"\r\n")
        assert everything(line).startswith(b"HTTP/1.1 200 ")


def test_there_are_only_so_many_connections_and_room_comes_back(port: int) -> None:
    with contextlib.ExitStack() as held:
        lines = [held.enter_context(connected(port)) for _ in range(12)]
        answers = [everything(line) for line in lines]
        codes = [told(answer)["code"] for answer in answers]
        assert codes.count("unavailable") == 4 and codes.count("too_slow") == 8
    assert all(b"Retry-After: 10" in answer or b"retry-after: 10" in answer for answer in answers if b" 503 " in answer)
    assert served(port)


def test_who_does_not_read_is_dropped(port: int) -> None:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", port))
        # Far more than fits between the two; none of it is read.
        ask = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
        line.sendall(ask * 20)
        time.sleep(1.5)
        line.settimeout(10)
        found = 0
        with contextlib.suppress(ConnectionResetError):
            while piece := line.recv(65_536):
                found += len(piece)
        assert found < 8_000_000
    assert served(port)


def test_a_kept_connection_is_given_its_time_anew(port: int) -> None:
    with connected(port) as line:
        for _ in range(4):
            line.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.recv(65_536).startswith(b"HTTP/1.1 200 ")
            time.sleep(0.3)
        line.sendall(b"GET /livez HTTP/1.1\r\n")
        assert told(everything(line))["code"] == "too_slow"


def test_three_hundred_half_open_ones_keep_nobody_waiting(settings: Settings) -> None:
    async def go() -> None:
        lines = [await asyncio.open_connection("127.0.0.1", number) for _ in range(300)]
        for _, writer in lines:
            writer.write(b"GET /livez HTTP/1.1\r\nX")
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            assert (await client.get(f"http://127.0.0.1:{number}/livez")).status_code == 200
        # They were all there while another one was served.
        assert not any(reader.at_eof() for reader, _ in lines)
        for reader, writer in lines:
            assert b"too_slow" in await reader.read()
            writer.close()
            await writer.wait_closed()

    class Patient(Impatient):
        head_seconds = 3.0
        max_connections = 1000

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        number: int = listener.getsockname()[1]
        config = uvicorn.Config(
            create_app(settings), http=Patient, log_level="critical", access_log=False, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        try:
            asyncio.run(go())
        finally:
            server.should_exit = True
            thread.join(20)
