"""The scan of an objection on paper (Art. 21) is opened by its investigator alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from app.kernel import audit
from app.kernel.context import StreamContext
from app.kernel.errors import NotFound
from app.services.objections.investigator import note_reading, own_original
from app.store import objections


async def open_objection_file(
    context: StreamContext, *, objection_id: UUID, file_id: UUID
) -> tuple[objections.ObjectionFile, AsyncIterator[bytes]]:
    """A scan's bytes, for the investigator; each opening is on record, and whoever has opened one has read
    the objection as it came."""
    async with context.reading() as reading:
        row, _ = await own_original(reading, objection_id=objection_id)
        found = [item for item in await objections.files_of(reading.session, row.id) if item.id == file_id]
    if not found:
        raise NotFound("没有此附件", "No such file")
    pieces = await context.open_file(found[0].storage_key)
    write = await context.writing()
    await note_reading(write, row.id)
    audit.record(write, "open_objection_file", "objection", row.id, round_id=row.round_id, file_id=file_id)
    return found[0], pieces
