"""A fresh, migrated, seeded database for each test: a copy of a template, of either kind."""

import contextlib
import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from sandbox import postgres
from sandbox.migrating import migrate
from sandbox.seed import seed
from tests.support.places import PostgresPlace

_numbers = itertools.count(1)


class SqliteTemplate:
    """A file, copied for each test."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "template.db"
        migrate(f"sqlite:///{self._file}")
        seed(f"sqlite:///{self._file}")

    @contextlib.contextmanager
    def copy(self) -> Iterator[str]:
        target = self._folder / f"{next(_numbers)}.db"
        shutil.copy(self._file, target)
        yield f"sqlite:///{target}"
        for leftover in self._folder.glob(f"{target.name}*"):
            leftover.unlink()


class PostgresTemplate:
    """A template database, cloned by the server for each test."""

    kind = "postgresql"

    def __init__(self, server_url: str) -> None:
        self._server = server_url
        self._worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self._name = f"award_template_{self._worker}"
        self.place = PostgresPlace(server_url, f"award_test_{self._worker}", self._name)
        postgres.execute(server_url, f"DROP DATABASE IF EXISTS {self._name}")
        postgres.execute(server_url, f"CREATE DATABASE {self._name}")
        url = postgres.with_name(server_url, self._name).replace("postgresql://", "postgresql+psycopg://")
        migrate(url)
        seed(url)

    @contextlib.contextmanager
    def copy(self) -> Iterator[str]:
        name = f"award_test_{self._worker}_{next(_numbers)}"
        postgres.copy(self._server, self._name, name)
        try:
            yield postgres.with_name(self._server, name).replace("postgresql://", "postgresql+psycopg://")
        finally:
            postgres.execute(self._server, f"DROP DATABASE {name} WITH (FORCE)")
