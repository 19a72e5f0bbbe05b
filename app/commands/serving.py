"""Serving, and the newcomer's first start: migrated, told where to look."""

from __future__ import annotations

from app.kernel.errors import Collision
from app.kernel.security.keys import load_keys
from app.kernel.security.sealing import load_data_keys
from app.kernel.settings import Settings
from app.store.migrations import NotOfThisLine, upgrade
from app.web import server


def migrate(settings: Settings) -> None:
    """Bring the database to the newest schema; refused where it is not of this line of schemas."""
    try:
        upgrade(settings.database_url)
    except NotOfThisLine as error:
        raise Collision(error.message) from error


def serve(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Access is logged by the service itself, as JSON."""
    # Made before the workers start, so that they all read the same.
    load_keys(settings.keys_file)
    load_data_keys(settings.data_keys)
    server.serve(settings, host=host, port=port, workers=workers)


def start(settings: Settings, *, host: str, port: int) -> None:
    """Migrate, say where the service is, serve."""
    migrate(settings)
    print(f"\n服务地址 / Service:  http://{host}:{port}\n接口文档 / Contract: http://{host}:{port}/docs\n", flush=True)
    serve(settings, host=host, port=port, workers=1)
