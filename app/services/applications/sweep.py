"""Files that no record names: what an upload left behind whose process was killed between storage and record."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.files import FileStore, ListedFile
from app.store import attachments
from app.store.database import ReadSession

# An upload that is still running has stored its file and not yet recorded it: the young ones are left alone.
GRACE = timedelta(hours=24)


async def orphans(
    session: ReadSession, files: FileStore, *, now: datetime, grace: timedelta = GRACE
) -> list[ListedFile]:
    """The files, older than `grace`, that neither an attachment nor a seal file names. Reads only; `remove` deletes."""
    stored = [item async for item in files.list_keys() if item.last_modified <= now - grace]
    # Asked after the listing: a record made meanwhile names its file.
    named = await attachments.storage_keys(session)
    return [item for item in stored if item.key not in named]


async def remove(files: FileStore, found: list[ListedFile]) -> None:
    """Delete these files."""
    for item in found:
        await files.delete(item.key)
