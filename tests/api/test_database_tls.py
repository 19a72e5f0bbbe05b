"""Between service and database over TLS: the address of the settings asks for it, every connection of the service keeps
to it, and a server that another authority vouches for is refused."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from anyio.from_thread import BlockingPortal

from app import cli
from app.kernel.settings import Settings
from app.main import create_app
from sandbox import memory, postgres
from sandbox.clock import MovableClock
from sandbox.seed import seed
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.nginx import certificate
from tests.support.problems import refused
from tests.support.straight import StraightClient

_NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Server:
    """A server that takes TLS, and the certificate of who vouches for it."""

    url: str
    authority: Path

    def address(self, authority: Path | None = None) -> str:
        """The address for the settings: nothing in the clear, and the server is who it says."""
        told = f"{self.url.replace('postgresql://', 'postgresql+psycopg://')}?sslmode=verify-full"
        return f"{told}&sslrootcert={authority or self.authority}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL is not installed")
    folder = memory.folder("award-tls-")
    try:
        known, key = certificate(folder, address="127.0.0.1")
        key.chmod(0o600)
        if os.geteuid() == 0:
            for path in (folder, known, key):
                os.chown(path, _NOBODY, _NOBODY)
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("TEST_DATABASE_URL", raising=False)
            with postgres.server(("fsync=off", "ssl=on", f"ssl_cert_file={known}", f"ssl_key_file={key}")) as url:
                yield Server(url, known)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def served(server: Server, usual_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    changed = {"database_url": server.address(), "files_url": f"file:{tmp_path / 'files'}"}
    settings = usual_settings.model_copy(update=changed)
    monkeypatch.setenv("AWARD_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("AWARD_FILES_URL", settings.files_url)
    monkeypatch.chdir(tmp_path)
    return settings


def test_every_connection_of_the_service_is_encrypted(
    server: Server, served: Settings, clock: MovableClock, loop: BlockingPortal, tmp_path: Path
) -> None:
    assert cli.main(["migrate"]) == 0
    seed(served.database_url)
    with StraightClient(create_app(served, clock=clock), client=("127.0.0.1", 50_000), loop=loop) as client:
        world = World(client, clock)
        # A transaction, and a read that has none.
        open_round(world)
        ok(world.public.get("/v1/awards"))
        with psycopg.connect(server.url) as asked:
            lines = asked.execute(
                "SELECT ssl, version FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                " WHERE client_addr IS NOT NULL AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ).fetchall()
    assert len(lines) >= 2 and {line[0] for line in lines} == {True}
    assert {line[1] for line in lines} <= {"TLSv1.2", "TLSv1.3"}


def test_a_server_that_nobody_known_vouches_for_is_refused(
    server: Server, served: Settings, clock: MovableClock, loop: BlockingPortal, tmp_path: Path
) -> None:
    other, _ = certificate(tmp_path, address="127.0.0.1")
    stranger = served.model_copy(update={"database_url": server.address(other)})
    with StraightClient(create_app(stranger, clock=clock), client=("127.0.0.1", 50_000), loop=loop) as client:
        refused(client.get("/v1/awards"), 503, "unavailable")
        assert client.get("/readyz").status_code == 503
