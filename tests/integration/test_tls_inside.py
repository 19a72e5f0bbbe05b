"""TLS between our own services, and to those that we call: by an authority of the county's own, verified by name, and
nothing where another one vouches."""

import asyncio
import io
import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import yaml
from moto.server import ThreadedMotoServer
from pydantic import SecretStr, ValidationError

from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Unavailable
from app.kernel.fetching import NotFetched, fetch
from app.kernel.files import FileStore, StorageUnavailable, new_key
from app.kernel.scanning import Scanner
from app.kernel.settings import Settings
from sandbox.stages.applications import PDF
from tests.integration.test_proxy import answer, get, refused
from tests.support.databases import SqliteTemplate
from tests.support.nginx import HOST, proxy
from tests.support.nginx import certificate as of_itself
from tests.support.scanner import scanner
from tests.support.tls import Inside, encrypted, inside
from tests.support.workers import Workers, serving

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Inside:
    return inside(tmp_path_factory.mktemp("inside"))


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Inside:
    """Another authority, which says the same names."""
    return inside(tmp_path_factory.mktemp("strangers"))


@pytest.fixture(params=[1, 2])
def served(request: pytest.FixtureRequest, templates: Any, own: Inside, tmp_path: Path) -> Iterator[Workers]:
    template = templates["sqlite"]
    assert isinstance(template, SqliteTemplate)
    with (
        template.copy() as url,
        serving(
            url,
            tmp_path,
            workers=request.param,
            public_base_url=f"https://{HOST}",
            allowed_hosts=f"{HOST},127.0.0.1",
            tls_certificate=own.certificate,
            tls_key=own.key,
            ending_seconds=2,
        ) as workers,
    ):
        yield workers


def test_the_script_makes_another_certificate_of_the_same_authority(tmp_path: Path) -> None:
    made = inside(tmp_path)
    before = made.authority.read_bytes(), made.certificate.read_bytes(), made.key.read_bytes()
    assert made.key.stat().st_mode & 0o077 == 0
    inside(tmp_path)
    assert made.authority.read_bytes() == before[0]
    assert made.certificate.read_bytes() != before[1] and made.key.read_bytes() != before[2]


def test_the_proxy_asks_the_service_by_tls_and_knows_it(
    served: Workers, own: Inside, strangers: Inside, tmp_path: Path
) -> None:
    upstream = served.address.removeprefix("https://")
    (tmp_path / "known").mkdir()
    with proxy(upstream, tmp_path / "known", authority=own.authority) as through:
        for _ in range(3):
            status, _, body = answer(through.ask(get("/v1/awards")))
            assert (status, json.loads(body)["items"]) == (200, [])
    # Somebody else in its place, whom another authority vouches for, is told nothing.
    (tmp_path / "unknown").mkdir()
    with proxy(upstream, tmp_path / "unknown", authority=strangers.authority) as through:
        refused(through.ask(get("/v1/awards")), 503, ProblemCode.UNAVAILABLE)
    assert served.stop() == 0
    assert "Traceback" not in (served.folder / "log").read_text()


def test_whoever_asks_in_the_clear_or_by_another_name_is_not_served(served: Workers, own: Inside) -> None:
    clear = served.address.replace("https://", "http://")
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{clear}/livez", trust_env=False)
    context = ssl.create_default_context(cafile=str(own.authority))
    assert httpx.get(f"{served.address}/livez", verify=context, trust_env=False).status_code == 200
    with pytest.raises(httpx.ConnectError, match=r"(?i)certificate"):
        httpx.get(f"{served.address}/livez", verify=ssl.create_default_context(), trust_env=False)
    # It speaks nothing that is older than TLS 1.2.
    port = served.address.rpartition(":")[2]
    for version, speaks in (("-tls1_1", False), ("-tls1_2", True), ("-tls1_3", True)):
        asked = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", version, "-cipher", "DEFAULT@SECLEVEL=0"]
        told = subprocess.run(asked, input=b"", capture_output=True, check=False)
        assert (told.returncode == 0) is speaks, (version, told.stdout[-300:], told.stderr[-300:])


def serve_once(folder: Path, certificate: Path, key: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWARD_")},
        "PYTHONPATH": str(ROOT),
        "AWARD_DATABASE_URL": f"sqlite:///{folder / 'award.db'}",
        "AWARD_KEYS_FILE": str(folder / "keys.json"),
        "AWARD_FILES_URL": f"file:{folder / 'files'}",
        "AWARD_TLS_CERTIFICATE": str(certificate),
        "AWARD_TLS_KEY": str(key),
    }
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "1", "--workers", "2"]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60
    )


def test_a_certificate_that_cannot_be_served_is_refused_in_one_line(
    own: Inside, strangers: Inside, tmp_path: Path
) -> None:
    locked = tmp_path / "locked.pem"
    subprocess.run(
        ["openssl", "ec", "-in", str(own.key), "-aes256", "-passout", "pass:sample", "-out", str(locked)],
        check=True,
        capture_output=True,
    )
    for certificate, key in (
        (own.certificate, strangers.key),
        (own.certificate, tmp_path / "none.pem"),
        (own.key, own.key),
        (own.certificate, locked),
    ):
        done = serve_once(tmp_path, certificate, key)
        assert done.returncode == 2, (key, done.stderr)
        (line,) = done.stderr.splitlines()
        assert "Certificate and key cannot be served" in line
    with pytest.raises(ValidationError, match="belong together"):
        Settings(_env_file=None, tls_certificate=own.certificate)


@pytest.fixture
def storage(own: Inside) -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    httpx.post(f"http://{host}:{port}/moto-api/reset", trust_env=False).raise_for_status()
    httpx.put(f"http://{host}:{port}/award", trust_env=False).raise_for_status()
    with encrypted(port, own) as outside:
        yield f"https://127.0.0.1:{outside}"
    server.stop()


def files_of(endpoint: str) -> FileStore:
    settings = Settings(
        _env_file=None,
        files_url="s3://award/files",
        s3_endpoint=endpoint,
        s3_access_key_id="sample",
        s3_secret_access_key=SecretStr("sample-secret"),
    )
    return FileStore.from_settings(settings)


async def stored(files: FileStore) -> bytes:
    async def content() -> Any:
        yield PDF

    key = new_key()
    await files.put_stream(key, content(), 1 << 20)
    return b"".join([piece async for piece in await files.open_stream(key)])


def test_the_storage_is_known_by_its_certificate(
    storage: str, own: Inside, strangers: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(own.authority))
    assert asyncio.run(stored(files_of(storage))) == PDF
    monkeypatch.setenv("SSL_CERT_FILE", str(strangers.authority))
    with pytest.raises(StorageUnavailable):
        asyncio.run(stored(files_of(storage)))
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(StorageUnavailable):
        asyncio.run(stored(files_of(storage)))


@contextmanager
def document_of(vouched: Inside) -> Iterator[int]:
    """Somebody's set of keys, by TLS with this certificate: its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_arguments: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with encrypted(server.server_address[1], vouched) as port:
            yield port
        server.shutdown()


@pytest.fixture
def document(own: Inside) -> Iterator[int]:
    with document_of(own) as port:
        yield port


def test_the_outside_provider_is_known_by_its_certificate(
    document: int, own: Inside, strangers: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetched(host: str = "localhost") -> bytes:
        return anyio.run(lambda: fetch(f"https://{host}:{document}/jwks", limit=100, allow_private=True))

    monkeypatch.setenv("SSL_CERT_FILE", str(own.authority))
    assert fetched() == b"{}"
    # By another name that leads to the same place.
    with pytest.raises(NotFetched):
        fetched("localhost.localdomain")
    monkeypatch.setenv("SSL_CERT_FILE", str(strangers.authority))
    with pytest.raises(NotFetched):
        fetched()
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NotFetched):
        fetched()


def test_the_scanner_is_known_by_its_certificate(
    own: Inside, strangers: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scanner() as real, encrypted(int(real.url.rpartition(":")[2]), own) as port:

        def scanned() -> None:
            anyio.run(Scanner(f"tls://localhost:{port}", required=True).scan, io.BytesIO(PDF))

        monkeypatch.setenv("SSL_CERT_FILE", str(own.authority))
        scanned()
        assert real.files == [PDF]
        for authority in (strangers.authority, None):
            if authority is None:
                monkeypatch.delenv("SSL_CERT_FILE")
            else:
                monkeypatch.setenv("SSL_CERT_FILE", str(authority))
            with pytest.raises(Unavailable):
                scanned()
        assert real.files == [PDF], "it was given the file all the same"


def test_what_the_shipped_files_set_up_is_tls(tmp_path: Path) -> None:
    """Between proxy and service: compose names certificate and authority, and the check of the image asks by TLS."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    proxy_settings, award = services["proxy"]["environment"], services["award"]
    assert proxy_settings["AWARD_UPSTREAM_SCHEME"] == "https"
    mounted = {item.split(":")[1] for name in ("proxy", "award") for item in services[name]["volumes"]}
    assert {
        proxy_settings["AWARD_UPSTREAM_AUTHORITY"],
        award["environment"]["AWARD_TLS_CERTIFICATE"],
        award["environment"]["AWARD_TLS_KEY"],
    } <= mounted
    # The authority's own key is nowhere among them.
    assert not any("authority-key" in item for service in services.values() for item in service.get("volumes", []))


def test_each_of_the_three_has_a_certificate_of_its_own_name_and_alone_its_key(own: Inside) -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    mounts = {
        name: {item.split(":")[0].rpartition("/")[2] for item in service.get("volumes", []) if "/inside/" in item}
        for name, service in services.items()
    }
    of = {"award": ("certificate.pem", "key.pem")} | {
        name: (f"{name}.pem", f"{name}-key.pem") for name in ("database", "storage")
    }
    for name, (certificate, key) in of.items():
        assert {certificate, key} <= mounts[name]
        assert [other for other, files in mounts.items() if key in files] == [name]
        for told, known in ((name, True), ("localhost", True), ("proxy", False), *((x, x == name) for x in of)):
            asked = ["openssl", "verify", "-CAfile", str(own.authority), "-verify_hostname", told]
            done = subprocess.run([*asked, str(own.folder / certificate)], capture_output=True, check=False)
            assert (done.returncode == 0) is known, (name, told)
        assert (own.folder / key).stat().st_mode & 0o077 == 0
    # The storage's own command names what is mounted there, and whoever asks it knows the authority.
    storage = services["storage"]
    targets = {item.split(":")[1] for item in storage["volumes"]}
    named = {word.partition("=")[0]: word.partition("=")[2] for word in storage["command"]}
    assert {named["-s3.cert.file"], named["-s3.key.file"]} <= targets
    for name in ("award", "webhooks", "backup", "migrate"):
        given = services[name]["environment"]
        assert given["AWARD_S3_ENDPOINT"] == "https://storage:8333"
        assert given["SSL_CERT_FILE"] in {item.split(":")[1] for item in services[name]["volumes"]}


def test_the_storages_authority_stands_beside_those_of_the_machine(
    storage: str, own: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As compose has it: one file for what is inside, the machine's folder for what is outside."""
    of_the_machine, outside = tmp_path / "certs", Inside(tmp_path / "outside")
    for folder in (of_the_machine, outside.folder):
        folder.mkdir()
    assert of_itself(outside.folder, address="127.0.0.1") == (outside.certificate, outside.key)
    shutil.copy(outside.certificate, of_the_machine)
    subprocess.run(["openssl", "rehash", str(of_the_machine)], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(own.authority))
    with document_of(outside) as port:

        def fetched() -> bytes:
            return anyio.run(lambda: fetch(f"https://127.0.0.1:{port}/jwks", limit=100, allow_private=True))

        with pytest.raises(NotFetched):
            fetched()
        monkeypatch.setenv("SSL_CERT_DIR", str(of_the_machine))
        assert asyncio.run(stored(files_of(storage))) == PDF
        assert fetched() == b"{}"
