"""The scan of an opinion with its seal comes in (Art. 3)."""

from __future__ import annotations

from collections.abc import AsyncIterable

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision, UnsupportedMedia, existing
from app.kernel.files import FileTooLarge
from app.measures.text import Text
from app.services.applications.attachments import clean_filename
from app.services.recommendations.stamped_opinions import owner_of
from app.store import consultations
from app.store.recommendations import stamped_opinions as store
from app.store.recommendations.stamped_opinions import StampedOpinion

# A stamped opinion is a picture of paper or a document of fixed layout: one that can still be edited carries no seal.
_TAKEN = frozenset({"application/pdf", "application/ofd", "image/png", "image/jpeg"})

# What a unit or department has sent and not yet named in an opinion; a whole batch finds room twice over.
MAX_UNUSED = 1000


async def upload_stamped_opinion(
    context: StreamContext, *, filename: str, chunks: AsyncIterable[bytes], declared_size: int | None
) -> StampedOpinion:
    """Take a stamped opinion of the caller's unit or department. The bytes go to the storage first, under our own key;
    then a short transaction records them."""
    name = clean_filename(filename)
    limit = context.settings.max_file_bytes
    if declared_size is not None and declared_size > limit:
        raise FileTooLarge(limit)
    async with context.reading() as reading:
        await _room(reading)
    key, stored = await context.put(chunks, limit=limit)
    if stored.media_type not in _TAKEN:
        raise UnsupportedMedia(
            Text(
                "盖章文件只接受 PDF、OFD、PNG、JPEG（以内容为准）",
                "A stamped opinion is PDF, OFD, PNG or JPEG, told by content",
            ),
            code=ProblemCode.FILE_TYPE_REFUSED,
        )
    write = await context.writing(content=stored.sha256)
    await _room(write)
    unit_id, department_id = owner_of(write)
    row = StampedOpinion(
        created_at=write.now,
        unit_id=unit_id,
        department_id=department_id,
        filename=name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=key,
        uploaded_by=write.actor.known_id,
    )
    write.session.add(row)
    await write.session.flush()
    audit.record(
        write,
        "add_stamped_opinion",
        "stamped_opinion",
        row.id,
        unit_id=unit_id,
        department_id=department_id,
        sha256=row.sha256,
        size=row.size,
    )
    return row


async def _unused(context: ReadContext) -> int:
    unit_id, department_id = owner_of(context)
    if unit_id is not None:
        return await store.unused(context.session, unit_id)
    owner = existing(department_id)
    kept = await store.departments_opinions(context.session, owner)
    return kept - await consultations.stamped_opinions_named(context.session, owner)


async def _room(context: ReadContext) -> None:
    if await _unused(context) >= MAX_UNUSED:
        raise Collision(
            Text(
                f"尚未使用的盖章文件已达 {MAX_UNUSED} 个上限",
                f"{MAX_UNUSED} stamped opinions wait to be used, the most there may be",
            ),
            code=ProblemCode.TOO_MANY_FILES,
        )
