"""A virus scanner that speaks ClamAV's protocol and knows one virus: the one that is none, by which scanners are tried
(EICAR)."""

from __future__ import annotations

import contextlib
import socketserver
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

# In two parts, so that no scanner finds it here.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass(slots=True)
class Scanned:
    """What it was given; `answers`: what it says to the next instead of looking."""

    url: str = ""
    files: list[bytes] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)


@contextlib.contextmanager
def scanner(path: str | None = None) -> Iterator[Scanned]:
    """A running scanner, on loopback or on a socket of this path."""
    scanned = Scanned()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", self.rfile.read(4))[0]:
                content += self.rfile.read(size)
            scanned.files.append(content)
            found = b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"
            self.wfile.write((scanned.answers.pop(0) if scanned.answers else found) + b"\0")

    kind = socketserver.ThreadingUnixStreamServer if path else socketserver.ThreadingTCPServer
    with kind(path or ("127.0.0.1", 0), Handler) as server:  # type: ignore[arg-type]
        server.daemon_threads = True
        scanned.url = f"unix:{path}" if path else f"tcp://127.0.0.1:{server.socket.getsockname()[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield scanned
        finally:
            server.shutdown()
            thread.join()
