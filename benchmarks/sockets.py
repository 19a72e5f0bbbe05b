"""Requests over real sockets: each client a connection that stays open, one request after the other on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from benchmarks.timing import Act


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    named = {"host": "bench", "accept": "application/json", **headers, "content-length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Connections:
    """Connections to one server, as many as are used at once; they are left to the server to close."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    def act(self, made: Callable[[int], bytes], *, expected: int) -> Act:
        """Send the nth request; answers the size of the answer's body. Raises for another status than expected."""

        async def one(number: int) -> int:
            reader, writer = await self._one()
            writer.write(made(number))
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            size = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            body = await reader.readexactly(size)
            self._free.append((reader, writer))
            status = int(head.split(b" ", 2)[1])
            if status != expected:
                raise RuntimeError(f"{status}: {body.decode(errors='replace')[:500]}")
            return size

        return one

    async def _one(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            reader, writer = self._free.pop()
            # Between two slices a server may have closed it.
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)
