"""The proxy as it is shipped: a real process with the configuration of the repository, before a service."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sandbox import ports

HOST = "award.example.test"
_TEMPLATE = Path(__file__).parent.parent.parent / "proxy" / "nginx.conf.template"
_PLACE = "/run/award-proxy"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running proxy: its ports on loopback."""

    clear: int
    encrypted: int

    def connect(self, *, name: str | None = HOST, source: str = "127.0.0.1") -> ssl.SSLSocket:
        """A connection over TLS by this name, from this address of the machine."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.encrypted), 30, source_address=(source, 0))
        return context.wrap_socket(plain, server_hostname=name)

    def ask(self, request: bytes, *, source: str = "127.0.0.1") -> bytes:
        """What is answered to these bytes, until the connection ends."""
        with self.connect(source=source) as connection:
            connection.sendall(request)
            return read_to_the_end(connection)


def read_to_the_end(connection: socket.socket) -> bytes:
    """Whatever comes until the other side closes."""
    told = b""
    with contextlib.suppress(ConnectionResetError, ssl.SSLEOFError):
        while piece := connection.recv(1 << 16):
            told += piece
    return told


@contextlib.contextmanager
def proxy(upstream: str, folder: Path, *, authority: Path | None = None, **changes: str) -> Iterator[Proxy]:
    """The proxy before the service at `upstream` (host and port), asked by TLS where there is an `authority`;
    `changes`: directives of the configuration with other values, so that a test can wait for less. Skips where there is
    no nginx, outside CI only."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        if os.environ.get("CI"):
            raise LookupError("nginx is not installed: scripts/install-nginx.sh")
        pytest.skip("nginx is not installed: scripts/install-nginx.sh")
    with ports.port() as clear, ports.port() as encrypted:
        shown, key = certificate(folder)
        values = {
            "UPSTREAM": upstream,
            "UPSTREAM_SCHEME": "http" if authority is None else "https",
            "UPSTREAM_AUTHORITY": str(authority or shown),
            "HOST": HOST,
            "HTTP_PORT": f"127.0.0.1:{clear}",
            "HTTPS_PORT": f"127.0.0.1:{encrypted}",
            "TLS_CERTIFICATE": str(shown),
            "TLS_KEY": str(key),
        }
        told = _TEMPLATE.read_text().replace(_PLACE, str(folder)).replace("/dev/stdout", str(folder / "access"))
        for name, value in values.items():
            told = told.replace(f"${{AWARD_{name}}}", value)
        assert "${" not in told
        for name, value in changes.items():
            (line,) = [line for line in told.splitlines() if line.strip().startswith(f"{name} ")]
            told = told.replace(line, f"{name} {value};")
        (folder / "nginx.conf").write_text(told)
        as_root = " user root;" if os.geteuid() == 0 else ""
        command = [program, "-e", "stderr", "-c", str(folder / "nginx.conf"), "-g", f"daemon off;{as_root}"]
        with (folder / "errors").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _await(encrypted, process, folder / "errors")
            yield Proxy(clear, encrypted)
        finally:
            process.terminate()
            process.wait(30)


def _await(port: int, process: subprocess.Popen[bytes], errors: Path) -> None:
    until = time.monotonic() + 30
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None and time.monotonic() < until, errors.read_text()
        time.sleep(0.02)


def certificate(folder: Path, *, address: str | None = None) -> tuple[Path, Path]:
    """A certificate that vouches for itself, and its key: of the proxy's name, or of an address."""
    of = x509.DNSName(HOST) if address is None else x509.IPAddress(ip_address(address))
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([of]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths
