"""Between service and database as compose.yaml sets it up: its command, its certificate, its addresses and who may come
in, with a real server. In the clear nobody is let in, and a server that our authority does not vouch for is refused."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from anyio.from_thread import BlockingPortal
from sqlalchemy import make_url

from app import cli
from app.kernel.settings import Settings
from app.main import create_app
from sandbox import memory, postgres
from sandbox.clock import MovableClock
from sandbox.seed import seed
from sandbox.stages.rounds import open_round
from sandbox.world import World, ok
from tests.support.problems import refused
from tests.support.straight import StraightClient
from tests.support.tls import Inside, inside

ROOT = Path(__file__).parent.parent.parent
_NOBODY = 65534
_PLACE = "/etc/award-inside"
_PASSWORDS = {"DATABASE_PASSWORD": "of-the-service", "DATABASE_OWNER_PASSWORD": "of-the-owner"}


@dataclass(frozen=True, slots=True)
class Shipped:
    """A server as compose starts it, reached at a port of loopback; `made`: its certificates, and who vouches for
    them."""

    services: dict[str, Any]
    made: Inside
    port: int

    def address(self, service: str, name: str, *, authority: Path | None = None, host: str = "localhost") -> str:
        """An address of the settings of a service, word for word but for where this server is reached: the certificate
        is of this name too."""
        told = self.services[service]["environment"][name]
        told = re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: _PASSWORDS[found[1]], told)
        assert "@database:5432/" in told and _PLACE in told
        told = told.replace("@database:5432/", f"@{host}:{self.port}/")
        return told.replace(f"{_PLACE}/authority.pem", str(authority or self.made.authority))


def _mounted(services: dict[str, Any], made: Inside, folder: Path) -> None:
    """What compose mounts into the database's container, in this folder."""
    for volume in services["database"]["volumes"]:
        source, target, *_ = volume.split(":")
        if target.startswith(_PLACE):
            shutil.copy(made.folder / Path(source).name if "tls/inside" in source else ROOT / source, folder)


@pytest.fixture(scope="module")
def shipped() -> Iterator[Shipped]:
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL is not installed")
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    folder = memory.folder("award-shipped-")
    try:
        place = folder / "mounted"
        place.mkdir()
        made = inside(folder / "inside")
        _mounted(services, made, place)
        hba = place / "pg_hba.conf"
        rules = hba.read_text()
        # While the accounts are made nobody is asked; what is shipped is read afterwards.
        hba.write_text("host all all all trust\n")
        if os.geteuid() == 0:
            for path in (folder, place, *place.iterdir()):
                os.chown(path, _NOBODY, _NOBODY)
        command = services["database"]["command"]
        assert command[0] == "postgres" and set(command[1::2]) == {"-c"}
        given = ["fsync=off", *(setting.replace(_PLACE, str(place)) for setting in command[2::2])]
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("TEST_DATABASE_URL", raising=False)
            with postgres.server(given) as url:
                yield _begun(services, made, url, hba, rules)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _begun(services: dict[str, Any], made: Inside, url: str, hba: Path, rules: str) -> Shipped:
    """The database with its accounts, and from then on the shipped rules of who comes in."""
    programs, port = postgres.binaries(), make_url(url).port
    assert programs is not None and port is not None
    with psycopg.connect(url, autocommit=True) as superuser:
        superuser.execute("CREATE DATABASE award")
        accounts = [str(programs / "psql"), "--no-psqlrc", f"--dbname={postgres.with_name(url, 'award')}"]
        accounts.append(f"--file={ROOT / 'database' / 'accounts.sql'}")
        subprocess.run(accounts, env={**os.environ, **_PASSWORDS}, check=True, capture_output=True)
        hba.write_text(rules)
        assert superuser.execute("SELECT count(*), count(error) FROM pg_hba_file_rules").fetchone() == (3, 0)
        superuser.execute("SELECT pg_reload_conf()")
    until = time.monotonic() + 30
    # The server reads them when it has heard of it.
    while in_the_clear(port, "award", "postgres") is None:
        assert time.monotonic() < until, "the server goes by its old rules"
        time.sleep(0.05)
    return Shipped(services, made, port)


def in_the_clear(port: int, user: str, database: str, *, mode: str = "disable") -> str | None:
    """What the server says to this account without TLS; None where it lets it in."""
    try:
        psycopg.connect(
            f"host=127.0.0.1 port={port} user={user} password=of-the-service dbname={database} sslmode={mode}"
        ).close()
    except psycopg.OperationalError as error:
        return str(error)
    return None


@pytest.fixture
def served(shipped: Shipped, usual_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    settings = usual_settings.model_copy(
        update={
            "database_url": shipped.address("award", "AWARD_DATABASE_URL"),
            "migration_database_url": shipped.address("migrate", "AWARD_MIGRATION_DATABASE_URL"),
            "files_url": f"file:{tmp_path / 'files'}",
            "checkpoints_folder": tmp_path / "checkpoints",
        }
    )
    for name in ("database_url", "migration_database_url", "files_url", "keys_file", "checkpoints_folder"):
        monkeypatch.setenv(f"AWARD_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.chdir(tmp_path)
    return settings


def test_all_that_compose_starts_reaches_the_database_by_tls_alone(
    shipped: Shipped, served: Settings, clock: MovableClock, loop: BlockingPortal, tmp_path: Path
) -> None:
    assert cli.main(["migrate"]) == 0
    owner = str(served.migration_database_url)
    seed(owner)
    with StraightClient(create_app(served, clock=clock), client=("127.0.0.1", 50_000), loop=loop) as client:
        world = World(client, clock)
        # A transaction, and a read that has none.
        open_round(world)
        ok(world.public.get("/v1/awards"))
        with psycopg.connect(served.database_url.replace("+psycopg", "")) as asked:
            lines = asked.execute(
                "SELECT usename, ssl FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE pid <> pg_backend_pid()"
                " AND usename IS NOT NULL"
            ).fetchall()
    assert len(lines) >= 2 and set(lines) == {("award_service", True)}
    # The daily backup goes by another program, and by the same address.
    assert cli.main(["backup", str(tmp_path / "backups")]) == 0
    for name in ("webhooks", "backup", "migrate"):
        assert shipped.address(name, "AWARD_DATABASE_URL") == served.database_url


@pytest.mark.parametrize(
    ("user", "mode", "said"),
    [
        ("award_service", "disable", "no encryption"),
        ("award_owner", "disable", "no encryption"),
        # The superuser not over the network at all.
        ("award", "disable", "no encryption"),
        ("award", "require", "SSL encryption"),
        ("postgres", "require", "SSL encryption"),
    ],
)
def test_whoever_comes_in_the_clear_or_as_the_superuser_is_not_let_in(
    shipped: Shipped, user: str, mode: str, said: str
) -> None:
    told = in_the_clear(shipped.port, user, "award", mode=mode)
    assert told is not None and "no pg_hba.conf entry" in told and said in told


def test_a_wrong_password_is_refused_by_tls_too(shipped: Shipped) -> None:
    told = in_the_clear(shipped.port, "award_owner", "award", mode="require")
    assert told is not None and "password authentication failed" in told


def test_the_server_is_known_by_its_name_and_by_our_authority(
    shipped: Shipped, served: Settings, clock: MovableClock, loop: BlockingPortal, tmp_path: Path
) -> None:
    strangers = inside(tmp_path / "strangers")
    told = shipped.address("award", "AWARD_DATABASE_URL", authority=strangers.authority)
    other = served.model_copy(update={"database_url": told})
    with StraightClient(create_app(other, clock=clock), client=("127.0.0.1", 50_000), loop=loop) as client:
        refused(client.get("/v1/awards"), 503, "unavailable")
        assert client.get("/readyz").status_code == 503

    def asked_as(host: str) -> None:
        # The name is what compose calls it; where that leads to is said beside it.
        by_name = shipped.address("award", "AWARD_DATABASE_URL", host=host).replace("+psycopg", "")
        psycopg.connect(f"{by_name}&hostaddr=127.0.0.1").close()

    asked_as("database")
    for name in ("award", "storage"):
        with pytest.raises(psycopg.OperationalError, match="does not match host name"):
            asked_as(name)


def test_the_check_of_health_needs_no_password_and_no_superuser(shipped: Shipped) -> None:
    programs = postgres.binaries()
    assert programs is not None
    _, program, *asked = shipped.services["database"]["healthcheck"]["test"]
    done = subprocess.run([str(programs / program), *asked, f"--port={shipped.port}"], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
