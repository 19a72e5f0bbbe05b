"""Both databases for every test of services and API; a clock that stands still; no call leaves the machine."""

import gc
import os
import shutil
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from app.kernel.security import passwords
from app.kernel.settings import Settings
from app.main import create_app
from sandbox import memory, postgres
from sandbox.clock import MovableClock
from sandbox.world import World
from tests.support import compiled, writes
from tests.support.databases import PostgresTemplate, SqliteTemplate
from tests.support.places import Late, looks_itself
from tests.support.recorder import Recorder
from tests.support.snapshots import Past, PostgresCopies, Shelf, SqliteCopies

Template = SqliteTemplate | PostgresTemplate
# Ten thousand tests and a whole service lie in memory: to look through them as often as Python does took an eighth of
# the time of a run.
gc.set_threshold(20_000, 20, 20)
_routes: dict[str, list[BaseRoute]] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is settled before the database is written to is asked on one of them."""
    twice = {item for item in items if item.get_closest_marker("one_database") and "postgresql" in item.name}
    config.hook.pytest_deselected(items=list(twice))
    items[:] = [item for item in items if item not in twice]


@pytest.fixture(autouse=True)
def _one_database_is_not_written_to(request: pytest.FixtureRequest) -> Iterator[None]:
    """Holds the marker `one_database` to its word: but for stages nothing is written. Where stages are built anew, what
    they write is not told from the rest."""
    marked = request.node.get_closest_marker("one_database") is not None and not _stages_are_built()
    before = writes.unstaged()
    yield
    assert not marked or writes.unstaged() == before, "it writes to the database: it runs on both, without the marker"


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Argon2 at its least: thousands of sample applicants register here, and each would take a tenth of a second. That
    the service itself hashes in earnest is shown in a process of its own (`test_identity_accounts`)."""
    hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: hasher)
        patch.setattr(passwords, "_NOBODY", hasher.hash("nobody"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    with compiled.once():
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str | None]:
    """A server for this run, or None where there is none (outside CI only)."""
    try:
        with postgres.server() as url:
            yield url
    except LookupError:
        if os.environ.get("CI"):
            raise
        warnings.warn("PostgreSQL is not installed: its half of the tests is SKIPPED", stacklevel=1)
        yield None


class Templates(dict[str, Template]):
    """A template of each kind, made when it is first asked for: a run on SQLite alone starts no PostgreSQL."""

    def __init__(self, folder: Path, request: pytest.FixtureRequest) -> None:
        super().__init__()
        self._folder, self._request = folder, request

    def __missing__(self, kind: str) -> Template:
        if kind == "sqlite":
            self[kind] = SqliteTemplate(self._folder)
        else:
            server: str | None = self._request.getfixturevalue("postgres_server")
            if server is None:
                pytest.skip("PostgreSQL is not installed")
            self[kind] = PostgresTemplate(server)
        return self[kind]


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest) -> Iterator[Templates]:
    folder = memory.folder("award-sqlite-")
    made = Templates(folder, request)
    yield made
    for template in made.values():
        if isinstance(template, PostgresTemplate):
            template.place.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, templates: Templates) -> Iterator[str]:
    """A fresh, seeded database; the test runs once on each kind."""
    template = templates[request.param]
    if isinstance(template, SqliteTemplate):
        with template.copy() as url:
            yield url
        return
    place = template.place
    past_the_service = looks_itself(request)
    place.begin(watched=past_the_service)
    yield place.url
    if past_the_service:
        place.spoil()


@pytest.fixture(scope="session")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture
def settings(database_url: str, keys_file: Path, tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database_url,
        keys_file=keys_file,
        files_url=f"file:{tmp_path / 'files'}",
        public_posts_per_minute=10_000,
        access_token_seconds=3600,
        log_level="ERROR",
    )


@pytest.fixture
def clock() -> MovableClock:
    """Friday 2024-03-01, 10:00 in Shanghai: the trial measures are in force, holiday data exist."""
    return MovableClock(datetime(2024, 3, 1, 2, tzinfo=UTC))


@pytest.fixture
def client(settings: Settings, clock: MovableClock, templates: Templates) -> Iterator[TestClient]:
    app = create_app(settings, clock=clock)
    # Two fifths of the time of a test went into working out the routes of its application anew; they hold no state.
    app.router.routes[:] = _routes.setdefault("shared", list(app.router.routes))
    if folder := os.environ.get("RECORD_EXAMPLES"):
        app.add_middleware(Recorder, folder=Path(folder))
    # From this machine, as whoever operates it.
    with TestClient(app, raise_server_exceptions=False, client=("127.0.0.1", 50_000)) as test_client:
        if not app.state.database.is_sqlite:
            template = templates["postgresql"]
            assert isinstance(template, PostgresTemplate)
            app.state.database = Late(app.state.database, template.place)
        yield test_client


class Shelves(dict[str, Shelf]):
    """The stages that were built before, for each kind of database."""

    def __init__(self, folder: Path, request: pytest.FixtureRequest) -> None:
        super().__init__()
        self._folder, self._request = folder, request

    def __missing__(self, kind: str) -> Shelf:
        if kind == "sqlite":
            self[kind] = Shelf(SqliteCopies(self._folder), self._folder / "files", room=400)
        else:
            self[kind] = self._request.getfixturevalue("postgres_shelf")
        return self[kind]


@pytest.fixture(scope="session")
def postgres_shelf(templates: Templates) -> Iterator[Shelf]:
    """The stages of the one PostgreSQL database."""
    folder = memory.folder("award-stages-")
    template = templates["postgresql"]
    assert isinstance(template, PostgresTemplate)
    shelf = Shelf(PostgresCopies(template.place), folder / "files", room=400)
    yield shelf
    shelf.clear()
    template.place.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def shelves(request: pytest.FixtureRequest) -> Iterator[Shelves]:
    folder = memory.folder("award-stages-")
    made = Shelves(folder, request)
    yield made
    if "sqlite" in made:
        made["sqlite"].clear()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def world(client: TestClient, clock: MovableClock, shelves: Shelves, request: pytest.FixtureRequest) -> World:
    """Callers for every role, and the acts of a round as one-liners."""
    made = World(client, clock)
    # A test that changes the code builds its stages itself, and leaves none to others; so do recorded examples, and
    # changed services (scripts/mutate.sh): what runs a function is then told by test, and nothing was built without it.
    built = _stages_are_built()
    if "monkeypatch" not in request.fixturenames and not built:
        made.history = Past(shelves["sqlite" if client.app.state.database.is_sqlite else "postgresql"], made)  # type: ignore[attr-defined]
    return made


def _stages_are_built() -> bool:
    """Whether every stage is carried out, and none is put back from a snapshot."""
    return any(name in os.environ for name in ("RECORD_EXAMPLES", "AWARD_TESTS_BUILD_STAGES"))
