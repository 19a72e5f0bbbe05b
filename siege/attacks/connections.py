"""Connections that are opened and not used."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Iterator

from siege.attack import Outcome, attack
from siege.target import Bystander, Target

_MOST_SECONDS = 45.0


@contextlib.contextmanager
def _opened(target: Target, count: int, sent: bytes, *, room: int | None = None) -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        lines = []
        for _ in range(count):
            line = stack.enter_context(socket.socket())
            if room is not None:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
            line.settimeout(10)
            line.connect(target.place)
            line.sendall(sent)
            lines.append(line)
        yield lines


def _closed_by(lines: list[socket.socket], seconds: float) -> tuple[int, float]:
    """How many the service has closed within so many seconds, and how long that took."""
    began, left = time.monotonic(), list(lines)
    while left and time.monotonic() - began < seconds:
        for line in select.select(left, [], [], 0.5)[0]:
            try:
                if line.recv(1 << 16):
                    continue
            except OSError:
                pass
            left.remove(line)
    return len(lines) - len(left), time.monotonic() - began


@attack("half-open")
def half_open(target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """300 heads that do not end: they are closed, and the register is read meanwhile."""
    with _opened(target, 300, b"GET /v1/awards HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ") as lines:
        closed, seconds = _closed_by(lines, _MOST_SECONDS)
    outcome.figures = {"opened": 300, "closed": closed, "seconds": round(seconds, 1)}
    outcome.expect(closed == 300, f"{300 - closed} are open yet")


@attack("slow-bodies")
def slow_bodies(target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """100 objections whose body stops: they are closed, and hold no transaction."""
    head = (
        f"POST /v1/candidates/{target.candidate_id}/objections HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{"
    )
    with _opened(target, 100, head.encode()) as lines:
        closed, seconds = _closed_by(lines, _MOST_SECONDS)
    outcome.figures = {"opened": 100, "closed": closed, "seconds": round(seconds, 1)}
    outcome.expect(closed == 100, f"{100 - closed} are open yet")


@attack("dripping-bodies")
def dripping_bodies(target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """300 sign-ins of a byte in two seconds: none is waited for to its end."""
    form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n"
    with _opened(target, 300, f"POST /v1/tokens HTTP/1.1\r\nHost: 127.0.0.1\r\n{form}".encode()) as lines:
        began, left = time.monotonic(), list(lines)
        while left and time.monotonic() - began < _MOST_SECONDS:
            for line in left:
                # A line that was ended is found to be so below.
                with contextlib.suppress(OSError):
                    line.sendall(b"a")
            time.sleep(2)
            left = [line for line in left if not select.select([line], [], [], 0)[0]]
        seconds = time.monotonic() - began
    outcome.figures = {"opened": 300, "closed": 300 - len(left), "seconds": round(seconds, 1)}
    outcome.expect(not left, f"{len(left)} are open yet")


@attack("no-readers")
def no_readers(target: Target, _bystander: Bystander, outcome: Outcome) -> None:
    """50 callers who ask for much and read nothing of it: they are cut off."""
    asked = b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20
    with _opened(target, 50, asked, room=4096) as lines:
        began, cut = time.monotonic(), set[socket.socket]()
        while len(cut) < len(lines) and time.monotonic() - began < _MOST_SECONDS:
            for line in set(lines) - cut:
                # What is sent on a line that was cut comes back as an error.
                with contextlib.suppress(BlockingIOError):
                    try:
                        line.send(b"\r\n", socket.MSG_DONTWAIT)
                    except BlockingIOError:
                        raise
                    except OSError:
                        cut.add(line)
            time.sleep(0.5)
        seconds = time.monotonic() - began
    outcome.figures = {"opened": 50, "cut_off": len(cut), "seconds": round(seconds, 1)}
    outcome.expect(len(cut) == 50, f"{50 - len(cut)} are open yet")
