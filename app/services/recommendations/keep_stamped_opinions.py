"""The scanned, sealed opinions of a unit: taken as a stream, for the unit itself, the office and the auditor
(Art. 3)."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision, NotFound, UnsupportedMedia, existing
from app.kernel.files import FileTooLarge
from app.measures.findings import Text
from app.measures.roles import Role
from app.services.applications.keep_materials import clean_filename
from app.store.recommendations import stamped_opinions as store
from app.store.recommendations.stamped_opinions import StampedOpinion

# A stamped opinion is a picture of paper or a document of fixed layout: one that can still be edited carries no seal.
_TAKEN = frozenset({"application/pdf", "application/ofd", "image/png", "image/jpeg"})


# What a unit has sent and not yet named in an opinion; a whole batch finds room twice over.
MAX_UNUSED = 1000


async def add_stamped_opinion(
    context: StreamContext, *, filename: str, chunks: AsyncIterable[bytes], declared_size: int | None
) -> StampedOpinion:
    """Take a stamped opinion of the caller's unit. The bytes go to the storage first, under a key of ours; then a short
    transaction records them."""
    name = clean_filename(filename)
    limit = context.settings.max_file_bytes
    if declared_size is not None and declared_size > limit:
        raise FileTooLarge(limit)
    unit_id = _unit(context)
    async with context.reading() as reading:
        await _room(reading, unit_id)
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
    await _room(write, unit_id)
    row = StampedOpinion(
        created_at=write.now,
        unit_id=unit_id,
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
        write, "add_stamped_opinion", "stamped_opinion", row.id, unit_id=unit_id, sha256=row.sha256, size=row.size
    )
    return row


async def read_stamped_opinion(context: ReadContext, *, stamped_opinion_id: UUID) -> StampedOpinion:
    """What is known of a stamped opinion: for the unit whose it is, the office and the auditor."""
    row = await store.get(context.session, stamped_opinion_id)
    others = context.actor.role is Role.RECOMMENDING_UNIT and row is not None and row.unit_id != context.actor.unit_id
    if row is None or others:
        raise _unknown()
    return row


async def download_stamped_opinion(
    context: StreamContext, *, stamped_opinion_id: UUID
) -> tuple[StampedOpinion, AsyncIterator[bytes]]:
    """Its bytes; an access by anybody but the unit goes on record."""
    async with context.reading() as reading:
        row = await read_stamped_opinion(reading, stamped_opinion_id=stamped_opinion_id)
    pieces = await context.files.open_stream(row.storage_key)
    if context.actor.role is not Role.RECOMMENDING_UNIT:
        write = await context.writing()
        audit.record(write, "open_stamped_opinion", "stamped_opinion", row.id, unit_id=row.unit_id, sha256=row.sha256)
    return row, pieces


def _unit(context: StreamContext) -> UUID:
    return existing(context.actor.unit_id)


async def _room(context: ReadContext, unit_id: UUID) -> None:
    if await store.unused(context.session, unit_id) >= MAX_UNUSED:
        raise Collision(
            Text(
                f"尚未使用的盖章文件已达 {MAX_UNUSED} 个上限",
                f"{MAX_UNUSED} stamped opinions wait to be used, the most there may be",
            ),
            code=ProblemCode.TOO_MANY_FILES,
        )


def _unknown() -> NotFound:
    return NotFound("没有此盖章文件", "No such stamped opinion")
