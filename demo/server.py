"""A service of its own for the demonstration: a database in a folder, a real server on loopback, a clock that moves."""

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from app.kernel.settings import Settings
from app.main import create_app
from app.measures.roles import Role
from sandbox.callers import Caller
from sandbox.clock import MovableClock
from sandbox.live import serving
from sandbox.migrating import migrate
from sandbox.seed import PASSWORD, known, seed
from sandbox.stages.parties import PASSWORD as APPLICANT_PASSWORD
from sandbox.world import World, ok

# Well within the life of an access token.
_SIGN_IN_AGAIN = timedelta(minutes=10)


class SignedIn(Caller):
    """A caller who signs in over HTTP with login and password, and again when the clock has gone on."""

    def __init__(self, world: World, account_id: UUID, role: Role, login: str, secret: str) -> None:
        super().__init__(world.client, world.clock, account_id, role)
        self._form = (
            {"grant_type": "client_credentials", "client_id": login, "client_secret": secret}
            if role is Role.PAYMENT_PLATFORM
            else {"grant_type": "password", "username": login, "password": secret}
        )
        self._token: tuple[datetime, str] | None = None

    def headers(self) -> dict[str, str]:
        now = self.clock.now()
        if self._token is None or now - self._token[0] > _SIGN_IN_AGAIN:
            told: dict[str, Any] = ok(self.client.post("/v1/tokens", data=self._form))
            self._token = now, told["access_token"]
        return {"Authorization": f"Bearer {self._token[1]}"}


class SignedInWorld(World):
    """A world whose callers all come by the front door."""

    def __init__(self, client: Any, clock: MovableClock) -> None:
        self._known: dict[str, Caller] = {}
        super().__init__(client, clock)

    def by(self, login: str) -> Caller:
        if login not in self._known:
            plain = super().by(login)
            self._known[login] = SignedIn(self, known(f"account:{login}"), plain.role, login, PASSWORD)
        return self._known[login]

    def account(self, account_id: str | UUID, role: Role, login: str | None = None) -> Caller:
        if login is None:
            raise ValueError("who has no login cannot sign in")
        return SignedIn(self, UUID(str(account_id)), role, login, APPLICANT_PASSWORD)


@contextlib.contextmanager
def playing(folder: Path, clock: MovableClock) -> Iterator[World]:
    """A world on a fresh database in `folder`, served over loopback until the context ends."""
    database = folder / "demo.db"
    migrate(f"sqlite:///{database}")
    seed(f"sqlite:///{database}")
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{database}",
        files_url=f"file:{folder / 'files'}",
        keys_file=folder / "keys.json",
        public_posts_per_minute=10_000,
        second_factor_required=False,
        log_level="ERROR",
    )
    with serving(create_app(settings, clock=clock)) as client:
        yield SignedInWorld(client, clock)
