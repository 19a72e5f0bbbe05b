"""The scan of an objection on paper (Art. 21) is put to the original by the office."""

from __future__ import annotations

from collections.abc import AsyncIterable
from uuid import UUID

from app.kernel.context import StreamContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision
from app.kernel.files import FileTooLarge
from app.measures.state_machines import OBJECTION
from app.measures.text import Text
from app.services.applications.attachments import clean_filename
from app.services.lifecycle import act, require
from app.services.objections.read_objections import locked, read_objection
from app.store import objections

# A letter with all its enclosures.
MAX_FILES = 20


async def upload_objection_file(
    context: StreamContext,
    *,
    objection_id: UUID,
    filename: str,
    chunks: AsyncIterable[bytes],
    declared_size: int | None,
) -> objections.ObjectionFile:
    """Take a scan while the objection is open. The bytes go to the storage first, under a key of ours; then a short
    transaction records them. Neither its name nor its content is shown to anybody but the investigator."""
    name, limit = clean_filename(filename), context.settings.max_file_bytes
    if declared_size is not None and declared_size > limit:
        raise FileTooLarge(limit)
    async with context.reading() as reading:
        require(
            reading, OBJECTION, (await read_objection(reading, objection_id=objection_id)).row, "upload_objection_file"
        )
    key, stored = await context.put(chunks, limit=limit)
    write = await context.writing(content=stored.sha256)
    row = (await locked(write, objection_id)).row
    async with act(write, OBJECTION, row, "upload_objection_file") as doing:
        if len(await objections.files_of(write.session, row.id)) >= MAX_FILES:
            raise Collision(
                Text(f"附件已达 {MAX_FILES} 个上限", f"The objection holds {MAX_FILES} files, the most it may"),
                code=ProblemCode.TOO_MANY_FILES,
            )
        doing.hear()
        kept = objections.ObjectionFile(
            created_at=write.now,
            objection_id=row.id,
            filename=name,
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            storage_key=key,
            uploaded_by=write.actor.known_id,
        )
        write.session.add(kept)
        doing.tell(size=kept.size, sha256=kept.sha256)
    return kept
