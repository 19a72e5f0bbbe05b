"""Both databases for every test of services and API; a clock that stands still; no call leaves the machine."""

import asyncio
import gc
import os
import shutil
import signal
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from starlette.testclient import TestClient

from app.kernel import heap
from app.kernel.refusals import RefusalLog
from app.kernel.security import passwords
from app.kernel.settings import Settings
from app.main import create_app
from app.web.routing import IndexedRouter
from sandbox import memory, postgres
from sandbox.clock import MovableClock
from sandbox.world import World
from tests.support import compiled, final_rows, kept_connections, writes
from tests.support.databases import PostgresTemplate, SqliteTemplate
from tests.support.places import Late, looks_itself
from tests.support.recorder import Recorder
from tests.support.snapshots import Past, PostgresCopies, Shelf, SqliteCopies
from tests.support.straight import StraightClient

Template = SqliteTemplate | PostgresTemplate
_SERVICE = Path(__file__).parent / "api"
# Ten thousand tests and a whole service lie in memory: to look through them as often as Python does took an eighth of
# the time of a run.
gc.set_threshold(20_000, 20, 20)
_routers: dict[str, IndexedRouter] = {}


def pytest_configure() -> None:
    """A run that a shell has put into the background ignores SIGINT, and so would the processes that its tests start
    and end by it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option of `make test-fast`."""
    parser.addoption(
        "--ends", action="store_true", help="of a table of cases of the service, ask the first and the last alone"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is settled before the database is written to is asked on one of them; `--ends` as its help says."""
    left = {item for item in items if item.get_closest_marker("one_database") and "postgresql" in item.name}
    if config.getoption("ends"):
        left |= _between(items)
    config.hook.pytest_deselected(items=list(left))
    items[:] = _by_database([item for item in items if item not in left])


def _by_database(items: list[pytest.Item]) -> list[pytest.Item]:
    """The embedded database's tests from the beginning and PostgreSQL's from the middle: of two workers each has one of
    them, so no stage is built by both."""
    embedded = [item for item in items if "[sqlite" in item.name]
    served = [item for item in items if "[postgresql" in item.name]
    others = [item for item in items if "[sqlite" not in item.name and "[postgresql" not in item.name]
    first = max(0, len(items) // 2 - len(embedded))
    return embedded + others[:first] + served + others[first:]


def _between(items: list[pytest.Item]) -> set[pytest.Item]:
    """The cases of the service's tables but for the first and the last, on each database."""
    tables: dict[tuple[str, bool], list[pytest.Item]] = {}
    for item in items:
        if item.path.is_relative_to(_SERVICE):
            name = item.nodeid.partition("[")[0]
            tables.setdefault((name, "postgresql" in item.name), []).append(item)
    return {item for cases in tables.values() for item in cases[1:-1]}


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the last: to look through half a million objects each time took the
    collector a fourteenth of the time of a run."""
    gc.collect()
    heap.freeze()


@pytest.fixture(autouse=True)
def _one_database_is_not_written_to(request: pytest.FixtureRequest) -> Iterator[None]:
    """Holds the marker `one_database` to its word: but for templates and stages nothing is written. Where stages are
    built anew, what they write is not told from the rest."""
    marked = request.node.get_closest_marker("one_database") is not None and not _stages_are_built()
    before = writes.by_tests()
    yield
    assert not marked or writes.by_tests() == before, "it writes to the database: it runs on both, without the marker"


@pytest.fixture(scope="session", autouse=True)
def _final_rows_are_watched() -> Iterator[None]:
    with final_rows.watched():
        yield


@pytest.fixture(autouse=True)
def _what_is_final_stays(_final_rows_are_watched: None) -> Iterator[None]:
    """Holds `app/store/final_rows.py` to its word, whatever a test does: a change of a row that is final would be told
    by `verify-audit` as somebody's hand."""
    final_rows.found()
    yield
    assert not (changed := final_rows.found()), changed


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
def _refusals_when_asked_for() -> Iterator[None]:
    """What was refused goes on record when a test asks for it (`tests.support.refusals.recorded`), not some time
    between two looks at a database, nor when its service ends."""

    async def run(_self: RefusalLog) -> None:
        await asyncio.Event().wait()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RefusalLog, "run", run)
        yield


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    with compiled.once():
        yield


@pytest.fixture(scope="session")
def loop() -> Iterator[BlockingPortal]:
    """The event loop of the clients, in a thread of its own, with the connections that stay. It is the loop of the
    service at work."""
    with start_blocking_portal(backend_options={"use_uvloop": True}) as portal, kept_connections.kept():
        yield portal
        portal.call(kept_connections.end)


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
        # The first test of a worker is asked for it, and is not what writes it.
        with writes.beforehand():
            self[kind] = self._made(kind)
        return self[kind]

    def _made(self, kind: str) -> Template:
        if kind == "sqlite":
            return SqliteTemplate(self._folder)
        server: str | None = self._request.getfixturevalue("postgres_server")
        if server is None:
            pytest.skip("PostgreSQL is not installed")
        return PostgresTemplate(server)


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
def database_url(request: pytest.FixtureRequest, templates: Templates, loop: BlockingPortal) -> Iterator[str]:
    """A fresh, seeded database; the test runs once on each kind."""
    template = templates[request.param]
    if isinstance(template, SqliteTemplate):
        with template.copy() as url:
            yield url
        return
    place = template.place
    past_the_service = looks_itself(request)
    if past_the_service:
        loop.call(kept_connections.end)
    place.begin(watched=past_the_service)
    yield place.url
    if past_the_service:
        place.spoil()


@pytest.fixture(scope="session")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture(scope="session")
def usual_settings(keys_file: Path) -> Settings:
    """Read from the environment once; of no test yet."""
    return Settings(
        _env_file=None,
        database_url="sqlite:///none.db",
        keys_file=keys_file,
        checkpoints_folder=Path("none"),
        files_url="file:none",
        public_posts_per_minute=10_000,
        access_token_seconds=3600,
        second_factor_required=False,
        log_level="ERROR",
    )


@pytest.fixture
def settings(database_url: str, usual_settings: Settings, tmp_path: Path) -> Settings:
    places = {"files_url": f"file:{tmp_path / 'files'}", "checkpoints_folder": tmp_path / "checkpoints"}
    return usual_settings.model_copy(update={"database_url": database_url, **places})


@pytest.fixture
def clock() -> MovableClock:
    """Friday 2024-03-01, 10:00 in Shanghai: the trial measures are in force, holiday data exist."""
    return MovableClock(datetime(2024, 3, 1, 2, tzinfo=UTC))


@pytest.fixture
def client(settings: Settings, clock: MovableClock, templates: Templates, loop: BlockingPortal) -> Iterator[TestClient]:
    app = create_app(settings, clock=clock)
    # Two fifths of the time of a test went into working out the routes of its application anew; they hold no state.
    assert isinstance(app.router, IndexedRouter)
    first = _routers.setdefault("first", app.router)
    app.router.routes[:], app.router._index = first.routes, first.index()
    if folder := os.environ.get("RECORD_EXAMPLES"):
        app.add_middleware(Recorder, folder=Path(folder))
    # From this machine, as whoever operates it.
    with StraightClient(app, client=("127.0.0.1", 50_000), loop=loop) as test_client:
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
