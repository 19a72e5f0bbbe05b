"""Where a killed service works: copies of a database that was brought to a stage once, with its files and keys."""

from __future__ import annotations

import contextlib
import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

from app.kernel.settings import Settings
from sandbox import memory, postgres
from sandbox.world import World
from siege.service import embedded
from siege.stages import built

T = TypeVar("T")
DATABASES = ("sqlite", "postgresql")
_numbers = itertools.count(1)


class Databases:
    """Empty databases of one kind. `server`: the address of a PostgreSQL, None for the embedded database."""

    def __init__(self, server: str | None) -> None:
        self._server = server

    @contextlib.contextmanager
    def fresh(self, folder: Path, *, like: str | None = None) -> Iterator[str]:
        """The address of a database of its own, gone with the context; a copy of the one at the address `like`. The
        embedded one is copied with its folder."""
        if self._server is None:
            yield f"sqlite:///{folder / 'award.db'}"
            return
        name = f"award_chaos_{next(_numbers)}"
        if like is None:
            postgres.execute(self._server, f"CREATE DATABASE {name}")
        else:
            postgres.copy(self._server, like.rpartition("/")[2], name)
        try:
            yield postgres.with_name(self._server, name).replace("postgresql://", "postgresql+psycopg://")
        finally:
            postgres.execute(self._server, f"DROP DATABASE {name} WITH (FORCE)")


class Template(Generic[T]):
    """A database at a stage, and what building it told."""

    def __init__(self, databases: Databases, folder: Path, url: str, made: T) -> None:
        self.made = made
        self._databases, self._folder, self._url = databases, folder, url

    @contextlib.contextmanager
    def copy(self) -> Iterator[Settings]:
        """The settings of a service on a copy of it, files and keys as well; all of it is gone with the context."""
        folder = self._folder.with_name(f"copy-{next(_numbers)}")
        shutil.copytree(self._folder, folder)
        try:
            with self._databases.fresh(folder, like=self._url) as url:
                yield _settings(folder, url)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def template(databases: Databases, build: Callable[[World], T]) -> Iterator[Template[T]]:
    """Bring a database to a stage; it is gone with the context."""
    place = memory.folder("award-chaos-")
    folder = place / "template"
    folder.mkdir()
    try:
        with databases.fresh(folder) as url:
            yield Template(databases, folder, url, built(_settings(folder, url), build))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _settings(folder: Path, url: str) -> Settings:
    """A service in which nothing but the procedure limits a caller, so that a repetition is answered."""
    return embedded(
        folder,
        database_url=url,
        second_factor_required=False,
        access_token_seconds=3600,
        fresh_proof_seconds=86_400,
        public_posts_per_minute=1_000_000,
        reads_per_minute=1_000_000,
    )
