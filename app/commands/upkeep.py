"""What an operator does now and then: forget old answers, sweep files, rotate keys."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from app.commands.administrators import Administrator
from app.commands.operator import looking, operating
from app.kernel import audit
from app.kernel.clock import SystemClock
from app.kernel.errors import Collision, Unavailable
from app.kernel.files import ListedFile
from app.kernel.security.keys import LOOK_AGAIN_SECONDS, rotate_keys
from app.kernel.security.sealing import rotate_data_keys
from app.kernel.settings import Settings
from app.measures.text import Text
from app.store import consistency, idempotency
from app.store.sealed_values import seal_anew

# Files without a record that are removed however few others there are.
_FEW = 20
# An upload stores its file first and its row after; none takes this long.
_YOUNG = timedelta(hours=1)


async def purge_idempotency(settings: Settings, *, days: int) -> int:
    """Forget the answers kept for `Idempotency-Key` for longer than this; answers how many."""
    async with operating(settings) as context:
        gone = await idempotency.purge(context.session, now=context.now, older_than=timedelta(days=days))
        audit.record(context, "purge_idempotency", "idempotency_record", None, days=days, removed=gone)
        return gone


async def sweep_files(settings: Settings, *, remove: bool) -> list[ListedFile]:
    """Stored files that no row names and that are older than an hour; removed where that is asked for. `Collision`
    where these would be most of what lies there: then it is rather the database that is another's, or set back."""
    async with looking(settings) as context:
        listed = [item async for item in context.files.list_keys() if item.last_modified < context.now - _YOUNG]
        # Read after the listing: a row that came meanwhile keeps its file.
        known = await consistency.storage_keys(context.session)
        orphans = [item for item in listed if item.key not in known]
        if remove:
            _refuse_to_empty(orphans, len(known))
            for item in orphans:
                await context.files.delete(item.key)
    if remove and orphans:
        async with operating(settings) as writing:
            audit.record(writing, "sweep_files", "file", None, removed=[item.key for item in orphans])
    return orphans


def _refuse_to_empty(orphans: Sequence[ListedFile], known: int) -> None:
    if len(orphans) <= max(known, _FEW):
        return
    raise Collision(
        Text(
            f"数据库只记有 {known} 个文件，却有 {len(orphans)} 个无记录：数据库与存储恐不是一套，未删除任何文件",
            f"The database names {known} file(s), and {len(orphans)} have no record: it is hardly this storage's, or"
            " was set back; nothing was removed",
        )
    )


def rotate_key(settings: Settings, *, after: int, keep: int) -> str:
    """Put a new signing key in front, which signs `after` seconds from now; answers its `kid`. The first `keep` of the
    file stay and go on verifying their tokens. Processes that serve follow within seconds."""
    kid = rotate_keys(settings.keys_file, now=SystemClock().now(), after=after, keep=keep)
    asyncio.run(note_rotation(settings, "rotate_signing_key", kid, after=after, keep=keep))
    return kid


async def note_rotation(settings: Settings, act: str, kid: str, *, after: int = 0, keep: int | None = None) -> None:
    """Put a new key on record. It signs already: a database that is away keeps nobody from ending what a lost key has
    signed, and the missing entry is told."""
    try:
        async with operating(settings, by=Administrator.SECURITY) as context:
            audit.record(context, act, "key", None, kid=kid, after=after, keep=keep)
    except (SQLAlchemyError, OSError) as error:
        raise Unavailable(
            Text(
                f"新密钥 {kid} 已启用，但数据库不可用，未能记入日志",
                f"{kid} is in front, and this is not on record: the database is away",
            )
        ) from error


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
        async with operating(settings, by=Administrator.SECURITY, as_owner=True) as context:
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
