"""A database that is brought to a stage before the service is attacked on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from starlette.testclient import TestClient

from app.kernel.settings import Settings
from app.main import create_app
from sandbox.clock import MovableClock
from sandbox.migrating import migrate
from sandbox.seed import seed
from sandbox.world import World

T = TypeVar("T")
_MARCH = datetime(2024, 3, 1, 2, tzinfo=UTC)


def built(settings: Settings, build: Callable[[World], T]) -> T:
    """Migrate and fill the database of these settings, carry `build` out on it from March 2024 on, and answer what it
    answers. What the settings limit is not limited meanwhile."""
    migrate(settings.database_url)
    seed(settings.database_url)
    many = settings.model_copy(
        update={"public_posts_per_minute": 100_000, "access_token_seconds": 3600, "second_factor_required": False}
    )
    clock = MovableClock(_MARCH)
    with TestClient(create_app(many, clock=clock)) as client:
        return build(World(client, clock))
