"""The acts of a round as one-liners over HTTP, so that a test or a demonstration says only what it is about.

Each stage's acts live in a module of `sandbox/stages/`; `World` is what they are called on.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.measures.roles import Role
from sandbox.callers import Caller
from sandbox.clock import MovableClock
from sandbox.seed import known
from sandbox.stages.kept import History


class World:
    """Callers by seeded login (`world.office`, `world.by("unit-wenwuba")`) and by registration."""

    def __init__(self, client: TestClient, clock: MovableClock) -> None:
        self.client, self.clock = client, clock
        # What stages can be put back from; without it every stage is built.
        self.history: History | None = None
        self.public = Caller(client, clock, None, Role.PUBLIC)
        self.office = self.by("office")
        self.government = self.by("government")
        self.auditor = self.by("auditor")
        self.platform = self.by("payment_platform")

    def by(self, login: str) -> Caller:
        """A seeded account."""
        roles = {"unit": Role.RECOMMENDING_UNIT, "department": Role.DEPARTMENT}
        role = roles.get(login.split("-")[0]) or (Role.REVIEWER if login.startswith("reviewer") else Role(login))
        return Caller(self.client, self.clock, known(f"account:{login}"), role)

    def account(self, account_id: str | UUID, role: Role, login: str | None = None) -> Caller:
        """An account made in the course of it; `login` is for those who sign in by themselves."""
        return Caller(self.client, self.clock, UUID(str(account_id)), role)

    def past_the_service(self) -> Session:
        """A session of the service's database, for what no act can make."""
        url = self.client.app.state.database.engine.url  # type: ignore[attr-defined]
        # The service's own drivers work in an event loop only.
        driver = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}[url.get_backend_name()]
        keys = {"seals": self.client.app.state.keyring}  # type: ignore[attr-defined]
        return Session(create_engine(url.set(drivername=driver), poolclass=NullPool), info=keys)

    def id(self, name: str) -> str:
        """The id of a seeded thing, e.g. "unit:wenwuba"."""
        return str(known(name))


def ok(response: Any, status: int = 200) -> Any:
    """The body of an answer that must have this status."""
    assert response.status_code == status, f"{response.status_code}: {response.text[:2000]}"
    return response.json()
