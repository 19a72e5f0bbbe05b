"""The operator at the command line: acts of his own, on record as `operator` with the name of the machine's user."""

from __future__ import annotations

import getpass
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.kernel import audit
from app.kernel.clock import SystemClock
from app.kernel.context import ReadContext, WriteContext
from app.kernel.files import FileStore
from app.kernel.security.principal import OPERATOR
from app.kernel.settings import Settings
from app.store.base import new_id
from app.store.database import Database


@asynccontextmanager
async def looking(settings: Settings) -> AsyncIterator[ReadContext]:
    """A read-only transaction."""
    database = Database(settings.database_url, pool_size=1)
    try:
        async with database.reading() as session:
            yield ReadContext(
                session=session,
                actor=OPERATOR,
                now=SystemClock().now(),
                request_id=_request_id(),
                settings=settings,
                files=FileStore.from_settings(settings),
            )
    finally:
        await database.close()


@asynccontextmanager
async def operating(settings: Settings) -> AsyncIterator[WriteContext]:
    """One transaction, audited like a request's and committed at the end; an error leaves nothing behind."""
    database = Database(settings.database_url, pool_size=1)
    try:
        async with database.writing() as session:
            context = WriteContext(
                session=session,
                actor=OPERATOR,
                now=SystemClock().now(),
                request_id=_request_id(),
                settings=settings,
                files=FileStore.from_settings(settings),
            )
            yield context
            for entry in context.pending_audit:
                entry.details["operator"] = _user()
            await audit.flush(context)
            await session.commit()
    finally:
        await database.close()


def _request_id() -> str:
    return f"cli-{new_id()}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # A container may run under a number that has no name.
        return "unknown"
