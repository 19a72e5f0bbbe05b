"""What an operator does now and then: forget old answers, sweep files, rotate keys."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from app.commands.operator import looking, operating
from app.kernel import audit
from app.kernel.clock import SystemClock
from app.kernel.errors import Unavailable
from app.kernel.files import ListedFile
from app.kernel.security.keys import LOOK_AGAIN_SECONDS, rotate_keys
from app.kernel.security.sealing import rotate_data_keys
from app.kernel.settings import Settings
from app.measures.text import Text
from app.store import consistency, idempotency
from app.store.sealed_values import seal_anew

# An upload stores its file first and its row after; none takes this long.
_YOUNG = timedelta(hours=1)


async def purge_idempotency(settings: Settings, *, days: int) -> int:
    """Forget the answers kept for `Idempotency-Key` for longer than this; answers how many."""
    async with operating(settings) as context:
        return await idempotency.purge(context.session, now=context.now, older_than=timedelta(days=days))


async def sweep_files(settings: Settings, *, remove: bool) -> list[ListedFile]:
    """Stored files that no row names and that are older than an hour; removed where that is asked for."""
    async with looking(settings) as context:
        listed = [item async for item in context.files.list_keys() if item.last_modified < context.now - _YOUNG]
        # Read after the listing: a row that came meanwhile keeps its file.
        known = await consistency.storage_keys(context.session)
        orphans = [item for item in listed if item.key not in known]
        if remove:
            for item in orphans:
                await context.files.delete(item.key)
        return orphans


def rotate_key(settings: Settings, *, after: int, keep: int) -> str:
    """Put a new signing key in front, which signs `after` seconds from now; answers its `kid`. The first `keep` of the
    file stay and go on verifying their tokens. Processes that serve follow within seconds."""
    return rotate_keys(settings.keys_file, now=SystemClock().now(), after=after, keep=keep)


@dataclass(frozen=True, slots=True)
class Rotated:
    """A new data key by its `kid`; how many values were sealed anew with it, and how many do not open and stay."""

    kid: str
    sealed: int
    closed: int


async def rotate_data_key(settings: Settings) -> Rotated:
    """Put a new key in front and seal anew with it what the database keeps; on record. The old keys stay in the file:
    kept answers, invitations and recovery codes name them yet."""
    kid = rotate_data_keys(settings.data_keys)
    # By then every process that serves seals with the new one.
    await asyncio.sleep(LOOK_AGAIN_SECONDS)
    try:
        async with operating(settings, as_owner=True) as context:
            done, left = await seal_anew(context.session)
            audit.record(context, "rotate_data_key", "data_key", None, kid=kid, sealed_anew=done, closed=left)
    except SQLAlchemyError as error:
        raise Unavailable(
            Text(
                f"新密钥 {kid} 已启用，但数据库未能改用新密钥加密：请再运行一次",
                f"{kid} is in front, and what the database keeps could not be sealed anew with it: run this once more",
            )
        ) from error
    return Rotated(kid, done, left)
