"""The scanned, sealed opinions of a unit (Art. 3) or a department (Art. 17): taken as a stream, for itself, the office
and the auditor."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision, NotFound, UnsupportedMedia, existing
from app.measures.files import file_refused, handed_in_under
from app.measures.reasons import Reason
from app.measures.roles import Role
from app.measures.text import Text
from app.services.applications.keep_materials import clean_filename
from app.store import consultations
from app.store.recommendations import stamped_opinions as store
from app.store.recommendations.stamped_opinions import StampedOpinion

# A stamped opinion is a picture of paper or a document of fixed layout: one that can still be edited carries no seal.
_TAKEN = frozenset({"application/pdf", "application/ofd", "image/png", "image/jpeg"})


_OWNERS = frozenset({Role.RECOMMENDING_UNIT, Role.DEPARTMENT})


# What a unit or department has sent and not yet named in an opinion; a whole batch finds room twice over.
MAX_UNUSED = 1000


async def add_stamped_opinion(
    context: StreamContext, *, filename: str, chunks: AsyncIterable[bytes], declared_size: int | None
) -> StampedOpinion:
    """Take a stamped opinion of the caller's unit or department. The bytes go to the storage first, under our own key;
    then a short transaction records them."""
    rule_id = "art17.qualification" if context.actor.role is Role.DEPARTMENT else "art03.recommendation"
    name = clean_filename(filename, rule_id)
    limit = context.settings.max_file_bytes
    async with context.reading() as reading:
        await _room(reading)
    key, stored = await context.put(chunks, limit=limit, declared_size=declared_size, rule_id=rule_id)
    if stored.media_type not in _TAKEN:
        found = file_refused(Reason.FILE_TYPE_REFUSED, taken=["PDF", "OFD", "PNG", "JPEG"])
        raise UnsupportedMedia(
            Text(
                "盖章文件只接受 PDF、OFD、PNG、JPEG（以内容为准）",
                "A stamped opinion is PDF, OFD, PNG or JPEG, told by content",
            ),
            code=ProblemCode.FILE_TYPE_REFUSED,
            findings=handed_in_under([found], rule_id),
        )
    write = await context.writing(content=stored.sha256)
    await _room(write)
    unit_id, department_id = _owner(write)
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


async def read_stamped_opinion(context: ReadContext, *, stamped_opinion_id: UUID) -> StampedOpinion:
    """What is known of a stamped opinion: for whose it is, the office and the auditor."""
    row = await store.get(context.session, stamped_opinion_id)
    if row is None or (context.actor.role in _OWNERS and (row.unit_id, row.department_id) != _owner(context)):
        raise _unknown()
    return row


async def download_stamped_opinion(
    context: StreamContext, *, stamped_opinion_id: UUID
) -> tuple[StampedOpinion, AsyncIterator[bytes]]:
    """Its bytes; an access by anybody but its owner goes on record."""
    async with context.reading() as reading:
        row = await read_stamped_opinion(reading, stamped_opinion_id=stamped_opinion_id)
    pieces = await context.files.open_stream(row.storage_key)
    if context.actor.role not in _OWNERS:
        write = await context.writing()
        audit.record(
            write,
            "open_stamped_opinion",
            "stamped_opinion",
            row.id,
            unit_id=row.unit_id,
            department_id=row.department_id,
            sha256=row.sha256,
        )
    return row, pieces


def _owner(context: ReadContext) -> tuple[UUID | None, UUID | None]:
    """The caller's unit, or its department."""
    if context.actor.role is Role.DEPARTMENT:
        return None, existing(context.actor.department_id)
    return existing(context.actor.unit_id), None


async def _unused(context: ReadContext) -> int:
    unit_id, department_id = _owner(context)
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


def _unknown() -> NotFound:
    return NotFound("没有此盖章文件", "No such stamped opinion")
