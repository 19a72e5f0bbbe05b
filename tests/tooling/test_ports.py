"""Ports that a test, a kill or an attack tells a program: kept until it has them, and free again once it is gone."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from sandbox.ports import await_silence, held_port, number_of, port


@pytest.fixture
def holding() -> Iterator[socket.socket]:
    with held_port() as made:
        yield made


def test_a_held_port_is_nobodys_but_a_servers(holding: socket.socket) -> None:
    number = number_of(holding)
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", number))
    # As servers do. Two of them one after the other, as where one is killed and started again.
    for _ in range(2):
        with socket.create_server(("127.0.0.1", number)) as server, socket.create_connection(server.getsockname()):
            accepted, _ = server.accept()
            accepted.close()
    # And no other program is told the same one.
    with port() as another:
        assert another != number


def test_a_port_is_waited_for_until_the_last_who_listens_is_gone(holding: socket.socket) -> None:
    number = number_of(holding)
    await_silence(number, seconds=1)
    server = socket.create_server(("127.0.0.1", number))
    with pytest.raises(TimeoutError):
        await_silence(number, seconds=0.1)
    begun = time.monotonic()
    ending = threading.Timer(0.3, server.close)
    ending.start()
    await_silence(number, seconds=30)
    ending.join()
    assert 0.2 < time.monotonic() - begun < 10
    socket.create_server(("127.0.0.1", number)).close()
