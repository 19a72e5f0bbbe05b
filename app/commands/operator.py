"""The operators at the command line: acts of their own, on record as `operator` with the administrator whose act it is,
the machine's user and the address that the shell came from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from app.commands.administrators import Administrator, host_origin, host_user
from app.commands.this_line import refuse_another_line
from app.kernel import audit
from app.kernel.clock import SystemClock
from app.kernel.context import ReadContext, WriteContext
from app.kernel.errors import Collision
from app.kernel.files import FileStore
from app.kernel.security.principal import OPERATOR
from app.kernel.security.sealing import Keyring
from app.kernel.settings import Settings
from app.measures.text import Text
from app.store.base import new_id
from app.store.database import Database, ReadSession
from app.store.sealed_values import any_sealed


@asynccontextmanager
async def looking(settings: Settings) -> AsyncIterator[ReadContext]:
    """A read-only transaction."""
    database = Database(settings.database_url, pool_size=1, seals=keys_of(settings))
    try:
        async with database.reading() as session:
            await refuse_without_keys(settings, session)
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
async def operating(
    settings: Settings, *, by: Administrator = Administrator.SYSTEM, as_owner: bool = False
) -> AsyncIterator[WriteContext]:
    """One transaction, audited like a request's and committed at the end; an error leaves nothing behind. `by`: the
    administrator whose act it is; `as_owner`: by the database's account that owns the tables."""
    url = settings.owner_url if as_owner else settings.database_url
    database = Database(url, pool_size=1, seals=keys_of(settings))
    try:
        await refuse_another_line(database)
        async with database.writing() as session:
            await refuse_without_keys(settings, session)
            context = WriteContext(
                session=session,
                actor=replace(OPERATOR, origin=host_origin()),
                now=SystemClock().now(),
                request_id=_request_id(),
                settings=settings,
                files=FileStore.from_settings(settings),
            )
            yield context
            for entry in context.pending_audit:
                entry.details.update(operator=host_user(), administrator=by.value)
            await audit.flush(context)
            await session.commit()
    finally:
        await database.close()


def keys_of(settings: Settings) -> Keyring | None:
    """The keys that seal what the database keeps; None where their file is missing, which a command does not make."""
    return Keyring.of(settings) if settings.data_keys.exists() else None


async def refuse_without_keys(settings: Settings, session: ReadSession) -> None:
    """`Collision` where the file of the keys is missing and the database holds what they have sealed. A new file in its
    place would make that look well, and would go on sealing beside what nobody can open."""
    if settings.data_keys.exists() or not await any_sealed(session):
        return
    place = settings.data_keys
    raise Collision(
        Text(
            f"数据库中有用 {place} 的密钥加密的内容，而该文件不在：请放回；"
            "确已丢失的，运行 rotate-data-key 另建，原有内容不能再读",
            f"The database holds what the keys of {place} have sealed, and that file is missing: put it back; where it"
            " is lost for good, `rotate-data-key` makes a new one, and what was sealed stays closed",
        )
    )


def _request_id() -> str:
    return f"cli-{new_id()}"
