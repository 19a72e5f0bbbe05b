"""A database that is busy, restarts or is away: 503 and come again, never 500; its log holds nobody's data."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from app.store.database import Database
from sandbox.clock import MovableClock
from sandbox.world import World, ok
from tests.support import round_trips
from tests.support.problems import refused

ROUND = {"year": 2024, "title": "样例机密届"}


@contextmanager
def beside(database_url: str) -> Iterator[Connection]:
    """Another connection to the same database."""
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def found_waiting(database_url: str, do: str) -> None:
    """Wait until somebody waits for a lock, and do this with him."""
    deadline = time.monotonic() + 8
    with beside(database_url) as operator:
        while not operator.execute(text(f"SELECT {do} FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).all():
            operator.rollback()
            assert time.monotonic() < deadline, "nobody waits"
            time.sleep(0.02)


def test_a_log_that_cannot_be_written_changes_no_answer(
    settings: Settings, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a full disk a 503 was a plain 500: the line that was to tell of it could not be written."""

    def away(*_args: object) -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    talking = settings.model_copy(update={"log_level": "DEBUG"})
    with Path("/dev/full").open("w", encoding="utf-8") as full, monkeypatch.context() as patch:
        patch.setattr("sys.stdout", full)
        with started(talking, clock) as world:
            ok(world.public.get("/v1/rounds"))
            with monkeypatch.context() as trouble:
                trouble.setattr(Database, "reading", away)
                refused(world.public.get("/v1/holiday-years"), 503, "unavailable")
            refused(world.public.get("/v1/accounts"), 401, "unauthenticated")
        # What could not be written was thrown away.
        with suppress(OSError):
            full.close()


@pytest.fixture
def postgresql(database_url: str) -> str:
    if "sqlite" in database_url:
        pytest.skip("of PostgreSQL")
    return database_url


@contextmanager
def started(settings: Settings, clock: MovableClock) -> Iterator[World]:
    """A service whose log goes to where the test reads it."""
    with TestClient(create_app(settings, clock=clock), raise_server_exceptions=False) as client:
        yield World(client, clock)


def raising(database_url: str, state: str) -> None:
    """From now on the database fails with this SQLSTATE when a round is inserted."""
    with beside(database_url) as connection:
        body = f"BEGIN RAISE EXCEPTION 'about %', NEW.title USING ERRCODE = '{state}'; END"
        connection.execute(text(f"CREATE FUNCTION fail() RETURNS trigger AS $$ {body} $$ LANGUAGE plpgsql"))
        connection.execute(text("CREATE TRIGGER fails BEFORE INSERT ON rounds FOR EACH ROW EXECUTE FUNCTION fail()"))
        connection.commit()


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03", "57014", "57P01", "53300", "53100", "08006"])
def test_what_passes_by_itself_is_503_with_a_time_to_come_again(world: World, postgresql: str, state: str) -> None:
    raising(postgresql, state)
    answer = world.office.post("/v1/rounds", ROUND)
    refused(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "10"
    assert ok(world.office.get("/v1/rounds"))["items"] == []


@pytest.mark.parametrize("state", ["22012", "42P01", "P0001", "25006"])
def test_what_does_not_pass_is_a_defect_and_its_log_holds_nothing_that_was_sent(
    settings: Settings, clock: MovableClock, postgresql: str, state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(postgresql, state)
    with started(settings, clock) as world:
        problem = refused(world.office.post("/v1/rounds", ROUND), 500, "internal_error")
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (entry,) = [line for line in logged if line["event"] == "internal_error"]
    assert entry["request_id"] == problem["request_id"]
    assert state in str(entry["causes"]) and "app/routers/rounds.py" in str(entry["trace"])
    assert "机密" not in str(logged) and "机密" not in str(problem)


def test_a_collision_is_logged_with_the_constraint_and_not_with_the_values(
    settings: Settings, clock: MovableClock, postgresql: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with beside(postgresql) as operator:
        operator.execute(text("CREATE UNIQUE INDEX one_title ON rounds (title)"))
        operator.commit()
    with started(settings.model_copy(update={"log_level": "WARNING"}), clock) as world:
        ok(world.office.post("/v1/rounds", ROUND), 201)
        refused(world.office.post("/v1/rounds", {**ROUND, "year": 2025}), 409, "conflict")
    (entry,) = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "integrity_error" in line]
    assert "23505" in entry["cause"] and "rounds one_title" in entry["cause"]
    assert "机密" not in str(entry)


def test_a_connection_lost_in_the_middle_is_503_and_the_next_request_goes_well(world: World, postgresql: str) -> None:
    with beside(postgresql) as other, ThreadPoolExecutor(1) as pool:
        other.execute(text("LOCK TABLE rounds IN ACCESS EXCLUSIVE MODE"))
        waiting = pool.submit(world.office.post, "/v1/rounds", ROUND)
        found_waiting(postgresql, "pg_terminate_backend(pid)")
        refused(waiting.result(), 503, "unavailable")
    ok(world.office.post("/v1/rounds", ROUND), 201)


def test_connections_lost_while_nobody_used_them_are_not_noticed(world: World, postgresql: str) -> None:
    ok(world.office.get("/v1/rounds"))
    with beside(postgresql) as operator:
        stop = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND state = 'idle'"
        assert operator.execute(text(stop)).all()
    ok(world.office.post("/v1/rounds", ROUND), 201)


def test_a_connection_that_dies_as_it_is_taken_is_replaced_and_begun_with_once_more(
    world: World, postgresql: str
) -> None:
    ok(world.office.post("/v1/rounds", ROUND), 201)
    engine = world.client.app.state.database.engine.sync_engine  # type: ignore[attr-defined]
    killed: list[int] = []

    def kill(connection: Any, _record: Any, _proxy: Any) -> None:
        if not killed:
            killed.append(connection.driver_connection.get_server_pid())
            with beside(postgresql) as operator:
                operator.execute(text(f"SELECT pg_terminate_backend({killed[0]})"))

    event.listen(engine, "checkout", kill)
    try:
        ok(world.office.post("/v1/rounds", {**ROUND, "year": 2025}), 201)
    finally:
        event.remove(engine, "checkout", kill)
    assert killed and len(ok(world.office.get("/v1/rounds"))["items"]) == 2


def test_connections_that_were_cut_on_the_way_are_replaced(
    settings: Settings, clock: MovableClock, postgresql: str
) -> None:
    with (
        round_trips.counted(postgresql) as trips,
        started(settings.model_copy(update={"database_url": trips.url}), clock) as world,
    ):
        ok(world.office.post("/v1/rounds", ROUND), 201)
        trips.cut()
        ok(world.office.post("/v1/rounds", {**ROUND, "year": 2025}), 201)
        trips.cut()
        assert len(ok(world.office.get("/v1/rounds"))["items"]) == 2


def test_a_writer_of_sqlite_waits_its_time_and_is_told_to_come_again(world: World, database_url: str) -> None:
    if "sqlite" not in database_url:
        pytest.skip("of SQLite")
    app: Any = world.client.app
    portal: Any = world.client.portal
    other, hurried = Database(database_url), Database(database_url, patience=0.2)
    whole, app.state.database = app.state.database, hurried
    try:
        with portal.wrap_async_context_manager(other.writing()):
            answer = world.office.post("/v1/rounds", ROUND)
            refused(answer, 503, "unavailable")
            assert answer.headers["retry-after"] == "10"
        ok(world.office.post("/v1/rounds", ROUND), 201)
    finally:
        app.state.database = whole
        portal.call(hurried.close)
        portal.call(other.close)


def test_a_deadlock_is_503(world: World, postgresql: str) -> None:
    # The other one holds the end of the audit chain and wants the table that the request has written to already.
    with beside(postgresql) as other, ThreadPoolExecutor(1) as pool:
        other.execute(text("SET deadlock_timeout = '30s'"))
        other.execute(text("SELECT * FROM audit_head FOR UPDATE"))
        waiting = pool.submit(world.office.post, "/v1/rounds", ROUND)
        found_waiting(postgresql, "pid")
        other.execute(text("LOCK TABLE rounds IN ACCESS EXCLUSIVE MODE"))
        refused(waiting.result(), 503, "unavailable")


def test_a_pool_without_a_free_connection_is_503(world: World, postgresql: str) -> None:
    app: Any = world.client.app
    portal: Any = world.client.portal
    narrow = Database(postgresql, pool_size=1, patience=0.2)
    whole, app.state.database = app.state.database, narrow
    try:
        with portal.wrap_async_context_manager(narrow.reading()) as session:
            portal.call(session.execute, text("SELECT 1"))
            answer = world.public.get("/v1/rounds")
            refused(answer, 503, "unavailable")
            assert answer.headers["retry-after"] == "10"
        ok(world.public.get("/v1/rounds"))
    finally:
        app.state.database = whole
        portal.call(narrow.close)


def test_without_its_database_it_lives_and_is_not_ready(
    settings: Settings, clock: MovableClock, tmp_path: Path, database_url: str
) -> None:
    away = (
        f"sqlite:///{tmp_path}/none.db" if "sqlite" in database_url else "postgresql+psycopg://award@127.0.0.1:1/award"
    )
    nowhere = settings.model_copy(update={"database_url": away})
    with started(nowhere, clock) as world:
        if "sqlite" in away:
            (tmp_path / "none.db").mkdir()
        ok(world.public.get("/livez"))
        for path in ("/readyz", "/v1/rounds"):
            answer = world.public.get(path)
            refused(answer, 503, "unavailable")
            assert answer.headers["retry-after"] == "10"
        form = {"grant_type": "password", "username": "office", "password": "x"}
        refused(world.client.post("/v1/tokens", data=form), 503, "unavailable")


def test_a_database_that_is_not_migrated_is_not_ready(world: World, database_url: str) -> None:
    ok(world.public.get("/readyz"))
    with beside(database_url) as operator:
        operator.execute(text("UPDATE alembic_version SET version_num = '0006'"))
        operator.commit()
        assert "0.3" in refused(world.public.get("/readyz"), 503, "unavailable")["detail"]
        # A newer one is that of a release which is taking over.
        operator.execute(text("UPDATE alembic_version SET version_num = 'later'"))
        operator.commit()
        ok(world.public.get("/readyz"))
        operator.execute(text("DROP TABLE alembic_version"))
        operator.commit()
        assert "migrate" in refused(world.public.get("/readyz"), 503, "unavailable")["detail"]


def test_an_error_of_ours_is_logged_where_it_was_and_not_what_it_says(
    settings: Settings, clock: MovableClock, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_session: Session) -> None:
        raise ValueError(f"about {ROUND['title']}")

    event.listen(Session, "before_commit", fail)
    try:
        with started(settings, clock) as world:
            refused(world.office.post("/v1/rounds", ROUND), 500, "internal_error")
    finally:
        event.remove(Session, "before_commit", fail)
    said = capsys.readouterr()
    assert "ValueError" in said.out and "before_commit" in said.out
    assert "机密" not in said.out + said.err
