"""How often a piece of work goes to PostgreSQL and back: counted on the wire, whatever library is in between.

The server ends each answer with ReadyForQuery, so that counting these counts round trips: statements, BEGIN, COMMIT and
what a library asks on its own account alike.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import make_url

_READY = b"Z"[0]


@dataclass(slots=True)
class Trips:
    """The address that counts, and how often somebody went to the database since `count` was set to 0."""

    url: str
    count: int = 0
    open_ends: list[socket.socket] = field(default_factory=list)

    def cut(self) -> None:
        """Break every connection off, as a proxy does that is started anew."""
        ends, self.open_ends = self.open_ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextlib.contextmanager
def counted(database_url: str) -> Iterator[Trips]:
    """A way to the database that counts what comes back over it."""
    address = make_url(database_url)
    server = (address.host or "127.0.0.1", address.port or 5432)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        through = address.set(host="127.0.0.1", port=port).update_query_dict({"sslmode": "disable"})
        trips = Trips(through.render_as_string(hide_password=False))
        threading.Thread(target=_accept, args=(listening, server, trips), daemon=True).start()
        try:
            yield trips
        finally:
            trips.cut()


def _accept(listening: socket.socket, server: tuple[str, int], trips: Trips) -> None:
    while True:
        try:
            ours, _ = listening.accept()
        except OSError:
            return
        theirs = socket.create_connection(server)
        trips.open_ends += [ours, theirs]
        threading.Thread(target=_hand_on, args=(ours, theirs), daemon=True).start()
        threading.Thread(target=_answer, args=(theirs, ours, trips), daemon=True).start()


def _hand_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _answer(source: socket.socket, target: socket.socket, trips: Trips) -> None:
    pending = b""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            pending += data
            while len(pending) >= 5:
                size = 1 + struct.unpack("!I", pending[1:5])[0]
                if len(pending) < size:
                    break
                # Counted before it is handed on: whoever has the answer finds it counted.
                trips.count += pending[0] == _READY
                pending = pending[size:]
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
