"""Ports of loopback for programs that want to be told one: chosen by the kernel, and kept while they are needed.

A port that was free a moment ago is anybody's: the next connection that this machine opens may leave by it, and the
program that was told it finds the address in use. So it stays bound here, without listening. Linux lets a program that
sets SO_REUSEADDR, as servers do, bind and listen beside that, and gives a bound port to no connection that goes out.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator

_PAUSE = 0.01


def held_port() -> socket.socket:
    """A socket that holds a port of loopback until it is closed; who listens there binds it as well."""
    holding = socket.socket()
    holding.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holding.bind(("127.0.0.1", 0))
    return holding


def number_of(holding: socket.socket) -> int:
    """The port that it holds."""
    number: int = holding.getsockname()[1]
    return number


@contextlib.contextmanager
def port() -> Iterator[int]:
    """A port of loopback, nobody else's until the context ends."""
    with held_port() as holding:
        yield number_of(holding)


def await_silence(number: int, *, seconds: float) -> None:
    """Wait until nobody listens at a port of loopback: processes that were killed hold it until the last of them is
    gone. `TimeoutError` where somebody goes on."""
    until = time.monotonic() + seconds
    while True:
        try:
            with socket.create_connection(("127.0.0.1", number), seconds):
                pass
        except ConnectionRefusedError:
            return
        except OSError:
            # It was there when we began, and is gone.
            pass
        if time.monotonic() > until:
            raise TimeoutError(f"somebody listens at port {number}")
        time.sleep(_PAUSE)
