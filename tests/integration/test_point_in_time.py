"""Point in time, as docs/operations.md has it: a server with a WAL archive is lost and comes back as it was between two
acts; the record says itself that it holds, and a checkpoint of the second act that the act is lost."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from starlette.testclient import TestClient

from app import cli
from app.kernel.checkpoints import Checkpointer
from app.kernel.settings import Settings
from app.main import create_app
from sandbox import memory, postgres
from sandbox.clock import MovableClock
from sandbox.migrating import migrate
from sandbox.seed import seed
from sandbox.stages.law import holiday_year
from sandbox.world import World, ok

pytestmark = pytest.mark.slow
_ARCHIVED: LiteralString = "SELECT archived_count FROM pg_stat_archiver"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of the user who runs the servers."""
    if postgres.binaries() is None or os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("it takes the programs of a server on this machine")
    made = memory.folder("award-pitr-")
    (made / "archive").mkdir()
    if os.geteuid() == 0:
        for path in (made, made / "archive"):
            os.chown(path, 65534, 65534)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def own(settings: Settings, url: str, name: str) -> Settings:
    """The service's settings on this server."""
    address = postgres.with_name(url, name).replace("postgresql://", "postgresql+psycopg://")
    return settings.model_copy(update={"database_url": address})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        keys_file=tmp_path / "keys.json",
        files_url=f"file:{tmp_path / 'files'}",
        log_level="ERROR",
    )


def act(world: World, settings: Settings, year: int) -> int:
    """An act, and a checkpoint of it; answers how many entries the log has."""
    ok(world.office.post("/v1/holiday-years", holiday_year(year)), 201)
    state = world.client.app.state  # type: ignore[attr-defined]
    made = world.client.portal.call(Checkpointer(settings, state.database, state.clock).now)  # type: ignore[union-attr]
    assert made is not None
    size: int = made.size
    return size


def wait_for(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def programs(name: str) -> str:
    found = postgres.binaries()
    assert found is not None
    return str(found / name)


def test_it_comes_back_as_it_was_between_two_acts(
    folder: Path,
    settings: Settings,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    archive = folder / "archive"
    kept = ("wal_level=replica", "archive_mode=on", f"archive_command='cp %p {archive}/%f'")
    data, base = folder / "data", folder / "base"
    postgres.run(
        [programs("initdb"), "-D", str(data), "-U", "award", "-A", "trust", "-E", "UTF8", "--locale=C"], folder
    )
    with postgres.running(data, kept) as url:
        postgres.execute(url, "CREATE DATABASE award")
        here = own(settings, url, "award")
        migrate(here.database_url)
        seed(here.database_url)
        address = psycopg.conninfo.conninfo_to_dict(url)
        connect = ["-h", "127.0.0.1", "-p", str(address["port"]), "-U", "award"]
        postgres.run([programs("pg_basebackup"), *connect, "-D", str(base), "-X", "none", "-c", "fast"], folder)
        with TestClient(create_app(here, clock=clock), client=("127.0.0.1", 50_000)) as client:
            world = World(client, clock)
            assert act(world, here, 2031) == 1
            time.sleep(1.1)
            with psycopg.connect(url, autocommit=True) as connection:
                (between,) = connection.execute("SELECT now()::text").fetchone() or ("",)
            time.sleep(1.1)
            assert act(world, here, 2032) == 2
        later = here.checkpoints / "000000000002.jws"
        with psycopg.connect(url, autocommit=True) as connection:
            (archived,) = connection.execute(_ARCHIVED).fetchone() or (0,)
            connection.execute("SELECT pg_switch_wal()")
            wait_for(lambda: connection.execute(_ARCHIVED).fetchone() != (archived,))
    # The server is gone. What is left: the base backup, the archive, and the checkpoints, which lie elsewhere.
    shutil.rmtree(data)
    (base / "recovery.signal").touch()
    recovery = (
        f"restore_command='cp {archive}/%f %p'",
        f"recovery_target_time='{between}'",
        "recovery_target_action=promote",
    )
    with postgres.running(base, recovery) as url:
        there = own(settings, url, "award")
        with psycopg.connect(url, autocommit=True) as connection:
            wait_for(lambda: connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,))
        for name in ("database_url", "keys_file", "files_url"):
            monkeypatch.setenv(f"AWARD_{name.upper()}", str(getattr(there, name)))
        monkeypatch.chdir(tmp_path)
        outside = tmp_path / "kept.jws"
        shutil.move(later, outside)
        # What the first service logged when its server was gone.
        capsys.readouterr()
        assert cli.main(["verify-audit", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["entries"], found["last_good_checkpoint"]["size"]) == (1, 1)
        assert cli.main(["verify-audit", "--checkpoint", str(outside)]) == 1
        assert "the log had 2 entries at" in capsys.readouterr().out
        with TestClient(create_app(there, clock=clock), client=("127.0.0.1", 50_000)) as client:
            assert ok(World(client, clock).auditor.get("/v1/audit-chain"))["entries"] == 1
