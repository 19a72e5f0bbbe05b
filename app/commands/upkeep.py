"""What an operator does now and then: forget old answers, sweep files, rotate keys."""

from __future__ import annotations

from datetime import timedelta

from app.commands.operator import looking, operating
from app.kernel.clock import SystemClock
from app.kernel.files import ListedFile
from app.kernel.security.keys import rotate_keys
from app.kernel.security.sealing import rotate_data_keys
from app.kernel.settings import Settings
from app.store import consistency, idempotency

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


def rotate_data_key(settings: Settings) -> str:
    """Put a new key in front that seals what the database keeps; answers its `kid`. All others go on opening."""
    return rotate_data_keys(settings.data_keys)
