"""A service of its own for the demonstration: a database in a folder, a real server on loopback, a clock that moves."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from app.main import create_app
from app.settings import Settings
from tests.support.clock import MovableClock
from tests.support.databases import migrate
from tests.support.live import serving
from tests.support.seed import seed
from tests.support.world import World


@contextlib.contextmanager
def playing(folder: Path, clock: MovableClock) -> Iterator[World]:
    """A world on a fresh database in `folder`, served over loopback until the context ends."""
    database = folder / "demo.db"
    migrate(f"sqlite:///{database}")
    seed(f"sqlite:///{database}")
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{database}",
        files_url=f"file:{folder / 'files'}",
        keys_file=folder / "keys.json",
        public_posts_per_minute=10_000,
        log_level="ERROR",
    )
    with serving(create_app(settings, clock=clock)) as client:
        yield World(client, clock)  # type: ignore[arg-type]
