"""What is done while processes are killed, and what it must leave."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import ClassVar, Generic, TypeVar
from uuid import uuid4

import httpx
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from app.kernel.settings import Settings
from sandbox.seed import PASSWORD
from sandbox.world import World

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Act:
    """One request that changes something, with a key by which it is repeated. `login`: who asks, None for the public.
    `subject`: of what, for whoever told it."""

    path: str
    login: str | None
    json: object = None
    content: bytes | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    status: int = 201
    subject: str = ""
    key: str = field(default_factory=lambda: str(uuid4()))


class Rows:
    """One look at the database past the service: every count of it is of the same instant."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, query: str) -> int:
        """The one number that this query answers."""
        return int(self._connection.execute(text(query)).scalar_one() or 0)

    def all(self, query: str) -> list[tuple[object, ...]]:
        """The rows that this query answers."""
        return [tuple(row) for row in self._connection.execute(text(query))]

    def entries(self, *acts: str) -> int:
        """How many entries of the audit log tell that one of these acts was done."""
        named = ", ".join(f"'{name}'" for name in acts)
        return self.count(f"SELECT count(*) FROM audit_entries WHERE act IN ({named}) AND outcome = 'done'")

    def answers(self) -> int:
        """How many answers are kept for repetitions."""
        return self.count("SELECT count(*) FROM idempotency_records WHERE status BETWEEN 200 AND 299")


@contextmanager
def looking(url: str) -> Iterator[Rows]:
    """Look at this database past the service."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                # The driver begins none for what only reads.
                connection.exec_driver_sql("BEGIN")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield Rows(connection)
            connection.rollback()
    finally:
        engine.dispose()


class Work(ABC, Generic[T]):
    """Acts of one kind on one copy of a database."""

    name: ClassVar[str]

    def __init__(self, made: T, settings: Settings) -> None:
        self.made, self.settings = made, settings
        # Acts that were acknowledged.
        self.done = 0
        with looking(settings.database_url) as rows:
            self._before = self.parts(rows)

    @staticmethod
    @abstractmethod
    def build(world: World) -> T:
        """Bring a database to the stage at which the acts are possible."""

    @abstractmethod
    def acts(self, draw: Random) -> list[Act]:
        """What is sent at once next; nothing where the copy is used up."""

    @abstractmethod
    def parts(self, rows: Rows) -> dict[str, float]:
        """What each act leaves, in numbers of whole acts: all of them are the same at any instant."""

    def learn(self, act: Act, answer: httpx.Response) -> None:
        """An act was acknowledged."""
        self.done += 1

    def password(self, _login: str) -> str:
        """By which this login signs in."""
        return PASSWORD

    def missing(self, rows: Rows, client: httpx.Client) -> int:
        """How much that was told to somebody is not there as it was told."""
        return 0

    def seen(self, rows: Rows) -> dict[str, float]:
        """The parts of what was done on this copy."""
        return {name: count - self._before[name] for name, count in self.parts(rows).items()}


def whole_file(settings: Settings, key: str, sha256: str) -> bool:
    """Whether a stored file is there, byte by byte."""
    path = Path(settings.files_url.removeprefix("file:")) / key
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
