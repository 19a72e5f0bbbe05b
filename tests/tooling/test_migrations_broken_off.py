"""A migration that is killed, repeated, done twice at once or asked for in the wrong place leaves a database to go on
with: all of it or nothing."""

import itertools
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import Engine

from alembic import command
from app import cli
from app.store import migrations
from sandbox import postgres

ROOT = Path(cli.__file__).parent.parent


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which there is nothing."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'own' / 'award.db'}"
        return
    server: str | None = request.getfixturevalue("postgres_server")
    if server is None:
        pytest.skip("PostgreSQL is not installed")
    name = f"award_broken_off_{os.getpid()}"
    postgres.execute(server, f"CREATE DATABASE {name}")
    yield postgres.with_name(server, name).replace("postgresql://", "postgresql+psycopg://")
    postgres.execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def killed_at(statement: int, url: str) -> bool:
    """Migrate in a child that kills itself before its nth statement; whether it died of that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        seen = 0

        def count(*_told: Any) -> None:
            nonlocal seen
            seen += 1
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", count)
        event.listen(Engine, "commit", count)
        try:
            migrations.upgrade(url)
        except BaseException:
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def test_a_killed_migration_leaves_nothing_and_the_next_one_is_whole(empty: str) -> None:
    deaths = 0
    # Near the beginning, in the middle of the tables, among the guards, and on until it is through.
    for statement in itertools.chain((3, 40, 90), itertools.count(130, 8)):
        if not killed_at(statement, empty):
            break
        deaths += 1
        assert tables(empty) == set()
    assert deaths >= 8
    whole = tables(empty)
    assert {"audit_head", "alembic_version", "rounds"} <= whole
    migrations.upgrade(empty)
    assert tables(empty) == whole


def test_two_at_once_both_succeed(empty: str) -> None:
    environment = {**os.environ, "AWARD_DATABASE_URL": empty}
    migrate = [sys.executable, "-m", "app.cli", "migrate"]
    running = [subprocess.Popen(migrate, env=environment, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in running]
    assert ([process.returncode for process in running], said) == ([0, 0], [b"", b""])
    assert {"audit_entries", "rounds"} <= tables(empty)


def test_an_embedded_database_is_copied_before_it_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'award.db'}"
    assert migrations.upgrade(url) is None
    monkeypatch.setattr(migrations, "_line", lambda: ("0002_more", "0001_the_award"))
    copy = migrations.upgrade(url)
    assert copy == tmp_path / "award.db.before-0001_the_award"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert tables(f"sqlite:///{copy}") == tables(url)
    assert sorted(path.name for path in tmp_path.glob("*.draft*")) == []


def test_an_embedded_database_is_its_owners_alone_whoever_makes_it(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        migrations.upgrade(f"sqlite:///{tmp_path / 'own' / 'award.db'}")
        with sqlite3.connect(tmp_path / "own" / "award.db") as made:
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("CREATE TABLE something (id INTEGER)")
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "own").iterdir()}
        made.close()
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(["award.db", "award.db-wal", "award.db-shm"], 0o600)
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o700


def test_a_log_with_entries_is_never_dropped_by_a_downgrade(database_url: str) -> None:
    engine = migrations.migrating(database_url)

    def down(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(ROOT / "alembic"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    with engine.connect() as connection:
        if make_url(database_url).get_backend_name() == "postgresql":
            connection.execute(text("ALTER TABLE audit_head DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE audit_head SET seq = 1"))
        connection.commit()
        with pytest.raises(migrations.ChainWouldBeLost, match="restore a backup"):
            down(connection)
        connection.rollback()
        assert "audit_entries" in inspect(connection).get_table_names()
        connection.execute(text("UPDATE audit_head SET seq = 0"))
        connection.commit()
        down(connection)
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    engine.dispose()


def said(arguments: list[str], **environment: str) -> tuple[int, str]:
    """Exit code and what was said on the error channel."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("what", ["read_only", "a_folder", "no_database", "nobody_answers", "wrong_address"])
def test_what_hinders_a_migration_is_told_in_one_line(tmp_path: Path, what: str) -> None:
    if what == "no_database":
        (tmp_path / "award.db").write_bytes(b"this is no database at all" * 40)
    if what == "read_only":
        # A guard of the file system that also holds for the superuser: a folder stands where the journal goes.
        with sqlite3.connect(tmp_path / "award.db") as made:
            made.execute("CREATE TABLE something (id INTEGER)")
        (tmp_path / "award.db-journal").mkdir()
    url = {
        "a_folder": f"sqlite:///{tmp_path}",
        "nobody_answers": "postgresql+psycopg://award:very-secret@127.0.0.1:9/award",
        "wrong_address": "mysql://root@localhost/award",
    }.get(what, f"sqlite:///{tmp_path / 'award.db'}")
    code, told = said(["migrate"], AWARD_DATABASE_URL=url)
    assert code == 2, told
    assert len(told.strip().splitlines()) == 1 and "Traceback" not in told and "very-secret" not in told


def test_a_setting_that_cannot_be_is_told_by_its_name_alone() -> None:
    code, told = said(["migrate"], AWARD_MAX_FILE_BYTES="a very secret thing")
    assert (code, told.splitlines()) == (
        2,
        ["AWARD_MAX_FILE_BYTES: Input should be a valid integer, unable to parse string as an integer"],
    )
