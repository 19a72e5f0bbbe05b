"""The virus scanner beside the service, asked by ClamAV's protocol (`INSTREAM`): the file goes in pieces, each behind
its length, and a line comes back."""

from __future__ import annotations

import ssl
import struct
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import structlog
from anyio.abc import ByteStream

from app.kernel.errors import Unavailable
from app.kernel.file_types import FileInfected, FileTooCostly
from app.kernel.settings import Settings
from app.measures.text import Text

_log = structlog.get_logger("files")
_SECONDS = 60.0
_CONNECT_SECONDS = 5.0
_PIECE = 1 << 17
_MOST_TOLD = 4096


class Scanner:
    """Where the scanner is, and whether a file is refused while it does not answer."""

    def __init__(self, url: str, *, required: bool) -> None:
        """`url`: `unix:/path`, `tcp://host:port` or, verified by its name, `tls://host:port`; `ValueError` for anything
        else."""
        where = urlsplit(url)
        self._host, self._port = where.hostname, where.port
        self._path = Path(where.path) if where.scheme == "unix" else None
        self._tls = where.scheme == "tls"
        if not (self._path and where.path) and not (where.scheme in ("tcp", "tls") and self._host and self._port):
            raise ValueError("AWARD_SCANNER_URL is none of unix:/path, tcp://host:port and tls://host:port")
        self._required = required

    @classmethod
    def from_settings(cls, settings: Settings) -> Scanner | None:
        """The scanner of the settings, None where they name none."""
        return cls(settings.scanner_url, required=settings.scanner_required) if settings.scanner_url else None

    async def scan(self, file: IO[bytes]) -> None:
        """Have the file looked at. Raises FileInfected; FileTooCostly where the scanner finds it too large; Unavailable
        where it does not answer and must."""
        try:
            with anyio.fail_after(_SECONDS):
                told = await self._told(file)
        except (OSError, TimeoutError, anyio.EndOfStream, anyio.BrokenResourceError) as error:
            told = type(error).__name__
        if told == "stream: OK":
            return
        if told.endswith(" FOUND"):
            _log.warning("file_infected", found=told.removeprefix("stream: ").removesuffix(" FOUND"))
            raise FileInfected
        if "size limit exceeded" in told:
            raise FileTooCostly
        _log.error("scanner_unavailable", cause=told, required=self._required)
        if self._required:
            text = Text("病毒扫描暂时不可用，请稍后重试", "The virus scanner does not answer; try again shortly")
            raise Unavailable(text)

    async def _told(self, file: IO[bytes]) -> str:
        async with await self._connected() as stream:
            await stream.send(b"zINSTREAM\0")
            await anyio.to_thread.run_sync(file.seek, 0)
            while piece := await anyio.to_thread.run_sync(file.read, _PIECE):
                await stream.send(struct.pack("!I", len(piece)) + piece)
            await stream.send(struct.pack("!I", 0))
            told = b""
            while not told.endswith(b"\0") and len(told) < _MOST_TOLD:
                told += await stream.receive()
        return told.rstrip(b"\0\n").decode("utf-8", "replace")

    async def _connected(self) -> ByteStream:
        with anyio.fail_after(_CONNECT_SECONDS):
            if self._path is not None:
                return await anyio.connect_unix(self._path)
            host, port = str(self._host), int(self._port or 0)
            if self._tls:
                # The system's authorities, or those of SSL_CERT_FILE.
                context = ssl.create_default_context()
                return await anyio.connect_tcp(host, port, tls=True, ssl_context=context, tls_standard_compatible=False)
            return await anyio.connect_tcp(host, port)
