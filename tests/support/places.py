"""The PostgreSQL database in which a worker runs one test after another.

Copying a database and dropping it is a great part of the time of a test on PostgreSQL. Most tests put a stage back
before they look at anything, and many are refused everything they try: so it is made only when somebody looks, and not
at all where it is still what the test before was given.
"""

import inspect
from typing import Any

import pytest

from sandbox import postgres
from tests.support import writes

# Of these fixtures it is known that they look at the database through the service alone, or not at all.
_LATE = frozenset({"settings", "client", "world"})


class PostgresPlace:
    """A database of a fixed name that is, one after the other, a copy of what is asked for."""

    def __init__(self, server_url: str, name: str, template: str) -> None:
        self._server, self._name, self._template = server_url, name, template
        self._wanted, self._due = template, True
        # What it equals, as long as nobody has written since.
        self._held: tuple[str, int] | None = None
        self.url = postgres.with_name(server_url, name).replace("postgresql://", "postgresql+psycopg://")

    def begin(self) -> None:
        """A test begins: it wants the template."""
        self._wanted, self._due = self._template, True

    def spoil(self) -> None:
        """Somebody may have written to it unseen: in another process, or by a connection of his own."""
        self._held = None

    def make(self) -> None:
        """Let the database be what is wanted, once: from then on it is what the test makes of it."""
        if not self._due:
            return
        self._due = False
        if self._held == (self._wanted, writes.counted()):
            return
        postgres.execute(self._server, f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
        postgres.copy(self._server, self._wanted, self._name)
        self.became(self._wanted)

    def put_back(self, name: str) -> None:
        """Let it be a copy of the database `name`."""
        self._wanted, self._due = name, True
        self.make()

    def became(self, name: str) -> None:
        """It is the same as the database `name` now."""
        self._wanted, self._held = name, (name, writes.counted())


class Late:
    """The service's database, which is made when the service first looks at it."""

    # Any: it stands for an object whatever its attributes are.
    def __init__(self, database: Any, place: PostgresPlace) -> None:
        self._database, self._place = database, place

    def __getattr__(self, name: str) -> Any:
        if name not in ("close", "is_sqlite"):
            self._place.make()
            # Looked at once, it is what the service makes of it.
            self.__dict__["_place"] = _Made()
        return getattr(self._database, name)


class _Made:
    def make(self) -> None:
        """Nothing is left to do."""


def looks_itself(request: pytest.FixtureRequest) -> bool:
    """Whether a test, or a fixture of its own, takes the address of the database: it may look at it past the
    service."""
    addresses = {"settings", "database_url"}
    if addresses & inspect.signature(request.function).parameters.keys():
        return True
    fixtures = request.node._fixtureinfo.name2fixturedefs
    return any(
        addresses & set(found.argnames) for name, known in fixtures.items() if name not in _LATE for found in known
    )
