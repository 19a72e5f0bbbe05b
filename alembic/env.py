"""Migrations run synchronously, with the database of the settings or the connection that the caller passes in."""

from sqlalchemy import JSON

from alembic import context
from app.kernel.settings import Settings
from app.store.base import Instant
from app.store.migrations import migrating
from app.store.models import Base


def render_item(kind, item, autogen_context):  # type: ignore[no-untyped-def]
    """Own column types are written as the plain types that they stand for."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        return "JSON"
    return False


def configure(connection) -> None:  # type: ignore[no-untyped-def]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        # All of it or nothing: SQLite takes DDL in a transaction as PostgreSQL does, where the driver lets it.
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is not None:
        configure(connection)
        return
    url = context.config.get_main_option("sqlalchemy.url") or Settings().database_url
    engine = migrating(url)
    with engine.connect() as own:
        configure(own)
    engine.dispose()


run()
