"""A file of the organisation's statement comes in (Art. 26, 28)."""

from __future__ import annotations

from collections.abc import AsyncIterable
from uuid import UUID

from app.kernel import audit
from app.kernel.context import ReadContext, StreamContext, WriteContext
from app.kernel.error_codes import ProblemCode
from app.kernel.errors import Collision
from app.kernel.files import FileTooLarge
from app.measures.text import Text
from app.services.applications.attachments import clean_filename
from app.services.revocations.cases import locked_case, visible_case
from app.services.revocations.statements import may_be_heard
from app.store import revocations as store
from app.store.awards import Award

# Whoever needs more has more than a statement.
MAX_FILES = 50


async def upload_statement_file(
    context: StreamContext,
    *,
    revocation_id: UUID,
    filename: str,
    chunks: AsyncIterable[bytes],
    declared_size: int | None,
) -> store.StatementFile:
    """Take a file of the statement, before the statement is made. The bytes go to the storage first, under a key of
    ours; then a short transaction looks again and records them."""
    name = clean_filename(filename)
    limit = context.settings.max_file_bytes
    if declared_size is not None and declared_size > limit:
        raise FileTooLarge(limit)
    async with context.reading() as reading:
        row, _ = await visible_case(reading, revocation_id)
        may_be_heard(reading, row)
        await _room(reading, row)
    key, stored = await context.put(chunks, limit=limit)
    write = await context.writing(content=stored.sha256)
    row, award = await locked_case(write, revocation_id)
    may_be_heard(write, row)
    await _room(write, row)
    found = store.StatementFile(
        created_at=write.now,
        revocation_id=row.id,
        filename=name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=key,
        uploaded_by=write.actor.known_id,
    )
    write.session.add(found)
    await write.session.flush()
    _received(write, award, found)
    return found


def _received(context: WriteContext, award: Award, found: store.StatementFile) -> None:
    audit.record(
        context,
        "add_statement_file",
        "statement_file",
        found.id,
        round_id=award.round_id,
        revocation_id=found.revocation_id,
        sha256=found.sha256,
        size=found.size,
    )


async def _room(context: ReadContext, row: store.Revocation) -> None:
    if len(await store.files_of(context.session, row.id)) >= MAX_FILES:
        raise Collision(
            Text(f"文件已达{MAX_FILES}个上限", f"{MAX_FILES} files are the most there may be"),
            code=ProblemCode.TOO_MANY_FILES,
        )
