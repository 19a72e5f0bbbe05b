"""Serving, and the newcomer's first start: migrated, told where to look."""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
from contextlib import suppress
from typing import TextIO

from sqlalchemy.exc import SQLAlchemyError

from app.commands.administrators import host_origin, host_user
from app.commands.this_line import refuse_another_line
from app.kernel import settings_record
from app.kernel.errors import Collision, Unavailable
from app.kernel.security.checkpoint_keys import CheckpointKeys
from app.kernel.security.keys import load_keys
from app.kernel.security.sealing import load_data_keys
from app.kernel.settings import LOOPBACK, Settings
from app.kernel.settings_record import Start
from app.measures.text import Text
from app.store import rounds
from app.store.base import new_id
from app.store.database import Database
from app.store.grants import NoSuchRole, grant, owns_the_tables
from app.store.migrations import NotOfThisLine, upgrade
from app.web import server


def migrate(settings: Settings) -> None:
    """Bring the database to the newest schema; refused where it is not of this line of schemas, cannot be reached or
    takes no write."""
    _keep_private()
    try:
        copy = upgrade(settings.owner_url)
        served = grant(settings.owner_url, settings.database_url)
    except NoSuchRole as error:
        raise Collision(
            Text(
                f"数据库中没有账号 {error}：请先建立（见 docs/operations.md）",
                f"The database has no account {error}: make it first (docs/operations.md)",
            )
        ) from error
    except NotOfThisLine as error:
        raise Collision(error.message) from error
    except (SQLAlchemyError, OSError) as error:
        said = " ".join(str(getattr(error, "orig", None) or error).split())
        raise Unavailable(
            Text(f"数据库无法迁移：{said}", f"The database cannot be migrated, and was not changed: {said}")
        ) from error
    if copy is not None:
        _say(f"A copy of the database as it was lies in {copy}")
    if served is not None:
        _say(f"{served} may read and write rows, and owns nothing")


def serve(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve until stopped. Access is logged by the service itself, as JSON."""
    _keep_private()
    asyncio.run(_refuse_another_line(settings))
    if host not in LOOPBACK and not settings.marks_samples and asyncio.run(_holds_samples(settings)):
        raise Collision(
            Text(
                "数据库中是样例数据，其密码是公开的：只能在本机地址上运行",
                "The database holds the sample, whose passwords are published: it is served on loopback alone",
            )
        )
    _refuse_certificate_without_key(settings)
    if not settings.data_keys.exists():
        asyncio.run(_refuse_without_keys(settings))
    for told in (asyncio.run(_too_many_connections(settings, workers)), asyncio.run(_too_many_rights(settings))):
        if told is not None:
            _say(told, to=sys.stderr)
    # Made before the workers start, so that they all read the same.
    load_keys(settings.keys_file)
    load_data_keys(settings.data_keys)
    CheckpointKeys(settings.checkpoint_keys).load()
    # Whichever worker is the first puts on record what of the settings is not as at the start before.
    with settings_record.starting(Start(f"start-{new_id()}", host_user(), host_origin(), os.getpid())):
        server.serve(settings, host=host, port=port, workers=workers)


def start(settings: Settings, *, host: str, port: int) -> None:
    """Migrate, say where the service is, serve."""
    migrate(settings)
    here = f"http{'' if settings.tls_certificate is None else 's'}://{host}:{port}"
    _say(f"\n服务地址 / Service:  {here}\n接口文档 / Contract: {here}/docs\n")
    serve(settings, host=host, port=port, workers=1)


def _say(text: str, *, to: TextIO | None = None) -> None:
    """Tell the operator, where there is room for it: a disk that is full for the log keeps nobody from starting."""
    with suppress(OSError):
        print(text, file=to or sys.stdout, flush=True)


def _keep_private() -> None:
    """Whatever is made from here on, the database, its log, keys and files, is its owner's alone to read."""
    os.umask(0o077)


def _refuse_certificate_without_key(settings: Settings) -> None:
    """`Collision` where the certificate of the settings cannot be served: each worker would fall over it by itself."""
    if settings.tls_certificate is None or settings.tls_key is None:
        return
    try:
        # Nobody is there to be asked for a passphrase.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(settings.tls_certificate, settings.tls_key, password="")
    except OSError as error:
        told = f"{settings.tls_certificate}, {settings.tls_key}: {error.strerror or type(error).__name__}"
        raise Collision(Text(f"证书和私钥无法使用：{told}", f"Certificate and key cannot be served: {told}")) from error


async def _too_many_connections(settings: Settings, workers: int) -> str | None:
    """What to say where all workers together may open more connections than the server has."""
    # As many for acts as for plain reads.
    wanted = workers * settings.database_pool_size * 2
    database = Database(settings.database_url, pool_size=1)
    try:
        allowed = await database.connections_allowed()
    except (SQLAlchemyError, OSError):
        # Away: what is served then says so itself.
        return None
    finally:
        await database.close()
    if allowed is None or wanted <= allowed:
        return None
    return (
        f"Up to {wanted} connections to the database ({workers} workers of twice AWARD_DATABASE_POOL_SIZE), and the "
        f"server allows {allowed}: lower the one or raise max_connections"
    )


async def _too_many_rights(settings: Settings) -> str | None:
    """What to say where the service's account could put the guards of the database out of the way."""
    if settings.database_url.startswith("sqlite") or settings.marks_samples:
        return None
    database = Database(settings.database_url, pool_size=1)
    try:
        async with database.reading() as session:
            too_many = await owns_the_tables(session)
    except (SQLAlchemyError, OSError):
        return None
    finally:
        await database.close()
    if not too_many:
        return None
    return (
        "The account of AWARD_DATABASE_URL owns the tables, or is a superuser: it could disable their triggers. "
        "Give migrations an account of their own (AWARD_MIGRATION_DATABASE_URL)"
    )


async def _refuse_another_line(settings: Settings) -> None:
    database = Database(settings.database_url, pool_size=1)
    try:
        await refuse_another_line(database)
    except (SQLAlchemyError, OSError):
        # Away: `/readyz` says so.
        return
    finally:
        await database.close()


async def _refuse_without_keys(settings: Settings) -> None:
    from app.commands.operator import refuse_without_keys

    database = Database(settings.database_url, pool_size=1)
    try:
        async with database.reading() as session:
            await refuse_without_keys(settings, session)
    except (SQLAlchemyError, OSError):
        # Away, or not migrated yet: it holds nothing that is known.
        return
    finally:
        await database.close()


async def _holds_samples(settings: Settings) -> bool:
    database = Database(settings.database_url, pool_size=1)
    try:
        async with database.reading() as session:
            return await rounds.any_sample(session)
    except (SQLAlchemyError, OSError):
        # Away, or not migrated yet: nothing is served of it before it answers.
        return False
    finally:
        await database.close()
